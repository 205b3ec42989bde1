"""Several actions, and every problem of all of them at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from app.checks import Checks
from app.errors import Invalid, Problem

NOTHING: Mapping[str, str] = MappingProxyType({})


@contextmanager
def also(check: Checks, renamed: Mapping[str, str] = NOTHING) -> Iterator[None]:
    """Goes on after an action that is refused, and tells it with the rest; under the name that its input has in the
    request."""
    try:
        yield
    except Invalid as error:
        check.problems += [_under(problem, renamed) for problem in error.problems]


def _under(problem: Problem, renamed: Mapping[str, str]) -> Problem:
    if not problem.path:
        return problem
    first, *rest = problem.path
    return Problem(problem.code, (renamed.get(first, first), *rest), problem.params)
