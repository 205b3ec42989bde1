"""What may be asked, and what may not. Without a database."""

import asyncio
import socket
from typing import Any

import pytest

from app.identities.web import ProviderUnavailable, Reachable, Web
from tests.identities.stand_in import StandIn

ANYWHERE = Reachable()
HERE = Reachable(loopback=True)


@pytest.mark.parametrize(
    "url", ["https://login.example", "https://login.example:8443/realms/acme?x=1", "https://[2001:db8::1]/keys"]
)
def test_https_is_asked(url: str) -> None:
    assert ANYWHERE.allows(url)
    assert HERE.allows(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:3000", "http://localhost/x", "http://[::1]:80/"])
def test_http_is_asked_of_this_machine_in_development_alone(url: str) -> None:
    assert HERE.allows(url)
    assert not ANYWHERE.allows(url)


NOT_ASKED = [
    "",
    "login.example",
    "http://login.example",
    "http://127.0.0.1.example",
    "ftp://login.example",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///keys",
    "https://user@login.example",
    "https://user:secret@login.example",
    "https://login.example/#keys",
    "https://login.example/ keys",
    "https://login.example/\nkeys",
    "https://lögin.example",
    "https://login.example:port",
    "https://login.example:99999",
    "https://[::1",
    "https://login.example/" + "x" * 1_000,
]


@pytest.mark.parametrize("url", NOT_ASKED)
async def test_nothing_else_is(web: Web, url: str) -> None:
    assert not ANYWHERE.allows(url)
    assert not HERE.allows(url)
    with pytest.raises(ProviderUnavailable):
        await web.get(url)


@pytest.fixture
async def resolving(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the addresses that they have; what is connected to is refused."""
    names: dict[str, list[str]] = {}

    async def getaddrinfo(host: Any, port: Any, **_: Any) -> list[Any]:
        found = names.get(host, [host])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    return names


PRIVATE = [
    ["127.0.0.1"],
    ["10.0.0.1"],
    ["172.16.5.4"],
    ["192.168.1.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["0.0.0.0"],
    ["224.0.0.1"],
    ["::1"],
    ["fe80::1"],
    ["fd00::1"],
    ["::ffff:10.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["fec0::1"],
    ["93.184.215.14", "10.0.0.1"],
    [],
]


@pytest.mark.parametrize("addresses", PRIVATE, ids=repr)
async def test_a_name_that_leads_into_a_private_network_is_not_asked(
    resolving: dict[str, list[str]], addresses: list[str]
) -> None:
    resolving["login.example"] = addresses
    asked = Web(ANYWHERE)
    with pytest.raises(ProviderUnavailable, match="not on the public network"):
        await asked.get("https://login.example/.well-known/openid-configuration")
    await asked.close()


async def test_this_machine_is_not_asked_in_production_over_https_either() -> None:
    asked = Web(ANYWHERE)
    for host in ("127.0.0.1", "localhost", "[::1]"):
        with pytest.raises(ProviderUnavailable, match="not on the public network"):
            await asked.get(f"https://{host}:9/")
    await asked.close()


async def test_a_name_is_resolved_once_and_connected_to_by_its_address(
    resolving: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a second answer of the name server cannot lead elsewhere."""
    connected: list[tuple[str, str]] = []

    async def connect(self: Any, request: Any) -> Any:
        connected.append((request.url.host.decode(), request.extensions["sni_hostname"]))
        raise OSError("Nobody is there.")

    monkeypatch.setattr("httpcore.AsyncConnectionPool.handle_async_request", connect)
    resolving["login.example"] = ["2606:2800:21f:cb07::1", "93.184.215.14"]
    resolving["six.example"] = ["2606:2800:21f:cb07::1"]
    asked = Web(ANYWHERE)
    for host in ("login.example", "six.example"):
        with pytest.raises(ProviderUnavailable):
            await asked.get(f"https://{host}/keys")
    await asked.close()
    assert connected == [
        ("93.184.215.14", "login.example"),
        ("2606:2800:21f:cb07::1", "six.example"),
    ]


async def test_private_networks_are_asked_where_it_is_set(resolving: dict[str, list[str]]) -> None:
    asked = Web(Reachable(private_networks=True))
    with pytest.raises(ProviderUnavailable, match="does not answer"):
        await asked.get("https://127.0.0.1:9/")
    await asked.close()


async def test_an_answer_that_takes_too_long_is_given_up(stand_in: StandIn) -> None:
    left = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        await writer.wait_closed()
        left.set()

    held = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = held.sockets[0].getsockname()[1]
    asked = Web(HERE, seconds=0.05)
    with pytest.raises(ProviderUnavailable, match="does not answer"):
        await asked.get(f"http://127.0.0.1:{port}/")
    await asked.close()
    await asyncio.wait_for(left.wait(), 5)
    held.close()
