"""A browser, as far as signing in needs one: it follows redirects and keeps cookies."""

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from app.identities.openid import challenge_of
from tests.builders import PUBLIC_URL
from tests.identities.providers import RETURN_TO

REDIRECTS = 10


@dataclass(frozen=True)
class Returned:
    """Where it ended up, at the front end: `query` has the code, or what was wrong."""

    url: str
    query: dict[str, str]


class Browser:
    """`front` stands for a front end's own secret, the verifier of the challenge that it begins with."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.front = secrets.token_urlsafe(32)
        self.here = httpx.AsyncClient(transport=http._transport, base_url=PUBLIC_URL)
        self.outside = httpx.AsyncClient(trust_env=False)

    async def close(self) -> None:
        await self.outside.aclose()

    def beginning(self, organization: str, provider: str = "login", **query: str) -> str:
        asked = {"return_to": RETURN_TO, "challenge": challenge_of(self.front), **query}
        return f"/sign-in/{organization}/{provider}?{urlencode(asked)}"

    async def begin(self, organization: str, provider: str = "login", **query: str) -> str:
        """Where it is sent to sign in."""
        response = await self.here.get(self.beginning(organization, provider, **query))
        assert response.status_code == 302, response.text
        return response.headers["location"]

    async def sign_in(self, url: str, name: str, until: str = PUBLIC_URL) -> str:
        """Goes through the provider's login page, if it shows one; returns where the provider sends it back to.
        Without a name, the person cancels."""
        response = await self.outside.get(url)
        for _ in range(REDIRECTS):
            if response.is_redirect:
                target = str(httpx.URL(str(response.url)).join(response.headers["location"]))
                if target.startswith(until):
                    return target
                response = await self.outside.get(target)
            else:
                assert "<form" in response.text, response.text
                response = await self.outside.post(str(response.url), data={"login": name})
        raise AssertionError("It goes round in circles.")

    async def come_back(self, url: str) -> Returned:
        """The last step: from the provider by way of the callback to the front end."""
        response = await self.here.get(url)
        assert response.status_code == 302, response.text
        return returned(response.headers["location"])

    async def whole_way(self, organization: str, name: str, provider: str = "login") -> Returned:
        return await self.come_back(await self.sign_in(await self.begin(organization, provider), name))


def returned(url: str) -> Returned:
    parts = urlsplit(url)
    return Returned(parts._replace(query="").geturl(), dict(parse_qsl(parts.query)))
