"""Whatever is selected, the answer is what Python reads off the same rows, field by field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.db.database import Database
from app.limits import LONGEST_DOCUMENT
from app.planner.documents import MOST_TOKENS
from tests.builders import World, gid
from tests.laws import examples
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import Exhibit, ExhibitKind, Room
from tests.planner.ways import BothWays, Ways

pytestmark = pytest.mark.thorough

TOKEN = re.compile(r"\w+|\S")
KEYS = ["a", "b", "name", "title", "nodes", "edges", "item_1", "row2", "order", "k" * 70, "k" * 71]
LEAVES = {
    "Room": ["__typename", "id", "name", "order", "rank", "notes", "count"],
    "Exhibit": ["__typename", "id", "title", "price", "signed", "kind", "madeOn", "doubled", "label", "age"],
    "Connection": ["totalCount", "__typename"],
    "Edge": ["__typename"],
    "PageInfo": ["hasNextPage", "hasPreviousPage", "__typename"],
}
BRANCHES = {
    "Room": {"next": "Room", "before": "Room", "best": "Exhibit", "paintings": "Exhibit", "exhibits": "Connection"},
    "Exhibit": {"room": "Room"},
    "Connection": {"nodes": "Exhibit", "edges": "Edge", "pageInfo": "PageInfo"},
    "Edge": {"node": "Exhibit"},
    "PageInfo": {},
}


@dataclass
class Field:
    """A field of a document: what it is asked for under `key`, and what is asked of it."""

    key: str
    name: str
    arguments: dict[str, int] = field(default_factory=dict)
    below: list["Field"] = field(default_factory=list)

    @property
    def text(self) -> str:
        given = ", ".join(f"{name}: {value}" for name, value in self.arguments.items())
        below = " ".join(each.text for each in self.below)
        return f"{self.key}: {self.name}{f'({given})' if given else ''}{f' {{ {below} }}' if below else ''}"


@st.composite
def selections(draw: st.DrawFn, type_: str, depth: int) -> list[Field]:
    branches = BRANCHES[type_] if depth else {}
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    return [draw(fields(type_, key, branches, depth)) for key in keys]


@st.composite
def fields(draw: st.DrawFn, type_: str, key: str, branches: dict[str, str], depth: int) -> Field:
    name = draw(st.sampled_from([*LEAVES[type_], *branches, *branches]))
    if name not in branches:
        return Field(key, name)
    size = draw(st.none() | st.tuples(st.sampled_from(["first", "last"]), st.integers(1, 4)))
    arguments = dict([size]) if size and branches[name] == "Connection" else {}
    return Field(key, name, arguments, draw(selections(branches[name], depth - 1)))


@dataclass
class Reader:
    """Reads a selection off the rows as a person would."""

    rooms: Sequence[Room]
    exhibits: Sequence[Exhibit]

    def object(self, row: Any, selection: list[Field]) -> dict[str, Any] | None:
        read = self.of_room if isinstance(row, Room) else self.of_exhibit
        return None if row is None else {each.key: read(row, each) for each in selection}

    def objects(self, rows: Sequence[Any], selection: list[Field]) -> list[dict[str, Any] | None]:
        return [self.object(row, selection) for row in rows]

    def of_room(self, room: Room, asked: Field) -> Any:
        shown = sorted((row for row in self.exhibits if row.room_id == room.id), key=lambda row: row.title)
        match asked.name:
            case "__typename":
                return "Room"
            case "id":
                return gid(room)
            case "notes":
                return None
            case "count":
                return len(shown)
            case "next":
                return self.object(next((row for row in self.rooms if row.id == room.next_room_id), None), asked.below)
            case "before":
                earlier = [row for row in self.rooms if row.next_room_id == room.id]
                return self.objects(sorted(earlier, key=lambda row: row.name), asked.below)
            case "best":
                return self.object(max(shown, key=lambda row: row.price, default=None), asked.below)
            case "paintings":
                return self.objects([row for row in shown if row.kind is ExhibitKind.PAINTING], asked.below)
            case "exhibits":
                return self.page(shown, asked)
        return getattr(room, asked.name)

    def of_exhibit(self, exhibit: Exhibit, asked: Field) -> Any:
        match asked.name:
            case "__typename":
                return exhibit.kind.name.title()
            case "id":
                return gid(exhibit)
            case "kind":
                return exhibit.kind.name
            case "price":
                return f"{exhibit.price:.4f}"
            case "doubled":
                return f"{exhibit.price * 2:.4f}"
            case "madeOn":
                return exhibit.made_on.isoformat()
            case "label":
                return f"{exhibit.title} ({exhibit.made_on.year})"
            case "age":
                return exhibit.acquired_at.year - exhibit.made_on.year
            case "room":
                return self.object(next((row for row in self.rooms if row.id == exhibit.room_id), None), asked.below)
        return getattr(exhibit, asked.name)

    def page(self, rows: list[Exhibit], asked: Field) -> dict[str, Any]:
        first, last = asked.arguments.get("first"), asked.arguments.get("last")
        shown = rows[-last:] if last else rows[: first or 20]
        more = len(shown) < len(rows)
        info = {"hasNextPage": more and not last, "hasPreviousPage": more and bool(last), "__typename": "PageInfo"}
        answered: dict[str, Any] = {}
        for each in asked.below:
            match each.name:
                case "nodes":
                    answered[each.key] = self.objects(shown, each.below)
                case "edges":
                    answered[each.key] = [self.edge(row, each.below) for row in shown]
                case "pageInfo":
                    answered[each.key] = {part.key: info[part.name] for part in each.below}
                case "totalCount":
                    answered[each.key] = len(rows)
                case _:
                    answered[each.key] = "ExhibitConnection"
        return answered

    def edge(self, row: Exhibit, selection: list[Field]) -> dict[str, Any]:
        return {each.key: self.object(row, each.below) if each.name == "node" else "ExhibitEdge" for each in selection}


@pytest.fixture(scope="module")
async def tour(database: Database, http: httpx.AsyncClient, museum_ways: Ways) -> tuple[BothWays, Reader]:
    """Five rooms in a row, the last one empty, with up to six exhibits in the others."""
    museum = Museum(await World.made(database, http), museum_ways)
    rooms: list[Room] = []
    for number in range(5):
        ahead = rooms[-1].id if rooms else None
        rooms.append(await museum.room(f"room {number}", order=number % 2, rank=number, next_room_id=ahead))
    exhibits = await museum.exhibits(
        *(
            {
                "title": f"exhibit {number:02}",
                "kind": (ExhibitKind.PAINTING, ExhibitKind.SCULPTURE)[number % 2],
                "room_id": rooms[1 + number % 4 * number % 3].id,
                "price": Decimal(number),
                "signed": number % 3 == 0,
            }
            for number in range(16)
        )
    )
    return await museum.caller(), Reader(rooms, exhibits)


@given(selection=selections("Room", 5), number=st.integers(0, 4))
@settings(max_examples=examples(40), deadline=None)
async def test_whatever_is_selected_is_answered_as_it_is_stored(
    tour: tuple[BothWays, Reader], selection: list[Field], number: int
) -> None:
    asker, reader = tour
    room = reader.rooms[number]
    query = f"query ($id: ID!) {{ room(id: $id) {{ {' '.join(each.text for each in selection)} }} }}"
    assume(len(query) < LONGEST_DOCUMENT and len(TOKEN.findall(query)) < MOST_TOKENS)
    answered = await asker.get(query, id=gid(room))
    assert answered == reader.object(room, selection)
    assert list(answered) == [each.key for each in selection]
