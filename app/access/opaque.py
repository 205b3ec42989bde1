"""Opaque tokens: the row that one belongs to, and a secret of which only the hash is stored."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

SECRET_BYTES = 32
BYTES = 16 + 16 + SECRET_BYTES


@dataclass(frozen=True, slots=True)
class Opaque:
    """`kind` stands in front of the text, so that one sort of token is not taken for another, and so that scanners
    find those that got out."""

    kind: str
    organization_id: UUID
    id: UUID
    secret: bytes

    @classmethod
    def made(cls, kind: str, organization_id: UUID, id_: UUID) -> "Opaque":
        return cls(kind, organization_id, id_, token_bytes(SECRET_BYTES))

    @classmethod
    def read(cls, kind: str, text: str) -> "Opaque | None":
        """None for whatever is not written as such a token is."""
        try:
            content = urlsafe_b64decode(text.removeprefix(f"{kind}_") + "==")
        except (Error, ValueError):
            return None
        if len(content) != BYTES:
            return None
        read = cls(kind, UUID(bytes=content[:16]), UUID(bytes=content[16:32]), content[32:])
        return read if read.text == text else None

    @property
    def text(self) -> str:
        content = self.organization_id.bytes + self.id.bytes + self.secret
        return f"{self.kind}_{urlsafe_b64encode(content).rstrip(b'=').decode()}"

    @property
    def hash(self) -> bytes:
        """The secret has 256 bits of chance: there is nothing to guess that would have to be slowed down."""
        return sha256(self.secret).digest()

    def proves(self, stored: bytes) -> bool:
        """Whether it is the token whose hash was stored."""
        return hmac.compare_digest(self.hash, stored)
