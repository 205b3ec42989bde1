"""The demonstration organization in a database of its own, served over HTTP."""

from dataclasses import dataclass

import httpx

from app.access.accounts import access_token, account_of
from app.access.services import Services
from app.db.database import Database
from app.settings import Settings
from tests.builders import Caller


@dataclass(frozen=True)
class Demo:
    url: str
    database: Database
    settings: Settings
    http: httpx.AsyncClient

    async def caller(self, name: str) -> Caller:
        """Somebody who can sign in, by what stands before @demo.example."""
        organization_id, account_id = await account_of(self.url, f"{name}@demo.example", None)
        services = Services.made(self.settings)
        return Caller(self.http, await access_token(self.database, services, organization_id, account_id))
