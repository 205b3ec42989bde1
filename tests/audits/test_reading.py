"""The audit trail over HTTP: what the auditor reads of it, and that nobody else does."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.access.models import Account, Grant
from app.access.permissions import Reach, Role
from app.audits.chain import Head
from app.db.models import AuditEvent
from app.db.rows import new_id, now
from app.planner.scalars import global_id
from tests.builders import LONG_AGO, Caller, World, gid, unknown_id
from tests.stakeholders.changes import CREATE, MOVE, UPDATE, newcomer

EVENT = """fragment Event on AuditEvent {
  id at action subjectType subjectId before after erased requestId sequence hash
  actorId actor { id name } onBehalfOfId onBehalfOf { id name }
}"""
ALL = f"query {{ auditEvents(first: 100) {{ totalCount nodes {{ ...Event }} }} }} {EVENT}"
FILTERED = """query($filter: AuditEventsFilter) { auditEvents(first: 100, filter: $filter) { nodes { action id } } }"""
NODE = f"query($id: ID!) {{ node(id: $id) {{ __typename ...Event }} }} {EVENT}"
NODES = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ...Event }} }} {EVENT}"


@pytest.fixture
async def auditor(world: World) -> Caller:
    return await world.caller(Role.AUDITOR, "Auditor")


async def told(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.ask(ALL))["auditEvents"]["nodes"]
    return found


async def recorded(world: World, **given: Any) -> AuditEvent:
    known = {"action": "test.done", "subject_type": "Position", "subject_id": new_id()}
    event = AuditEvent(organization_id=world.organization.id, **{**known, **given})
    await world.add(event)
    return event


async def test_the_auditor_reads_who_did_what_to_whom_and_what_changed(world: World, auditor: Caller) -> None:
    ada = await world.person("Ada")
    admin = await world.sign_in(ada, Role.ORGANIZATION_ADMIN)
    made = await admin.done(CREATE, input=newcomer("Pat"))
    response = await admin.post(UPDATE, input={"id": made["id"], "name": "李"})
    changed, created = await told(auditor)
    assert changed.pop("id") != created["id"]
    assert changed.pop("at") > created["at"]
    assert Head.parse(f"{changed.pop('sequence')}:{changed.pop('hash')}").sequence == 2
    assert changed == {
        "action": "stakeholder.updated",
        "subjectType": "Stakeholder",
        "subjectId": made["id"],
        "before": {"name": "Pat"},
        "after": {"name": "李"},
        "erased": False,
        "requestId": response.headers["x-request-id"],
        "actorId": gid(ada),
        "actor": {"id": gid(ada), "name": "Ada"},
        "onBehalfOfId": None,
        "onBehalfOf": None,
    }
    assert (created["action"], created["before"], created["sequence"]) == ("stakeholder.created", None, 1)
    assert created["after"]["name"] == "Pat"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
async def test_nobody_but_the_auditor_reads_any_of_it(world: World, role: Role) -> None:
    """Not whoever administers the organization either, whose changes it tells of."""
    event = await recorded(world, after={"secret": "of the trail"})
    caller = await world.caller(role)
    assert await caller.refused(ALL) == ["FORBIDDEN"]
    assert (await caller.post(ALL)).json()["data"] == {"auditEvents": None}
    assert await caller.refused(NODE, id=gid(event)) == ["NOT_FOUND"]
    assert await caller.ask(NODES, ids=[gid(event)]) == {"nodes": [None]}


async def test_nobody_who_is_not_signed_in_reads_any_of_it(world: World) -> None:
    event = await recorded(world)
    assert await world.anonymous().refused(ALL) == ["UNAUTHENTICATED"]
    assert await world.anonymous().refused(NODE, id=gid(event)) == ["UNAUTHENTICATED"]


async def test_the_auditor_changes_nothing(auditor: Caller) -> None:
    assert await auditor.rejected(CREATE, input=newcomer("Pat")) == [("FORBIDDEN", "")]


async def test_another_organizations_trail_is_not_there(world: World, auditor: Caller) -> None:
    other = await world.another()
    event = await recorded(other)
    assert (await auditor.ask(ALL))["auditEvents"] == {"totalCount": 0, "nodes": []}
    assert await auditor.refused(NODE, id=gid(event)) == ["NOT_FOUND"]
    ours = {"subjectId": global_id("Position", event.subject_id)}
    assert (await auditor.ask(FILTERED, filter=ours))["auditEvents"]["nodes"] == []


@pytest.mark.parametrize(
    "limit", [{"reach": Reach.DEPARTMENT}, {"reach": Reach.REPORTS}, {"reach": Reach.OWN}, {"reach": Reach.AGGREGATE}]
)
async def test_an_auditor_whose_reach_is_less_than_all_reads_nothing(world: World, limit: dict[str, Any]) -> None:
    await recorded(world)
    person = await world.person("Auditor")
    caller = await world.sign_in(person)
    async with world.database.transaction(world.organization.id) as session:
        account = await session.get_one(Account, (world.organization.id, await _account_id(world, person.id)))
        session.add(
            Grant(
                organization_id=account.organization_id,
                account_id=account.id,
                role=Role.AUDITOR,
                starts_on=LONG_AGO,
                **limit,
            )
        )
    assert (await caller.ask(ALL))["auditEvents"] == {"totalCount": 0, "nodes": []}


async def _account_id(world: World, stakeholder_id: UUID) -> UUID:
    sql = "select id from accounts where organization_id = $1 and stakeholder_id = $2"
    (row,) = await world.database.rows(world.organization.id, sql, [world.organization.id, stakeholder_id])
    found: UUID = row["id"]
    return found


async def test_an_event_is_found_again_by_its_id(world: World, auditor: Caller) -> None:
    event = await recorded(world, after={"level": 3})
    (listed,) = await told(auditor)
    assert await auditor.ask(NODE, id=gid(event)) == {"node": {"__typename": "AuditEvent", **listed}}
    ids = [unknown_id("AuditEvent"), gid(event)]
    assert await auditor.ask(NODES, ids=ids) == {"nodes": [None, {"__typename": "AuditEvent", **listed}]}


async def test_whoever_acted_for_another_is_shown_with_them(world: World, auditor: Caller) -> None:
    deputy, lender = await world.person("Deputy"), await world.person("Lender")
    await recorded(world, actor_id=deputy.id, on_behalf_of_id=lender.id)
    (shown,) = await told(auditor)
    assert (shown["actorId"], shown["onBehalfOfId"]) == (gid(deputy), gid(lender))
    assert (shown["actor"]["name"], shown["onBehalfOf"]["name"]) == ("Deputy", "Lender")


async def test_an_actor_who_is_not_to_be_seen_is_known_by_id(world: World, auditor: Caller) -> None:
    gone = await world.person("Gone", deactivated_on=LONG_AGO)
    await recorded(world, actor_id=gone.id)
    (shown,) = await told(auditor)
    assert (shown["actorId"], shown["actor"]) == (gid(gone), None)


async def test_what_was_done_on_the_command_line_has_no_actor_and_no_request(world: World, auditor: Caller) -> None:
    await recorded(world)
    (shown,) = await told(auditor)
    assert (shown["actorId"], shown["actor"], shown["requestId"]) == (None, None, None)


async def test_content_that_was_erased_is_told_to_be(world: World, auditor: Caller) -> None:
    event = await recorded(world, after={"name": "Ada"})
    erasure = AuditEvent(
        organization_id=world.organization.id,
        action="stakeholder.erased",
        subject_type="Stakeholder",
        subject_id=event.subject_id,
        after={"subjects": [str(event.subject_id)]},
    )
    async with world.database.transaction(world.organization.id) as session:
        session.add(erasure)
        await session.flush()
        await session.execute(text("select erase_audit_content(:erasure)"), {"erasure": erasure.id})
    told_of, told_of_erasure = reversed(await told(auditor))
    assert (told_of["erased"], told_of["before"], told_of["after"]) == (True, None, None)
    assert (told_of_erasure["erased"], told_of_erasure["after"]) == (False, erasure.after)


# --- filters


async def actions(caller: Caller, **filter: Any) -> list[str]:
    found = (await caller.ask(FILTERED, filter=filter))["auditEvents"]["nodes"]
    return [event["action"] for event in found]


async def test_the_newest_event_comes_first(world: World, auditor: Caller) -> None:
    at = now()
    for name, seconds in (("b", 2), ("a", 1), ("c", 3)):
        await recorded(world, action=name, at=at + timedelta(seconds=seconds))
    assert await actions(auditor) == ["c", "b", "a"]


async def test_events_of_one_instant_come_in_the_order_in_which_they_were_written_backwards(
    world: World, auditor: Caller
) -> None:
    at = now()
    for name in ("a", "b", "c"):
        await recorded(world, action=name, at=at)
    assert await actions(auditor) == ["c", "b", "a"]


async def test_events_are_chosen_by_who_did_them(world: World, auditor: Caller) -> None:
    ada, eve = await world.person("Ada"), await world.person("Eve")
    await recorded(world, action="by.ada", actor_id=ada.id)
    await recorded(world, action="by.eve", actor_id=eve.id, on_behalf_of_id=ada.id)
    assert await actions(auditor, actorId=gid(ada)) == ["by.ada"]
    assert await actions(auditor, onBehalfOfId=gid(ada)) == ["by.eve"]
    assert await actions(auditor, actorId=gid(eve), onBehalfOfId=gid(eve)) == []


async def test_events_are_chosen_by_what_they_were_done_to(world: World, auditor: Caller) -> None:
    clerk = await world.position("Clerk")
    await recorded(world, action="to.clerk", subject_id=clerk.id)
    await recorded(world, action="to.another")
    assert await actions(auditor, subjectId=gid(clerk)) == ["to.clerk"]
    assert await actions(auditor, subjectId="no id") == []


async def test_events_are_chosen_by_what_was_done(world: World, auditor: Caller) -> None:
    for name in ("a", "b", "c"):
        await recorded(world, action=name)
    assert await actions(auditor, actions=["a", "c", "x"]) == ["c", "a"]
    assert await actions(auditor, actions=[]) == []


async def test_events_are_chosen_by_when_they_happened(world: World, auditor: Caller) -> None:
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)
    for name, minutes in (("before", -1), ("at", 0), ("after", 1)):
        await recorded(world, action=name, at=noon + timedelta(minutes=minutes))
    assert await actions(auditor, since=noon.isoformat()) == ["after", "at"]
    assert await actions(auditor, until=noon.isoformat()) == ["before"]
    in_shanghai = noon.isoformat().replace("T12:00:00+00:00", "T20:00:00+08:00")
    assert await actions(auditor, since=in_shanghai) == ["after", "at"]


async def test_events_are_chosen_by_the_request_they_belong_to(world: World, auditor: Caller) -> None:
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    await admin.done(CREATE, input=newcomer("Pat"))
    response = await admin.post(CREATE, input=newcomer("Quentin"))
    found = await auditor.ask(FILTERED, filter={"requestId": response.headers["x-request-id"]})
    (event,) = found["auditEvents"]["nodes"]
    assert event["action"] == "stakeholder.created"
    assert await actions(auditor, requestId=str(uuid4())) == []


async def test_a_trail_is_read_page_by_page(world: World, auditor: Caller) -> None:
    for number in range(5):
        await recorded(world, action=str(number))
    paged = """query($after: String) { auditEvents(first: 2, after: $after) {
      edges { node { action } } pageInfo { endCursor hasNextPage } } }"""
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = (await auditor.ask(paged, after=after))["auditEvents"]
        seen += [edge["node"]["action"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert (seen, page["pageInfo"]["hasNextPage"]) == (["4", "3", "2", "1", "0"], False)


async def test_what_was_refused_is_not_told(world: World, auditor: Caller) -> None:
    await (await world.caller(Role.EMPLOYEE)).rejected(
        MOVE, input={"id": unknown_id("Stakeholder"), "on": "2026-01-01"}
    )
    assert await told(auditor) == []
