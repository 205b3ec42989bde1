"""Declarations that cannot be answered are refused at start-up."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import strawberry
from sqlalchemy import Select, func, select
from sqlmodel import col

from app.access.permissions import Permission
from app.errors import Forbidden
from app.planner.catalog import Catalog, item_type
from app.planner.guard import Guarded
from app.planner.lens import PlanInfo, computed, derived, lens, one, page, redacted
from app.planner.relay import Connection, Node
from app.planner.rows import Rows
from app.stakeholders.models import DepartmentLine
from tests.planner import tables_of_tests as tables
from tests.planner.planning import actor
from tests.planner.resolvers_of_tests import exhibits_visible_to, room, rooms, rooms_visible_to
from tests.planner.schema_of_tests import build as build_museum
from tests.planner.tables_of_tests import ExhibitKind


def catalog_of(query: type[Any], *types: type[Any]) -> Catalog:
    return Catalog(strawberry.Schema(query=strawberry.type(query), types=types))


def room_lens(cls: type[Any]) -> type[Any]:
    return lens(tables.Room, visible=rooms_visible_to, description="-")(cls)


# --- columns


def test_a_field_without_a_column_is_refused() -> None:
    with pytest.raises(TypeError, match="Room has no column colour for Hall"):

        @room_lens
        class Hall:
            colour: str


def test_a_column_that_can_be_null_takes_an_annotation_that_says_so() -> None:
    """Nothing bubbles nulls up once the statement has answered."""
    with pytest.raises(TypeError, match=r"Hall\.notes can be null in Room"):

        @room_lens
        class Hall:
            notes: str

    with pytest.raises(TypeError, match=r"Wing\.name can be null in Room"):

        @room_lens
        class Wing:
            name: str = redacted(lambda *_: False, description="-")


def test_a_column_that_can_be_null_is_shown_where_the_annotation_says_so() -> None:
    @room_lens
    class Hall:
        name: str
        notes: str | None
        alarm: str | None = redacted(lambda *_: True, description="-")
        twice: int = computed(lambda row: row.order * 2, description="-")
        long: int = derived("name", by=len, description="-")

    class Query:
        hall: Hall | None = one(room)

    catalog = catalog_of(Query)
    hall = catalog.graphql.get_type("Hall")
    assert hall is not None
    assert catalog.has_lens(hall)
    assert catalog.prefix(hall) == "Room"


def test_a_row_without_an_id_is_refused() -> None:
    with pytest.raises(TypeError, match="DepartmentLine has no id"):

        @lens(DepartmentLine, visible=rooms_visible_to, description="-")
        class Line:
            depth: int


def test_a_derived_field_names_columns_that_are_there() -> None:
    with pytest.raises(TypeError, match="Room has no column colour for Hall"):

        @room_lens
        class Hall:
            long: int = derived("name", "colour", by=len, description="-")


# --- edges and roots


@strawberry.input
class Wanted:
    keys: list[UUID]
    other: "Wanted | None" = None


def test_a_scalar_that_sql_has_no_bind_for_is_refused() -> None:
    @room_lens
    class Hall:
        name: str

    class Query:
        hall: Hall | None = one(room_wanted)

    with pytest.raises(TypeError, match=r"Query\.hall takes a UUID"):
        catalog_of(Query)


def room_wanted(info: PlanInfo, wanted: Wanted) -> Select[tables.Room]:
    return rooms(info).where(col(tables.Room.id) == func.any(wanted.keys))


def test_an_edge_to_a_row_that_can_be_hidden_is_nullable() -> None:
    @room_lens
    class Hall:
        name: str

    @room_lens
    class Wing:
        hall: Hall = one(room)

    class Query:
        wing: Wing | None = one(room)

    with pytest.raises(TypeError, match=r"Wing\.hall leads to a row that can be hidden"):
        catalog_of(Query)


def test_a_planned_root_field_is_nullable() -> None:
    @room_lens
    class Hall(Node):
        name: str

    class Query:
        halls: Connection[Hall] = page(rooms)

    with pytest.raises(TypeError, match=r"Query\.halls can be refused: make it nullable"):
        catalog_of(Query)


def test_types_of_one_table_that_a_node_can_be_are_told_apart_by_kind() -> None:
    @lens(tables.Exhibit, visible=exhibits_visible_to, kind=ExhibitKind.PAINTING, description="-")
    class Painting(Node):
        title: str

    @lens(tables.Exhibit, visible=exhibits_visible_to, description="-")
    class Anything(Node):
        title: str

    class Query:
        painting: Painting | None = one(room)

    with pytest.raises(TypeError, match="Several types are read off Exhibit"):
        catalog_of(Query, Anything)


# --- what is in the catalog


def test_a_member_knows_how_it_is_read_and_what_it_takes() -> None:
    catalog = Catalog(build_museum())
    query = catalog.graphql.query_type
    assert query is not None
    managed, greeting = catalog.member(query, "managedRooms"), catalog.member(query, "greeting")
    assert managed is not None
    assert managed.planned
    assert managed.guard == Guarded(Permission.STAKEHOLDERS_MANAGE)
    assert greeting is not None
    assert not greeting.planned
    assert catalog.member(query, "nothing") is None
    assert catalog.member(query, "__typename") is None
    assert ("Query", "rooms") in catalog.members()


def test_an_abstract_type_has_the_lens_of_its_members() -> None:
    catalog = Catalog(build_museum())
    for name in ("Exhibit", "Piece", "Painting", "Sculpture"):
        type_ = catalog.graphql.get_type(name)
        assert type_ is not None
        assert catalog.lens(type_).row is tables.Exhibit
    page_info = catalog.graphql.get_type("PageInfo")
    assert page_info is not None
    with pytest.raises(LookupError):
        catalog.lens(page_info)
    assert {type_.name for type_ in catalog.node_types("Exhibit")} == {"Painting", "Sculpture"}
    assert list(catalog.node_types("Nothing")) == []
    connection = catalog.graphql.get_type("ExhibitConnection")
    assert item_type(connection).name == "Exhibit"


def test_a_guard_is_shown_in_the_schema_and_checked() -> None:
    assert "managedRooms(" in build_museum().as_str()
    assert '@requires(permission: "stakeholders:manage")' in build_museum().as_str()
    with pytest.raises(Forbidden):
        Guarded(Permission.STAKEHOLDERS_MANAGE).check(actor())


def test_a_planned_field_is_never_resolved() -> None:
    schema = strawberry.Schema(query=strawberry.type(_query()))
    result = schema.execute_sync("{ rooms { totalCount } }")
    assert result.errors
    assert "is planned, not resolved" in result.errors[0].message


def _query() -> type[Any]:
    @room_lens
    class Hall(Node):
        name: str

    class Query:
        rooms: Connection[Hall] | None = page(_rooms)

    return Query


def _rooms(info: PlanInfo, least: Decimal | None = None) -> Select[tables.Room]:
    return select(tables.Room)


# --- rows


def test_rows_select_the_columns_that_were_named_and_no_others() -> None:
    rows = Rows("row$1", tables.Room)
    assert str(rows.row.name) == "row$1.name"
    assert str(rows.row.order) == 'row$1."order"'
    sql = str(rows.selected(select(tables.Room)))
    assert sql.partition("FROM")[0].count(",") == 2
    for name in ("id", "name", '"order"'):
        assert f"museum.rooms.{name} AS {name}" in sql


def test_a_row_has_no_column_but_its_tables() -> None:
    with pytest.raises(AttributeError, match="Room has no column colour"):
        _ = Rows("row$1", tables.Room).row.colour
