"""API keys: how one is written, and what it proves."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from uuid import UUID
from zlib import crc32

import asyncpg
import orjson

from app.access.key_uses import KeyUses
from app.access.opaque import Opaque
from app.access.permissions import Permission, Reach
from app.access.proofs import Asking, Claims
from app.access.queries import KEY
from app.db.database import Database
from app.errors import Unauthenticated

KIND = "allround"
CHECKSUM = 6  # characters
MAPPED_BITS = 96  # of an IPv6 address before the IPv4 address in it (RFC 4291, 2.5.5.2)


class Keys:
    """Proves who a program is. A key is looked up each time that it is checked, so that a revoked one is refused in
    all processes."""

    def __init__(self, database: Database, uses: KeyUses) -> None:
        self._database, self._uses = database, uses

    def recognizes(self, credential: str) -> bool:
        return credential.startswith(f"{KIND}_")

    async def check(self, credential: str, asking: Asking) -> Claims:
        key = read_key(credential)
        if key is None:
            raise _refused()
        rows = await self._database.rows(key.organization_id, KEY, [key.organization_id, key.id])
        expires = _expires(key, rows[0]) if rows else None
        if expires is None or not admits(orjson.loads(rows[0]["networks"]), asking.address):
            raise _refused()
        self._uses.tell(key.organization_id, key.id, asking.address)
        ceiling = ceiling_in(orjson.loads(rows[0]["permissions"]))
        return Claims(key.organization_id, rows[0]["account_id"], expires.timestamp(), key_id=key.id, ceiling=ceiling)


def _expires(key: Opaque, row: asyncpg.Record) -> datetime | None:
    """When the secret ends to hold; None if it does not now."""
    expires: datetime = row["expires_at"]
    if key.proves(row["secret_hash"]):
        return expires
    previous: bytes | None = row["previous_secret_hash"]
    until: datetime = row["previous_until"]
    if previous is not None and until > datetime.now(UTC) and key.proves(previous):
        return min(expires, until)
    return None


def _refused() -> Unauthenticated:
    """Whatever it is: who has no key learns nothing of those that there are."""
    return Unauthenticated("The API key does not hold, or not from this network.")


# --- what is stored


def ceiling_in(stored: Mapping[str, str]) -> Mapping[Permission, Reach]:
    """How far each permission goes; what is a permission no more gives nothing."""
    known = {permission.value: permission for permission in Permission}
    return {known[name]: Reach[reach] for name, reach in stored.items() if name in known}


def network_in(text: str) -> str:
    """A network in CIDR notation, or an address, as it is stored. Raises ValueError for anything else, and for an
    address within a network where the network is meant."""
    network = ip_network(text)
    if isinstance(network, IPv6Network) and network.prefixlen >= MAPPED_BITS:
        within = network.network_address.ipv4_mapped
        if within is not None:
            return str(IPv4Network((within, network.prefixlen - MAPPED_BITS)))
    return str(network)


def admits(networks: Sequence[str], address: str | None) -> bool:
    """Whether an address is in one of the networks; any address is if there are none."""
    if not networks:
        return True
    found = _address(address)
    return found is not None and any(found in _network(text) for text in networks)


def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    """A server that listens on both sees IPv4 callers as IPv6 addresses."""
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    within = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return within or address


# --- how it is written


def new_key(organization_id: UUID, id_: UUID) -> Opaque:
    return Opaque.made(KIND, organization_id, id_)


def written_key(key: Opaque) -> str:
    """`allround_`, 86 characters and a checksum of 6: scanners find one that got out, and can tell that it is one."""
    return f"{key.text}{_checksum(key.text)}"


def read_key(text: str) -> Opaque | None:
    """None for what is not written as a key is, which nobody has to look up."""
    body, checksum = text[:-CHECKSUM], text[-CHECKSUM:]
    return Opaque.read(KIND, body) if checksum == _checksum(body) else None


def _checksum(text: str) -> str:
    return urlsafe_b64encode(crc32(text.encode()).to_bytes(4)).rstrip(b"=").decode()
