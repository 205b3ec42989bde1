"""What one row says: a goal, a key result of one, or both."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from app.checks import LONGEST_NAME, LONGEST_TEXT
from app.goal_files.draft import Draft
from app.goal_files.entries import GoalEntry, KeyResultEntry, Named, StepEntry
from app.goal_files.mapping import GoalSource
from app.goal_files.spelling import steps_read
from app.goals.key_results import LARGEST_VALUE, LARGEST_WEIGHT, MOST_MILESTONES, VALUE_PLACES, WEIGHT_PLACES
from app.goals.models import Commitment, GoalLevel, GoalOutcome, GoalState, GoalVisibility, KeyResultKind
from app.imports.cells import line
from app.imports.problems import BadCell, Fault, Findings
from app.imports.rows import Bound, Columns, RowReader
from app.imports.sections import Origin, Section
from app.imports.tables import Row, Table

E = TypeVar("E", bound=Enum)

LONGEST_CADENCE = 366
LONGEST_STEPS = 15_000


def _words(kind: type[E]) -> dict[str, E]:
    return {member.name: member for member in kind}


_LEVELS, _COMMITMENTS, _VISIBILITIES = _words(GoalLevel), _words(Commitment), _words(GoalVisibility)
_STATES, _OUTCOMES, _KINDS = _words(GoalState), _words(GoalOutcome), _words(KeyResultKind)


class SourceRows:
    """The rows of one source; `complete` is false if the table lacks columns that the mapping names."""

    def __init__(self, source: GoalSource, table: Table, findings: Findings) -> None:
        columns = Columns(table, findings)
        self._table = table
        self._findings = findings
        self._only = [(columns.index(name), wanted) for name, wanted in source.only.items()]
        self._goals = Section(source.goals, columns)
        self._ends = "last_day" if self._goals["last_day"] else "ends_on"
        named = {**self._goals.columns, "ends_on": self._goals.columns.get(self._ends)}
        self._goal_columns = named
        self._key_results = Section(source.key_results, columns, {"goal": named.get("key")})
        self.complete = columns.complete

    def add_to(self, draft: Draft) -> None:
        for row in self._table.rows:
            if all(line(row.cells[index]) in values for index, values in self._only):
                self._add_row(draft, row)

    def _add_row(self, draft: Draft, row: Row) -> None:
        read = RowReader(self._table.file, row, self._findings)
        key = self._goal(draft, read, row)
        if self._key_results.present:
            self._key_result(draft, read, row, key)

    def _goal(self, draft: Draft, read: RowReader, row: Row) -> str | None:
        section = self._goals
        key = read.text(section["key"], limit=LONGEST_NAME, required=section.present)
        if key is None:
            return None
        entry = GoalEntry(
            key=key,
            title=read.text(section["title"], limit=LONGEST_NAME),
            description=read.paragraphs(section["description"], limit=LONGEST_TEXT),
            level=read.choice(section["level"], _LEVELS),
            commitment=read.choice(section["commitment"], _COMMITMENTS),
            visibility=read.choice(section["visibility"], _VISIBILITIES),
            owner=self._named(read, "owner"),
            department=self._named(read, "department"),
            parent=self._named(read, "parent"),
            period=read.text(section["period"], limit=LONGEST_NAME),
            weight=_weight(read, section["weight"]),
            state=read.choice(section["state"], _STATES),
            outcome=read.choice(section["outcome"], _OUTCOMES),
            starts_on=read.day(section["starts_on"]),
            ends_on=self._end(read),
            cadence_days=_cadence(read, section["cadence_days"]),
            keeps_parent=section["parent"] is None,
        )
        draft.add_goal(entry, Origin(self._table.file, row.number, self._goal_columns, section.references))
        return key

    def _named(self, read: RowReader, name: str) -> Named | None:
        found = read.text(self._goals[name], limit=LONGEST_NAME)
        return Named(found, self._goals.references.get(name, "key")) if found else None

    def _end(self, read: RowReader) -> date | None:
        found = read.day(self._goals[self._ends])
        return found + timedelta(days=1) if found and self._ends == "last_day" else found

    def _key_result(self, draft: Draft, read: RowReader, row: Row, key: str | None) -> None:
        """A row of a goal without a title of a key result says none, unless something else of one is there."""
        section = self._key_results
        goal = read.text(section["goal"], limit=LONGEST_NAME, required=True) if section["goal"] else key
        title = read.text(section["title"], limit=LONGEST_NAME, required=not self._goals.present)
        entry = KeyResultEntry(
            title=title or "",
            kind=read.choice(section["kind"], _KINDS),
            weight=_weight(read, section["weight"]),
            unit=read.text(section["unit"], limit=LONGEST_NAME),
            start=_value(read, section["start"]),
            target=_value(read, section["target"]),
            current=_value(read, section["current"]),
            milestones=_steps(read, section["milestones"]),
        )
        if title is None:
            if any(each is not None for each in (entry.start, entry.target, entry.current, entry.milestones)):
                read.text(section["title"], limit=LONGEST_NAME, required=True)
        elif goal is not None:
            origin = Origin(self._table.file, row.number, section.columns, section.references)
            draft.add_key_result(goal, entry, origin)


def _weight(read: RowReader, bound: Bound | None) -> Decimal | None:
    weight = read.number(bound)
    if bound is None or weight is None:
        return None
    if not 0 <= weight <= LARGEST_WEIGHT or _places(weight) > WEIGHT_PLACES:
        message = f"a weight is from 0 to {LARGEST_WEIGHT:,}, with {WEIGHT_PLACES} decimals at most"
        read.note(bound.column, Fault.OUT_OF_RANGE, message, weight)
        return None
    return weight


def _value(read: RowReader, bound: Bound | None) -> Decimal | None:
    value = read.number(bound)
    if bound is None or value is None:
        return None
    if abs(value) >= LARGEST_VALUE or _places(value) > VALUE_PLACES:
        message = f"a value has 18 digits at most, and {VALUE_PLACES} decimals"
        read.note(bound.column, Fault.OUT_OF_RANGE, message, value)
        return None
    return value


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _cadence(read: RowReader, bound: Bound | None) -> int | None:
    days = read.number(bound)
    if bound is None or days is None:
        return None
    if not 1 <= days <= LONGEST_CADENCE or days != int(days):
        read.note(bound.column, Fault.OUT_OF_RANGE, f"the cadence is from 1 to {LONGEST_CADENCE} whole days", days)
        return None
    return int(days)


def _steps(read: RowReader, bound: Bound | None) -> tuple[StepEntry, ...] | None:
    text = read.paragraphs(bound, limit=LONGEST_STEPS)
    if bound is None or text is None:
        return None
    try:
        steps = steps_read(text)
    except BadCell as bad:
        read.note(bound.column, bad.code, bad.message, text)
        return None
    if len(steps) > MOST_MILESTONES:
        read.note(bound.column, Fault.OUT_OF_RANGE, f"a key result has {MOST_MILESTONES} steps at most", len(steps))
    for step in steps:
        if step.weight > LARGEST_WEIGHT or _places(step.weight) > WEIGHT_PLACES:
            message = f"a weight is from 0 to {LARGEST_WEIGHT:,}, with {WEIGHT_PLACES} decimals at most"
            read.note(bound.column, Fault.OUT_OF_RANGE, message, step.weight)
        if len(step.title) > LONGEST_NAME:
            read.note(bound.column, Fault.TOO_LONG, f"a step has {LONGEST_NAME} characters at most", step.title)
    if steps and not any(step.weight for step in steps):
        read.note(bound.column, Fault.OUT_OF_RANGE, "not all steps can weigh 0")
    return steps
