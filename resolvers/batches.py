"""Many rows in one mutation: each in a savepoint of its own, in one transaction, with a result per row."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.context import RequestContext
from app.errors import DomainError, Invalid, Problem, ProblemCode, Unauthenticated
from app.planner.mutation import ShownProblem, problems_of, shown_problem

Info = strawberry.Info[RequestContext, Any]
MOST_ROWS = 250
Row = TypeVar("Row")
Work = Callable[[AsyncSession, Row], Awaitable[UUID]]
First = Callable[[AsyncSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a row: the id of what it made or changed, or what was wrong."""

    id: UUID | None
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """`applied` tells whether anything was changed: not in a dry run, nor if an atomic batch has a refused row."""

    applied: bool
    rows: Sequence[Done]


async def run_batch(
    context: RequestContext,
    rows: Sequence[Row],
    work: Work[Row],
    *,
    dry_run: bool,
    atomic: bool,
    first: First | None = None,
) -> Batch:
    """Raises Invalid for more rows than a call may have. `first` is done before the rows: what it locks stays locked
    whatever becomes of them, and what it raises refuses the batch."""
    if len(rows) > MOST_ROWS:
        raise Invalid([Problem(ProblemCode.TOO_MANY_ROWS, ("rows",), {"most": str(MOST_ROWS)})])
    done: list[Done] = []
    try:
        async with context.transaction() as session:
            if first is not None:
                await first(session)
            done.extend([await _row(session, row, work) for row in rows])
            if dry_run or (atomic and any(row.problems for row in done)):
                raise _Undo
    except _Undo:
        return Batch(applied=False, rows=[Done(None, row.problems) for row in done])
    return Batch(applied=any(row.id for row in done), rows=done)


async def _row(session: AsyncSession, row: Row, work: Work[Row]) -> Done:
    try:
        async with session.begin_nested():
            made = await work(session, row)
            await session.flush()
            return Done(made)
    except Unauthenticated:
        raise
    except (DomainError, IntegrityError) as error:
        return Done(None, problems_of(error))


class _Undo(Exception):
    """Takes a transaction back that was only tried."""


def is_batch(answer: Any, _: Any) -> bool:
    """Tells a batch from Rejected, for the unions of the two."""
    return isinstance(answer, Batch)


def problems_of_row(row: strawberry.Parent[Done], info: Info) -> list[ShownProblem]:
    return [shown_problem(problem, info.context.locale) for problem in row.problems]
