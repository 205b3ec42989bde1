"""The application as those see it who sign in: each test comes from a network address of its own, because failures are
counted for the address as well."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.access.services import Services
from app.db.database import Database
from app.main import create_app
from app.settings import Settings
from tests.access.signing_in import Mailbox, home_at, new_address
from tests.builders import World


@pytest.fixture(scope="session")
def quick(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Hashing costs next to nothing, and a refusal is not waited for."""
    folder = tmp_path_factory.mktemp("signing-in")
    return settings.model_copy(update={"password_memory_kib": 8, "refusal_milliseconds": 1, "data_dir": folder})


@pytest.fixture(scope="session")
def services(quick: Settings) -> Services:
    return Services.made(quick)


@pytest.fixture(scope="session")
async def app(quick: Settings) -> AsyncIterator[Starlette]:
    made = create_app(quick)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
def address() -> str:
    return new_address()


@pytest.fixture
async def world(database: Database, app: Starlette, address: str) -> AsyncIterator[World]:
    """An organization of this test's own, seen from an address of its own."""
    async with home_at(database, app, address) as made:
        yield made


@pytest.fixture
def mailbox(quick: Settings) -> Mailbox:
    return Mailbox(Path(quick.data_dir) / "mail")
