"""Automatic persisted queries, by version 1 of Apollo's protocol: a query is sent whole once, then by its SHA-256.

They are kept in the memory of each process. That is enough, because a client that is told that a query is not known
sends it whole again; a table of them would be one that anybody could fill.
"""

from hashlib import sha256

from graphql import GraphQLError

from app.planner.kept import Kept

MOST_CHARACTERS = 4_000_000
NOT_FOUND = GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
NOT_SUPPORTED = GraphQLError("PersistedQueryNotSupported", extensions={"code": "PERSISTED_QUERY_NOT_SUPPORTED"})
"""Clients go by these words."""


class PersistedQueries:
    """Those that were asked for last, of so many characters together."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._kept: Kept[str] = Kept(most_characters, _weight)

    def __len__(self) -> int:
        return len(self._kept)

    def named(self, hash_: str) -> str | None:
        return self._kept.get(hash_)

    def keep(self, hash_: str, text: str) -> None:
        self._kept.put(hash_, text)


def _weight(text: str) -> int:
    """A short text takes room as well."""
    return 200 + len(text)


def is_hash_of(hash_: str, text: str) -> bool:
    return hash_ == sha256(text.encode()).hexdigest()
