"""A sign-in that was begun: what has to be known of it when the browser comes back from the provider.

It travels as the `state`, sealed, so that no server has to remember it; and it is of use only in the browser that began
it, which has a cookie to show.
"""

import secrets
from dataclasses import asdict, dataclass
from hmac import compare_digest
from time import time
from uuid import UUID

import orjson

from app.access.sealing import Sealing, Unreadable
from app.identities.openid import Attempt

PURPOSE = "sign-in state"
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Started:
    """`challenge` is the front end's own; `browser` is what the cookie named after `id` holds; `expires` is in
    seconds since 1970."""

    id: str
    organization_id: UUID
    provider_id: UUID
    return_to: str
    challenge: str
    nonce: str
    verifier: str
    browser: str
    expires: int

    @classmethod
    def now(cls, organization_id: UUID, provider_id: UUID, return_to: str, challenge: str) -> "Started":
        attempt = Attempt.new()
        return cls(
            id=secrets.token_hex(8),
            organization_id=organization_id,
            provider_id=provider_id,
            return_to=return_to,
            challenge=challenge,
            nonce=attempt.nonce,
            verifier=attempt.verifier,
            browser=secrets.token_urlsafe(32),
            expires=int(time()) + SECONDS,
        )

    @property
    def attempt(self) -> Attempt:
        return Attempt(self.nonce, self.verifier)

    def sealed(self, sealing: Sealing) -> str:
        return sealing.seal(orjson.dumps(asdict(self), default=str).decode(), PURPOSE)

    def is_of(self, browser: str | None) -> bool:
        """Whether it was begun in the browser that shows this, and not too long ago."""
        shown = (browser or "").encode(errors="replace")
        return compare_digest(shown, self.browser.encode()) and self.expires > time()


def opened(sealed: str, sealing: Sealing) -> Started | None:
    """None for what was not sealed here."""
    try:
        told = orjson.loads(sealing.open(sealed, PURPOSE))
    except Unreadable:
        return None
    ids = {name: UUID(told[name]) for name in ("organization_id", "provider_id")}
    return Started(**{**told, **ids})
