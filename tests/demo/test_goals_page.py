"""Every example of docs/goals.md, as the sign-in it names, against the demonstration organization."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from graphql import parse, validate

from app.goals.progress import NOTHING, Part, attainment, clamped, fed_by
from schema.root import build
from tests.architecture.sources import ROOT
from tests.builders import Caller
from tests.demo.loaded import Demo

PAGE = (ROOT / "docs" / "goals.md").read_text("utf-8")
FENCE = re.compile(r"^### (?P<title>.+?)$|^As `(?P<name>[\w-]+)`|^```graphql\n(?P<document>.*?)^```$", re.M | re.S)
VARIABLES = re.compile(r"\$(\w+): (?:ID|Int)!")

ME = "{ viewer { stakeholder { id } } }"
PERIODS = "{ goalPeriods(first: 1) { nodes { id } } }"
OWN = """query($me: ID!) { goals(filter: {ownerId: $me, states: [ACTIVE], text: "on site"}) {
  nodes { id version keyResults { id } } } }"""


class Example(NamedTuple):
    title: str
    name: str
    document: str


def examples() -> Iterator[Example]:
    title, name = "", ""
    for found in FENCE.finditer(PAGE):
        title, name = found["title"] or title, found["name"] or name
        if found["document"]:
            yield Example(title, name, found["document"])


EXAMPLES = list(examples())
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=[f"{each.title} as {each.name}" for each in EXAMPLES])


async def variables(demo: Demo, example: Example) -> dict[str, Any]:
    """What the front end knows from earlier answers."""
    known = await _known(await demo.caller(example.name), await demo.caller("performance-admin"))
    return {name: known[name] for name in VARIABLES.findall(example.document)}


async def _known(caller: Caller, admin: Caller) -> dict[str, Any]:
    me = (await caller.ask(ME))["viewer"]["stakeholder"]["id"]
    told = await admin.ask(
        """{ goalPeriods(first: 1) { nodes { id } }
        departments(filter: {text: "Customer Service"}) { nodes { id stakeholder { id } } }
        stakeholders(filter: {text: "employee@demo.example"}) { nodes { id } }
        goals(filter: {levels: [COMPANY], states: [ACTIVE], text: "Half of our revenue"}) { nodes { id } }
        goalTemplates(text: "on site") { nodes { id } }
        joint: goals(filter: {levels: [JOINT]}) { nodes { checkIns(first: 1) { nodes { id } } } }
        alignmentRequests(filter: {states: [ASKED]}) { nodes { id } } }"""
    )
    employee = told["stakeholders"]["nodes"][0]["id"]
    (goal,) = (await admin.ask(OWN, me=employee))["goals"]["nodes"]
    proposed = await caller.ask("{ goals(first: 1, filter: {states: [PROPOSED]}) { nodes { id } } }")
    first = {name: (each["nodes"] or [{"id": None}])[0] for name, each in told.items()}
    return {
        "me": me,
        "report": employee,
        "goal": goal["id"],
        "version": goal["version"],
        "keyResult": goal["keyResults"][0]["id"],
        "period": first["goalPeriods"]["id"],
        "department": first["departments"]["id"],
        "company": first["goals"]["id"],
        "template": first["goalTemplates"]["id"],
        "request": first["alignmentRequests"]["id"],
        "checkIn": first["joint"]["checkIns"]["nodes"][0]["id"],
        "proposed": next((each["id"] for each in proposed["goals"]["nodes"]), None),
    }


def test_the_worked_example_is_right() -> None:
    visits = attainment(Decimal(62), Decimal(90), Decimal(80))
    hours = attainment(Decimal(31), Decimal(20), Decimal("22.9"))
    second_visits = attainment(Decimal(20), Decimal(9), Decimal(22))
    half = Decimal("0.5")
    on_site = fed_by([Part(half, visits), Part(half, hours)]).progress
    first_visit = fed_by([Part(Decimal(1), clamped(second_visits))]).progress
    team = fed_by([Part(Decimal(1), on_site), Part(half, first_visit), NOTHING]).progress
    department = fed_by([Part(Decimal(1), team), Part(Decimal("0.75"), None)]).progress
    raw = f"| 62 | 90 | 80 | 18 / 28 = {visits} |", f"| 22.9 | −8.1 / −11 = {hours} |", f"2 / −11 = −{-second_visits}"
    rolled_up = f"| {on_site} |", f"| {first_visit} |", f"(1 + 0.5) | {team} |", f"left out | {department} |"
    for told in (*raw, *rolled_up):
        assert told in PAGE, told


def test_the_page_has_examples_for_every_screen() -> None:
    titles = {each.title for each in EXAMPLES}
    assert {"My goals", "Checking in", "How the team is doing", "The tree", "Figures"} <= titles
    assert all(each.name for each in EXAMPLES)


@each_example
def test_an_example_is_valid(example: Example) -> None:
    assert validate(build()._schema, parse(example.document)) == []


@each_example
async def test_an_example_works_as_it_is_told(demo: Demo, example: Example) -> None:
    caller = await demo.caller(example.name)
    answer = await caller.ask(example.document, **await variables(demo, example))
    for name, told in answer.items():
        assert told, name
        assert "problems" not in told, told
        assert told.get("nodes") != [], name
        assert not [row for row in told.get("rows", ()) if row["problems"]], name
