"""What a peer is: a server of its own on 127.0.0.1 that answers the same questions from the same tables."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.access.tokens import Tokens

POOL_SIZE = 8
LIMITS = {"DEFAULT": {"capacity": 1_000_000_000, "refill": 1_000_000_000}}  # counted as ever, and never used up
PUBLIC_URL = "http://bench.example"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the data is, whose it is, who asks, and what tokens are signed with."""

    database_url: str
    organization_id: UUID
    stakeholder_id: UUID
    secret: str
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Peer:
    """`prepare` is SQL that its owner would run once; `versions` are what it is made of."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    prepare: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def on_uvicorn(name: str, application: str, site: Site, port: int) -> Peer:
    """A peer in Python: one worker, as it would be served, with Allround's settings."""
    serving = ["--factory", "--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools"]
    quiet = ["--no-access-log", "--log-level", "warning", "--no-server-header"]
    environment = {
        "ALLROUND_DATABASE_URL": site.database_url,
        "ALLROUND_ENVIRONMENT": "production",
        "ALLROUND_LIMITS": json.dumps(LIMITS),
        "ALLROUND_POOL_SIZE": str(POOL_SIZE),
        "ALLROUND_PUBLIC_URL": PUBLIC_URL,
        "ALLROUND_SECRET_KEY": site.secret,
    }
    return Peer(name, [sys.executable, "-m", "uvicorn", application, *serving, *quiet], environment)
