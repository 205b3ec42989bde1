"""The demonstration organization by key, and the way up its two trees."""

from collections.abc import Mapping

from app.demo.organization import roster
from app.rosters.entries import PersonEntry
from app.stakeholders.models import EXTERNAL, STAFF

ROSTER = roster()
STAFF_ENTRIES = [person for person in ROSTER.people if person.kind in STAFF]
EXTERNAL_ENTRIES = [person for person in ROSTER.people if person.kind in EXTERNAL]
PEOPLE: Mapping[str, PersonEntry] = {person.key: person for person in ROSTER.people}
ABOVE = {department.key: department.parent for department in ROSTER.departments}
MANAGERS = {person.key: person.manager for person in STAFF_ENTRIES}


def way_up(start: str, above: Mapping[str, str | None]) -> list[str]:
    """From `start` to the top, both included; a cycle ends the test."""
    way: list[str] = []
    key: str | None = start
    while key is not None:
        assert key not in way
        way.append(key)
        key = above[key]
    return way
