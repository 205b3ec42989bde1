"""Trees as closure tables, held against a tree of parents in Python."""

from collections.abc import Mapping
from uuid import UUID

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from app.db import closure
from app.db.database import Database
from app.stakeholders.models import Department, DepartmentLine
from tests.builders import World

NODES = 6
Parents = Mapping[UUID, UUID | None]

plantings = st.lists(st.integers(0, NODES), min_size=NODES, max_size=NODES)
moves = st.lists(st.tuples(st.integers(0, NODES - 1), st.none() | st.integers(0, NODES - 1)), max_size=6)


def way_up(node: UUID, parents: Parents) -> list[UUID]:
    way = [node]
    while (above := parents[way[-1]]) is not None:
        way.append(above)
    return way


def every_line(parents: Parents) -> set[tuple[UUID, UUID, int]]:
    """(ancestor, descendant, depth) of all pairs."""
    return {(above, node, depth) for node in parents for depth, above in enumerate(way_up(node, parents))}


@settings(max_examples=12, deadline=None)
@given(plantings=plantings, moves=moves)
async def test_the_lines_are_those_of_the_tree_after_any_plantings_and_moves(
    database: Database, http: httpx.AsyncClient, plantings: list[int], moves: list[tuple[int, int | None]]
) -> None:
    world = await World.made(database, http)
    nodes, parents = list[Department](), dict[UUID, UUID | None]()
    for place, above in enumerate(plantings):
        parent = nodes[above % place] if place and above < NODES else None
        nodes.append(await world.department(f"Nr {place}", parent))
        parents[nodes[-1].id] = parent.id if parent else None
    assert await lines_of(world) == every_line(parents)
    for place, onto in moves:
        node, target = nodes[place].id, None if onto is None else nodes[onto].id
        circle = target is not None and node in way_up(target, parents)
        assert await moved(world, node, target) is not circle
        parents[node] = parents[node] if circle else target
        assert await lines_of(world) == every_line(parents)


async def moved(world: World, node: UUID, above: UUID | None) -> bool:
    """Moves a node unless that would close a circle."""
    own = world.organization.id
    async with world.database.transaction(own) as session:
        if above is not None and await closure.would_close_circle(session, DepartmentLine, own, node, above):
            return False
        await closure.move(session, DepartmentLine, own, node, above)
        return True


async def lines_of(world: World) -> set[tuple[UUID, UUID, int]]:
    columns = select(col(DepartmentLine.ancestor_id), col(DepartmentLine.descendant_id), col(DepartmentLine.depth))
    async with world.database.transaction(world.organization.id) as session:
        return {(above, below, depth) for above, below, depth in (await session.execute(columns)).all()}


async def test_trees_of_two_organizations_do_not_touch(world: World) -> None:
    other = await world.another()
    for side in (world, other):
        root = await side.department("Works")
        await side.department("Foundry", root)
    before = await lines_of(other)
    own = await lines_of(world)
    node = next(below for _, below, depth in own if depth == 1)
    assert await moved(world, node, None)
    assert len(await lines_of(world)) == 2
    assert await lines_of(other) == before
