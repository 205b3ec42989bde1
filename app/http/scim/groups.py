"""Calls about groups."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from scim2_models import SearchRequest

from app.errors import NotFound
from app.http.scim.calls import Answer, Call
from app.http.scim.lists import listed
from app.provisioning import group_actions, group_queries
from app.provisioning.group_queries import GROUP_ATTRIBUTES, KnownMember
from app.provisioning.group_reading import MemberChange, members_of, patched_group, replaced_group
from app.provisioning.models import ProvisionedGroup
from app.provisioning.reading import created
from app.provisioning.rendering import group_resource
from app.provisioning.resources import Group
from app.provisioning.searching import search


async def find(call: Call) -> Answer:
    asked = call.searched(Group)
    total, groups = await group_queries.groups(call.session, call.actor, search(asked, Group, GROUP_ATTRIBUTES))
    members = await _members(call, asked, [group.id for group in groups])
    return listed(asked, total, [group_resource(group, members[group.id], call.base) for group in groups])


async def read(call: Call) -> Answer:
    group = await group_queries.group(call.session, call.actor, call.id)
    if group is None:
        raise NotFound
    return await _answer(call, group)


async def create(call: Call) -> Answer:
    wanted = created(Group, call.body)
    group = await group_actions.create_group(
        call.session,
        call.actor,
        name=wanted.display_name or "",
        external_id=wanted.external_id,
        member_ids=members_of(wanted) or (),
    )
    return await _answer(call, group, 201)


async def replace(call: Call) -> Answer:
    group, present = await _locked(call)
    wanted, changes = replaced_group(call.body, present)
    await _change(call, group, wanted, changes)
    return await _answer(call, group)


async def patch(call: Call) -> Answer:
    """Answers nothing, as Microsoft asks for: a group can have very many members. Whoever asks for attributes gets
    them."""
    group, present = await _locked(call)
    wanted, changes = patched_group(call.body, present)
    await _change(call, group, wanted, changes)
    asked = call.shown(Group)
    if asked.attributes or asked.excluded_attributes:
        return await _answer(call, group)
    return Answer(204, headers=call.answer(group_resource(group, (), call.base)).headers)


async def delete(call: Call) -> Answer:
    group, _ = await _locked(call)
    await group_actions.delete_group(call.session, call.actor, group)
    return Answer(204)


async def _locked(call: Call) -> tuple[ProvisionedGroup, Group]:
    """The group, and what it is like without its members."""
    group = await group_actions.locked_group(call.session, call.actor, call.id)
    present = group_resource(group, (), call.base)
    call.expect(present)
    return group, present


async def _change(call: Call, group: ProvisionedGroup, wanted: Group, changes: Sequence[MemberChange]) -> None:
    await group_actions.change_group(
        call.session,
        call.actor,
        group,
        name=wanted.display_name or "",
        external_id=wanted.external_id,
        changes=changes,
    )


async def _answer(call: Call, group: ProvisionedGroup, status: int = 200) -> Answer:
    members = await _members(call, call.shown(Group), [group.id])
    return call.answer(group_resource(group, members[group.id], call.base), status)


async def _members(call: Call, asked: SearchRequest[Any], ids: Sequence[UUID]) -> Mapping[UUID, Sequence[KnownMember]]:
    """Who is in the groups, unless nobody wants to know."""
    wanted = {path.parts[0].lower() for path in asked.attributes or ()}
    left_out = {".".join(path.parts).lower() for path in asked.excluded_attributes or ()}
    if ("members" in wanted) if wanted else ("members" not in left_out):
        return await group_queries.members(call.session, call.actor, ids)
    return dict.fromkeys(ids, ())
