"""Media types, and which of ours a client would rather have."""

import re
from collections.abc import Mapping
from functools import lru_cache

RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"
WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")
KEPT = 256
"""Clients send few different headers; how they were read is kept for that many."""


@lru_cache(maxsize=KEPT)
def preferred(accept: str) -> str | None:
    """The media type of an answer for an Accept header; None if it admits none of ours. The draft's own has to be
    asked for by name, or to be all that is left: whoever takes anything gets plain JSON."""
    if not accept.strip():
        return JSON_TYPE
    ranges = _ranges(accept)
    weights = {type_: _weight(type_, ranges) for type_ in (JSON_TYPE, RESPONSE_TYPE)}
    best = max(weights.values())
    if best == 0:
        return None
    if RESPONSE_TYPE in ranges and weights[RESPONSE_TYPE] == best:
        return RESPONSE_TYPE
    return JSON_TYPE if weights[JSON_TYPE] == best else RESPONSE_TYPE


def _weight(type_: str, ranges: Mapping[str, float]) -> float:
    """The range that says most counts."""
    for range_ in (type_, "application/*", "*/*"):
        if range_ in ranges:
            return ranges[range_]
    return 0


def _ranges(accept: str) -> dict[str, float]:
    """Each range with its weight. One in another encoding than ours is none, and one without a proper weight."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        weight = parameter(part, "q") or "1"
        if WEIGHT.fullmatch(weight) and charset(part) in {"", "utf-8"}:
            found[bare(part)] = max(found.get(bare(part), 0), min(float(weight), 1))
    return found


def bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def charset(media_type: str) -> str:
    return parameter(media_type, "charset")


def parameter(media_type: str, name: str) -> str:
    """In lower case; empty if it is not there."""
    for each in media_type.split(";")[1:]:
        key, _, value = each.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"').lower()
    return ""
