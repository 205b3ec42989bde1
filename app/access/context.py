"""What a resolver has at hand while a request is answered."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor, Anonymous
from app.db.database import Database
from app.errors import Unauthenticated
from app.planner.plans import Plans


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`locale` is the language of messages: en or zh-CN."""

    actor: Actor | Anonymous
    plans: Plans
    store: Database
    locale: str
    request_id: str

    @property
    def signed_in(self) -> Actor:
        """Raises Unauthenticated if nobody is."""
        if isinstance(self.actor, Anonymous):
            raise Unauthenticated
        return self.actor

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.store.transaction(self.signed_in.organization_id)
