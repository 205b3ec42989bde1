"""`allowedActions`: what the mutations would say of each row that is read; and how a mutation is told the same."""

from typing import Any

import pytest
import strawberry

from app.access.permissions import Permission, Role
from app.errors import Problem, ProblemCode
from app.planner.allowed import AllowedAction
from app.planner.catalog import Catalog
from app.planner.lens import allowed, lens, one
from app.planner.mutation import mutation
from app.planner.relay import Node
from app.planner.rules import Rule
from tests.builders import Caller, gid, in_days, unknown_id
from tests.planner import policy_of_tests as policy
from tests.planner import tables_of_tests as tables
from tests.planner.museum import Museum
from tests.planner.resolvers_of_tests import room, rooms_visible_to
from tests.planner.schema_of_tests import build
from tests.planner.ways import BothWays

ACTIONS = (
    "query ($id: ID!) { room(id: $id) { allowedActions { action allowed reason message params { name value } } } }"
)
CLOSE = """mutation ($id: ID!, $on: Date, $version: Int) { closeRoom(id: $id, on: $on, version: $version) {
    ... on Room { name } ... on Rejected { problems { code path message params { name value } } } } }"""
PAINT = """mutation ($id: ID!, $like: ID!) { paintRoom(id: $id, like: $like) {
    ... on Room { name } ... on Rejected { problems { code path } } } }"""


async def guard_of(museum: Museum, *names: str, **given: Any) -> tuple[BothWays, list[tables.Room]]:
    person = await museum.world.person("Guard")
    rooms = [await museum.room(name, guard_id=person.id, **given) for name in names]
    return museum.ways.of(await museum.world.sign_in(person, Role.EMPLOYEE)), rooms


async def verdicts(asker: BothWays, row: tables.Room) -> dict[str, str | None]:
    found = (await asker.get(ACTIONS, id=gid(row)))["allowedActions"]
    assert all(each["allowed"] == (each["reason"] is None) == (each["message"] is None) for each in found)
    return {each["action"]: each["reason"] for each in found}


async def test_the_mutations_about_a_row_are_told_in_the_order_of_the_schema(museum: Museum) -> None:
    hall, admin = await museum.room("Hall"), await museum.caller(Role.ORGANIZATION_ADMIN)
    assert list((await verdicts(admin, hall)).items()) == [("sellRoom", None), ("closeRoom", None), ("paintRoom", None)]


async def test_what_takes_a_permission_or_a_reach_that_one_does_not_have_is_forbidden(museum: Museum) -> None:
    asker, (hers,) = await guard_of(museum, "Hers")
    other = await museum.room("Other")
    assert await verdicts(asker, hers) == {"sellRoom": "FORBIDDEN", "closeRoom": None, "paintRoom": None}
    assert await verdicts(asker, other) == dict.fromkeys(["sellRoom", "closeRoom", "paintRoom"], "FORBIDDEN")
    first = (await asker.get(ACTIONS, id=gid(hers)))["allowedActions"][0]
    assert first["params"] == [{"name": "permission", "value": "stakeholders:manage"}]


async def test_what_about_the_row_stands_against_it_is_told_the_first_of_it(museum: Museum) -> None:
    asker, (hall,) = await guard_of(museum, "Hall", notes="closed")
    await museum.exhibit("Ada", hall, made_on=in_days(9))
    assert (await verdicts(asker, hall))["closeRoom"] == "ALREADY_CLOSED"


@pytest.mark.parametrize("title", ["Ada", '"', "\\", '" : [', "]}", "{x} {members}", "汉字\n\u2028", "null"])
async def test_the_reason_speaks_of_what_stands_there_whatever_its_text(museum: Museum, title: str) -> None:
    asker, (hall,) = await guard_of(museum, "Hall")
    await museum.exhibits(
        {"title": title, "room_id": hall.id, "made_on": in_days(9)},
        {"title": "", "room_id": hall.id, "made_on": in_days(9)},
        {"title": "zzz", "room_id": hall.id},
    )
    _, close, _ = (await asker.get(ACTIONS, id=gid(hall)))["allowedActions"]
    assert close == {
        "action": "closeRoom",
        "allowed": False,
        "reason": "DEPARTMENT_NOT_EMPTY",
        "message": f"The department still has 2 members and {title} departments below it.",
        "params": [{"name": "members", "value": "2"}, {"name": "departments", "value": title}],
    }


async def test_the_reason_is_in_the_language_of_whoever_asks(museum: Museum) -> None:
    asker, (hall,) = await guard_of(museum, "Hall", notes="closed")
    for languages, message in ((None, "The department is closed already."), ("zh", "该部门已关闭。")):
        asker.short.languages = asker.long.languages = languages
        _, close, _ = (await asker.get(ACTIONS, id=gid(hall)))["allowedActions"]
        assert close["message"] == message


async def test_it_is_told_in_every_place_as_it_was_asked_for(museum: Museum) -> None:
    asker, (one_, _) = await guard_of(museum, "One", "Two", order=1)
    await museum.exhibit("Ada", one_, made_on=in_days(1))
    key_ = "k" * 80
    query = f"""query ($no: Boolean = false) {{
        rooms {{ nodes {{ name ...A }} edges {{ node {{ only: allowedActions {{ allowed }} }} }} }}
        exhibits {{ nodes {{ room {{ allowedActions {{ {key_}: action params {{ value }} }} }} }} }}
    }}
    fragment A on Room {{ allowedActions {{ does: action ... on AllowedAction {{ reason }}
        action @include(if: $no) __typename params {{ __typename }} }} }}"""

    def shown(action: str, reason: str | None, params: int = 1) -> dict[str, Any]:
        told = [{"__typename": "ProblemParam"}] * (params if reason else 0)
        return {"does": action, "reason": reason, "__typename": "AllowedAction", "params": told}

    answer = await asker.ask(query)
    assert answer["rooms"]["nodes"] == [
        {
            "name": name,
            "allowedActions": [
                shown("sellRoom", "FORBIDDEN"),
                shown("closeRoom", reason, 2),
                shown("paintRoom", None),
            ],
        }
        for name, reason in (("One", "DEPARTMENT_NOT_EMPTY"), ("Two", None))
    ]
    assert [edge["node"]["only"][1] for edge in answer["rooms"]["edges"]] == [{"allowed": False}, {"allowed": True}]
    assert answer["exhibits"]["nodes"][0]["room"]["allowedActions"][1] == {
        key_: "closeRoom",
        "params": [{"value": "1"}, {"value": "Ada"}],
    }


async def test_it_costs_no_statement_and_looks_a_reach_up_once(museum: Museum) -> None:
    asker, (hall,) = await guard_of(museum, "Hall")
    await asker.get("{ number }")
    museum.ways.sent.texts.clear()
    await verdicts(asker, hall)
    short, long = museum.ways.sent.texts
    assert short == long
    assert short.count("guard_id =") == 1


async def test_nobody_is_allowed_anything(museum: Museum) -> None:
    anonymous = museum.ways.of(museum.world.anonymous())
    assert (await anonymous.get("{ rooms { nodes { allowedActions { allowed } } } }"))["nodes"] == []


# --- the same rules, asked by a mutation


async def rejected(caller: Caller, **given: Any) -> list[tuple[str, list[str]]]:
    (result,) = (await caller.ask(CLOSE, **given)).values()
    return [(problem["code"], problem["path"]) for problem in result["problems"]]


async def test_a_row_that_is_not_seen_is_not_found_and_one_that_is_not_reached_is_forbidden(museum: Museum) -> None:
    asker, _ = await guard_of(museum, "Hers")
    other = await museum.room("Other", notes="closed")
    assert await rejected(asker.long, id=unknown_id("Room")) == [("NOT_FOUND", ["id"])]
    assert await rejected(asker.long, id=gid(other)) == [("FORBIDDEN", ["id"])]


async def test_everything_that_stands_against_it_is_told_beside_what_is_wrong_with_the_input(museum: Museum) -> None:
    asker, (hall,) = await guard_of(museum, "Hall", notes="closed")
    await museum.exhibit("Ada", hall)
    (result,) = (await asker.long.ask(CLOSE, id=gid(hall), on="0001-05-01")).values()
    assert [(problem["code"], problem["path"]) for problem in result["problems"]] == [
        ("ALREADY_CLOSED", ["id"]),
        ("DEPARTMENT_NOT_EMPTY", ["id"]),
        ("INVALID_VALUE", ["on"]),
    ]
    assert result["problems"][1]["params"] == [
        {"name": "members", "value": "1"},
        {"name": "departments", "value": "Ada"},
    ]


async def test_it_is_judged_as_of_the_day_that_is_given_and_otherwise_of_today(museum: Museum) -> None:
    asker, (hall,) = await guard_of(museum, "Hall")
    await museum.exhibit("Ada", hall, made_on=in_days(9))
    assert await rejected(asker.long, id=gid(hall)) == [("DEPARTMENT_NOT_EMPTY", ["id"])]
    assert await rejected(asker.long, id=gid(hall), on=str(in_days(8))) == [("DEPARTMENT_NOT_EMPTY", ["id"])]
    assert await asker.long.done(CLOSE, id=gid(hall), on=str(in_days(9))) == {"name": "Hall"}
    assert (await verdicts(asker, hall))["closeRoom"] == "ALREADY_CLOSED"


async def test_a_second_row_is_judged_where_the_input_names_it(museum: Museum) -> None:
    asker, (hall, closed) = await guard_of(museum, "Hall", "Closed")
    await asker.long.done(CLOSE, id=gid(closed))
    other = await museum.room("Other")
    for like, code in ((gid(closed), "ALREADY_CLOSED"), (gid(other), "FORBIDDEN"), (unknown_id("Room"), "NOT_FOUND")):
        assert await asker.long.rejected(PAINT, id=gid(hall), like=like) == [(code, "like")]
    assert await asker.long.done(PAINT, id=gid(hall), like=gid(hall)) == {"name": "Hall"}


def test_a_rule_reads_its_problems_out_of_what_a_statement_says() -> None:
    permission = {"permission": "stakeholders:read"}
    closed, used = ProblemCode.ALREADY_CLOSED, ProblemCode.DEPARTMENT_NOT_EMPTY
    rule = policy.CLOSE_ROOM
    assert rule.problems(None) == [Problem(ProblemCode.FORBIDDEN, ("id",), permission)]
    assert rule.problems(None, ["a", "b"]) == [Problem(ProblemCode.FORBIDDEN, ("a", "b"), permission)]
    assert rule.problems([None, None]) == []
    counted = Problem(used, ("id",), {"members": "1", "departments": "2"})
    assert rule.problems([[], ["1", "2"]]) == [Problem(closed, ("id",)), counted]
    assert policy.PAINT_ROOM.problems([]) == []


# --- a type and its mutations


def catalog_of(hall: type[Any], requires: Permission | Rule) -> Catalog:
    query = type("Query", (), {"__annotations__": {"hall": hall | None}, "hall": one(room)})
    change = mutation(policy.close_room, requires=requires, description="-")
    changes = type("Mutation", (), {"__annotations__": {"close": str | None}, "close": change})
    return Catalog(strawberry.Schema(query=strawberry.type(query), mutation=strawberry.type(changes)))


def test_a_row_that_can_be_changed_tells_so_and_no_other_does() -> None:
    @lens(tables.Room, visible=rooms_visible_to, description="-")
    class Silent(Node):
        name: str

    with pytest.raises(TypeError, match="Silent has allowedActions if there are mutations about it"):
        catalog_of(Silent, policy.CLOSE_ROOM)

    @lens(tables.Room, visible=rooms_visible_to, description="-")
    class Telling(Node):
        name: str
        allowed_actions: list[AllowedAction] = allowed()

    with pytest.raises(TypeError, match="Telling has allowedActions if there are mutations about it"):
        catalog_of(Telling, Permission.STAKEHOLDERS_READ)


def test_the_catalog_knows_the_mutations_about_a_type() -> None:
    catalog = Catalog(build())
    names = {
        name: [action for action, _ in catalog.rules_of(catalog.graphql.type_map[name])] for name in ("Room", "Piece")
    }
    assert names == {"Room": ["sellRoom", "closeRoom", "paintRoom"], "Piece": []}
