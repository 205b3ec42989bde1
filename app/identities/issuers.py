"""What is known of issuers: their discovery documents and their public keys, fetched when needed and kept."""

from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from app.identities.kept import Kept, Lives
from app.identities.web import ProviderUnavailable, Reachable, Web

DISCOVERY = "/.well-known/openid-configuration"
METADATA_LIVES = Lives(fresh=3_600, stale=24 * 3_600, between=10)
KEYS_LIVES = Lives(fresh=600, stale=24 * 3_600, between=10)
KEPT_ISSUERS = 1_000
MOST_KEYS = 100
SMALLEST_RSA_BITS = 2_048
KEY_TYPES = frozenset({"RSA", "EC", "OKP"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is used of a discovery document (OpenID Connect Discovery 1.0, 3; RFC 9207)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    login_methods: tuple[str, ...]
    names_itself: bool


class Issuer:
    """One provider, by the exact text of its issuer."""

    def __init__(self, name: str, web: Web, now: Callable[[], float]) -> None:
        self.name = name
        self.web = web
        self._metadata = Kept(self._fetch_metadata, METADATA_LIVES, now)
        self._keys = Kept(self._fetch_keys, KEYS_LIVES, now)

    async def metadata(self) -> Metadata:
        """Raises ProviderUnavailable."""
        return await self._metadata.get()

    async def keys(self, kid: str | None) -> KeySet:
        """The keys, asked for anew if none has that id: it may have come into use since. Raises
        ProviderUnavailable."""
        keys = await self._keys.get()
        if kid is None or any(key.kid == kid for key in keys):
            return keys
        return await self._keys.again()

    async def _fetch_metadata(self) -> Metadata:
        document = await self.web.get(self.name.rstrip("/") + DISCOVERY)
        if document.get("issuer") != self.name:
            raise ProviderUnavailable(f"{self.name} says that it is {document.get('issuer')!r}.")
        return metadata_of(document, self.web.reachable)

    async def _fetch_keys(self) -> KeySet:
        return key_set(await self.web.get((await self.metadata()).jwks_uri))


class Issuers:
    """Issuers that somebody configured: nothing here is asked by a name that came with a request."""

    def __init__(self, web: Web, now: Callable[[], float] = monotonic) -> None:
        self.web = web
        self._now = now
        self._kept: OrderedDict[str, Issuer] = OrderedDict()

    def named(self, name: str) -> Issuer:
        issuer = self._kept.setdefault(name, Issuer(name, self.web, self._now))
        self._kept.move_to_end(name)
        if len(self._kept) > KEPT_ISSUERS:
            self._kept.popitem(last=False)
        return issuer

    async def close(self) -> None:
        await self.web.close()


def metadata_of(document: Mapping[str, Any], reachable: Reachable) -> Metadata:
    """Raises ProviderUnavailable for a document that lacks an endpoint, or has one that may not be asked."""

    def endpoint(name: str) -> str:
        url = document.get(name)
        if not isinstance(url, str) or not reachable.allows(url):
            raise ProviderUnavailable(f"The discovery document's {name} is {url!r}.")
        return url

    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        authorization_endpoint=endpoint("authorization_endpoint"),
        token_endpoint=endpoint("token_endpoint"),
        jwks_uri=endpoint("jwks_uri"),
        userinfo_endpoint=endpoint("userinfo_endpoint") if document.get("userinfo_endpoint") else None,
        login_methods=tuple(map(str, methods)) if isinstance(methods, list) else (),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def key_set(document: Mapping[str, Any]) -> KeySet:
    """The keys that may check signatures; others are passed over, as RFC 7517, 5, has it. Raises ProviderUnavailable
    for a document that is no key set."""
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise ProviderUnavailable("The key set has no keys.")
    return KeySet([key for each in keys[:MOST_KEYS] if (key := _key(each)) is not None])


def _key(described: Any) -> Key | None:
    """A key to check signatures with; None for one of another use or type, a weak one, or one that cannot be read."""
    if not isinstance(described, dict) or described.get("kty") not in KEY_TYPES or described.get("use", "sig") != "sig":
        return None
    if "d" in described or "verify" not in described.get("key_ops", ["verify"]):
        return None
    try:
        if described["kty"] == "RSA" and _bits(described["n"]) < SMALLEST_RSA_BITS:
            return None
        key = JWKRegistry.import_key(described)
        key.get_op_key("verify")
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key


def _bits(number: str) -> int:
    return int.from_bytes(urlsafe_b64decode(f"{number}==")).bit_length()
