"""When somebody's place changes by a roster: which membership ends, which begins, which is put right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stay:
    """A membership: where somebody works, as what and for whom, in the days [starts_on, ends_on)."""

    id: UUID
    department_id: UUID
    position_id: UUID | None
    manager_id: UUID | None
    title: str
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)

    def is_same_place(self, other: "Stay") -> bool:
        dated = replace(other, id=self.id, starts_on=self.starts_on, ends_on=self.ends_on)
        return self == dated


@dataclass(frozen=True, slots=True)
class Change:
    """`written` is the stay that a roster leads to. It takes the place of `corrected`, or comes after `ended`."""

    written: Stay
    ended: Stay | None = None
    corrected: Stay | None = None

    @property
    def before(self) -> Stay | None:
        return self.corrected or self.ended


def present_stay(stays: Sequence[Stay], starts_on: date | None, today: date) -> Stay | None:
    """The stay that a roster speaks of: of today or of the later day that it names, otherwise the next one.

    `stays` are in the order of their days.
    """
    day = max(today, starts_on or today)
    current = next((stay for stay in stays if stay.covers(day)), None)
    return current or next((stay for stay in stays if stay.starts_on > day), None)


def change_of_place(stays: Sequence[Stay], wanted: Stay, said_start: date | None, today: date) -> Change | None:
    """Nothing, if it is the present place. A new place begins on the day said if that is later than the beginning of
    the present one, otherwise today; on the very day that the present one began it puts that one right."""
    present = present_stay(stays, said_start, today)
    if present is None:
        return Change(_first(stays, wanted))
    if present.is_same_place(wanted):
        return None
    day = said_start if said_start and said_start > present.starts_on else max(today, present.starts_on)
    if day == present.starts_on:
        written = replace(wanted, id=present.id, starts_on=present.starts_on, ends_on=present.ends_on)
        return Change(written, corrected=present)
    ended = replace(present, ends_on=day)
    return Change(replace(wanted, starts_on=day, ends_on=present.ends_on), ended=ended)


def _first(stays: Sequence[Stay], wanted: Stay) -> Stay:
    """Nobody is in two places: who comes back does so no earlier than they left."""
    left = max((stay.ends_on for stay in stays if stay.ends_on), default=wanted.starts_on)
    return replace(wanted, starts_on=max(wanted.starts_on, left))
