"""Issuers, real and standing in."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from app.identities.web import Reachable, Web
from tests.identities.browser import Browser
from tests.identities.real_provider import Provider, running
from tests.identities.stand_in import StandIn, StandIns, standing_in


@pytest.fixture(scope="session")
def real() -> Iterator[Provider]:
    """The certified provider; nobody is known to it but those whom a test makes known."""
    with running() as provider:
        yield provider


@pytest.fixture
async def browser(http: httpx.AsyncClient) -> AsyncIterator[Browser]:
    made = Browser(http)
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def stand_ins() -> AsyncIterator[StandIns]:
    async with standing_in() as made:
        yield made


@pytest.fixture
def stand_in(stand_ins: StandIns) -> StandIn:
    """An issuer of this test's own."""
    return stand_ins.new()


@pytest.fixture(scope="session")
async def web() -> AsyncIterator[Web]:
    made = Web(Reachable(loopback=True))
    yield made
    await made.close()
