"""Who sends a request: nobody, or the actor behind the credential of its Authorization header."""

from starlette.requests import HTTPConnection

from app.access.actor import Actor, Anonymous
from app.access.actors import Actors
from app.access.proofs import Asking
from app.errors import Unauthenticated
from app.http.reading import CHALLENGE, Refused, bearer_token
from app.planner.scalars import local_id

ACTING_FOR = "allround-acting-for"
ORGANIZATION = "allround-organization"


class Authentication:
    def __init__(self, actors: Actors) -> None:
        self._actors = actors

    async def of(self, request: HTTPConnection) -> Actor | Anonymous:
        """Raises Refused (401) for a credential that does not hold."""
        credential = bearer_token(request)
        if credential is None:
            return Anonymous()
        try:
            return await self._actors.of(credential, _asking(request))
        except Unauthenticated as error:
            raise Refused(401, error.code, str(error), CHALLENGE) from error


def _asking(request: HTTPConnection) -> Asking:
    acting_for = request.headers.get(ACTING_FOR)
    named = None if acting_for is None else local_id("Stakeholder")(acting_for)
    if acting_for is not None and named is None:
        raise Unauthenticated(f"'{ACTING_FOR}' is the global id of the stakeholder who delegated a role.")
    return Asking(address_of(request), request.headers.get(ORGANIZATION), named)


def address_of(request: HTTPConnection) -> str | None:
    """Where a request comes from, as far as the proxies that are trusted tell."""
    return request.client.host if request.client else None
