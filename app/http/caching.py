"""Answers that a client may keep: they are asked for anew each time, and not sent again while they are the same."""

from collections.abc import Mapping
from hashlib import blake2b

from app.http.call import RawHeaders, raw

KEPT: Mapping[str, str] = {"cache-control": "private, no-cache"}
"""For the caller alone, who has to ask each time: what they may see can change at any moment."""


def etag_of(body: bytes, media_type: str) -> str:
    """Strong: the same bytes of the same type have the same one, in each process."""
    return f'"{blake2b(media_type.encode() + body, digest_size=16).hexdigest()}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the client has it, by its If-None-Match, which compares weakly."""
    if if_none_match.strip() == "*":
        return True
    return etag in (each.strip().removeprefix("W/") for each in if_none_match.split(","))


def revalidated(headers: RawHeaders, body: bytes, media_type: str, if_none_match: str) -> tuple[int, RawHeaders, bytes]:
    """Status, headers and body of an answer that may be kept."""
    etag = etag_of(body, media_type)
    headers = [header for header in headers if header[0] != b"cache-control"]
    headers += raw([*KEPT.items(), ("etag", etag)])
    if not is_known(etag, if_none_match):
        return 200, headers, body
    return 304, [header for header in headers if header[0] != b"content-type"], b""
