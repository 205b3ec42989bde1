"""What the goals of the demonstration organization are about, as the files in data/ give it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from app.demo.structure import Titles, rows
from app.goals.key_results import Measure, Step
from app.goals.models import Commitment, Confidence, KeyResultKind
from app.messages import Locale

_FILE = Path(__file__).parent / "data" / "goals.yaml"
LEADS, DEVELOPMENT = "LEADS", "DEVELOPMENT"


@dataclass(frozen=True, slots=True)
class GoalText:
    """A goal of the company or of a department. `last` is what it was called the year before. One without measures is
    fed by the goals below it."""

    key: str
    owner: str
    title: str
    last: str
    under: str | None
    description: str | None
    co_owners: Sequence[str]
    commitment: Commitment
    weight: Decimal
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class PersonalGoal:
    """A goal of one person's, in either language."""

    titles: Titles
    measures: Mapping[Locale, tuple[Measure, ...]]


@dataclass(frozen=True, slots=True)
class JointGoal:
    """A goal that a partner shares, who has the rest of the value."""

    text: GoalText
    partner: str
    terms: str
    own_share: Decimal


@dataclass(frozen=True, slots=True)
class Notes:
    """What people say, in either language; an empty note is none."""

    by_confidence: Mapping[Confidence, Mapping[Locale, Sequence[str]]]
    said: Mapping[str, Titles]


@cache
def company_goals() -> tuple[GoalText, ...]:
    return tuple(_text(entry, entry["owner"]) for entry in _file()["company"])


@cache
def department_goals() -> Mapping[str, tuple[GoalText, ...]]:
    """By the key of the department, which owns them."""
    return {unit: tuple(_text(entry, unit) for entry in entries) for unit, entries in _file()["departments"].items()}


@cache
def team_goals() -> Mapping[str, tuple[Titles, ...]]:
    """By the key of the department, one for each of its teams."""
    return {unit: tuple(_both(entry) for entry in entries) for unit, entries in _file()["teams"].items()}


@cache
def joint_goal() -> JointGoal:
    entry = _file()["joint"]
    return JointGoal(_text(entry, entry["owner"]), entry["partner"], entry["terms"], Decimal(entry["own_share"]))


@cache
def personal_goals() -> Mapping[str, tuple[PersonalGoal, ...]]:
    """By position, and those of all who lead, and those by which anybody develops."""
    goals: dict[str, list[PersonalGoal]] = {}
    for (positions, _), lines in groupby(rows("personal_goals.csv"), key=lambda row: (row["positions"], row["title"])):
        goal = _personal(list(lines))
        for position in positions.split():
            goals.setdefault(position, []).append(goal)
    return {position: tuple(each) for position, each in goals.items()}


@cache
def notes() -> Notes:
    said = dict(_file()["notes"])
    by_confidence = {each: _both(said.pop(each.name)) for each in Confidence}
    return Notes(by_confidence, {name: _both(entry) for name, entry in said.items()})


@cache
def _file() -> Any:
    return yaml.safe_load(_FILE.read_text("utf-8"))


def _both(entry: Mapping[str, Any]) -> Mapping[Locale, Any]:
    return {Locale.EN: entry["en"], Locale.ZH_CN: entry["zh"]}


def _text(entry: Mapping[str, Any], owner: str) -> GoalText:
    return GoalText(
        key=entry["key"],
        owner=owner,
        title=entry["title"],
        last=entry.get("last", entry["title"]),
        under=entry.get("under"),
        description=entry.get("description"),
        co_owners=entry.get("co_owners", ()),
        commitment=Commitment[entry.get("commitment", "COMMITTED")],
        weight=_weight(entry),
        measures=tuple(_measure(given) for given in entry.get("measures", ())),
    )


def _weight(entry: Mapping[str, Any]) -> Decimal:
    return Decimal(str(entry.get("weight", "0.5")))


def _measure(given: Mapping[str, Any]) -> Measure:
    weight = _weight(given)
    if "steps" in given:
        steps = [Step(title, Decimal(each)) for title, each in given["steps"].items()]
        return Measure(given["title"], KeyResultKind.MILESTONE, weight, None, Decimal(0), Decimal(1), steps)
    return _metric(given["title"], weight, given["unit"], given["start"], given["target"])


def _metric(title: str, weight: Decimal, unit: str | None, start: object, target: object) -> Measure:
    return Measure(title, KeyResultKind.METRIC, weight, unit, Decimal(str(start)), Decimal(str(target)))


def _personal(lines: Sequence[Mapping[str, str]]) -> PersonalGoal:
    titles = {Locale.EN: lines[0]["title"], Locale.ZH_CN: lines[0]["title_zh"]}
    english = tuple(_line(line, titles[Locale.EN], line["measure"], line["unit"]) for line in lines)
    chinese = tuple(_line(line, titles[Locale.ZH_CN], line["measure_zh"], line["unit_zh"]) for line in lines)
    return PersonalGoal(titles, {Locale.EN: english, Locale.ZH_CN: chinese})


def _line(line: Mapping[str, str], goal: str, title: str, unit: str) -> Measure:
    """A line without a measure is done or not."""
    if not title:
        return Measure(goal, KeyResultKind.BINARY, Decimal(1), None, Decimal(0), Decimal(1))
    return _metric(title, Decimal(1), unit, line["start"], line["target"])
