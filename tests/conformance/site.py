"""A served Allround with the demonstration organization on a database of its own, and a token for each role."""

import asyncio
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

import httpx

import app.tables  # noqa: F401 -- whoever writes rows has to know all tables
from app.access.passwords import Passwords
from app.commands import on_database
from app.db.database import Database
from app.db.embedded import embedded_database
from app.db.migrate import migrate
from app.demo.loading import SLUG, load
from app.demo.sign_ins import PASSWORD
from app.settings import Settings
from bench.peers.peer import Peer
from bench.processes import free_port, running

ROOT = Path(__file__).parents[2]
ROLES = {
    "employee": "employee@demo.example",
    "manager": "manager@demo.example",
    "partner": "partner@demo.example",
    "administrator": "admin@demo.example",
}
SIGN_IN = """mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { ... on SignedIn { accessToken } ... on Rejected { problems { code message } } }
}"""


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    tokens: Mapping[str, str]

    @property
    def api(self) -> str:
        return f"{self.url}/graphql"


class Sites:
    """Serves on one database, as often and with what settings a part needs it."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self._folder = folder
        self._environment = {
            "ALLROUND_DATABASE_URL": database_url,
            "ALLROUND_DATA_DIR": str(folder),
            "ALLROUND_LOG_LEVEL": "error",
            "ALLROUND_SECRET_KEY": token_urlsafe(48),
            "ALLROUND_TOKEN_MINUTES": str(24 * 60),
        }

    @contextmanager
    def served(self, name: str, tokens: Mapping[str, str] | None = None, **settings: str) -> Iterator[Site]:
        """Ends the server with the block, and tells on standard error of bugs that it logged. Tokens of another one
        hold as well; without any, each role signs in."""
        port, log = free_port(), self._folder / f"{name}.log"
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
        with running(Peer(name, command, {**self._environment, **settings}), port, log):
            url = f"http://127.0.0.1:{port}"
            try:
                yield Site(url, tokens or {role: signed_in(url, email) for role, email in ROLES.items()})
            finally:
                _tell_bugs(log)


@contextmanager
def demonstration() -> Iterator[Sites]:
    """Everything is gone with the block."""
    with (
        tempfile.TemporaryDirectory(prefix="allround-conformance-") as made,
        embedded_database(Path(made)) as database_url,
    ):
        asyncio.run(migrate(database_url))
        asyncio.run(on_database(database_url, _load))
        yield Sites(database_url, Path(made))


async def _load(database: Database) -> None:
    passwords = Passwords(Settings())
    await load(database, await passwords.known_to_all(PASSWORD))
    passwords.close()


def signed_in(url: str, email: str) -> str:
    """An access token, by the mutation that any front end would use."""
    given = {"organization": SLUG, "email": email, "password": PASSWORD}
    asked = {"query": SIGN_IN, "variables": {"input": given}}
    answer = httpx.post(f"{url}/graphql", json=asked, timeout=30).json()
    token: str = answer["data"]["signIn"]["accessToken"]
    return token


def _tell_bugs(log: Path) -> None:
    bugs = [line for line in log.read_text().splitlines() if '"level": "error"' in line]
    if bugs:
        sys.stderr.write(f"{log.stem} logged {len(bugs)} errors, the first of which is\n{bugs[0]}\n")
