"""Users and groups as the directory is shown them."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from scim2_models import GroupMembership, Meta, Reference

from app.db.rows import VersionedRow
from app.provisioning.group_queries import KnownMember
from app.provisioning.models import ProvisionedGroup
from app.provisioning.resources import (
    MOBILE,
    WORK,
    Email,
    EnterpriseUser,
    Group,
    GroupMember,
    Manager,
    Name,
    Person,
    PhoneNumber,
    User,
)
from app.provisioning.user_queries import KnownUser
from app.stakeholders.models import ContactKind, ContactPoint


def user_resource(known: KnownUser, base: str) -> Person:
    """`base` is the address of the service, which those of its resources begin with."""
    account, person, profile = known.account, known.person, known.profile
    shown = Person(
        id=str(account.id),
        external_id=account.external_id,
        user_name=account.email,
        name=Name(
            formatted=person.name,
            given_name=profile.given_name if profile else None,
            middle_name=profile.middle_name if profile else None,
            family_name=profile.family_name if profile else None,
        ),
        display_name=person.name,
        title=known.place.title if known.place else None,
        user_type=person.kind.name.capitalize(),
        preferred_language=person.locale.value if person.locale else None,
        active=account.closed_at is None,
        emails=_emails(known) or None,
        phone_numbers=[_number(point) for point in known.points if point.kind in _NUMBERS] or None,
        groups=[_membership(group, base) for group in known.groups] or None,
    )
    if (more := _more(known, base)) is not None:
        shown[EnterpriseUser] = more
        shown.schemas = [*shown.schemas, str(EnterpriseUser.__schema__)]
    rows: list[VersionedRow] = [account, person, *([profile] if profile else [])]
    shown.meta = _meta("User", f"{base}/Users/{account.id}", account.created_at, rows, _version(shown))
    return shown


_NUMBERS = (ContactKind.PHONE, ContactKind.MOBILE)


def _emails(known: KnownUser) -> list[Email]:
    work = [Email(value=known.person.email, type=WORK, primary=True)] if known.person.email else []
    others = [point for point in known.points if point.kind is ContactKind.EMAIL]
    return [*work, *(Email(value=point.value, type=point.label, primary=False) for point in others)]


def _number(point: ContactPoint) -> PhoneNumber:
    return PhoneNumber(value=point.value, type=MOBILE if point.kind is ContactKind.MOBILE else point.label)


def _membership(group: ProvisionedGroup, base: str) -> GroupMembership:
    return GroupMembership(
        value=str(group.id), ref=Reference[Group](f"{base}/Groups/{group.id}"), display=group.name, type="direct"
    )


def _more(known: KnownUser, base: str) -> EnterpriseUser | None:
    if known.person.external_id is None and known.place is None:
        return None
    manager = known.manager_id and Manager(
        value=str(known.manager_id),
        ref=Reference[User[Any]](f"{base}/Users/{known.manager_id}"),
        display_name=known.manager_name,
    )
    return EnterpriseUser(
        employee_number=known.person.external_id,
        department=known.department.name if known.department else None,
        manager=manager or None,
    )


def group_resource(group: ProvisionedGroup, members: Sequence[KnownMember], base: str) -> Group:
    return Group(
        id=str(group.id),
        external_id=group.external_id,
        display_name=group.name,
        members=[_member(each, base) for each in members] or None,
        meta=_meta("Group", f"{base}/Groups/{group.id}", group.created_at, [group], f'W/"{group.version}"'),
    )


def _member(member: KnownMember, base: str) -> GroupMember:
    return GroupMember(
        value=str(member.account_id),
        ref=Reference[User[Any]](f"{base}/Users/{member.account_id}"),
        type="User",
        display=member.name,
    )


def _meta(type_: str, location: str, created: datetime, rows: Sequence[VersionedRow], version: str) -> Meta:
    return Meta(
        resource_type=type_,
        created=created,
        last_modified=max(row.updated_at for row in rows),
        location=location,
        version=version,
    )


def _version(user: Person) -> str:
    """A user comes from many rows, so what is shown of it tells whether it changed."""
    return f'W/"{blake2b(user.model_dump_json().encode(), digest_size=12).hexdigest()}"'
