"""Whatever is held about people is listed with what becomes of it; a table, key or column that is not is noticed."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint

from app.db.record import Event
from app.privacy.holdings import HOLDINGS, NOBODYS, Blanked, Holding, table_of
from app.tables import METADATA
from schema.root import build

STANDARD = {"organization_id", "id", "version", "created_at", "updated_at"}
VOCABULARY = {
    *("role", "kind", "reason", "method", "purpose", "by", "slug", "issuer", "name"),
    *("level", "state", "confidence"),
}
"""Members of events that are words of the vocabulary, or names of what is the organization's."""


def test_every_table_is_about_somebody_or_about_nobody() -> None:
    about = {holding.table.name for holding in HOLDINGS}
    nobodys = {table_of(model).name for model in NOBODYS}
    assert about | nobodys == set(METADATA.tables)
    assert not about & nobodys
    assert all(NOBODYS.values())


def test_every_foreign_key_to_somebody_or_to_what_is_theirs_is_listed() -> None:
    listed = {(holding.table.name, holding.column) for holding in HOLDINGS}
    missing = [place for place in _naming_theirs() if place not in listed]
    assert not missing, f"say in app/privacy/holdings.py how this is handed out and erased: {missing}"


def _naming_theirs() -> Iterator[tuple[str, str]]:
    """The columns whose foreign key leads to a row that is somebody's alone, by tables that are reached."""
    theirs = {holding.table.name for holding in HOLDINGS if holding.is_theirs}
    assert {"stakeholders", "accounts", "sessions", "grants"} <= theirs
    for table in METADATA.sorted_tables:
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name in theirs:
                yield table.name, constraint.column_keys[1]


def test_a_holding_names_rows_of_the_table_that_its_foreign_key_leads_to() -> None:
    for holding in HOLDINGS:
        assert holding.column in holding.table.c, holding.name
        for key in holding.table.c[holding.column].foreign_keys:
            assert holding.of is not None, holding.name
            assert key.column.table.name == table_of(holding.of).name, holding.name


def test_what_is_theirs_is_listed_before_whatever_names_it() -> None:
    """So the ids of the one are known when the other is looked up."""
    places: dict[type, int] = {}
    for place, holding in enumerate(HOLDINGS):
        if holding.is_theirs and holding.of is not holding.model:
            assert holding.of is not None, holding.name
            assert places[holding.of] < place, holding.name
        if holding.is_theirs:
            places.setdefault(holding.model, place)


def test_every_column_of_a_row_that_stays_behind_is_blanked_or_kept_on_purpose() -> None:
    for holding in HOLDINGS:
        if isinstance(holding.erasure, Blanked):
            blanked, kept = set(holding.erasure.values), set(holding.erasure.kept)
            assert not blanked & kept, holding.name
            assert blanked | kept == set(holding.table.c.keys()) - STANDARD, holding.name


def test_what_is_handed_out_has_a_name_of_its_own() -> None:
    names = [holding.name for holding in HOLDINGS if _is_handed_out(holding)]
    assert len(names) == len(set(names))
    for holding in HOLDINGS:
        assert set(holding.shows or ()) <= set(holding.table.c.keys()), holding.name


def _is_handed_out(holding: Holding) -> bool:
    return holding.shows is None or len(holding.shows) > 0


def test_events_tell_of_nobody() -> None:
    """They leave by the outbox and are never erased: ids, days, numbers and words of the vocabulary."""
    assert build()  # loads all contexts
    found = list(_events(Event))
    assert len(found) > 20
    for event in found:
        for member in fields(event):
            plain = {UUID, date, int, bool, Decimal}
            types = inspect.get_annotations(event).get(member.name, UUID)
            named = {types} if isinstance(types, type) else set(types.__args__) - {type(None)}
            assert named <= plain or (named == {str} and member.name in VOCABULARY), f"{event.name}.{member.name}"


def _events(of: type[Event]) -> Iterator[type[Event]]:
    for event in of.__subclasses__():
        if event.__module__.startswith("app."):
            yield event
        yield from _events(event)
