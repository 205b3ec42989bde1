"""Trees as closure tables: every ancestor of every node, so that a subtree is one indexed look-up."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased


async def would_close_circle(session: AsyncSession, line: Any, organization_id: UUID, node: UUID, above: UUID) -> bool:
    """Whether `above` is the node itself or below it."""
    below = select(line.depth).where(
        line.organization_id == organization_id, line.ancestor_id == node, line.descendant_id == above
    )
    return (await session.execute(below)).first() is not None


async def plant(session: AsyncSession, line: Any, organization_id: UUID, node: UUID, above: UUID | None) -> None:
    """Enters a new node below another, or as a root."""
    await session.execute(
        insert(line).values(organization_id=organization_id, ancestor_id=node, descendant_id=node, depth=0)
    )
    if above is not None:
        await _hang(session, line, organization_id, node, above)


async def move(session: AsyncSession, line: Any, organization_id: UUID, node: UUID, above: UUID | None) -> None:
    """Takes a node with all below it from its place, and hangs it below another, or makes it a root."""
    below = select(line.descendant_id).where(line.organization_id == organization_id, line.ancestor_id == node)
    over = select(line.ancestor_id).where(
        line.organization_id == organization_id, line.descendant_id == node, line.depth > 0
    )
    await session.execute(
        delete(line).where(
            line.organization_id == organization_id, line.descendant_id.in_(below), line.ancestor_id.in_(over)
        )
    )
    if above is not None:
        await _hang(session, line, organization_id, node, above)


async def _hang(session: AsyncSession, line: Any, organization_id: UUID, node: UUID, above: UUID) -> None:
    over, below = aliased(line), aliased(line)
    pairs = select(literal(organization_id), over.ancestor_id, below.descendant_id, over.depth + below.depth + 1).where(
        over.organization_id == organization_id,
        over.descendant_id == above,
        below.organization_id == over.organization_id,
        below.ancestor_id == node,
    )
    await session.execute(insert(line).from_select(["organization_id", "ancestor_id", "descendant_id", "depth"], pairs))
