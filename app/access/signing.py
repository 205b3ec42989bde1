"""The keys that sign access tokens. They follow from the secret key and the time, so every process has the same ones,
none is stored, and a new one comes into use each 30 days; it is published 30 days before and after."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from time import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

from app.access.sealing import derived

ALGORITHM = "ES256"
EPOCH_SECONDS = 30 * 24 * 3600
ORDER_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
MATERIAL_BYTES = (
    48  # twice the security level more than the order has, so that the remainder is uniform (FIPS 186-5, A.2.1)
)


class UnknownKey(ValueError):
    """No key of that name is published now."""


class SigningKeys:
    """`secrets` are the present secret key and the previous ones, whose tokens still hold."""

    def __init__(self, secrets: Sequence[str], now: Callable[[], float] = time) -> None:
        self._secrets = tuple(secrets)
        self._now = now

    @property
    def present(self) -> ECKey:
        return _key(self._secrets[0], self._epoch)

    def named(self, kid: Any) -> ECKey:
        """Raises UnknownKey."""
        for key in self._published():
            if key.kid == kid:
                return key
        raise UnknownKey(kid)

    def public(self) -> dict[str, Any]:
        """The key set that others check tokens with (RFC 7517)."""
        return {"keys": [key.as_dict(private=False) for key in self._published()]}

    @property
    def _epoch(self) -> int:
        return int(self._now() // EPOCH_SECONDS)

    def _published(self) -> Iterator[ECKey]:
        epoch = self._epoch
        for secret in self._secrets:
            for each in (epoch, epoch - 1, epoch + 1):
                yield _key(secret, each)


@lru_cache(maxsize=64)
def _key(secret: str, epoch: int) -> ECKey:
    material = int.from_bytes(derived(secret, f"signing key {epoch}", MATERIAL_BYTES))
    private = ec.derive_private_key(1 + material % (ORDER_P256 - 1), ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = ECKey.import_key(pem).thumbprint()
    return ECKey.import_key(pem, {"kid": kid, "use": "sig", "alg": ALGORITHM})
