"""What can go wrong and is nobody's bug. Anything else is one, and shows nothing but its request id.

DomainError
├── Invalid            input that breaks rules; every problem at once
├── Conflict           the row changed since it was read; carries the present version
├── NotFound           not there, or not to be seen: nobody can tell which
│   └── OutOfSight     what was just changed by somebody who may see it no more
├── Forbidden          seen, but not allowed
├── Unauthenticated    nobody signed in, or the token does not hold
├── Overwhelmed        more happened than a listener took in
└── DeadlineExceeded   the database took longer than a request may
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum


class ProblemCode(Enum):
    """What is wrong with an input; the message says it in words."""

    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ACCOUNT_EXISTS = "ACCOUNT_EXISTS"
    ACCOUNT_OPEN = "ACCOUNT_OPEN"
    ALIGNMENT_ASKED = "ALIGNMENT_ASKED"
    ALIGNMENT_DECIDED = "ALIGNMENT_DECIDED"
    AGREEMENT_ACCEPTED = "AGREEMENT_ACCEPTED"
    AGREEMENT_OPEN = "AGREEMENT_OPEN"
    AGREEMENT_OVER = "AGREEMENT_OVER"
    ALREADY_ACTIVE = "ALREADY_ACTIVE"
    ALREADY_ALIGNED = "ALREADY_ALIGNED"
    ALREADY_CLOSED = "ALREADY_CLOSED"
    ALREADY_CORRECTED = "ALREADY_CORRECTED"
    ALREADY_DEACTIVATED = "ALREADY_DEACTIVATED"
    ALREADY_GRANTED = "ALREADY_GRANTED"
    AUTHENTICATOR_MISSING = "AUTHENTICATOR_MISSING"
    AUTHENTICATOR_PRESENT = "AUTHENTICATOR_PRESENT"
    BEYOND_OWN_RIGHTS = "BEYOND_OWN_RIGHTS"
    CHECKED_IN = "CHECKED_IN"
    CONFLICT = "CONFLICT"
    CYCLE = "CYCLE"
    DATE_NOT_AFTER_START = "DATE_NOT_AFTER_START"
    DATE_TOO_LATE = "DATE_TOO_LATE"
    DECIDED = "DECIDED"
    DEPARTMENT_CLOSED = "DEPARTMENT_CLOSED"
    DEPARTMENT_NOT_EMPTY = "DEPARTMENT_NOT_EMPTY"
    ERASED = "ERASED"
    EXTERNAL_IN_REPORTING_LINE = "EXTERNAL_IN_REPORTING_LINE"
    FED_BY_GOALS = "FED_BY_GOALS"
    FED_BY_KEY_RESULTS = "FED_BY_KEY_RESULTS"
    FORBIDDEN = "FORBIDDEN"
    GOALS_OPEN_BELOW = "GOALS_OPEN_BELOW"
    GOAL_ABOVE_OVER = "GOAL_ABOVE_OVER"
    GOAL_ACTIVE = "GOAL_ACTIVE"
    GOAL_ARCHIVED = "GOAL_ARCHIVED"
    GOAL_NOT_ACTIVE = "GOAL_NOT_ACTIVE"
    GOAL_NOT_DRAFT = "GOAL_NOT_DRAFT"
    GOAL_NOT_JOINT = "GOAL_NOT_JOINT"
    GOAL_NOT_OVER = "GOAL_NOT_OVER"
    GOAL_NOT_PROPOSED = "GOAL_NOT_PROPOSED"
    GOAL_OVER = "GOAL_OVER"
    GRANT_OVER = "GRANT_OVER"
    HAS_REPORTS = "HAS_REPORTS"
    HEADS_DEPARTMENT = "HEADS_DEPARTMENT"
    HEAD_FROM_ELSEWHERE = "HEAD_FROM_ELSEWHERE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    INVALID_VALUE = "INVALID_VALUE"
    KEY_OVER = "KEY_OVER"
    KIND_FIXED = "KIND_FIXED"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR"
    LENT = "LENT"
    LINK_SPENT = "LINK_SPENT"
    MANAGED_BY_GROUP = "MANAGED_BY_GROUP"
    NEGATIVE_WEIGHT = "NEGATIVE_WEIGHT"
    NOT_ACTIVE = "NOT_ACTIVE"
    NOT_AGREED = "NOT_AGREED"
    NOT_A_PARTNER = "NOT_A_PARTNER"
    NOT_DELEGABLE = "NOT_DELEGABLE"
    NOT_FOR_EXTERNALS = "NOT_FOR_EXTERNALS"
    NOT_FOR_KEYS = "NOT_FOR_KEYS"
    NOT_FOR_STAFF = "NOT_FOR_STAFF"
    NOT_FOUND = "NOT_FOUND"
    NOT_STAFF = "NOT_STAFF"
    NOTHING_TO_CONFIRM = "NOTHING_TO_CONFIRM"
    NO_ACCOUNT = "NO_ACCOUNT"
    NO_WEIGHT = "NO_WEIGHT"
    ONESELF = "ONESELF"
    ONE_LIMIT_ONLY = "ONE_LIMIT_ONLY"
    ONE_TIME_PASSWORD_WRONG = "ONE_TIME_PASSWORD_WRONG"  # noqa: S105 -- what is wrong with one
    ONLY_FOR_METRICS = "ONLY_FOR_METRICS"
    ONLY_FOR_MILESTONES = "ONLY_FOR_MILESTONES"
    OUTSIDE_GRANT = "OUTSIDE_GRANT"
    OUTSIDE_PERIOD = "OUTSIDE_PERIOD"
    OWNER_NOT_FOR_LEVEL = "OWNER_NOT_FOR_LEVEL"
    OWN_SIDE = "OWN_SIDE"
    PARENT_OF_OTHER_PERIOD = "PARENT_OF_OTHER_PERIOD"
    PASSWORD_COMMON = "PASSWORD_COMMON"  # noqa: S105 -- what is wrong with one
    PASSWORD_MISSING = "PASSWORD_MISSING"  # noqa: S105 -- what is wrong with one
    PASSWORD_PERSONAL = "PASSWORD_PERSONAL"  # noqa: S105 -- what is wrong with one
    PASSWORD_PRESENT = "PASSWORD_PRESENT"  # noqa: S105 -- what is wrong with one
    PASSWORD_TOO_SHORT = "PASSWORD_TOO_SHORT"  # noqa: S105 -- what is wrong with one
    PASSWORD_WRONG = "PASSWORD_WRONG"  # noqa: S105 -- what is wrong with one
    REQUIRED = "REQUIRED"
    ROLE_NOT_FOR_KIND = "ROLE_NOT_FOR_KIND"
    SECOND_CURRENT_MEMBERSHIP = "SECOND_CURRENT_MEMBERSHIP"
    SECOND_FACTOR_REQUIRED = "SECOND_FACTOR_REQUIRED"
    SESSION_OVER = "SESSION_OVER"
    SHARES_NOT_100 = "SHARES_NOT_100"
    SIGN_IN_CODE_SPENT = "SIGN_IN_CODE_SPENT"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    START_IS_TARGET = "START_IS_TARGET"
    STILL_ACTIVE = "STILL_ACTIVE"
    TAKEN = "TAKEN"
    TEMPLATE_RETIRED = "TEMPLATE_RETIRED"
    THROTTLED = "THROTTLED"
    TOO_LONG = "TOO_LONG"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    TO_ONESELF = "TO_ONESELF"


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


class OutOfSight(NotFound):
    """What a mutation changed, and whoever changed it may see no more."""

    def __init__(self) -> None:
        super().__init__()
        self.args = ("It was done; what was changed is out of your sight now.",)


class Forbidden(DomainError):
    code = "FORBIDDEN"

    def __init__(self, permission: str, *path: str) -> None:
        super().__init__(f"This takes the permission {permission}.")
        self.permission, self.path = permission, path

    @property
    def problems(self) -> Sequence[Problem]:
        return (Problem(ProblemCode.FORBIDDEN, self.path, {"permission": self.permission}),)


class Unauthenticated(DomainError):
    code = "UNAUTHENTICATED"

    def __init__(self, message: str = "Sign in: this takes an access token.") -> None:
        super().__init__(message)


class Overwhelmed(DomainError):
    code = "LIMIT_EXCEEDED"

    def __init__(self) -> None:
        super().__init__("More happened than was taken in: subscribe again.")


class DeadlineExceeded(DomainError):
    code = "TIMEOUT"

    def __init__(self) -> None:
        super().__init__("The answer took too long and was given up; ask for less.")
