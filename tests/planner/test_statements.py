"""A query costs one statement, however deep it is; a change costs one more, to read what it answers."""

from decimal import Decimal

from prometheus_client import REGISTRY

from app.access.permissions import Role
from tests.builders import World, gid
from tests.planner.museum import Museum
from tests.planner.ways import BothWays, Ways

DEEP = """query ($id: ID!) {
    stakeholder(id: $id) { name manager { name department { name parent { name head { name } } } } }
    stakeholders(first: 50) {
        totalCount
        edges { cursor node { name email
            memberships(first: 5) { totalCount nodes { title department { name members(last: 2) { nodes { name } } } } }
            reports(depth: null) { nodes { name manager { reports { totalCount nodes { name } } } } }
            contactPoints { value } heads { headcount }
        } }
        pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
    }
    departments { nodes { children { children { children { name } } } } }
    viewer { roles stakeholder { name } }
    node(id: $id) { id ... on Stakeholder { name } }
    nodes(ids: [$id, $id]) { id }
}"""


def counted() -> float:
    """The statements that the metrics have counted."""
    return REGISTRY.get_sample_value("allround_statements_total") or 0


async def cost(ways: Ways, asker: BothWays, query: str, **variables: object) -> list[tuple[int, float]]:
    """What a query costs each way: as the driver counts statements, and as the metrics do."""
    costs = []
    for caller in (asker.short, asker.long):
        ways.sent.texts.clear()
        before = counted()
        await caller.ask(query, **variables)
        costs.append((len(ways.sent.texts), counted() - before))
    return costs


async def test_a_query_of_the_product_costs_one_statement_whatever_its_depth(world: World, product_ways: Ways) -> None:
    works = await world.department("Works")
    shop = await world.department("Shop", works)
    ann = await world.staff("Ann", works)
    bob = await world.staff("Bob", shop, ann)
    await world.staff("Cid", shop, bob)
    for role in (Role.MANAGER, Role.ORGANIZATION_ADMIN):
        asker = product_ways.of(await world.sign_in(bob if role is Role.MANAGER else ann, role))
        await asker.ask(DEEP, id=gid(bob))  # the plan is made, which takes a while
        await asker.ask("{ organization { name } }")  # who asks is read once, and kept
        assert await cost(product_ways, asker, DEEP, id=gid(bob)) == [(1, 1), (1, 1)]


async def test_a_query_without_a_planned_field_costs_none(museum: Museum) -> None:
    asker = await museum.caller()
    await asker.get("{ number }")
    assert await cost(museum.ways, asker, "{ __typename greeting }") == [(0, 0), (0, 0)]
    assert await cost(museum.ways, asker, "{ number @skip(if: true) }") == [(0, 0), (0, 0)]


async def test_a_page_of_any_size_costs_one_statement(museum: Museum) -> None:
    for number in range(3):
        room = await museum.room(f"{number}")
        await museum.exhibits(
            *({"title": f"{place}", "room_id": room.id, "price": Decimal(place)} for place in range(5))
        )
    asker = await museum.caller()
    await asker.get("{ number }")
    query = (
        "query ($n: Int!) { rooms(first: $n) { nodes { exhibits(first: $n) { nodes { room { best { title } } } } } } }"
    )
    for size in (1, 3, 100):
        assert await cost(museum.ways, asker, query, n=size) == [(1, 1), (1, 1)]


async def test_what_a_change_answers_costs_one_statement(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = (await museum.caller()).long
    await asker.ask("{ number }")
    query = """mutation ($id: ID!) { renameRoom(id: $id, name: "New") {
        name exhibits { nodes { title room { name } } } next { name } best { title }
    } }"""
    museum.ways.sent.texts.clear()
    before = counted()
    await asker.ask(query, id=gid(room))
    assert (len(museum.ways.sent.texts), counted() - before) == (1, 1)
