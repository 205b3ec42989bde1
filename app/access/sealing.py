"""What is made of the secret key: keys for one purpose each, and texts that only this server can read."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

HEADER = {"alg": "dir", "enc": "A256GCM"}
BYTES = 32


class Unreadable(Exception):
    """A text that was not sealed here, or for another purpose, or with a secret key that is not known any more."""


def derived(secret: str, purpose: str, length: int = BYTES) -> bytes:
    """Key material for one purpose (HKDF with SHA-256, RFC 5869)."""
    return HKDF(SHA256(), length, salt=None, info=f"allround {purpose}".encode()).derive(secret.encode())


class Sealing:
    """Seals with the present secret key, and opens with the previous ones too (JWE, `dir` with A256GCM)."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = tuple(secrets)

    def seal(self, text: str, purpose: str) -> str:
        return jwe.encrypt_compact(HEADER, text.encode(), _key(self._secrets[0], purpose))

    def open(self, sealed: str, purpose: str) -> str:
        """Raises Unreadable."""
        for secret in self._secrets:
            try:
                content = jwe.decrypt_compact(sealed, _key(secret, purpose)).plaintext
            except (JoseError, ValueError):
                continue
            return (content or b"").decode()
        raise Unreadable


def _key(secret: str, purpose: str) -> OctKey:
    return OctKey.import_key({"kty": "oct", "k": _text(derived(secret, f"seal {purpose}"))})


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
