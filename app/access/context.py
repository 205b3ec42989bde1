"""What a resolver has at hand while a request is answered."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Anonymous
from app.access.services import Services
from app.db.database import Database, Driver
from app.errors import Unauthenticated
from app.planner.plans import Plans


@dataclass(frozen=True, slots=True)
class Origin:
    """The network address that a request comes from, and the program that sent it."""

    address: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`locale` is the language of messages: en or zh-CN."""

    actor: Actor | Anonymous
    plans: Plans
    store: Database
    locale: str
    request_id: str
    services: Services
    origin: Origin = Origin()

    @property
    def signed_in(self) -> Actor:
        """Raises Unauthenticated if nobody is."""
        if isinstance(self.actor, Anonymous):
            raise Unauthenticated
        return self.actor

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.store.transaction(self.signed_in.organization_id)

    def driver(self, begin: str) -> AbstractAsyncContextManager[Driver]:
        """A transaction without a session, for what is done so often that one would take most of the time."""
        return self.store.driver(self.signed_in.organization_id, begin)
