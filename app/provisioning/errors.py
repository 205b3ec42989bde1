"""What is wrong with a request, as SCIM tells it (RFC 7644, 3.12)."""

from collections.abc import Sequence

from pydantic import ValidationError
from scim2_models import Error, SCIMException

from app.errors import (
    DeadlineExceeded,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    ProblemCode,
    Unauthenticated,
)
from app.messages import message

STATUSES = {Unauthenticated: 401, Forbidden: 403, NotFound: 404, DeadlineExceeded: 504}

UNIQUE = {ProblemCode.TAKEN, ProblemCode.ACCOUNT_EXISTS}

NAMES = {
    "id": "",
    "kind": "userType",
    "name": "displayName",
    "email": 'emails[type eq "work"].value',
    "contactPoints": "emails, phoneNumbers",
    "locale": "preferredLanguage",
    "place": "department",
    "place.departmentId": "department",
    "departmentId": "department",
    "place.managerId": "manager",
    "managerId": "manager",
    "place.title": "title",
}
"""Attributes by the paths of the inputs of actions."""


def told(error: ValidationError | SCIMException | DomainError, locale: str) -> Error:
    """What the protocol refuses is told in English, what the organization's rules refuse in the caller's language."""
    if isinstance(error, ValidationError):
        return _of_all(Error.from_validation_errors(error))
    if isinstance(error, SCIMException):
        return error.to_error()
    if isinstance(error, Invalid):
        return _refused(error.problems, locale)
    status = next((status for type_, status in STATUSES.items() if isinstance(error, type_)), 400)
    words = [message(problem, locale) for problem in error.problems] or [str(error)]
    return Error(status=status, detail=" ".join(words))


def _of_all(errors: Sequence[Error]) -> Error:
    """An answer has one kind of error; every detail is told."""
    words = " ".join(f"{str(error.detail).rstrip('.')}." for error in errors)
    return Error(status=errors[0].status, scim_type=errors[0].scim_type, detail=words)


def _refused(problems: Sequence[Problem], locale: str) -> Error:
    codes = {problem.code for problem in problems}
    words = " ".join(_words(problem, locale) for problem in problems)
    if codes & UNIQUE:
        return Error(status=409, scim_type="uniqueness", detail=words)
    if ProblemCode.LAST_ADMINISTRATOR in codes:
        return Error(status=409, detail=words)
    return Error(status=400, scim_type="invalidValue", detail=words)


def _words(problem: Problem, locale: str) -> str:
    name = _name_of(problem.path)
    return f"{name}: {message(problem, locale)}" if name else message(problem, locale)


def _name_of(path: Sequence[str]) -> str:
    """The attribute whose value it is, or that its rank and its part belong to."""
    for length in range(len(path), 0, -1):
        if (known := NAMES.get(".".join(path[:length]))) is not None:
            return known
    return ".".join(path)
