"""Check-ins: what they tell of goals, and what that changes up to the root."""

from tests.goals.changes import CORRECT
from tests.goals.works import Works, metric


async def test_a_check_in_is_rolled_up_to_the_root(works: Works) -> None:
    company = await works.active("Grow", level="COMPANY", ownerId=works.id_of("head"))
    team = await works.active("Sell", level="TEAM", ownerId=works.id_of("manager"), parentId=company["id"])
    ada = await works.active("Call", parentId=team["id"], keyResults=[metric()])
    await works.active("Write", parentId=team["id"], keyResults=[metric()], weight="3")
    told = await works.check_in(ada, 40, "ada", note="A good week", confidence="ON_TRACK")
    assert told["keyResult"]["attainment"] == "0.400000"
    assert told["goal"]["progress"] == "0.400000"
    assert told["goal"]["parent"]["progress"] == "0.100000"
    assert (await works.read(company, "progress grade feed"))["progress"] == "0.100000"


async def test_a_correction_replaces_exactly_what_it_corrects(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    first = await works.check_in(goal, 10)
    second = await works.check_in(goal, 30)
    corrected = await works["ada"].done(CORRECT, input={"id": first["id"], "value": "99"})
    assert corrected["number"] == first["number"]
    assert corrected["keyResult"]["currentValue"] == "30.000000", "a later one still counts for more"
    again = await works["ada"].done(CORRECT, input={"id": second["id"], "value": "20"})
    assert again["keyResult"]["currentValue"] == "20.000000"
    assert await works["ada"].rejected(CORRECT, input={"id": first["id"], "value": "1"}) == [
        ("ALREADY_CORRECTED", "id")
    ]
