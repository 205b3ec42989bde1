"""What can go wrong and is nobody's bug. Anything else is one, and shows nothing but its request id.

DomainError
├── Invalid            input that breaks rules; every problem at once
├── Conflict           the row changed since it was read; carries the present version
├── NotFound           not there, or not to be seen: nobody can tell which
├── Forbidden          seen, but not allowed
├── Unauthenticated    nobody signed in, or the token does not hold
└── DeadlineExceeded   the database took longer than a request may
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum


class ProblemCode(Enum):
    """What is wrong with an input; the message says it in words."""

    ALREADY_ACTIVE = "ALREADY_ACTIVE"
    ALREADY_CLOSED = "ALREADY_CLOSED"
    ALREADY_DEACTIVATED = "ALREADY_DEACTIVATED"
    CONFLICT = "CONFLICT"
    CYCLE = "CYCLE"
    DATE_NOT_AFTER_START = "DATE_NOT_AFTER_START"
    DEPARTMENT_CLOSED = "DEPARTMENT_CLOSED"
    DEPARTMENT_NOT_EMPTY = "DEPARTMENT_NOT_EMPTY"
    EXTERNAL_IN_REPORTING_LINE = "EXTERNAL_IN_REPORTING_LINE"
    FORBIDDEN = "FORBIDDEN"
    HAS_REPORTS = "HAS_REPORTS"
    HEADS_DEPARTMENT = "HEADS_DEPARTMENT"
    HEAD_FROM_ELSEWHERE = "HEAD_FROM_ELSEWHERE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    INVALID_VALUE = "INVALID_VALUE"
    KIND_FIXED = "KIND_FIXED"
    NOT_ACTIVE = "NOT_ACTIVE"
    NOT_FOUND = "NOT_FOUND"
    NOT_FOR_EXTERNALS = "NOT_FOR_EXTERNALS"
    NOT_FOR_STAFF = "NOT_FOR_STAFF"
    NOT_STAFF = "NOT_STAFF"
    REQUIRED = "REQUIRED"
    SECOND_CURRENT_MEMBERSHIP = "SECOND_CURRENT_MEMBERSHIP"
    TAKEN = "TAKEN"
    TOO_LONG = "TOO_LONG"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where in the input (`path`), and what the message needs to say it (`params`)."""

    code: ProblemCode
    path: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)

    def below(self, *prefix: str) -> "Problem":
        return Problem(self.code, (*prefix, *self.path), self.params)


class DomainError(Exception):
    code = "BAD_USER_INPUT"

    @property
    def problems(self) -> Sequence[Problem]:
        return ()


class Invalid(DomainError):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code.value for problem in problems))
        self._problems = tuple(problems)

    @property
    def problems(self) -> Sequence[Problem]:
        return self._problems


class BadInput(DomainError):
    """An argument of a query that its converter refuses; says so in words, for there is no input to point into."""


class Conflict(DomainError):
    code = "CONFLICT"

    def __init__(self, version: int) -> None:
        super().__init__(f"The present version is {version}.")
        self.version = version

    @property
    def problems(self) -> Sequence[Problem]:
        return (Problem(ProblemCode.CONFLICT, ("expectedVersion",), {"version": str(self.version)}),)


class NotFound(DomainError):
    code = "NOT_FOUND"

    def __init__(self, *path: str) -> None:
        super().__init__("There is nothing here that you may see.")
        self.path = path

    @property
    def problems(self) -> Sequence[Problem]:
        return (Problem(ProblemCode.NOT_FOUND, self.path),)


class Forbidden(DomainError):
    code = "FORBIDDEN"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This takes the permission {permission}.")
        self.permission = permission

    @property
    def problems(self) -> Sequence[Problem]:
        return (Problem(ProblemCode.FORBIDDEN, (), {"permission": self.permission}),)


class Unauthenticated(DomainError):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in: this takes an access token.") -> None:
        super().__init__(message)


class DeadlineExceeded(DomainError):
    code = "TIMEOUT"

    def __init__(self) -> None:
        super().__init__("The answer took too long and was given up; ask for less.")
