"""What goals hold about somebody is handed out, and stays as history under a pseudonym when they are erased."""

from tests.builders import Caller, World, in_days
from tests.goals.works import metric, works
from tests.privacy.documents import ERASE, EXPORT
from tests.stakeholders.changes import DEACTIVATE


async def test_goals_and_what_was_told_of_them_are_handed_out(world: World, admin: Caller) -> None:
    there = await works(world)
    goal = await there.active("Sell more", keyResults=[metric()])
    await there.check_in(goal, 40, by="ada", note="Slow start", confidence="AT_RISK")
    content = (await admin.done(EXPORT, input={"id": there.id_of("ada")}))["content"]
    (owned,), (told,) = content["goals.owner_id"], content["check_ins.author_id"]
    assert (owned["title"], owned["state"]) == ("Sell more", "ACTIVE")
    assert (told["note"], told["confidence"], float(told["value"])) == ("Slow start", "AT_RISK", 40)
    others = (await admin.done(EXPORT, input={"id": there.id_of("ben")}))["content"]
    assert not {name for name in others if name.startswith(("goals", "check_ins"))}


async def test_goals_of_somebody_who_was_erased_stay_under_a_pseudonym(world: World, admin: Caller) -> None:
    there = await works(world)
    goal = await there.active("Sell more", keyResults=[metric()])
    await there.check_in(goal, 40, by="ada", note="Slow start")
    await admin.done(DEACTIVATE, input={"id": there.id_of("ada"), "on": str(in_days(0))})
    await admin.done(ERASE, input={"id": there.id_of("ada")})
    left = await there.read(goal, "title progress owner { name } checkIns { nodes { note author { name } } }")
    pseudonym = {"name": f"Erased person {str(there.people['ada'].id)[-4:]}"}
    assert left == {
        "title": "Sell more",
        "progress": "0.400000",
        "owner": pseudonym,
        "checkIns": {"nodes": [{"note": "Slow start", "author": pseudonym}]},
    }
