"""Mutations: guarded like any field; whatever the rules refuse comes back as Rejected, filled here."""

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry
from sqlalchemy.exc import IntegrityError
from strawberry.extensions import FieldExtension
from strawberry.types.field import StrawberryField

from app.errors import DeadlineExceeded, DomainError, Problem, ProblemCode, Unauthenticated
from app.messages import ENGLISH, message
from app.planner.guard import Guarded
from app.planner.rules import Rule
from app.planner.words import described

UNIQUE_VIOLATION = "23505"

described(ProblemCode, "What is wrong, for programs; the message says it for people.", ENGLISH)


@strawberry.type(name="ProblemParam", description="A figure or a name that a problem's message speaks of.")
class ShownParam:
    name: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="How much, or which.")


@strawberry.type(name="Problem", description="One thing that was wrong.")
class ShownProblem:
    code: ProblemCode = strawberry.field(description="What is wrong, for programs.")
    path: list[str] = strawberry.field(description="Where in the input; empty if it is about no part of it.")
    message: str = strawberry.field(description="What is wrong, in the caller's language.")
    params: list[ShownParam] = strawberry.field(description="What the message speaks of.")


@strawberry.type(description="Nothing was changed; every problem is named.")
class Rejected:
    problems: list[ShownProblem] = strawberry.field(description="All that was wrong.")


def rejected(problems: list[Problem], locale: str) -> Rejected:
    return Rejected(problems=[shown_problem(problem, locale) for problem in problems])


def shown_problem(problem: Problem, locale: str) -> ShownProblem:
    params = [ShownParam(name=name, value=value) for name, value in problem.params.items()]
    return ShownProblem(code=problem.code, path=list(problem.path), message=message(problem, locale), params=params)


def problems_of(error: DomainError | IntegrityError) -> list[Problem]:
    """What two requests at once can still run into is what one of them would have been told."""
    if isinstance(error, DomainError):
        return list(error.problems)
    if getattr(error.orig, "sqlstate", None) != UNIQUE_VIOLATION:
        raise error
    constraint = str(getattr(error.orig.__cause__, "constraint_name", "")) if error.orig else ""
    code = ProblemCode.SECOND_CURRENT_MEMBERSHIP if constraint == "memberships_open" else ProblemCode.TAKEN
    return [Problem(code)]


class _Refusing(FieldExtension):
    """Checks the guard, and turns what the rules refuse into Rejected."""

    def __init__(self, guard: Guarded) -> None:
        self._guard = guard

    def apply(self, field: StrawberryField) -> None:
        for argument in field.arguments:
            argument.description = argument.description or "What is to be done, and to whom or to what."

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        try:
            self._guard.check(info.context.actor)
            return await next_(source, info, **kwargs)
        except (Unauthenticated, DeadlineExceeded):
            raise
        except (DomainError, IntegrityError) as error:
            return rejected(problems_of(error), info.context.locale)


def resolved(resolve: Callable[..., Any], *, description: str) -> Any:
    """An ordinary field of a mutation's answer; it may return a reference, which is then read."""
    return strawberry.field(resolver=resolve, description=description)


def mutation(resolve: Callable[..., Any], *, requires: Enum | Rule, description: str) -> Any:
    """A change, answered by a reference to the row that was changed, or by Rejected.

    One whose input names a row of its own requires the rule of such rows, which `allowedActions` tells of."""
    guard = Guarded.by(requires)
    return strawberry.mutation(
        resolver=resolve,
        description=description,
        directives=[guard.directive],
        metadata={Guarded: guard},
        extensions=[_Refusing(guard)],
    )
