"""The matrix finds what is wrong: each test takes one rule out of the schema, and has it told."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlmodel import col

from app.db.database import Database
from app.planner.guard import Guarded
from app.planner.lens import HOW, Edge, How, Lens, Redacted, Shape
from app.planner.rules import Rule
from app.stakeholders import models
from docs.matrix.relations import STAFF, UNITS, Relation
from schema.stakeholders import Stakeholder
from tests.matrix import changing, ways
from tests.matrix.asking import Asking
from tests.matrix.conftest import Matrix, behind
from tests.matrix.following import followed
from tests.matrix.ledger import Difference, Ledger
from tests.matrix.seats import PLACED, Seat
from tests.matrix.undoing import Undoing

EMPLOYEE = next(seat for seat in PLACED if seat.name == "employee")
INVESTOR = next(seat for seat in PLACED if seat.name == "investor")
Ask = Callable[[Asking], Any]


async def found(matrix: Matrix, ask: Ask, kind: type[Database] = Database, seat: Seat = EMPLOYEE) -> list[Difference]:
    """What comes out another way when somebody asks the service as it is built now."""
    ledger = Ledger()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(behind(matrix, kind))
        asking = matrix.asking(seat, ledger)
        await ask(replace(asking, caller=replace(asking.caller, http=client)))
    return ledger.differences


def read(monkeypatch: pytest.MonkeyPatch, name: str, how: How) -> None:
    """Has a field of stakeholders read another way."""
    field = field_of(Stakeholder, name)
    monkeypatch.setattr(field, "metadata", {**field.metadata, HOW: how})


def field_of(type_: Any, name: str) -> Any:
    return next(field for field in type_.__strawberry_definition__.fields if field.python_name == name)


async def test_a_field_that_everybody_is_shown_is_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, "joined_on", Redacted(lambda *_: True))
    leaks = await found(matrix, ways.by_root)
    assert {leak.coordinate for leak in leaks} == {"Stakeholder.joinedOn"}
    assert all(leak.leaks for leak in leaks)
    assert {leak.relation for leak in leaks} == {each.name for each in (STAFF | UNITS) - {Relation.SELF}}


async def test_a_row_that_everybody_is_shown_is_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    def everybody(actor: Any) -> Select[models.Stakeholder]:
        return select(models.Stakeholder).where(col(models.Stakeholder.organization_id) == actor.organization_id)

    monkeypatch.setattr(Stakeholder, "__lens__", Lens(models.Stakeholder, everybody))
    leaks = [leak for leak in await found(matrix, ways.by_node) if leak.coordinate == "Stakeholder.name"]
    assert {leak.relation for leak in leaks} == {Relation.ABSENT.name, Relation.OUTSIDER.name}


async def test_an_edge_that_asks_nobodys_leave_is_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(person: Any, info: Any) -> Select[models.ContactPoint]:
        return select(models.ContactPoint).where(col(models.ContactPoint.stakeholder_id) == person.id)

    read(monkeypatch, "contact_points", Edge(all_of_them, Shape.MANY))
    leaks = await found(matrix, ways.nested)
    assert {leak.coordinate for leak in leaks} == {"Stakeholder.contactPoints"}


async def test_drafts_that_everybody_is_shown_are_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.goals.queries.NOT_YET_OPEN", ())
    leaks = [each for each in await found(matrix, ways.by_page) if each.leaks]
    assert {"Query.goals", "GoalPeriod.goals"} <= {leak.coordinate for leak in leaks}


async def test_drafts_that_everybody_may_follow_are_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.goals.queries.NOT_YET_OPEN", ())
    leaks = await found(matrix, followed)
    assert {"Subscription.goalChanged", "Goal.title"} <= {leak.coordinate for leak in leaks}
    assert {leak.expected for leak in leaks if leak.coordinate == "Subscription.goalChanged"} == {"NOT_FOUND"}


async def test_a_subscription_that_everybody_is_let_into_is_told(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Guarded, "check", lambda *_: None)
    differences = await found(matrix, followed, seat=INVESTOR)
    assert {(each.coordinate, each.expected, each.answered) for each in differences} == {
        ("Subscription.goalChanged", "FORBIDDEN", "NOT_FOUND")
    }


async def test_a_mutation_that_everybody_may_do_is_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both what the guard asks and what the rule asks have to go: each of them refuses alone."""
    monkeypatch.setattr(Guarded, "check", lambda *_: None)
    monkeypatch.setattr(Rule, "reached", lambda *_: True)
    name = "updateStakeholder"
    leaks = await found(matrix, lambda asking: changing.one(asking, name, changing.rows_of(asking, name)), Undoing)
    done = [leak for leak in leaks if leak.answered == "ALLOWED"]
    assert {leak.expected for leak in done} == {"FORBIDDEN"}
    assert {leak.relation for leak in done} == {each.name for each in STAFF | UNITS}


async def test_a_row_that_is_kept_from_those_who_may_see_it_is_told(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: Any) -> Select[models.Department]:
        return select(models.Department).where(col(models.Department.id).is_(None))

    monkeypatch.setattr("resolvers.stakeholders.queries.departments_visible_to", nobody)
    missing = await found(matrix, ways.by_page)
    assert {each.coordinate for each in missing} >= {"Department.name", "Query.departments"}
    assert not any(each.leaks for each in missing if each.coordinate.startswith("Department."))


def test_a_difference_says_what_is_wrong() -> None:
    leak = Difference("node", "employee", "ABSENT", "Stakeholder.name", None, "Ada")
    assert str(leak) == "LEAK: Stakeholder.name node as employee of ABSENT: 'Ada' instead of None"
    missing = Difference("node", "employee", "SELF", "Stakeholder.name", "Ada", None)
    assert str(missing) == "missing: Stakeholder.name node as employee of SELF: None instead of 'Ada'"
