"""Asks identity providers over HTTP: bounded in time and size, following no redirect, and reaching only addresses that
it may.

Who configures a provider decides which URL a server of ours opens. So unless it is set otherwise, names are resolved
here and only public addresses are connected to: a provider cannot be used to look into the network that we stand in.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from app.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LOOPBACK_PATTERNS = ("all://127.0.0.1", "all://localhost", "all://[::1]")
SECONDS = 5.0
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
LARGEST_BYTES = 512 * 1024
LONGEST_URL = 1_000
HEADERS = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "allround"}


class ProviderUnavailable(Exception):
    """A provider that does not answer, or not as the standards have it; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reachable:
    """`loopback` lets plain HTTP to this machine through, for development. `private_networks` drops the check of
    addresses, and with it lets proxies of the environment be used."""

    loopback: bool = False
    private_networks: bool = False

    @classmethod
    def by(cls, settings: Settings) -> "Reachable":
        return cls(settings.environment == "development", settings.private_providers)

    def allows(self, url: str) -> bool:
        """Whether a URL has a form that may be asked: https without credentials and without a fragment."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            return False
        formed = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
        if not formed or not host or "#" in url or "@" in parts.netloc:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and self.loopback and host in LOOPBACK)


class Web:
    def __init__(self, reachable: Reachable, seconds: float = SECONDS) -> None:
        self.reachable = reachable
        self._seconds = seconds
        trusted = httpx.create_ssl_context()  # made once: it reads all certificate authorities
        own = httpx.AsyncHTTPTransport(verify=trusted)
        self._client = httpx.AsyncClient(
            transport=None if reachable.private_networks else _PublicOnly(trusted),
            mounts=dict.fromkeys(LOOPBACK_PATTERNS if reachable.loopback else (), own),
            verify=trusted,
            headers=HEADERS,
            timeout=seconds,
            follow_redirects=False,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def get(self, url: str, *, bearer: str | None = None) -> Mapping[str, Any]:
        """The JSON object at a URL. Raises ProviderUnavailable."""
        headers = {} if bearer is None else {"authorization": f"Bearer {bearer}"}
        answer = await self._send(self._client.build_request("GET", self._checked(url), headers=headers))
        if answer.status != httpx.codes.OK:
            raise ProviderUnavailable(f"{url} answered {answer.status}.")
        return answer.content

    async def post(self, url: str, form: Mapping[str, str], login: tuple[str, str] | None) -> Answer:
        """What a form is answered with, whatever the status below 500. Raises ProviderUnavailable."""
        request = self._client.build_request("POST", self._checked(url), data=form)
        if login is not None:
            request = next(httpx.BasicAuth(*login).auth_flow(request))
        return await self._send(request)

    def _checked(self, url: str) -> str:
        if not self.reachable.allows(url):
            raise ProviderUnavailable(f"{url} is not asked: it is no https URL.")
        return url

    async def _send(self, request: httpx.Request) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._client.send(request, stream=True)
                try:
                    content = await _bounded(response)
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise ProviderUnavailable(f"{request.url} does not answer: {error!r}.") from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise ProviderUnavailable(f"{request.url} answered {response.status_code}.")
        return Answer(response.status_code, _object(content, str(request.url)))


async def _bounded(response: httpx.Response) -> bytes:
    content = bytearray()
    async for part in response.aiter_raw():
        content += part
        if len(content) > LARGEST_BYTES:
            raise ProviderUnavailable(f"{response.url} answers with more than {LARGEST_BYTES} bytes.")
    return bytes(content)


def _object(content: bytes, url: str) -> Mapping[str, Any]:
    try:
        made = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ProviderUnavailable(f"{url} does not answer with JSON.") from error
    if not isinstance(made, dict):
        raise ProviderUnavailable(f"{url} does not answer with a JSON object.")
    return made


class _PublicOnly(httpx.AsyncBaseTransport):
    """Resolves a name once, checks every address it has, and connects to one of those; certificates are still checked
    against the name. No connection is kept, because another name may have the same address."""

    def __init__(self, trusted: ssl.SSLContext) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=trusted, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=await _public_address(host, request.url.port or 443))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _public_address(host: str, port: int) -> str:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(_is_public, addresses)):
        raise ProviderUnavailable(f"{host} is not asked: it is not on the public network.")
    return _preferred(addresses)


def _preferred(addresses: Sequence[str]) -> str:
    """IPv4 where there is one: a machine without IPv6 still gets IPv6 addresses told."""
    return next((address for address in addresses if ":" not in address), addresses[0])


def _is_public(address: str) -> bool:
    """Whether an address is on the public network, and the IPv4 address that it may stand for as well."""
    parsed = ipaddress.ip_address(address)
    meant: list[ipaddress.IPv4Address | ipaddress.IPv6Address]
    meant = [parsed] if parsed.version == 4 else [*_within(parsed)] or [parsed]
    return all(each.is_global and not each.is_multicast and not getattr(each, "is_site_local", False) for each in meant)


def _within(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to: by NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380)."""
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address in NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
