"""The demonstration organization in a database of its own, somebody in every seat, and the count of cases."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from graphql import GraphQLSchema
from pydantic import SecretStr

from app.db.database import Database
from app.demo.loading import ORGANIZATION_ID
from app.settings import Settings
from app.stakeholders.models import Organization
from schema.root import build
from tests.builders import World
from tests.conftest import new_database, served
from tests.matrix.asking import Asking
from tests.matrix.ledger import TOLD, Ledger
from tests.matrix.organization import Signed, accompany, arrange, copy, seated
from tests.matrix.records import read_truth
from tests.matrix.seats import Seat
from tests.matrix.sight import Sight
from tests.matrix.truth import Truth


@dataclass
class Matrix:
    """Who asks, and what there is."""

    schema: GraphQLSchema
    truth: Truth
    signed: dict[Seat, Signed]
    url: str
    settings: Settings

    def sight(self, seat: Seat) -> Sight:
        account_id = self.signed[seat].account_id
        if account_id is None:
            return Sight(self.truth, seat, None, None)
        account = self.truth.rows["Account"][account_id]
        return Sight(self.truth, seat, account.columns["stakeholder_id"], account_id)

    def asking(self, seat: Seat, ledger: Ledger) -> Asking:
        return Asking(self.schema, self.signed[seat].asks(), self.sight(seat), ledger)


@pytest.fixture(scope="session")
async def matrix_url(server_url: str) -> AsyncIterator[str]:
    async with new_database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
async def matrix_settings(settings: Settings, matrix_url: str) -> Settings:
    return settings.model_copy(update={"database_url": SecretStr(matrix_url)})


@pytest.fixture(scope="session")
async def matrix_http(matrix_settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async for client in served(matrix_settings):
        yield client


@pytest.fixture(scope="session")
async def matrix(matrix_url: str, matrix_settings: Settings, matrix_http: httpx.AsyncClient) -> Matrix:
    database = Database(matrix_url)
    await database.open()
    world = World(database, matrix_http, Organization(id=ORGANIZATION_ID, slug="demo", name="Demo"))
    await arrange(matrix_url, world)
    signed = {each.seat: each for each in await seated(world)}
    await database.close()
    await accompany(matrix_url)
    await copy(matrix_url)
    schema: GraphQLSchema = build()._schema
    return Matrix(schema, await read_truth(matrix_url, ORGANIZATION_ID), signed, matrix_url, matrix_settings)


@asynccontextmanager
async def behind(matrix: Matrix, kind: type[Database]) -> AsyncIterator[httpx.AsyncClient]:
    """The application over another kind of database connection."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.main.Database", kind)
        async for client in served(matrix.settings):
            yield client


@pytest.fixture
def ledger(record_property: Callable[[str, object], None]) -> Iterator[Ledger]:
    """Counts the cases of one test, and tells them to whoever sums up, in whatever process that is."""
    own = Ledger()
    yield own
    record_property(TOLD, own.told())


def thorough_unless(lean: bool, *values: Any) -> Any:
    """A case that is tried each time, or by `make test-thorough` alone."""
    return values if lean else pytest.param(*values, marks=pytest.mark.thorough)


def name_of(part: object) -> str:
    """Of a way or a seat, for the name of a test."""
    return str(getattr(part, "__name__", part))
