"""Strawberry with DataLoaders: the usual way to serve GraphQL in Python, each kind of row loaded in batches.

The statements hold for employees and managers, the only kinds of callers here; Allround's hold for every role.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from app.access.actor import Actor
from app.access.actors import Actors
from app.access.services import tokens_of
from app.db.database import Database
from app.settings import read_settings
from bench.peers.dataloaders_sql import (
    CONTACT_POINTS,
    COUNT,
    DEPARTMENTS,
    GOALS,
    GOALS_BELOW,
    LIST,
    MEMBERSHIPS,
    PEOPLE,
    TEAM,
)
from bench.peers.hand_written import asking
from bench.peers.peer import Peer, Site, on_uvicorn

NAME = "dataloaders"


class Loading:
    """The loaders of one request."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database = database
        self._actor = actor
        self.people = DataLoader(load_fn=self._people)
        self.departments = DataLoader(load_fn=self._departments)
        self.memberships = DataLoader(load_fn=self._memberships)
        self.contact_points = DataLoader(load_fn=self._contact_points)
        self.goals = DataLoader(load_fn=self._goals)

    async def _rows(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        return await self._database.rows(self._actor.organization_id, sql, [self._actor.organization_id, *values])

    async def _seen(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        return await self._rows(sql, self._actor.stakeholder_id, self._actor.today, *values)

    async def team(self, manager_id: UUID, first: int) -> list["Person"]:
        return [Person.of(row) for row in await self._seen(TEAM, manager_id, first)]

    async def found(self, department_id: UUID, text: str, first: int) -> list["Person"]:
        return [Person.of(row) for row in await self._seen(LIST, department_id, text, first)]

    async def count(self, department_id: UUID, text: str) -> int:
        rows = await self._seen(COUNT, department_id, text)
        count: int = rows[0]["count"]
        return count

    async def goals_below(self, goal_id: UUID, depth: int) -> list["Goal"]:
        return [Goal.of(row) for row in await self._seen(GOALS_BELOW, goal_id, depth)]

    async def _people(self, ids: list[UUID]) -> Sequence["Person | None"]:
        found = {row["id"]: Person.of(row) for row in await self._seen(PEOPLE, ids)}
        return [found.get(id_) for id_ in ids]

    async def _goals(self, ids: list[UUID]) -> Sequence["Goal | None"]:
        found = {row["id"]: Goal.of(row) for row in await self._seen(GOALS, ids)}
        return [found.get(id_) for id_ in ids]

    async def _contact_points(self, ids: list[UUID]) -> Sequence[list["ContactPoint"]]:
        found: dict[UUID, list[ContactPoint]] = {}
        for row in await self._seen(CONTACT_POINTS, ids):
            found.setdefault(row["key"], []).append(ContactPoint(kind=row["kind"], value=row["value"]))
        return [found.get(id_, []) for id_ in ids]

    async def _departments(self, ids: list[UUID]) -> Sequence["Department | None"]:
        found = {row["id"]: Department(name=row["name"]) for row in await self._rows(DEPARTMENTS, ids)}
        return [found.get(id_) for id_ in ids]

    async def _memberships(self, keys: list[tuple[UUID, int]]) -> Sequence[list["Membership"]]:
        """Keys are a person and how many of the latest, the same for all."""
        ids, first = [id_ for id_, _ in keys], keys[0][1]
        found: dict[UUID, list[Membership]] = {}
        for row in await self._seen(MEMBERSHIPS, ids, first):
            found.setdefault(row["key"], []).append(Membership.of(row))
        return [found.get(id_, []) for id_ in ids]


Info = strawberry.Info[Mapping[str, Loading], None]


def loading(info: Info) -> Loading:
    return info.context["loading"]


@strawberry.type
class Department:
    name: str


@strawberry.type
class Membership:
    id: strawberry.ID
    title: str
    starts_on: date
    ends_on: date | None
    department_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Membership":
        return cls(
            id=strawberry.ID(str(row["id"])),
            title=row["title"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            department_id=row["department_id"],
        )

    @strawberry.field
    async def department(self, info: Info) -> Department | None:
        return await loading(info).departments.load(self.department_id)


@strawberry.type
class ContactPoint:
    kind: str
    value: str


@strawberry.type
class Person:
    id: strawberry.ID
    name: str
    email: str | None
    kind: str
    title: str | None
    joined_on: date | None
    key: strawberry.Private[UUID]
    manager_id: strawberry.Private[UUID | None]
    department_id: strawberry.Private[UUID | None]

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Person":
        return cls(
            id=strawberry.ID(str(row["id"])),
            name=row["name"],
            email=row["email"],
            kind=row["kind"],
            title=row["title"],
            joined_on=row["joined_on"],
            key=row["id"],
            manager_id=row["manager_id"],
            department_id=row["department_id"],
        )

    @strawberry.field
    async def manager(self, info: Info) -> "Person | None":
        return None if self.manager_id is None else await loading(info).people.load(self.manager_id)

    @strawberry.field
    async def memberships(self, info: Info, first: int) -> list[Membership]:
        return await loading(info).memberships.load((self.key, first))

    @strawberry.field
    async def contact_points(self, info: Info) -> list[ContactPoint]:
        return await loading(info).contact_points.load(self.key)

    @strawberry.field
    async def department(self, info: Info) -> Department | None:
        return None if self.department_id is None else await loading(info).departments.load(self.department_id)


@strawberry.type
class People:
    department: strawberry.Private[UUID]
    text: strawberry.Private[str]
    first: strawberry.Private[int]

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        return await loading(info).count(self.department, self.text)

    @strawberry.field
    async def nodes(self, info: Info) -> list[Person]:
        return await loading(info).found(self.department, self.text, self.first)


@strawberry.type
class Goal:
    id: strawberry.ID
    title: str
    progress: Decimal | None
    key: strawberry.Private[UUID]
    parent_id: strawberry.Private[UUID | None]
    owner_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Goal":
        return cls(
            id=strawberry.ID(str(row["id"])),
            title=row["title"],
            progress=row["progress"],
            key=row["id"],
            parent_id=row["parent_id"],
            owner_id=row["owner_id"],
        )

    @strawberry.field
    async def parent(self, info: Info) -> "Goal | None":
        return None if self.parent_id is None else await loading(info).goals.load(self.parent_id)

    @strawberry.field
    async def owner(self, info: Info) -> Person | None:
        return await loading(info).people.load(self.owner_id)

    @strawberry.field
    async def descendants(self, info: Info, depth: int) -> list["Goal"]:
        return await loading(info).goals_below(self.key, depth)


@strawberry.type
class Query:
    @strawberry.field
    async def team(self, info: Info, manager: strawberry.ID, first: int) -> list[Person]:
        return await loading(info).team(UUID(manager), first)

    @strawberry.field
    async def person(self, info: Info, id: strawberry.ID) -> Person | None:
        return await loading(info).people.load(UUID(id))

    @strawberry.field
    def people(self, department: strawberry.ID, text: str, first: int) -> People:
        return People(department=UUID(department), text=text, first=first)

    @strawberry.field
    async def goal(self, info: Info, id: strawberry.ID) -> Goal | None:
        return await loading(info).goals.load(UUID(id))


class Endpoint(GraphQL[Mapping[str, Loading], None]):
    def __init__(self, schema: strawberry.Schema, database: Database, actors: Actors) -> None:
        super().__init__(schema, graphql_ide=None)
        self._database, self._actors = database, actors

    async def get_context(self, request: Any, response: Any) -> Mapping[str, Loading]:  # noqa: ARG002 -- its signature
        return {"loading": Loading(self._database, await asking(request, self._actors))}


def peer(site: Site, port: int) -> Peer:
    return on_uvicorn(NAME, "bench.peers.dataloaders:create_app", site, port)


def create_app() -> Starlette:
    settings = read_settings()
    if settings.database_url is None:
        raise RuntimeError("ALLROUND_DATABASE_URL is not set.")
    database = Database(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    schema = strawberry.Schema(Query, extensions=[ParserCache, ValidationCache])
    endpoint = Endpoint(schema, database, Actors(database, [tokens_of(settings)]))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await database.open()
        yield
        await database.close()

    return Starlette(routes=[Route("/graphql", endpoint)], lifespan=lifespan)
