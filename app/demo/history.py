"""What came before: the posts that people held earlier, and who has left."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.demo.posts import posts, titles
from app.demo.structure import rows


@dataclass(frozen=True, slots=True)
class Move:
    """From `on` the person held this post, until their next move or else their present post began."""

    person: str
    on: date
    department: str
    position: str
    manager: str
    title: str


@dataclass(frozen=True, slots=True)
class Departure:
    person: str
    on: date


DEPARTURES = (
    Departure("battery-16", date(2022, 6, 30)),
    Departure("manufacturing-08", date(2023, 12, 29)),
    Departure("sales-11", date(2024, 3, 28)),
    Departure("service-36", date(2025, 8, 29)),
    Departure("software-14", date(2026, 2, 27)),
    Departure("supply-14", date(2026, 9, 30)),
)


@cache
def moves() -> tuple[Move, ...]:
    """A person's moves stand together, the earliest first; that one is the day they joined."""
    return tuple(_move(row) for row in rows("history.csv"))


def joined_on(person: str) -> date:
    return min((move.on for move in moves() if move.person == person), default=posts()[person].starts_on)


def _move(row: dict[str, str]) -> Move:
    title = titles(row["position"])[posts()[row["person"]].locale]
    on = date.fromisoformat(row["on"])
    return Move(row["person"], on, row["department"], row["position"], row["manager"], title)
