"""The jobs, departments and companies of the demonstration organization, as the files in data/ give them."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.messages import Locale
from app.stakeholders.models import StakeholderKind

_DATA = Path(__file__).parent / "data"

Titles = Mapping[Locale, str]
Staff = Mapping[str, int]  # how many of each position


class Site(Enum):
    SHANGHAI = "shanghai"
    MANCHESTER = "manchester"


@dataclass(frozen=True, slots=True)
class Job:
    key: str
    level: int
    titles: Titles
    duties: str


@dataclass(frozen=True, slots=True)
class Team:
    site: Site
    lead: str
    members: Staff
    area: Titles | None


@dataclass(frozen=True, slots=True)
class Unit:
    key: str
    name: str
    above: str | None
    site: Site
    head: str
    staff: Staff
    teams: tuple[Team, ...]


@dataclass(frozen=True, slots=True)
class Firm:
    """A company of externals, `people` of whom are stakeholders."""

    kind: StakeholderKind
    name: str
    domain: str
    locale: Locale
    people: int


@cache
def jobs() -> Mapping[str, Job]:
    return {row["key"]: _job(row) for row in rows("positions.csv")}


@cache
def units() -> tuple[Unit, ...]:
    """Each after the one above it."""
    return tuple(_unit(entry) for entry in yaml.safe_load((_DATA / "departments.yaml").read_text("utf-8")))


@cache
def firms() -> tuple[Firm, ...]:
    return tuple(_firm(row) for row in rows("companies.csv"))


def rows(file_name: str) -> Iterator[dict[str, str]]:
    with (_DATA / file_name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _job(row: dict[str, str]) -> Job:
    titles = {Locale.EN: row["title"], Locale.ZH_CN: row["title_zh"]}
    return Job(row["key"], int(row["level"]), titles, row["duties"])


def _unit(entry: dict[str, Any]) -> Unit:
    return Unit(
        key=entry["key"],
        name=entry["name"],
        above=entry.get("above"),
        site=Site(entry["site"]),
        head=entry["head"],
        staff=entry.get("staff", {}),
        teams=tuple(_team(team) for team in entry.get("teams", ())),
    )


def _team(entry: dict[str, Any]) -> Team:
    area = entry.get("area")
    titles = {Locale.EN: area["en"], Locale.ZH_CN: area["zh"]} if area else None
    return Team(Site(entry["site"]), entry["lead"], entry["members"], titles)


def _firm(row: dict[str, str]) -> Firm:
    kind, locale = StakeholderKind[row["kind"]], Locale[row["locale"]]
    return Firm(kind, row["name"], row["domain"], locale, int(row["people"]))
