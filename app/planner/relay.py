"""The types of Relay's conventions: Node and connections."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="Anything with a global id; `node(id:)` finds it again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and unique among everything there is.")


@strawberry.type(description="Where a page stands in the whole list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more follows after this page.")
    has_previous_page: bool = strawberry.field(description="Whether more stands before this page.")
    start_cursor: str | None = strawberry.field(description="The first cursor of the page; null if it is empty.")
    end_cursor: str | None = strawberry.field(description="The last cursor of the page; null if it is empty.")


@strawberry.type(name="Edge", description="An item of a page, with its place.")
class PageEdge(Generic[T]):
    cursor: str = strawberry.field(description="The item's place in the order that was asked for.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[PageEdge[T]] = strawberry.field(description="The page's items, with cursors.")
    nodes: list[T] = strawberry.field(description="The page's items, for those who need no cursors.")
    page_info: PageInfo = strawberry.field(description="What stands before and after the page.")
    total_count: int = strawberry.field(
        description="How many there are on all pages together; counted only when it is asked for."
    )
