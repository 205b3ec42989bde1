"""Users as they are read: accounts with whom they belong to, where that person works, and what the directory told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.access.actor import Actor
from app.access.models import Account
from app.accounts.state_queries import is_of_erased
from app.db.rows import again
from app.messages import Locale
from app.provisioning.filters import Attributes, Entries
from app.provisioning.member_queries import groups_of, tied
from app.provisioning.models import ProvisionedGroup, ProvisionedGroupMember, ProvisionedUser
from app.provisioning.resources import MOBILE, WORK, EnterpriseUser, User
from app.provisioning.searching import Search, count
from app.stakeholders.models import ContactKind, ContactPoint, Department, Membership, Stakeholder, StakeholderKind

PLACE: Any = aliased(Membership)
UNIT: Any = aliased(Department)
BOSS: Any = aliased(Stakeholder)
CALLS = (ContactKind.PHONE, ContactKind.MOBILE)
HAS_MORE = or_(col(Stakeholder.external_id).is_not(None), PLACE.id.is_not(None))


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A user as it is stored. `place` is where they work, or are going to if they have not begun yet; `manager_id` is
    the account of who they report to there, if that has one."""

    account: Account
    person: Stakeholder
    profile: ProvisionedUser | None
    place: Membership | None
    department: Department | None
    manager_id: UUID | None
    manager_name: str | None
    points: Sequence[ContactPoint] = ()
    groups: Sequence[ProvisionedGroup] = ()


def is_seen(account: Any) -> ColumnElement[bool]:
    """Whether the directory did not delete an account, and nobody erased whose it was."""
    told: Any = aliased(ProvisionedUser)
    deleted = (
        exists()
        .correlate_except(told)
        .where(
            told.organization_id == account.organization_id,
            told.account_id == account.id,
            told.deleted_at.is_not(None),
        )
    )
    return and_(not_(deleted), not_(is_of_erased(account)))


def account_of(organization_id: Any, stakeholder_id: Any) -> Any:
    """The account of a stakeholder that the directory sees; null if there is none."""
    account = again(Account)
    return (
        select(account.id)
        .correlate_except(account)
        .where(
            account.organization_id == organization_id,
            account.stakeholder_id == stakeholder_id,
            is_seen(account),
        )
        .order_by(account.closed_at.is_not(None), account.id)
        .limit(1)
        .scalar_subquery()
    )


MANAGER_ID = account_of(PLACE.organization_id, PLACE.manager_id)


def _points(kinds: Sequence[ContactKind], **columns: Any) -> Entries:
    return Entries(
        {"value": col(ContactPoint.value), **columns},
        lambda wanted: (
            exists()
            .correlate_except(ContactPoint)
            .where(
                col(ContactPoint.organization_id) == Account.organization_id,
                col(ContactPoint.stakeholder_id) == Account.stakeholder_id,
                col(ContactPoint.kind).in_(kinds),
                wanted,
            )
        ),
    )


def _in_group(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(col(ProvisionedGroup.id))
        .select_from(ProvisionedGroupMember)
        .join(ProvisionedGroup, tied(ProvisionedGroup, ProvisionedGroupMember, "group_id"))
        .correlate_except(ProvisionedGroup, ProvisionedGroupMember)
        .where(
            col(ProvisionedGroupMember.organization_id) == Account.organization_id,
            col(ProvisionedGroupMember.account_id) == Account.id,
            wanted,
        )
        .exists()
    )


def _kind_of_number() -> ColumnElement[Any]:
    return case((col(ContactPoint.kind) == ContactKind.MOBILE, literal(MOBILE)), else_=ContactPoint.label)


USER_ATTRIBUTES = Attributes(
    single={
        "id": col(Account.id),
        "external_id": col(Account.external_id),
        "user_name": col(Account.email),
        "display_name": col(Stakeholder.name),
        "name.formatted": col(Stakeholder.name),
        "name.given_name": col(ProvisionedUser.given_name),
        "name.middle_name": col(ProvisionedUser.middle_name),
        "name.family_name": col(ProvisionedUser.family_name),
        "emails.value": col(Stakeholder.email),
        "title": PLACE.title,
        "user_type": func.initcap(cast(Stakeholder.kind, String)),
        "preferred_language": case(*((col(Stakeholder.locale) == each, literal(each.value)) for each in Locale)),
        "active": func.coalesce(col(Account.closed_at).is_(None), False),
        "employee_number": col(Stakeholder.external_id),
        "department": UNIT.name,
        "manager.value": MANAGER_ID,
        "manager.display_name": case((MANAGER_ID.is_not(None), BOSS.name), else_=None),
        "meta.resource_type": literal("User"),
        "meta.created": col(Account.created_at),
        "meta.last_modified": func.greatest(
            Account.updated_at, Stakeholder.updated_at, ProvisionedUser.updated_at, type_=DateTime(timezone=True)
        ),
    },
    many={
        "emails": (
            Entries(
                {"value": col(Stakeholder.email), "type": literal(WORK), "primary": literal(True)},
                lambda wanted: and_(col(Stakeholder.email).is_not(None), wanted),
            ),
            _points((ContactKind.EMAIL,), type=col(ContactPoint.label), primary=literal(False)),
        ),
        "phone_numbers": (_points(CALLS, type=_kind_of_number()),),
        "groups": (
            Entries(
                {"value": col(ProvisionedGroup.id), "display": col(ProvisionedGroup.name), "type": literal("direct")},
                _in_group,
            ),
        ),
        "schemas": (
            Entries({"value": literal(str(User.__schema__))}, lambda wanted: wanted),
            Entries({"value": literal(str(EnterpriseUser.__schema__))}, lambda wanted: and_(HAS_MORE, wanted)),
        ),
    },
)


COLUMNS: Sequence[Any] = (Account, Stakeholder, ProvisionedUser, PLACE, UNIT, MANAGER_ID, BOSS.name)


def users_seen_by(actor: Actor) -> Select[Any]:
    """All of the organization, but for programs, whose accounts are departments', for whom the directory deleted, and
    for whom somebody erased: whoever is asked about provisions the whole of it."""
    rows = select(*COLUMNS).select_from(Account).join(Stakeholder, tied(Stakeholder, Account, "stakeholder_id"))
    return _with_place(_with_profile(rows), actor.today).where(
        col(Account.organization_id) == actor.organization_id,
        col(Stakeholder.kind) != StakeholderKind.DEPARTMENT,
        col(ProvisionedUser.deleted_at).is_(None),
        col(Stakeholder.erased_at).is_(None),
    )


def _with_profile(rows: Select[Any]) -> Select[Any]:
    profile, account = col(ProvisionedUser.account_id), col(Account.id)
    same = and_(col(ProvisionedUser.organization_id) == Account.organization_id, profile == account)
    return rows.outerjoin(ProvisionedUser, same)


def _with_place(rows: Select[Any], today: date) -> Select[Any]:
    """With where each works, or is going to, and who they report to there."""
    there = and_(_is_of_person(PLACE), PLACE.starts_on == _present(today))
    rows = rows.outerjoin(PLACE, there).outerjoin(UNIT, tied(UNIT, PLACE, "department_id"))
    return rows.outerjoin(BOSS, tied(BOSS, PLACE, "manager_id"))


def _present(today: date) -> Any:
    """When somebody began where they are, or else when they are going to begin."""
    begun = again(Membership)
    so_far = func.max(begun.starts_on).filter(begun.starts_on <= today)
    rows = select(func.coalesce(so_far, func.min(begun.starts_on))).correlate_except(begun)
    return rows.where(_is_of_person(begun)).scalar_subquery()


def _is_of_person(membership: Any) -> ColumnElement[bool]:
    same_organization = membership.organization_id == Stakeholder.organization_id
    return and_(same_organization, membership.stakeholder_id == Stakeholder.id)


async def user(session: AsyncSession, actor: Actor, id_: UUID) -> KnownUser | None:
    found = await _known(session, users_seen_by(actor).where(col(Account.id) == id_))
    return found[0] if found else None


async def users(session: AsyncSession, actor: Actor, wanted: Search) -> tuple[int, Sequence[KnownUser]]:
    """How many there are, and those of the page."""
    rows = users_seen_by(actor).where(wanted.condition)
    total = await count(session, rows)
    if not wanted.count or wanted.offset >= total:
        return total, ()
    return total, await _known(session, wanted.page(rows, Account.id))


async def _known(session: AsyncSession, rows: Select[Any]) -> Sequence[KnownUser]:
    found = [KnownUser(*row) for row in (await session.execute(rows)).all()]
    if not found:
        return ()
    points = await _contact_points(session, found)
    groups = await groups_of(session, found[0].account.organization_id, [each.account.id for each in found])
    return [replace(each, points=points[each.person.id], groups=groups[each.account.id]) for each in found]


async def _contact_points(session: AsyncSession, found: Sequence[KnownUser]) -> Mapping[UUID, list[ContactPoint]]:
    rows = (
        select(ContactPoint)
        .where(
            col(ContactPoint.organization_id) == found[0].account.organization_id,
            col(ContactPoint.stakeholder_id).in_([each.person.id for each in found]),
        )
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    )
    points: defaultdict[UUID, list[ContactPoint]] = defaultdict(list)
    for point in (await session.execute(rows)).scalars():
        points[point.stakeholder_id].append(point)
    return points
