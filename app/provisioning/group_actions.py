"""What a directory does with its groups. Whoever is in one that is mapped to roles gets and loses them in the same
transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from scim2_models import InvalidValueException
from sqlalchemy import ColumnElement, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.checks import checks
from app.db.bulk import insert_many
from app.db.record import note, record
from app.errors import NotFound, ProblemCode
from app.provisioning import group_queries
from app.provisioning.events import GroupChanged, GroupDeprovisioned, GroupProvisioned
from app.provisioning.filters import entry_condition
from app.provisioning.group_reading import MemberChange, Op
from app.provisioning.models import ProvisionedGroup, ProvisionedGroupMember
from app.provisioning.resources import Group
from app.provisioning.roles import follow_groups, names_of
from app.stakeholders import change_queries

TOLD_MEMBERS = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """The accounts that came to a group, and those that left it."""

    came: frozenset[UUID] = frozenset()
    left: frozenset[UUID] = frozenset()

    def then(self, later: "Moved") -> "Moved":
        """Whoever came and left again, or left and came back, was not moved."""
        came = (self.came - later.left) | (later.came - self.left)
        return Moved(came, (self.left - later.came) | (later.left - self.came))

    @property
    def everybody(self) -> frozenset[UUID]:
        return self.came | self.left


async def locked_group(session: AsyncSession, actor: Actor, id_: UUID) -> ProvisionedGroup:
    """A group to change. Changes of an organization's people and groups follow one another. Raises NotFound."""
    await change_queries.lock_structure(session, actor)
    group = await group_queries.group(session, actor, id_)
    if group is None:
        raise NotFound
    return group


async def create_group(
    session: AsyncSession, actor: Actor, *, name: str, external_id: str | None, member_ids: Sequence[UUID]
) -> ProvisionedGroup:
    await change_queries.lock_structure(session, actor)
    group = ProvisionedGroup(organization_id=actor.organization_id, name=name)
    group.name, group.external_id = await _called(session, actor, group, name, external_id)
    newcomers = frozenset(member_ids)
    await _refuse_strangers(session, actor, newcomers)
    session.add(group)
    after = {"members": sorted(newcomers)} if newcomers else None
    record(session, group, GroupProvisioned(group.id), by=actor, after=after)
    await session.flush()
    await _enter(session, group, newcomers)
    await follow_groups(session, actor.organization_id, newcomers, names_of(group), by=actor)
    return group


async def change_group(
    session: AsyncSession,
    actor: Actor,
    group: ProvisionedGroup,
    *,
    name: str,
    external_id: str | None,
    changes: Sequence[MemberChange],
) -> None:
    """A group that stays as it is keeps its version."""
    names = names_of(group)
    called = await _called(session, actor, group, name, external_id)
    moved = Moved()
    for change in changes:
        moved = moved.then(await _change_members(session, actor, group, change))
    renamed = called != (group.name, group.external_id)
    if not renamed and not moved.everybody:
        return
    concerned = moved.everybody | (await group_queries.member_ids(session, actor, group.id) if renamed else set())
    group.name, group.external_id = called
    before, after = (sorted(ids) for ids in (moved.left, moved.came))
    record(
        session,
        group,
        GroupChanged(group.id),
        by=actor,
        before={"members": before} if before else None,
        after={"members": after} if after else None,
    )
    await follow_groups(session, actor.organization_id, concerned, names | names_of(group), by=actor)


async def delete_group(session: AsyncSession, actor: Actor, group: ProvisionedGroup) -> None:
    left = await group_queries.member_ids(session, actor, group.id)
    await _remove(session, group, left)
    names = names_of(group)
    before = {"name": group.name, "external_id": group.external_id, "members": sorted(left)}
    note(session, group, GroupDeprovisioned(group.id), by=actor, before=before)
    await session.delete(group)
    await follow_groups(session, actor.organization_id, left, names, by=actor)


async def _change_members(session: AsyncSession, actor: Actor, group: ProvisionedGroup, change: MemberChange) -> Moved:
    named = frozenset(change.ids or ())
    present = frozenset(await group_queries.member_ids(session, actor, group.id, _concerned(change)))
    if change.op is Op.REMOVE:
        moved = Moved(left=present)
    else:
        await _refuse_strangers(session, actor, named)
        moved = Moved(named - present, present - named if change.op is Op.SET else frozenset())
    await _enter(session, group, moved.came)
    await _remove(session, group, moved.left)
    return moved


def _concerned(change: MemberChange) -> ColumnElement[bool] | None:
    """Which of the members a change looks at; None for all of them."""
    if change.selected is not None:
        return entry_condition(change.selected, Group, group_queries.MEMBER_COLUMNS)
    return None if change.ids is None or change.op is Op.SET else group_queries.is_among(change.ids)


async def _refuse_strangers(session: AsyncSession, actor: Actor, ids: Iterable[UUID]) -> None:
    """Raises InvalidValueException if some are no user's."""
    strangers = sorted(set(ids) - await group_queries.users_among(session, actor, ids))
    if strangers:
        named = ", ".join(map(str, strangers[:TOLD_MEMBERS]))
        raise InvalidValueException(detail=f"'members' names no user: {named}")


async def _enter(session: AsyncSession, group: ProvisionedGroup, ids: Iterable[UUID]) -> None:
    place = {"organization_id": group.organization_id, "group_id": group.id}
    await insert_many(session, ProvisionedGroupMember, [{**place, "account_id": id_} for id_ in ids])


async def _remove(session: AsyncSession, group: ProvisionedGroup, ids: Iterable[UUID]) -> None:
    await session.execute(
        delete(ProvisionedGroupMember).where(
            col(ProvisionedGroupMember.organization_id) == group.organization_id,
            col(ProvisionedGroupMember.group_id) == group.id,
            group_queries.is_among(ids),
        )
    )


async def _called(
    session: AsyncSession, actor: Actor, group: ProvisionedGroup, name: str, external_id: str | None
) -> tuple[str, str | None]:
    """The name and the external id, if no other group has them."""
    with checks() as check:
        cleaned = check.name(name, "displayName")
        key = check.optional_name(external_id, "externalId")
        check.unless(
            not await group_queries.name_taken(session, actor, group, cleaned), ProblemCode.TAKEN, "displayName"
        )
        if key is not None:
            column = col(ProvisionedGroup.external_id)
            taken = await change_queries.taken(session, actor.organization_id, column, key, group.id)
            check.unless(not taken, ProblemCode.TAKEN, "externalId")
    return cleaned, key
