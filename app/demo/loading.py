"""Loads the demonstration organization, in one transaction; if it is there, nothing is changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.events import AccountOpened, PasswordSet, RoleGranted
from app.access.models import Account, Grant, Password
from app.db.database import Database
from app.db.record import note, record
from app.demo import queries
from app.demo.goal_plans import DEPARTMENT
from app.demo.goals import add_goals
from app.demo.history import DEPARTURES, Move, moves
from app.demo.organization import roster
from app.demo.posts import FOUNDED_ON
from app.demo.sign_ins import SIGN_INS, SignIn
from app.rosters.actions import apply
from app.stakeholders import lines
from app.stakeholders.events import OrganizationFounded, StakeholderDeactivated, StakeholderMoved
from app.stakeholders.models import Department, Membership, Organization, Stakeholder

ORGANIZATION_ID = UUID("01936f00-0000-7000-8000-00000000de30")
SLUG = "demo"
NAME = "Ambermoor Energy Storage"
TIME_ZONE = "Europe/London"


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the roster has become, by the keys that it names it with."""

    people: Mapping[str, Stakeholder]
    departments: Mapping[str, Department]
    positions: Mapping[str, UUID]
    memberships: Mapping[UUID, Membership]


async def load(database: Database, password_hash: str | None = None) -> bool:
    """Whether anything was changed. With a hash, all who can sign in have that password."""
    async with database.transaction(ORGANIZATION_ID) as session:
        if await session.get(Organization, ORGANIZATION_ID) is not None:
            return False
        organization = Organization(id=ORGANIZATION_ID, slug=SLUG, name=NAME, time_zone=TIME_ZONE)
        session.add(organization)
        record(session, organization, OrganizationFounded(ORGANIZATION_ID, SLUG), by=None)
        await session.flush()
        today = datetime.now(UTC).date()
        await apply(session, roster(), organization_id=ORGANIZATION_ID, today=today)
        loaded = _Loaded(
            await queries.people_by_key(session),
            await queries.departments_by_key(session),
            await queries.positions_by_key(session),
            await queries.open_memberships(session),
        )
        await _add_history(session, loaded)
        await _let_leave(session, loaded)
        await lines.derive_all(session, ORGANIZATION_ID)
        await _open_accounts(session, loaded, today, password_hash)
        await add_goals(session, ORGANIZATION_ID, _owners(loaded), loaded.positions, today)
    return True


def _owners(loaded: _Loaded) -> dict[str, UUID]:
    """Who can own goals, by the keys that plans of goals name them with."""
    people = {key: person.id for key, person in loaded.people.items()}
    return people | {f"{DEPARTMENT}{key}": unit.stakeholder_id for key, unit in loaded.departments.items()}


async def _add_history(session: AsyncSession, loaded: _Loaded) -> None:
    for key, earlier in groupby(moves(), key=lambda move: move.person):
        person = loaded.people[key]
        for membership in _memberships(loaded, person, list(earlier)):
            session.add(membership)
            moved = StakeholderMoved(
                person.id,
                membership.starts_on,
                membership.department_id,
                membership.position_id,
                membership.manager_id,
            )
            record(session, membership, moved, by=None)
    await session.flush()


def _memberships(loaded: _Loaded, person: Stakeholder, earlier: list[Move]) -> Iterator[Membership]:
    """Each earlier post lasts until the next one, or until the present one began."""
    present = loaded.memberships[person.id].starts_on
    for move, ends_on in zip(earlier, [*(move.on for move in earlier[1:]), present], strict=True):
        yield Membership(
            organization_id=ORGANIZATION_ID,
            stakeholder_id=person.id,
            department_id=loaded.departments[move.department].id,
            position_id=loaded.positions[move.position],
            manager_id=loaded.people[move.manager].id,
            title=move.title,
            starts_on=move.on,
            ends_on=ends_on,
        )


async def _let_leave(session: AsyncSession, loaded: _Loaded) -> None:
    for departure in DEPARTURES:
        person = loaded.people[departure.person]
        person.deactivated_on = departure.on
        loaded.memberships[person.id].ends_on = departure.on
        record(session, person, StakeholderDeactivated(person.id, departure.on), by=None)


async def _open_accounts(session: AsyncSession, loaded: _Loaded, today: date, password_hash: str | None) -> None:
    for sign_in in SIGN_INS:
        account = Account(
            organization_id=ORGANIZATION_ID, stakeholder_id=_stakeholder_id(loaded, sign_in), email=sign_in.email
        )
        session.add(account)
        opened = AccountOpened(account.id, account.stakeholder_id)
        record(session, account, opened, by=None)
        await session.flush()
        if password_hash is not None:
            session.add(Password(organization_id=ORGANIZATION_ID, account_id=account.id, hash=password_hash))
            note(session, account, PasswordSet(account.id, "DEMONSTRATION"), by=None)
        for grant in _grants(sign_in, account, today):
            session.add(grant)
            granted = RoleGranted(grant.id, account.id, grant.role.name, grant.ends_on)
            record(session, grant, granted, by=None)


def _stakeholder_id(loaded: _Loaded, sign_in: SignIn) -> UUID:
    if sign_in.department is not None:
        return loaded.departments[sign_in.department].stakeholder_id
    return loaded.people[sign_in.stakeholder_key].id


def _grants(sign_in: SignIn, account: Account, today: date) -> Iterator[Grant]:
    for role in sign_in.roles:
        yield Grant(
            organization_id=ORGANIZATION_ID,
            account_id=account.id,
            role=role,
            starts_on=FOUNDED_ON,
            ends_on=today + sign_in.lasts if sign_in.lasts else None,
        )
