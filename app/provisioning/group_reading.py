"""Requests about groups, as they are understood. Members are not put into a resource to be patched there: a group can
have very many, and a request names few."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from scim2_models import (
    InvalidPathException,
    InvalidValueException,
    Path,
    PayloadTooLargeException,
)
from scim2_models.path import AttrPath, ValuePath

from app.provisioning.reading import merged, operations_of, patched, replacing
from app.provisioning.resources import Group

MOST_MEMBERS = 10_000
MEMBERS = AttrPath("members")


class Op(Enum):
    ADD = "add"
    REMOVE = "remove"
    SET = "replace"


@dataclass(frozen=True, slots=True)
class MemberChange:
    """Members to add, to remove, or to be the only ones. Without `ids` those are removed whom `selected` holds for, or
    all of them."""

    op: Op
    ids: tuple[UUID, ...] | None = None
    selected: ValuePath | None = None


def members_of(sent: Group) -> tuple[UUID, ...] | None:
    """Who is to be in it; None if nothing was said of that."""
    if "members" not in sent.model_fields_set:
        return None
    return _bounded(_ids(member.value for member in sent.members or ()))


def replaced_group(body: Mapping[str, Any], present: Group) -> tuple[Group, Sequence[MemberChange]]:
    """What the group is to be like, and who is to be in it."""
    asserted = replacing(Group, body)
    members = members_of(asserted)
    return merged(present, asserted), [] if members is None else [MemberChange(Op.SET, members)]


def patched_group(body: Mapping[str, Any], present: Group) -> tuple[Group, Sequence[MemberChange]]:
    """What the group is to be like, and what is done with its members, in order."""
    rest: list[dict[str, Any]] = []
    changes: list[MemberChange] = []
    for sent in operations_of(body):
        operation = {key.lower(): value for key, value in sent.items()}
        changes += _of_members(operation)
        if not _names_members(operation.get("path")):
            rest.append(operation)
    _bounded(id_ for change in changes for id_ in change.ids or ())
    return (patched(Group, {**body, "Operations": rest}, present) if rest else present), changes


def _of_members(operation: dict[str, Any]) -> Iterator[MemberChange]:
    """What an operation does with the members; the members are taken out of its value."""
    path, value = operation.get("path"), operation.get("value")
    if _names_members(path):
        yield _change(operation, Path[Group](path), value)
    elif not path and isinstance(value, dict):
        for key in [key for key in value if _names_members(key)]:
            yield _change(operation, Path[Group](key), value[key])
        operation["value"] = {key: item for key, item in value.items() if not _names_members(key)}


def _names_members(path: Any) -> bool:
    if not isinstance(path, str) or not path:
        return False
    binding = Path[Group](path).resolve()
    return binding is not None and binding.field_name == "members"


def _change(operation: Mapping[str, Any], path: Path[Group], value: Any) -> MemberChange:
    op, selected = _op(operation.get("op")), path.value_filter
    if len(path.parts) > 1 or (selected is not None and op is not Op.REMOVE):
        raise InvalidPathException(path=str(path), detail="Members are added and removed as a whole.")
    if selected is not None:
        return MemberChange(op, selected=ValuePath(MEMBERS, selected))
    if value is None and op is Op.REMOVE:
        return MemberChange(op)
    named = value if isinstance(value, list) else [] if value is None and op is Op.SET else [value]
    return MemberChange(op, tuple(_ids(map(_value_of, named))))


def _op(sent: Any) -> Op:
    try:
        return Op(str(sent).lower())
    except ValueError as error:
        raise InvalidValueException(detail=f"{sent!r} is not a PATCH operation: add, remove or replace") from error


def _value_of(member: Any) -> Any:
    if not isinstance(member, dict):
        raise InvalidValueException(detail="A member is an object with a 'value'.")
    return next((value for key, value in member.items() if key.lower() == "value"), None)


def _ids(values: Iterable[Any]) -> Iterator[UUID]:
    """Raises InvalidValueException for what is no id."""
    for value in values:
        try:
            yield UUID(str(value))
        except ValueError as error:
            raise InvalidValueException(detail=f"'members' names no user: {value}") from error


def _bounded(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Raises PayloadTooLargeException for more than are taken at once."""
    named = tuple(ids)
    if len(named) > MOST_MEMBERS:
        raise PayloadTooLargeException(detail=f"A request may name {MOST_MEMBERS} members.")
    return named
