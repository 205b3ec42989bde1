"""Rules of rows: what it takes to do a thing to a row, and what about the row can stand against it.

A rule is said once, in the `policy.py` of its context:

    CLOSE_DEPARTMENT = Rule(
        Department,
        Permission.DEPARTMENTS_MANAGE,
        department_within_reach,
        (
            Refusal(ProblemCode.ALREADY_CLOSED, lambda at: at.row.closed_on <= at.actor.today),
            Refusal(ProblemCode.HAS_MEMBERS, lambda at: has_members(at.row, at.on), {"count": lambda at: ...}),
        ),
    )

Three places ask it:

    close_department: ... = mutation(resolve.close_department, requires=policy.CLOSE_DEPARTMENT, description=...)
    department, refused = await locked(session, actor, policy.CLOSE_DEPARTMENT, visible_to, id, expected_version, on)
    allowed_actions: list[AllowedAction] = allowed()

The mutation is guarded by its permission. The action is told, by the statement that locks the row, whether it may be
changed and what stands against it, and goes on with `checks(refused)`. And the lens of such rows tells, of each row
that is read, what the mutations that require a rule about it would say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import JSON, ColumnElement, Date, Select, Text, Uuid, case, cast, func, inspect, type_coerce
from sqlalchemy import Enum as EnumType
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Conflict, DomainError, Forbidden, NotFound, Problem, ProblemCode
from app.planner.compiled import compiled
from app.planner.kept import Kept
from app.planner.records import NULL
from app.planner.shape import Binds, Filler

Row = TypeVar("Row")
KEPT_JUDGINGS = 1_000
Judgement = Sequence[Sequence[str] | None] | None
"""What a statement tells of a rule: None if the row is not reached, otherwise the params of each refusal that holds."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who wants to do it, to which row, and for which day: the one that the input names, otherwise today. While a
    plan is made all three are binds and columns."""

    actor: Any
    row: Any
    on: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A state of the row in which it cannot be done, in SQL; `params` are scalars that the message speaks of."""

    code: ProblemCode
    when: Callable[[Occasion], ColumnElement[bool]]
    params: Mapping[str, Callable[[Occasion], Any]] = field(default_factory=dict)

    def told(self, at: Occasion) -> ColumnElement[Any]:
        """The params as a JSON array of texts, or null where the refusal does not hold."""
        return case((self.when(at), func.json_build_array(*(cast(tell(at), Text) for tell in self.params.values()))))


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """`reaches(actor, permission, row)` says whether the permission goes as far as a row of the table `row`: known
    from the actor's grants, or a condition on the row. `path` is where the mutation's input names the row."""

    row: type[Any]
    permission: Enum
    reaches: Callable[[Any, Any, Any], bool | ColumnElement[bool]]
    refusals: Sequence[Refusal] = ()
    path: Sequence[str] = ("id",)

    def reached(self, actor: Any, row: Any) -> bool | ColumnElement[bool]:
        try:
            actor.require(self.permission)
        except DomainError:
            return False
        return self.reaches(actor, self.permission, row)

    def judgement(self, at: Occasion, reached: bool | ColumnElement[bool]) -> ColumnElement[Any]:
        """The JSON of a Judgement."""
        if reached is False:
            return NULL
        told = func.json_build_array(*(refusal.told(at) for refusal in self.refusals))
        return told if reached is True else case((reached, told))

    def problems(self, judgement: Judgement, path: Sequence[str] | None = None) -> list[Problem]:
        """Everything that stands against it; nothing if it can be done."""
        where = tuple(self.path if path is None else path)
        if judgement is None:
            return [Problem(ProblemCode.FORBIDDEN, where, {"permission": self.permission.value})]
        return [
            Problem(refusal.code, where, dict(zip(refusal.params, told, strict=True)))
            for refusal, told in zip(self.refusals, judgement, strict=True)
            if told is not None
        ]


async def locked(
    session: AsyncSession,
    actor: Any,
    rule: Rule,
    visible: Callable[[Any], Select[Row]],
    id_: UUID,
    version: int | None = None,
    on: date | None = None,
) -> tuple[Row, list[Problem]]:
    """The row to change, locked, and what about it stands against the change, by one statement.

    `visible(actor)` are the rows that an actor may see. Raises NotFound, Forbidden or Conflict.
    """
    return _accepted(rule, await _judged(session, actor, rule, visible, id_, on, lock=True), version)


def _accepted(rule: Rule, found: tuple[Any, Judgement] | None, version: int | None) -> tuple[Any, list[Problem]]:
    if found is None:
        raise NotFound(*rule.path)
    row, judgement = found
    if judgement is None:
        raise Forbidden(rule.permission.value, *rule.path)
    if version is not None and row.version != version:
        raise Conflict(row.version)
    return row, rule.problems(judgement)


async def locked_by_driver(
    driver: Any, actor: Any, rule: Rule, visible: Callable[[Any], Select[Row]], id_: UUID, version: int | None = None
) -> tuple[Any, list[Problem]]:
    """The same without a session, for what is done so often that a session would take most of the time. The row has
    the columns and nothing else: what is changed in it is written by whoever changes it."""
    name = (rule, visible, actor.plan_key)
    asking = _ASKINGS.get(name)
    if asking is None:
        statement, binds = _judging(actor, rule, visible, lock=True, whole=False)
        asking = compiled(statement, binds)[:2]
        _ASKINGS.put(name, asking)
    sql, fillers = asking
    leaves = [*actor.leaves, id_, actor.today]
    found = await driver.fetchrow(sql, *(filler.fill(leaves) for filler in fillers))
    if found is None:
        return _accepted(rule, None, version)
    *values, judgement = found
    return _accepted(rule, (_row(rule.row, values), None if judgement is None else orjson.loads(judgement)), version)


def _row(table: Any, values: Sequence[Any]) -> SimpleNamespace:
    """What the driver read of a table."""
    columns = zip(inspect(table).columns, values, strict=True)
    return SimpleNamespace(**{column.key: _read(column.type, value) for column, value in columns})


def _read(type_: Any, value: Any) -> Any:
    """The driver has the name of an enum's member."""
    members = type_.enum_class if isinstance(type_, EnumType) else None
    return value if value is None or members is None else members[value]


async def looked_up(
    session: AsyncSession, actor: Any, rule: Rule, visible: Callable[[Any], Select[Row]], id_: UUID, path: Sequence[str]
) -> tuple[Row | None, list[Problem]]:
    """A row that a change names beside its own, at `path` of the input; with all that stands against it, be it that
    there is nothing to see."""
    found = await _judged(session, actor, rule, visible, id_, None, lock=False)
    if found is None:
        return None, [Problem(ProblemCode.NOT_FOUND, tuple(path))]
    return found[0], rule.problems(found[1], path)


async def _judged(
    session: AsyncSession,
    actor: Any,
    rule: Rule,
    visible: Callable[[Any], Select[Row]],
    id_: UUID,
    on: date | None,
    *,
    lock: bool,
) -> tuple[Any, Judgement] | None:
    name = (rule, visible, lock, actor.plan_key)
    judging = _JUDGINGS.get(name)
    if judging is None:
        judging = _judging(actor, rule, visible, lock=lock)
        _JUDGINGS.put(name, judging)
    statement, fillers = judging
    leaves = [*actor.leaves, id_, actor.today if on is None else on]
    given = {bind: filler.fill(leaves) for bind, filler in fillers.items()}
    found = (await session.execute(statement, given)).first()
    return None if found is None else (found[0], found[1])


Judging = tuple[Any, Mapping[str, Filler]]
_JUDGINGS: Kept[Judging] = Kept(KEPT_JUDGINGS)
_ASKINGS: Kept[tuple[str, list[Filler]]] = Kept(KEPT_JUDGINGS)
"""Kept as plans are: by rule and rights, for whoever has them. Putting one together takes longer than asking it."""


def _judging(
    actor: Any, rule: Rule, visible: Callable[[Any], Select[Row]], *, lock: bool, whole: bool = True
) -> Judging:
    """The row, as a `whole` or by its columns, and the judgement."""
    binds = Binds(())
    own = len(actor.leaves)
    symbolic, id_, on = actor.symbolic(binds), binds.leaf(own, Uuid()), binds.leaf(own + 1, Date())
    at = Occasion(symbolic, rule.row, on)
    judgement = type_coerce(rule.judgement(at, rule.reached(symbolic, rule.row)), JSON)
    rows: Any = visible(symbolic).where(rule.row.id == id_)
    rows = rows.add_columns(judgement) if whole else rows.with_only_columns(*inspect(rule.row).columns, judgement)
    return rows.with_for_update(of=rule.row) if lock else rows, binds.fillers
