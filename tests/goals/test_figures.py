"""Figures about the goals of a period: how many there are, and how they hang together."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import gid
from tests.goals.changes import CANCEL
from tests.goals.works import Works, metric

FIGURES = """query($id: ID!, $unit: ID) { goalPeriod(id: $id) {
  goalCount(departmentId: $unit) unalignedCount(departmentId: $unit) alignedShare(departmentId: $unit)
} }"""


async def figures(works: Works, by: str, unit: Any = None) -> tuple[Any, ...]:
    told = await works[by].ask(FIGURES, id=works.period, unit=unit and gid(unit))
    return tuple(told["goalPeriod"].values())


@pytest.fixture
async def hung(works: Works) -> Works:
    """A goal of the company's with Ada's below it, Ben's and Zoe's beside it; a draft and a cancelled one."""
    company = await works.active("Grow", level="COMPANY", ownerId=works.id_of("head"))
    await works.active("Call", parentId=company["id"])
    await works.active("Write", ownerId=works.id_of("ben"))
    await works.active("Build", ownerId=works.id_of("zoe"))
    await works.goal("Think")
    given_up = await works.active("Dream")
    await works["admin"].done(CANCEL, input={"id": given_up["id"], "reason": "No time"})
    return works


async def test_the_organization_s_are_for_who_analyzes_it_all(hung: Works) -> None:
    assert await figures(hung, "admin") == (4, 2, "0.333333")
    hung.callers["executive"] = await hung.world.caller(Role.EXECUTIVE, "Executive")
    assert await figures(hung, "executive") == (4, 2, "0.333333"), "a figure is about many"
    assert await figures(hung, "admin", hung.department) == (3, 1, "0.500000")
    assert await figures(hung, "admin", hung.elsewhere) == (1, 1, "0.000000")


async def test_a_manager_and_a_head_have_those_of_their_own(hung: Works) -> None:
    assert await figures(hung, "manager") == (2, 1, "0.500000")
    assert await figures(hung, "head") == (3, 1, "0.500000")
    assert await figures(hung, "head", hung.elsewhere) == (0, 0, None)


async def test_nobody_else_has_any(hung: Works) -> None:
    assert await figures(hung, "ada") == (None, None, None)
    partner = await hung.world.caller(Role.PARTNER, "Partner")
    told = await partner.ask(FIGURES, id=hung.period)
    assert told["goalPeriod"] == {"goalCount": None, "unalignedCount": None, "alignedShare": None}


async def test_weights_that_do_not_fit_are_found(works: Works) -> None:
    await works.active("Nothing counts", keyResults=[metric(weight=0), metric(weight=0)])
    await works.active("Not a hundred", keyResults=[metric(weight=60), metric(weight=30)])
    await works.active("A hundred", keyResults=[metric(weight=60), metric(weight=40)])
    await works.active("Alike", keyResults=[metric(), metric()])
    company = await works.active("Grow", level="COMPANY", ownerId=works.id_of("head"))
    for title, weight in (("Call", "70"), ("Write", "50")):
        await works.active(title, parentId=company["id"], weight=weight)
    found = await works["admin"].ask("{ goals(filter: {misweighted: true}) { nodes { title } } }")
    assert [each["title"] for each in found["goals"]["nodes"]] == ["Grow", "Not a hundred", "Nothing counts"]
    others = await works["admin"].ask("{ goals(filter: {misweighted: false}) { nodes { title } } }")
    assert [each["title"] for each in others["goals"]["nodes"]] == ["A hundred", "Alike", "Call", "Write"]
