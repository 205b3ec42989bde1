"""Declarations: which table a GraphQL type looks at, and how each of its fields is read.

A lens names a table and a way to its visible rows. Its plain annotations are columns; the other fields say how
they are answered: `one`, `many`, `page` and `value` follow a relation, `computed` is SQL over the row, `derived` is
Python over named columns, `redacted` is a column that not everybody sees, `allowed` is what can be done to the row.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar, dataclass_transform
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement
from sqlalchemy import inspect as inspect_row
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from app.planner.guard import Guarded
from app.planner.rows import Relation

T = TypeVar("T")
GlobalId = Annotated[strawberry.ID, strawberry.argument(description="A global id, of anything.")]
GlobalIds = Annotated[list[strawberry.ID], strawberry.argument(description="Global ids; 100 at most.")]
HOW = "how"  # the key of a planned field's metadata


class Shape(Enum):
    """What a relation yields."""

    ONE = "one"
    MANY = "many"
    PAGE = "page"
    VALUE = "value"
    NODE = "node"
    NODES = "nodes"


@dataclass(frozen=True, slots=True)
class Edge:
    """A field answered by a relation: `resolve(parent, info, **arguments) -> Select`, without a parent at the root."""

    resolve: Callable[..., Relation]
    shape: Shape


@dataclass(frozen=True, slots=True)
class Computed:
    """An SQL expression over the row: `expression(row) -> ColumnElement`."""

    expression: Callable[[Any], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Derived:
    """Computed in Python after the query, from columns of the row, given in the order they are named."""

    columns: tuple[str, ...]
    compute: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A column shown where `allows(actor, row)` holds: a bool decides when planning, an expression in SQL."""

    allows: "Allows"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What can be done to the row, by the rules of the mutations about such rows."""


Allows = Callable[[Any, Any], bool | ColumnElement[bool]]


class PlanInfo(strawberry.Info[Any, Any]):
    """What a relation may know while it is planned: an actor whose identity is a bind, and `holds(rule)`, whether
    `rule(actor, parent)` does, which is looked into once for each parent, as for its redacted columns."""

    def __init__(self, actor: Any, holds: Callable[[Allows], bool | ColumnElement[bool]] | None = None) -> None:
        self.actor = actor
        self.holds = holds or _holds_for_nobody


def _holds_for_nobody(_: Allows) -> bool:
    raise RuntimeError("A root field has no parent.")


How = Edge | Computed | Derived | Redacted | Allowed


@dataclass(frozen=True, slots=True)
class Reference:
    """What a mutation or an event returns: which row to read, not the row."""

    type_name: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Lens:
    """`kind` is the type's value in the kind column of a table that several types share."""

    row: type[Any]
    visible: Callable[[Any], Relation]
    kind: Any = None


class _Planned(FieldExtension):
    """Keeps Strawberry from resolving what is read by the statement."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **kwargs: Any) -> Any:  # noqa: ARG002 -- its signature
        raise RuntimeError(f"{info.field_name} is planned, not resolved.")


class _Paged(_Planned):
    def apply(self, field: StrawberryField) -> None:
        field.arguments = [*field.arguments, *map(_page_argument, _PAGE_ARGUMENTS)]


_PAGE_ARGUMENTS = (
    ("first", int | None, "How many from the front: 1 to 100, 20 unless `last` is given."),
    ("after", str | None, "Only what follows this cursor."),
    ("last", int | None, "How many from the back: 1 to 100."),
    ("before", str | None, "Only what precedes this cursor."),
)


def _page_argument(given: tuple[str, Any, str]) -> StrawberryArgument:
    name, type_, description = given
    return StrawberryArgument(name, name, StrawberryAnnotation(type_), default=None, description=description)


def _edge(
    shape: Shape,
    resolve: Callable[..., Any],
    description: str | None,
    requires: Enum | None,
    deprecated: str | None,
) -> Any:
    extensions: list[FieldExtension] = [_Paged() if shape is Shape.PAGE else _Planned()]
    guarded = Guarded(requires) if requires else None
    return strawberry.field(
        resolver=resolve,
        description=description or inspect.getdoc(resolve),
        extensions=extensions,
        deprecation_reason=deprecated,
        directives=[guarded.directive] if guarded else [],
        metadata={HOW: Edge(resolve, shape), Guarded: guarded},
    )


def one(
    resolve: Callable[..., Any],
    *,
    description: str | None = None,
    requires: Enum | None = None,
    deprecated: str | None = None,
) -> Any:
    """The one row of a relation, or null. At the root, no row is NOT_FOUND."""
    return _edge(Shape.ONE, resolve, description, requires, deprecated)


def many(
    resolve: Callable[..., Any],
    *,
    description: str | None = None,
    requires: Enum | None = None,
    deprecated: str | None = None,
) -> Any:
    """All rows of a relation that is short by its nature."""
    return _edge(Shape.MANY, resolve, description, requires, deprecated)


def page(
    resolve: Callable[..., Any],
    *,
    description: str | None = None,
    requires: Enum | None = None,
    deprecated: str | None = None,
) -> Any:
    """A page of a relation, as a Relay connection; the relation's ORDER BY is the order of the pages."""
    return _edge(Shape.PAGE, resolve, description, requires, deprecated)


def value(
    resolve: Callable[..., Any],
    *,
    description: str | None = None,
    requires: Enum | None = None,
    deprecated: str | None = None,
) -> Any:
    """The single column of a relation that yields one row: a figure, with arguments where it needs them."""
    return _edge(Shape.VALUE, resolve, description, requires, deprecated)


def _any_row(info: strawberry.Info, id: GlobalId) -> Any:  # noqa: ARG001 -- the signature is all of it
    raise RuntimeError("The planner finds a node by the type that its id names.")


def _any_rows(info: strawberry.Info, ids: GlobalIds) -> Any:  # noqa: ARG001 -- the signature is all of it
    raise RuntimeError("The planner finds nodes by the types that their ids name.")


def node(*, description: str, requires: Enum) -> Any:
    """Any row by its global id, through the visibility of its own type."""
    return _edge(Shape.NODE, _any_row, description, requires, None)


def nodes(*, description: str, requires: Enum) -> Any:
    """Rows of any type by their global ids, in the order asked; null where there is none to see."""
    return _edge(Shape.NODES, _any_rows, description, requires, None)


def shown(*, description: str, deprecated: str | None = None) -> Any:
    """A column, with words."""
    return strawberry.field(description=description, deprecation_reason=deprecated)


def computed(expression: Callable[[Any], ColumnElement[Any]], *, description: str) -> Any:
    return strawberry.field(description=description, metadata={HOW: Computed(expression)})


def derived(*columns: str, by: Callable[..., Any], description: str) -> Any:
    return strawberry.field(description=description, metadata={HOW: Derived(columns, by)})


def redacted(allows: Callable[[Any, Any], bool | ColumnElement[bool]], *, description: str) -> Any:
    return strawberry.field(description=description, metadata={HOW: Redacted(allows)})


def allowed() -> Any:
    """Of type `list[AllowedAction]`; on every type whose rows can be changed."""
    return strawberry.field(
        description="What can be done to it: each mutation about it, and whether the viewer can do it now, or why not.",
        metadata={HOW: Allowed()},
    )


@dataclass_transform(kw_only_default=True)
def lens(
    row: type[Any],
    *,
    visible: Callable[[Any], Relation],
    description: str,
    kind: Any = None,
    interface: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Makes a GraphQL type that is read off a table."""

    def wrap(cls: type[T]) -> type[T]:
        _check_columns(row, cls)
        made = (
            strawberry.interface(cls, description=description)
            if interface
            else strawberry.type(cls, description=description)
        )
        made.__lens__ = Lens(row, visible, kind)  # type: ignore[attr-defined] # read back by the catalog
        return made

    return wrap


def _check_columns(row: type[Any], cls: type[Any]) -> None:
    known = inspect_row(row).columns
    if "id" not in known:
        raise TypeError(f"{row.__name__} has no id to tell its rows apart by.")
    for name, annotation in inspect.get_annotations(cls).items():
        how = how_of(cls.__dict__.get(name))
        if isinstance(how, Edge | Computed | Allowed):
            continue
        for column in how.columns if isinstance(how, Derived) else (name,):
            if column not in known:
                raise TypeError(f"{row.__name__} has no column {column} for {cls.__name__} to show.")
        if isinstance(how, Derived):
            continue
        nullable = known[name].nullable or isinstance(how, Redacted)
        if nullable and not _admits_none(annotation):
            raise TypeError(f"{cls.__name__}.{name} can be null in {row.__name__}: say so in its annotation.")


def _admits_none(annotation: Any) -> bool:
    text = annotation if isinstance(annotation, str) else str(annotation)
    return "None" in text or "Optional" in text


def how_of(field: Any) -> How | None:
    """How a planned field is read; None for a column or an ordinary field."""
    how: How | None = getattr(field, "metadata", {}).get(HOW)
    return how
