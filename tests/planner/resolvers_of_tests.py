"""How the museum's fields are read."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, null, or_, select, true
from sqlalchemy import Text as SqlText
from sqlmodel import col
from strawberry import Parent

from app.access.actor import Actor, SymbolicActor
from app.access.permissions import Permission, Reach
from app.db.rows import again
from app.planner.lens import PlanInfo, Reference
from app.planner.scalars import local_id
from app.stakeholders.reach_queries import condition
from tests.planner.inputs_of_tests import Choice, ExhibitFilter, ExhibitOrder, Wish
from tests.planner.tables_of_tests import Exhibit, ExhibitKind, Room

Sees = Actor | SymbolicActor

# --- who sees what


def rooms_visible_to(actor: Sees) -> Select[Room]:
    return select(Room).where(col(Room.organization_id) == actor.organization_id)


def exhibits_visible_to(actor: Sees) -> Select[Exhibit]:
    """Those that are hidden are there for nobody but those who manage."""
    rows = select(Exhibit).where(col(Exhibit.organization_id) == actor.organization_id)
    return rows if may_manage(actor, None) else rows.where(col(Exhibit.hidden).is_(False))


def may_manage(actor: Sees, _: Any) -> bool:
    return actor.reach(Permission.STAKEHOLDERS_MANAGE) is Reach.ORGANIZATION


def guards(actor: Sees, room: Any) -> ColumnElement[bool]:
    watched: ColumnElement[bool] = room.guard_id == actor.stakeholder_id
    return watched


# --- Python over columns


def label(title: str, made_on: date) -> str:
    return f"{title} ({made_on.year})"


def years(made_on: date, acquired_at: datetime) -> int:
    return acquired_at.year - made_on.year


def caption_of_painting(title: str) -> str:
    return f"A painting: {title}"


def caption_of_sculpture(title: str, weight: float) -> str:
    return f"A sculpture of {weight} kg: {title}"


def value_added(price: Decimal, insured: Decimal | None) -> Decimal | None:
    return None if insured is None else insured - price


# --- from a room, from an exhibit


def guarded_exhibits_of_room(room: Parent[Room], info: PlanInfo) -> Select[Exhibit]:
    rows = exhibits_visible_to(info.actor).where(col(Exhibit.room_id) == room.id).order_by(col(Exhibit.title))
    return rows.where(condition(info.holds(guards)))


def exhibits_of_room(
    room: Parent[Room], info: PlanInfo, kinds: list[ExhibitKind] | None = None, order: list[ExhibitOrder] | None = None
) -> Select[Exhibit]:
    rows = exhibits_visible_to(info.actor).where(col(Exhibit.room_id) == room.id)
    return _sorted(rows if kinds is None else rows.where(col(Exhibit.kind).in_(kinds)), order)


def pieces_of_room(room: Parent[Room], info: PlanInfo, least: Decimal | None = None) -> Select[Exhibit]:
    rows = exhibits_visible_to(info.actor).where(col(Exhibit.room_id) == room.id).order_by(col(Exhibit.title))
    return rows if least is None else rows.where(col(Exhibit.price) >= least)


def paintings_of_room(room: Parent[Room], info: PlanInfo) -> Select[Exhibit]:
    return pieces_of_room(room, info).where(col(Exhibit.kind) == ExhibitKind.PAINTING)


def best_of_room(room: Parent[Room], info: PlanInfo) -> Select[Exhibit]:
    """The dearest of all: where that one is hidden, there is none to see."""
    dearest = select(func.max(Exhibit.price)).where(col(Exhibit.room_id) == room.id).scalar_subquery()
    return exhibits_visible_to(info.actor).where(col(Exhibit.room_id) == room.id, col(Exhibit.price) == dearest)


def count_of_room(room: Parent[Room], info: PlanInfo, least: Decimal = Decimal("0")) -> Select[Any]:
    return select(func.count()).where(col(Exhibit.room_id) == room.id, col(Exhibit.price) >= least)


def next_of_room(room: Parent[Room], info: PlanInfo) -> Select[Room]:
    return rooms_visible_to(info.actor).where(col(Room.id) == room.next_room_id)


def rooms_before(room: Parent[Room], info: PlanInfo) -> Select[Room]:
    """Looks at its parent from a sub-query of a sub-query, over the same table, and is not correlated by hand."""
    earlier = again(Room)
    leads = exists().where(earlier.id == Room.id, earlier.next_room_id == room.id).correlate(Room)
    return rooms_visible_to(info.actor).where(leads).order_by(col(Room.name))


def room_of_exhibit(exhibit: Parent[Exhibit], info: PlanInfo) -> Select[Room]:
    return rooms_visible_to(info.actor).where(col(Room.id) == exhibit.room_id)


# --- root fields


def room(info: PlanInfo, id: strawberry.ID) -> Select[Room]:
    return rooms_visible_to(info.actor).where(col(Room.id) == id)


def rooms(info: PlanInfo) -> Select[Room]:
    return rooms_visible_to(info.actor).order_by(col(Room.order), col(Room.name))


def rooms_by_notes(info: PlanInfo) -> Select[Room]:
    return rooms_visible_to(info.actor).order_by(col(Room.notes))


def exhibit(info: PlanInfo, id: strawberry.ID) -> Select[Exhibit]:
    return exhibits_visible_to(info.actor).where(col(Exhibit.id) == id)


def pieces(info: PlanInfo) -> Select[Exhibit]:
    return exhibits_visible_to(info.actor).order_by(col(Exhibit.title))


def exhibits(
    info: PlanInfo, filter: ExhibitFilter | None = None, order: list[ExhibitOrder] | None = None
) -> Select[Exhibit]:
    return _sorted(_filtered(exhibits_visible_to(info.actor), filter), order)


def any_exhibits(info: PlanInfo) -> Select[Exhibit]:
    return exhibits_visible_to(info.actor)


def _filtered(rows: Select[Exhibit], filter: ExhibitFilter | None) -> Select[Exhibit]:
    if filter is None:
        return rows
    if filter.kinds is not None:
        rows = rows.where(col(Exhibit.kind).in_(filter.kinds))
    if filter.text is not None:
        rows = rows.where(func.strpos(Exhibit.title, filter.text) > 0)
    if filter.signed is not None:
        rows = rows.where(col(Exhibit.signed).is_(filter.signed))
    if filter.ids is not None:
        rows = rows.where(col(Exhibit.id) == func.any(filter.ids))
    if filter.made_after is not None:
        rows = rows.where(col(Exhibit.made_on) > filter.made_after)
    spans = [*([filter.price] if filter.price else []), *(filter.any_price or [])]
    return rows.where(or_(*map(_within, spans))) if spans else rows


def _within(span: Any) -> ColumnElement[bool]:
    bounds = [true()]
    if span.least is not None:
        bounds.append(col(Exhibit.price) >= span.least)
    if span.most is not None:
        bounds.append(col(Exhibit.price) <= span.most)
    return and_(*bounds)


def _sorted(rows: Select[Exhibit], order: list[ExhibitOrder] | None) -> Select[Exhibit]:
    for each in order or ():
        column = getattr(Exhibit, each.field.value)
        rows = rows.order_by(column.desc() if each.falling else column)
    return rows if order else rows.order_by(col(Exhibit.title))


# --- what was given, as the statement got it


def given(value: Any) -> Select[Any]:
    """A bind, whatever Python takes it for."""
    return select(value)


def same_text(info: PlanInfo, value: str | None = None) -> Select[Any]:
    return given(null() if value is None else value)


def same_texts(info: PlanInfo, values: list[str | None] | None = None) -> Select[Any]:
    return given(null() if values is None else values)


def same_numbers(info: PlanInfo, values: list[list[int | None]]) -> Select[Any]:
    return given(values)


def same_number(info: PlanInfo, value: int = 7) -> Select[Any]:
    return given(value)


def same_fraction(info: PlanInfo, value: float) -> Select[Any]:
    return given(value)


def same_amount(info: PlanInfo, value: Decimal) -> Select[Any]:
    return given(value)


def same_day(info: PlanInfo, value: date) -> Select[Any]:
    return given(value)


def same_moment(info: PlanInfo, value: datetime) -> Select[Any]:
    return given(value)


def same_key(info: PlanInfo, value: strawberry.ID) -> Select[Any]:
    """The key of a row, whatever its table."""
    return select(cast(value, SqlText))


def given_kinds(info: PlanInfo, kinds: list[ExhibitKind | None], flags: list[bool] | None = None) -> Select[Any]:
    """Kinds and flags decide the text of a statement, so they are there in Python while it is planned."""
    names = ",".join("null" if kind is None else kind.name for kind in kinds)
    return select(cast(f"{names} {flags}", SqlText))


def given_choice(info: PlanInfo, choice: Choice) -> Select[Any]:
    if choice.title is not None:
        return select(func.concat("title ", choice.title.value))
    assert choice.number is not None
    return select(func.concat("number ", choice.number.value))


def given_wishes(info: PlanInfo, wishes: list[Wish]) -> Select[Any]:
    return select(func.concat_ws("; ", *map(_wish, wishes)))


def _wish(wish: Wish) -> ColumnElement[Any]:
    sizes = cast(wish.sizes, SqlText) if wish.sizes is not None else "no sizes"
    after = _wish(wish.after) if wish.after else "the end"
    return func.concat_ws(", ", wish.name, wish.kind.name, sizes, after)


def roles_seen(info: PlanInfo) -> Select[Any]:
    """Depends on the roles, as text of the statement."""
    return select(cast("1" if may_manage(info.actor, None) else "0", SqlText))


# --- ordinary fields


def greeting(name: str = "you") -> str:
    return f"Hello, {name}"


def broken() -> str:
    raise ZeroDivisionError("a bug")


# --- changes


def key(id: str) -> Any:
    return local_id(None)(id)


async def rename_room(info: strawberry.Info, id: strawberry.ID, name: str) -> Any:
    async with info.context.transaction() as session:
        row = await session.get(Room, (info.context.actor.organization_id, key(id)))
        if row is not None:
            row.name = name
    return Reference("Room", key(id))


async def row_of_room(info: strawberry.Info, id: strawberry.ID) -> Any:
    async with info.context.transaction() as session:
        return await session.get(Room, (info.context.actor.organization_id, key(id)))


def reference_of_kind(type_name: str, id: strawberry.ID) -> Any:
    return Reference(type_name, key(id))


def references(ids: list[strawberry.ID]) -> list[Any]:
    return [Reference("Room", key(each)) for each in ids]


async def room_changes(ids: list[strawberry.ID]) -> AsyncIterator[Any]:
    for each in ids:
        yield Reference("Room", key(each))
