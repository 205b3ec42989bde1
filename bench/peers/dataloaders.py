"""Strawberry with DataLoaders: the usual way to serve GraphQL in Python, each kind of row loaded in batches.

The statements hold for a manager, the only kind of caller here; Allround's hold for every role.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
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
from bench.peers.hand_written import asking
from bench.peers.peer import Peer, Site, on_uvicorn

NAME = "dataloaders"

READS = """(
  person.id = $2 or exists (
    select from reporting_lines line
    where line.organization_id = $1 and line.report_id = person.id and line.manager_id = $2
      and line.starts_on <= $3 and line.ends_on > $3
  )
)"""
PERSON = f"""
select
  person.id, person.name, person.email, person.kind, works.title, works.manager_id,
  case when {READS} then person.joined_on end as joined_on
from stakeholders person
left join memberships works
  on works.organization_id = $1 and works.stakeholder_id = person.id
  and works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3)
where person.organization_id = $1
  and (
    {READS}
    or person.kind in ('EMPLOYEE', 'MANAGER', 'DEPARTMENT')
      and (person.active_from is null or person.active_from <= $3)
      and (person.deactivated_on is null or person.deactivated_on > $3)
  )
"""
TEAM = f"""{PERSON}
  and exists (
    select from reporting_lines below
    where below.organization_id = $1 and below.report_id = person.id and below.manager_id = $4 and below.depth > 0
      and below.starts_on <= $3 and below.ends_on > $3
  )
order by person.name, person.id
limit $5
"""
PEOPLE = f"{PERSON} and person.id = any($4)"
MEMBERSHIPS = f"""
select person.id as key, spell.*
from unnest($4::uuid[]) person (id)
cross join lateral (
  select
    works.id, works.title, works.starts_on, works.department_id,
    case when works.ends_on <= $3 or {READS} then works.ends_on end as ends_on
  from memberships works
  where works.organization_id = $1 and works.stakeholder_id = person.id
    and ({READS} or works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3))
  order by works.starts_on desc
  limit $5
) spell
"""
DEPARTMENTS = "select id, name from departments where organization_id = $1 and id = any($2)"


class Loading:
    """The loaders of one request."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database = database
        self._actor = actor
        self.people = DataLoader(load_fn=self._people)
        self.departments = DataLoader(load_fn=self._departments)
        self.memberships = DataLoader(load_fn=self._memberships)

    async def _rows(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        return await self._database.rows(self._actor.organization_id, sql, [self._actor.organization_id, *values])

    async def team(self, manager_id: UUID, first: int) -> list["Person"]:
        rows = await self._rows(TEAM, self._actor.stakeholder_id, self._actor.today, manager_id, first)
        return [Person.of(row) for row in rows]

    async def _people(self, ids: list[UUID]) -> Sequence["Person | None"]:
        rows = await self._rows(PEOPLE, self._actor.stakeholder_id, self._actor.today, ids)
        found = {row["id"]: Person.of(row) for row in rows}
        return [found.get(id_) for id_ in ids]

    async def _departments(self, ids: list[UUID]) -> Sequence["Department | None"]:
        found = {row["id"]: Department(name=row["name"]) for row in await self._rows(DEPARTMENTS, ids)}
        return [found.get(id_) for id_ in ids]

    async def _memberships(self, keys: list[tuple[UUID, int]]) -> Sequence[list["Membership"]]:
        """Keys are a person and how many of the latest, the same for all."""
        ids, first = [id_ for id_, _ in keys], keys[0][1]
        found: dict[UUID, list[Membership]] = {}
        for row in await self._rows(MEMBERSHIPS, self._actor.stakeholder_id, self._actor.today, ids, first):
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
class Person:
    id: strawberry.ID
    name: str
    email: str | None
    kind: str
    title: str | None
    joined_on: date | None
    key: strawberry.Private[UUID]
    manager_id: strawberry.Private[UUID | None]

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
        )

    @strawberry.field
    async def manager(self, info: Info) -> "Person | None":
        return None if self.manager_id is None else await loading(info).people.load(self.manager_id)

    @strawberry.field
    async def memberships(self, info: Info, first: int) -> list[Membership]:
        return await loading(info).memberships.load((self.key, first))


@strawberry.type
class Query:
    @strawberry.field
    async def team(self, info: Info, manager: strawberry.ID, first: int) -> list[Person]:
        return await loading(info).team(UUID(manager), first)

    @strawberry.field
    async def person(self, info: Info, id: strawberry.ID) -> Person | None:
        return await loading(info).people.load(UUID(id))


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
