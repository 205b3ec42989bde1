"""Makes sure that all peers answer the same before anything is measured: values, and what they keep from the caller.

Each writes ids and lists in its own way; `plain` takes those ways off.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID


class Disagreement(Exception):
    """A peer answered something else than the first one, or with errors, or too little."""


def plain(body: bytes) -> Any:
    """What an answer says: without the envelope, lists without pages, ids as they are in the database."""
    answer = json.loads(body)
    match answer:
        case {"data": {**data}}:
            (answer,) = data.values()
        case {"errors": errors}:
            raise Disagreement(f"An answer without data: {errors}")
    return _plain(answer)


def _plain(value: Any) -> Any:
    match value:
        case {"nodes": [*items], **rest} if not rest:
            return [_plain(item) for item in items]
        case dict():
            return {key: _row_id(item) if key == "id" else _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
    return value


def _row_id(text: str) -> str:
    """The UUID in an id: as it is, behind Allround's `Type:`, or in PostGraphile's JSON of type and key."""
    try:
        return str(UUID(text))
    except ValueError:
        pass
    try:
        decoded = base64.b64decode(text, validate=True).decode()
        return str(UUID(json.loads(decoded)[-1] if decoded.startswith("[") else decoded.rpartition(":")[2]))
    except (ValueError, binascii.Error) as error:
        raise Disagreement(f"{text!r} is no id.") from error


def count_values(value: Any) -> int:
    match value:
        case dict():
            return sum(map(count_values, value.values()))
        case list():
            return sum(map(count_values, value))
    return 1


def refuse_disagreement(question: str, answers: Mapping[str, bytes], least_values: int) -> Any:
    """What all say. Raises Disagreement unless they say the same, and enough."""
    said = {peer: plain(body) for peer, body in answers.items()}
    (first, common), *others = said.items()
    if count_values(common) < least_values:
        raise Disagreement(f"{question}: {first} answers {count_values(common)} values, fewer than {least_values}.")
    for peer, own in others:
        if own != common:
            raise Disagreement(f"{question}: {peer} and {first} differ {_difference(own, common)}.")
    return common


def _difference(one: Any, other: Any, place: str = "at the top") -> str:
    """Where two answers differ first."""
    pairs: list[tuple[Any, Any, Any]] = []
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(key, one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(number, *pair) for number, pair in enumerate(zip(one, other, strict=True))]
    for key, left, right in pairs:
        if left != right:
            return _difference(left, right, f"{place}, {key}")
    return f"{place}: {json.dumps(one)[:200]} and {json.dumps(other)[:200]}"
