"""Builds what a test is about: an organization, the people in it, and whoever asks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import select

from app.access.models import Account, Grant, Session, SignInMethod
from app.access.permissions import Role
from app.access.signing import SigningKeys
from app.access.tokens import Tokens
from app.db.closure import plant
from app.db.database import Database
from app.db.rows import new_id, now
from app.messages import Locale
from app.planner.scalars import global_id
from app.stakeholders import lines
from app.stakeholders.models import (
    EXTERNAL,
    Company,
    Department,
    DepartmentLine,
    Membership,
    Organization,
    Position,
    Stakeholder,
    StakeholderKind,
)

EXTERNAL_ROLES = {Role.PARTNER, Role.INVESTOR, Role.CUSTOMER}
LONG_AGO = date(2020, 1, 1)
SECRET = "a secret that is only for tests, and long enough"
PUBLIC_URL = "http://allround.test"
TOKENS = Tokens(SigningKeys([SECRET]), PUBLIC_URL)


def gid(row: Any) -> str:
    """The global id of a row."""
    return global_id(type(row).__name__, row.id)


@dataclass
class Caller:
    """Somebody who sends requests. `languages` is their browser's Accept-Language."""

    http: httpx.AsyncClient
    token: str | None = None
    languages: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return headers if self.languages is None else {**headers, "accept-language": self.languages}

    async def post(self, query: str, /, **variables: Any) -> httpx.Response:
        return await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=self.headers)

    async def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The answer's data; the test fails if there are errors."""
        answer = (await self.post(query, **variables)).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def refused(self, query: str, /, **variables: Any) -> list[str]:
        """The codes of the errors; the test fails if there are none."""
        answer = (await self.post(query, **variables)).json()
        assert answer.get("errors"), answer
        return [error["extensions"]["code"] for error in answer["errors"]]

    async def done(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """What a mutation with one root field answered; the test fails if it was rejected."""
        (result,) = (await self.ask(query, **variables)).values()
        assert "problems" not in result, result
        made: dict[str, Any] = result
        return made

    async def rejected(self, query: str, /, **variables: Any) -> list[tuple[str, str]]:
        """Code and dotted path of each problem of a mutation with one root field."""
        (result,) = (await self.ask(query, **variables)).values()
        assert result.get("problems"), result
        return [(problem["code"], ".".join(problem["path"])) for problem in result["problems"]]


@dataclass
class World:
    """One organization. What is made in it is committed at once."""

    database: Database
    http: httpx.AsyncClient
    organization: Organization

    @classmethod
    async def made(cls, database: Database, http: httpx.AsyncClient) -> "World":
        organization = Organization(id=new_id(), slug=f"org-{uuid4().hex[:10]}", name="Amber Works")
        world = cls(database, http, organization)
        await world.add(organization)
        return world

    async def another(self) -> "World":
        """A second organization on the same server."""
        return await World.made(self.database, self.http)

    async def add(self, *rows: Any) -> None:
        async with self.database.transaction(self.organization.id) as session:
            for row in rows:
                session.add(row)
                await session.flush()

    async def in_zone(self, time_zone: str) -> None:
        """Moves the organization to another time zone; those who sign in from now on live there."""
        async with self.database.transaction(self.organization.id) as session:
            (await session.get_one(Organization, self.organization.id)).time_zone = time_zone

    async def speaks(self, locale: Locale) -> None:
        """Makes a language the organization's own."""
        async with self.database.transaction(self.organization.id) as session:
            (await session.get_one(Organization, self.organization.id)).locale = locale

    async def company(self, name: str = "Birch & Co") -> Company:
        company = Company(organization_id=self.organization.id, name=name)
        await self.add(company)
        return company

    async def position(self, title: str = "Engineer", level: int = 3) -> Position:
        position = Position(organization_id=self.organization.id, title=title, level=level)
        await self.add(position)
        return position

    async def department(self, name: str = "Works", parent: Department | None = None) -> Department:
        voice = Stakeholder(organization_id=self.organization.id, kind=StakeholderKind.DEPARTMENT, name=name)
        made = Department(
            organization_id=self.organization.id,
            name=name,
            parent_id=parent.id if parent else None,
            stakeholder_id=voice.id,
        )
        await self.add(voice, made)
        async with self.database.transaction(self.organization.id) as session:
            await plant(session, DepartmentLine, self.organization.id, made.id, made.parent_id)
        return made

    async def close(self, department: Department, day: date) -> None:
        async with self.database.transaction(self.organization.id) as session:
            row = await session.get_one(Department, (department.organization_id, department.id))
            row.closed_on = day

    async def head(self, department: Department, head: Stakeholder) -> None:
        async with self.database.transaction(self.organization.id) as session:
            row = await session.get_one(Department, (department.organization_id, department.id))
            row.head_id = head.id

    async def person(self, name: str, kind: StakeholderKind = StakeholderKind.EMPLOYEE, **given: Any) -> Stakeholder:
        """A stakeholder who is in no department; for outsiders, and to test staff without a place."""
        person = Stakeholder(organization_id=self.organization.id, kind=kind, name=name, **given)
        await self.add(person)
        return person

    async def staff(
        self,
        name: str,
        department: Department,
        manager: Stakeholder | None = None,
        *,
        since: date = LONG_AGO,
        until: date | None = None,
        title: str = "Engineer",
        position: Position | None = None,
        kind: StakeholderKind = StakeholderKind.EMPLOYEE,
        **given: Any,
    ) -> Stakeholder:
        person = await self.person(name, kind, joined_on=since, **given)
        await self.membership(person, department, manager, since=since, until=until, title=title, position=position)
        return person

    async def membership(
        self,
        person: Stakeholder,
        department: Department,
        manager: Stakeholder | None = None,
        *,
        since: date = LONG_AGO,
        until: date | None = None,
        title: str = "Engineer",
        position: Position | None = None,
    ) -> Membership:
        made = Membership(
            organization_id=self.organization.id,
            stakeholder_id=person.id,
            department_id=department.id,
            manager_id=manager.id if manager else None,
            position_id=position.id if position else None,
            title=title,
            starts_on=since,
            ends_on=until,
        )
        await self.add(made)
        async with self.database.transaction(self.organization.id) as session:
            await lines.derive_below(session, self.organization.id, person.id)
        return made

    async def sign_in(self, person: Stakeholder, *roles: Role, department: Department | None = None) -> Caller:
        """Gives somebody an account with roles, and a token."""
        account = Account(
            organization_id=self.organization.id,
            stakeholder_id=person.id,
            email=f"{uuid4().hex}@example.com",
        )
        grants = [
            Grant(
                organization_id=self.organization.id,
                account_id=account.id,
                role=role,
                department_id=department.id if department and role is Role.DEPARTMENT_HEAD else None,
                starts_on=LONG_AGO,
                ends_on=date(2100, 1, 1) if role in EXTERNAL_ROLES else None,
            )
            for role in roles
        ]
        await self.add(account, *grants)
        return await self.session(account)

    async def account(self) -> Account:
        """The only account that there is."""
        async with self.database.transaction(self.organization.id) as session:
            return (await session.execute(select(Account))).scalar_one()

    async def again(self, caller: Caller) -> Caller:
        """Signs somebody in once more."""
        return await self._session(TOKENS.claims(caller.token or "").account_id)

    async def session(self, account: Account, method: SignInMethod = SignInMethod.COMMAND_LINE) -> Caller:
        """Signs an account in."""
        return await self._session(account.id, method)

    async def _session(self, account_id: UUID, method: SignInMethod = SignInMethod.COMMAND_LINE) -> Caller:
        opened = Session(
            organization_id=self.organization.id,
            account_id=account_id,
            method=method,
            expires_at=now() + timedelta(days=1),
        )
        await self.add(opened)
        return Caller(self.http, TOKENS.issue(self.organization.id, account_id, opened.id))

    async def caller(self, role: Role, name: str = "Asker") -> Caller:
        """Somebody new, without a place, who signs in with one role."""
        kind = StakeholderKind[role.name] if role in EXTERNAL_ROLES else StakeholderKind.EMPLOYEE
        assert role not in EXTERNAL_ROLES or kind in EXTERNAL
        return await self.sign_in(await self.person(name, kind), role)

    def anonymous(self) -> Caller:
        return Caller(self.http)


def in_days(days: int) -> date:
    return date.today() + timedelta(days=days)  # noqa: DTZ011 -- organizations of tests count days in UTC, as the tests' machines do


def unknown_id(type_name: str) -> str:
    return global_id(type_name, UUID(int=7))
