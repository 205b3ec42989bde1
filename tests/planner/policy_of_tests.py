"""What it takes to change a room of the museum."""

from datetime import date
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, exists, func, select

from app.access.permissions import Permission
from app.checks import checks
from app.db.rows import again
from app.errors import ProblemCode
from app.planner.lens import Reference
from app.planner.rules import Refusal, Rule, locked, looked_up
from tests.planner.resolvers_of_tests import guards, key, may_manage, rooms_visible_to
from tests.planner.tables_of_tests import Exhibit, Room


def reaches_room(actor: Any, _: Permission, room: Any) -> bool | ColumnElement[bool]:
    """Those who manage reach every room, others the one that they guard."""
    return may_manage(actor, None) or guards(actor, room)


def _shown_after(room: Any, day: Any) -> Any:
    exhibit = again(Exhibit)
    return exhibit, (exhibit.room_id == room.id, exhibit.made_on > day)


def _is_in_use(room: Any, day: Any) -> ColumnElement[bool]:
    exhibit, conditions = _shown_after(room, day)
    return exists().correlate_except(exhibit).where(*conditions)


def _in_use(room: Any, day: Any, figure: Any) -> Any:
    exhibit, conditions = _shown_after(room, day)
    return select(figure(exhibit)).where(*conditions).correlate_except(exhibit).scalar_subquery()


PAINT_ROOM = Rule(Room, Permission.STAKEHOLDERS_READ, reaches_room)
CLOSE_ROOM = Rule(
    Room,
    Permission.STAKEHOLDERS_READ,
    reaches_room,
    (
        Refusal(ProblemCode.ALREADY_CLOSED, lambda at: at.row.notes == "closed"),
        Refusal(
            ProblemCode.DEPARTMENT_NOT_EMPTY,
            lambda at: _is_in_use(at.row, at.on),
            {
                "members": lambda at: _in_use(at.row, at.on, lambda _: func.count()),
                "departments": lambda at: _in_use(at.row, at.on, lambda exhibit: func.max(exhibit.title)),
            },
        ),
    ),
)
SELL_ROOM = Rule(Room, Permission.STAKEHOLDERS_MANAGE, lambda *_: True)
"""Reaches every room, as far as it is concerned."""


async def close_room(
    info: strawberry.Info, id: strawberry.ID, on: date | None = None, version: int | None = None
) -> Any:
    async with info.context.transaction() as session:
        actor = info.context.actor
        room, refused = await locked(session, actor, CLOSE_ROOM, rooms_visible_to, key(id), version, on)
        with checks(refused) as check:
            check.unless(on is None or on.year > 1, ProblemCode.INVALID_VALUE, "on")
        room.notes = "closed"
        return Reference("Room", room.id)


async def paint_room(info: strawberry.Info, id: strawberry.ID, like: strawberry.ID) -> Any:
    """Paints a room like another, which has to be open and in reach."""
    async with info.context.transaction() as session:
        actor, rooms = info.context.actor, rooms_visible_to
        room, refused = await locked(session, actor, PAINT_ROOM, rooms, key(id))
        with checks(refused) as check:
            other, problems = await looked_up(session, actor, CLOSE_ROOM, rooms, key(like), ["like"])
            check.problems += problems
        room.alarm = other.alarm if other else None
        return Reference("Room", room.id)


async def sell_room(info: strawberry.Info, id: strawberry.ID) -> Any:
    return Reference("Room", key(id))
