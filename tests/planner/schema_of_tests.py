"""The museum's schema: what the product's schema does not have yet, or does not have alone."""

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from app.access.permissions import Permission
from app.planner.allowed import AllowedAction
from app.planner.executor import PlannedExecutor
from app.planner.lens import Reference, allowed, computed, derived, lens, many, node, nodes, one, page, redacted, value
from app.planner.mutation import Rejected, mutation
from app.planner.relay import Connection, Node
from tests.planner import policy_of_tests as policy
from tests.planner import resolvers_of_tests as resolve
from tests.planner import tables_of_tests as tables
from tests.planner.tables_of_tests import Condition, ExhibitKind


@lens(tables.Exhibit, visible=resolve.exhibits_visible_to, interface=True, description="What is shown.")
class Exhibit(Node):
    kind: ExhibitKind
    title: str
    price: Decimal
    insured: Decimal | None
    weight: float
    signed: bool
    condition: Condition
    made_on: date
    acquired_at: datetime
    tags: list[str]
    room: "Room | None" = one(resolve.room_of_exhibit)
    doubled: Decimal = computed(lambda exhibit: exhibit.price * 2, description="SQL over the row.")
    heavy: bool = computed(lambda exhibit: exhibit.weight > 100, description="SQL over the row.")
    label: str = derived("title", "made_on", by=resolve.label, description="Python over columns.")
    age: int = derived("made_on", "acquired_at", by=resolve.years, description="Python over days and instants.")
    gain: Decimal | None = derived("price", "insured", by=resolve.value_added, description="Python over decimals.")


@lens(tables.Exhibit, visible=resolve.exhibits_visible_to, kind=ExhibitKind.PAINTING, description="Flat.")
class Painting(Exhibit):
    canvas: str | None
    caption: str = derived("title", by=resolve.caption_of_painting, description="A painting's own.")


@lens(tables.Exhibit, visible=resolve.exhibits_visible_to, kind=ExhibitKind.SCULPTURE, description="Not flat.")
class Sculpture(Exhibit):
    material: str | None
    caption: str = derived("title", "weight", by=resolve.caption_of_sculpture, description="A sculpture's own.")


Piece = Annotated[Painting | Sculpture, strawberry.union("Piece")]


@lens(tables.Room, visible=resolve.rooms_visible_to, description="Where it is shown.")
class Room(Node):
    name: str
    order: int
    rank: int
    floor: int
    notes: str | None = redacted(resolve.may_manage, description="For those who manage.")
    alarm: str | None = redacted(resolve.guards, description="For who guards the room.")
    cellar: str | None = redacted(resolve.guards, description="For who guards the room.")
    guarded: list[Exhibit] = many(resolve.guarded_exhibits_of_room, description="All, for who guards the room.")
    exhibits: Connection[Exhibit] = page(resolve.exhibits_of_room, description="By title unless it is said.")
    pieces: list[Piece] = many(resolve.pieces_of_room, description="By title.")
    paintings: list[Painting] = many(resolve.paintings_of_room, description="By title.")
    best: Exhibit | None = one(resolve.best_of_room)
    count: int = value(resolve.count_of_room, description="How many are worth at least so much.")
    next: "Room | None" = one(resolve.next_of_room, description="Where the tour goes on.")
    before: list["Room"] = many(resolve.rooms_before, description="From where the tour comes.")
    allowed_actions: list[AllowedAction] = allowed()


@strawberry.type
class Query:
    room: Room | None = one(resolve.room, description="By id.")
    rooms: Connection[Room] | None = page(resolve.rooms, description="In their order.")
    managed_rooms: Connection[Room] | None = page(
        resolve.rooms, requires=Permission.STAKEHOLDERS_MANAGE, description="For those who manage."
    )
    rooms_by_notes: Connection[Room] | None = page(resolve.rooms_by_notes, description="By what can be null.")
    exhibit: Exhibit | None = one(resolve.exhibit, description="By id.")
    piece: Piece | None = one(resolve.exhibit, description="By id.")
    pieces: list[Piece] | None = many(resolve.pieces, description="By title.")
    exhibits: Connection[Exhibit] | None = page(resolve.exhibits, description="Filtered and sorted.")
    text: str | None = value(resolve.same_text)
    texts: list[str | None] | None = value(resolve.same_texts)
    number: int | None = value(resolve.same_number)
    numbers: list[list[int | None]] | None = value(resolve.same_numbers)
    fraction: float | None = value(resolve.same_fraction)
    amount: Decimal | None = value(resolve.same_amount)
    day: date | None = value(resolve.same_day)
    moment: datetime | None = value(resolve.same_moment)
    key: str | None = value(resolve.same_key)
    kinds: str | None = value(resolve.given_kinds)
    choice: str | None = value(resolve.given_choice)
    wishes: str | None = value(resolve.given_wishes)
    manages: str | None = value(resolve.roles_seen)
    greeting: str = strawberry.field(resolver=resolve.greeting)
    broken: str | None = strawberry.field(resolver=resolve.broken)
    node: Node | None = node(requires=Permission.VIEWER_READ, description="Anything.")
    nodes: list[Node | None] | None = nodes(requires=Permission.VIEWER_READ, description="Any things.")


Renaming = Annotated[Painting | Sculpture | Room, strawberry.union("Renaming")]


@strawberry.type
class Renamed:
    """An ordinary object with references in it, and an edge that nothing can follow."""

    id: strawberry.ID
    place: int

    def _reference(self) -> Any:
        return Reference("Room", resolve.key(self.id))

    def _references(self) -> Any:
        return [self._reference(), self._reference()]

    async def _later(self) -> Any:
        await asyncio.sleep(self.place / 50)
        return self._reference()

    room: Room | None = strawberry.field(resolver=_reference, graphql_type=Room | None)
    rooms: list[Room | None] = strawberry.field(resolver=_references, graphql_type=list[Room | None])
    later: Room | None = strawberry.field(resolver=_later, graphql_type=Room | None)
    strayed: Connection[Room] | None = page(resolve.rooms, description="Planned where nothing is.")


def renamed(ids: list[strawberry.ID]) -> list[Renamed]:
    return [Renamed(id=each, place=place) for place, each in enumerate(ids)]


RoomResult = Annotated[Room | Rejected, strawberry.union("RoomResult")]


@strawberry.type
class Mutation:
    sell_room: RoomResult | None = mutation(policy.sell_room, requires=policy.SELL_ROOM, description="-")
    close_room: RoomResult | None = mutation(policy.close_room, requires=policy.CLOSE_ROOM, description="-")
    paint_room: RoomResult | None = mutation(policy.paint_room, requires=policy.PAINT_ROOM, description="-")
    rename_room: Room | None = strawberry.mutation(resolver=resolve.rename_room)
    row_of_room: Room | None = strawberry.mutation(resolver=resolve.row_of_room)
    touch: Renaming | None = strawberry.mutation(resolver=resolve.reference_of_kind)
    touch_exhibit: Exhibit | None = strawberry.mutation(resolver=resolve.reference_of_kind)
    touch_rooms: list[Room | None] = strawberry.mutation(resolver=resolve.references)
    rename_rooms: list[Renamed] = strawberry.mutation(resolver=renamed)


@strawberry.type
class Subscription:
    room_changes: Any = strawberry.subscription(resolver=resolve.room_changes, graphql_type=Room | None)


def build() -> strawberry.Schema:
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Painting, Sculpture],
        execution_context_class=PlannedExecutor,
    )
