"""What is planned for a day to come: it opens nothing before that day, and can be planned anew until then."""

from app.access.permissions import Role
from app.stakeholders.models import ContactKind, ContactPoint, StakeholderKind
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE,
    CREATE_BATCH,
    CREATE_DEPARTMENT,
    DEACTIVATE,
    MOVE,
    MOVE_DEPARTMENT,
    REACTIVATE,
    newcomer,
    place,
)

FIND = "query($text: String) { stakeholders(filter: {text: $text}) { nodes { name } } }"
PLACES = "query($id: ID!) { stakeholder(id: $id) { memberships { nodes { startsOn endsOn department { name } } } } }"


async def places(admin: Caller, id_: str) -> list[tuple[str, str | None, str]]:
    found = (await admin.ask(PLACES, id=id_))["stakeholder"]["memberships"]["nodes"]
    return [(each["startsOn"], each["endsOn"], each["department"]["name"]) for each in found]


async def test_a_return_to_come_opens_nothing_before_its_day(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    colleague = await world.caller(Role.EMPLOYEE)
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": str(in_days(-5))})
    start = in_days(40)
    await admin.done(REACTIVATE, input={"id": gid(ada), "on": str(start), "place": place(works, starts_on=start)})
    back_too_early = await world.sign_in(ada, Role.EMPLOYEE)
    assert (await back_too_early.post("{ viewer { roles } }")).status_code == 401
    assert (await colleague.ask(FIND, text="Ada"))["stakeholders"]["nodes"] == []
    assert (await admin.ask(FIND, text="Ada"))["stakeholders"]["nodes"] == [{"name": "Ada"}]


async def test_an_outsider_who_is_to_come_back_is_not_there_before(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    agent = await world.caller(Role.SERVICE_AGENT)
    await admin.done(DEACTIVATE, input={"id": gid(pat), "on": str(in_days(-5))})
    await admin.done(REACTIVATE, input={"id": gid(pat), "on": str(in_days(5))})
    assert (await agent.ask(FIND, text="Pat"))["stakeholders"]["nodes"] == []


async def test_a_newcomer_is_not_in_the_directory_before_the_first_day(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    colleague = await world.caller(Role.EMPLOYEE)
    for name, day in (("Soon", in_days(9)), ("Today", in_days(0))):
        await admin.done(CREATE, input=newcomer(name, kind="EMPLOYEE", place=place(works, starts_on=day)))
    assert (await colleague.ask(FIND, text="Soon"))["stakeholders"]["nodes"] == []
    assert (await colleague.ask(FIND, text="Today"))["stakeholders"]["nodes"] == [{"name": "Today"}]


async def test_a_planned_move_gives_way_to_an_earlier_one(world: World, admin: Caller) -> None:
    works, shop, lab = [await world.department(name) for name in ("Works", "Shop", "Lab")]
    ada = await world.staff("Ada", works)
    for day, department in ((90, shop), (30, lab)):
        await admin.done(MOVE, input={"id": gid(ada), "on": str(in_days(day)), "departmentId": gid(department)})
    assert await places(admin, gid(ada)) == [
        (str(in_days(30)), None, "Lab"),
        ("2020-01-01", str(in_days(30)), "Works"),
    ]


async def test_leaving_takes_back_what_was_planned(world: World, admin: Caller) -> None:
    works, shop = await world.department("Works"), await world.department("Shop")
    ada = await world.staff("Ada", works)
    await admin.done(MOVE, input={"id": gid(ada), "on": str(in_days(90)), "departmentId": gid(shop)})
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": str(in_days(1))})
    assert await places(admin, gid(ada)) == [("2020-01-01", str(in_days(1)), "Works")]


async def test_a_hire_can_be_called_off(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    for name, day in (("Soon", in_days(60)), ("Today", in_days(0))):
        hired = await admin.done(CREATE, input=newcomer(name, kind="EMPLOYEE", place=place(works, starts_on=day)))
        await admin.done(DEACTIVATE, input={"id": hired["id"], "on": str(in_days(0))})
        assert await places(admin, hired["id"]) == []


async def test_a_department_is_not_moved_from_under_a_head_who_is_going_to_work_there(
    world: World, admin: Caller
) -> None:
    top, other = await world.department("Top"), await world.department("Other")
    left, right = await world.department("Left", top), await world.department("Right", top)
    head = await world.staff("Head", left)
    await admin.done(APPOINT_HEAD, input={"id": gid(top), "headId": gid(head)})
    await admin.done(MOVE, input={"id": gid(head), "on": str(in_days(30)), "departmentId": gid(right)})
    refused = await admin.rejected(MOVE_DEPARTMENT, input={"id": gid(right), "parentId": gid(other)})
    assert refused == [("HEADS_DEPARTMENT", "parentId")]


async def test_nobody_is_put_under_somebody_who_will_be_away(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    boss, ada = await world.staff("Boss", works), await world.staff("Ada", works)
    await admin.done(DEACTIVATE, input={"id": gid(boss), "on": str(in_days(60))})
    back = in_days(90)
    await admin.done(REACTIVATE, input={"id": gid(boss), "on": str(back), "place": place(works, starts_on=back)})
    under = {"id": gid(ada), "managerId": gid(boss)}
    assert await admin.rejected(MOVE, input={**under, "on": str(in_days(10))}) == [("NOT_ACTIVE", "managerId")]
    await admin.done(MOVE, input={**under, "on": str(back)})


async def test_what_is_left_out_is_asked_for_and_not_emptied(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    assert await admin.rejected(MOVE_DEPARTMENT, input={"id": gid(works)}) == [("REQUIRED", "parentId")]
    assert await admin.rejected(APPOINT_HEAD, input={"id": gid(works)}) == [("REQUIRED", "headId")]


async def test_a_department_that_is_going_to_close_keeps_its_name_until_then(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    await admin.done(CLOSE_DEPARTMENT, input={"id": gid(works), "on": str(in_days(30))})
    assert await admin.rejected(CREATE_DEPARTMENT, input={"name": "works"}) == [("TAKEN", "name")]
    await admin.done(CLOSE_DEPARTMENT, input={"id": gid(works), "on": str(in_days(0))})
    await admin.done(CREATE_DEPARTMENT, input={"name": "works"})


async def test_an_agent_does_not_read_how_to_reach_an_outsider_who_left(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.CUSTOMER)
    phone = ContactPoint(
        organization_id=world.organization.id, stakeholder_id=pat.id, kind=ContactKind.PHONE, value="1440"
    )
    await world.add(phone)
    agent = await world.caller(Role.SERVICE_AGENT)
    query = "query($id: ID!) { node(id: $id) { ... on ContactPoint { value } } }"
    assert (await agent.ask(query, id=gid(phone)))["node"] == {"value": "1440"}
    await admin.done(DEACTIVATE, input={"id": gid(pat), "on": str(in_days(0))})
    assert await agent.refused(query, id=gid(phone)) == ["NOT_FOUND"]


async def test_a_batch_sent_again_makes_nobody_twice(world: World, admin: Caller) -> None:
    rows = [newcomer(name, idempotencyKey=f"row-{name}") for name in ("Kim", "Lee")]
    first, again = [await admin.done(CREATE_BATCH, input={"rows": rows}) for _ in range(2)]
    assert first == again
    assert (await admin.ask(FIND, text="Kim"))["stakeholders"]["nodes"] == [{"name": "Kim"}]


async def test_a_wrong_page_below_a_mutation_is_told_before_anything_is_changed(world: World, admin: Caller) -> None:
    answer = await admin.post(
        'mutation { a: createDepartment(input: {name: "Keep"}) { ... on Department { name } }'
        ' b: createDepartment(input: {name: "Lose"}) { ... on Department { members(first: 0) { totalCount } } } }'
    )
    assert answer.json()["data"] == {"a": {"name": "Keep"}, "b": None}
    assert [(error["extensions"]["code"], error["path"]) for error in answer.json()["errors"]] == [
        ("BAD_USER_INPUT", ["b"])
    ]
    found = await admin.ask("{ departments { nodes { name } } }")
    assert found["departments"]["nodes"] == [{"name": "Keep"}]


async def test_a_wrong_page_below_a_batch_is_told_before_anything_is_changed(world: World, admin: Caller) -> None:
    document = (
        "mutation($input: CreateStakeholderBatchInput!) { createStakeholderBatch(input: $input) {"
        " ... on StakeholderBatch { rows { stakeholder { reports(last: 101) { totalCount } } } } } }"
    )
    assert await admin.refused(document, input={"rows": [newcomer("Kim")]}) == ["BAD_USER_INPUT"]
    assert (await admin.ask(FIND, text="Kim"))["stakeholders"]["nodes"] == []
