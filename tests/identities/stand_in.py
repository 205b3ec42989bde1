"""An issuer in this process, for what the certified provider cannot be brought to do. It keeps the documented contract,
except where a test says otherwise."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from time import time
from typing import Any, Literal
from urllib.parse import parse_qs

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

Fault = Literal["error", "redirect", "too large", "no json", "a list"]


class StandIn:
    """`claims` go into the ID token over those that are right; None leaves one out. `asked` are the paths that were
    asked for, in their order, and `forms` what came to the token endpoint. `faults` are by path."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = ECKey.generate_key("P-256", {"kid": "first", "use": "sig", "alg": "ES256"})
        self.published: list[dict[str, Any]] | None = None
        self.document: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.answer: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.id_token: str | None = None
        self.nonce = ""
        self.refuses_codes = False
        self.faults: dict[str, Fault] = {}
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str | None] = []

    def renew_key(self, kid: str = "second") -> None:
        self.key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})

    def token(self, claims: Mapping[str, Any], *, key: Key | None = None, **header: Any) -> str:
        """A token as it comes from here, whatever it says; it lasts an hour unless it says so. Spans count from now,
        and what is None is left out."""
        signing = key or self.key
        now = int(time())
        told = {"iss": self.issuer, "iat": now, "exp": now + 3600, **claims}
        said = {"alg": "ES256", "kid": signing.kid, "typ": "at+jwt", **header}
        return jwt.encode(
            {name: value for name, value in said.items() if value is not None},
            {name: _instant(value, now) for name, value in told.items() if value is not None},
            signing,
            registry=JWSRegistry(algorithms=[said["alg"]], strict_check_header=False),
        )

    def answered(self, path: str, content: dict[str, Any]) -> Response:
        self.asked.append(path)
        match self.faults.get(path):
            case "error":
                return JSONResponse({}, 503)
            case "redirect":
                return RedirectResponse(f"{self.issuer}/elsewhere")
            case "too large":
                return JSONResponse({**content, "padding": "x" * 600_000})
            case "no json":
                return Response("<html>", media_type="text/html")
            case "a list":
                return JSONResponse([content])
        return JSONResponse(content)

    async def discovery(self, _: Request) -> Response:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        paths = ("authorize", "token", "keys", "userinfo")
        endpoints = {name: f"{self.issuer}/{path}" for name, path in zip(names, paths, strict=True)}
        return self.answered("discovery", {"issuer": self.issuer, **endpoints, **self.document})

    async def keys(self, _: Request) -> Response:
        own = [self.key.as_dict(private=False)]
        return self.answered("keys", {"keys": own if self.published is None else self.published})

    async def redeem(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.forms.append(form)
        self.authorizations.append(request.headers.get("authorization"))
        if self.refuses_codes:
            self.asked.append("token")
            return JSONResponse({"error": "invalid_grant"}, 400)
        right = {"aud": "allround", "sub": "ada", "nonce": self.nonce, **self.claims}
        token = self.id_token or self.token(right, **{"typ": "JWT", **self.header})
        return self.answered(
            "token", {"id_token": token, "access_token": "access", "token_type": "Bearer", **self.answer}
        )

    async def people(self, request: Request) -> Response:
        self.authorizations.append(request.headers.get("authorization"))
        return self.answered("userinfo", {"sub": "ada", **self.userinfo})


def _instant(value: Any, now: int) -> Any:
    return now + int(value.total_seconds()) if isinstance(value, timedelta) else value


class StandIns:
    """Any number of issuers on one port, each under a path of its own."""

    def __init__(self) -> None:
        self.base = ""
        self._made: dict[str, StandIn] = {}

    def new(self) -> StandIn:
        name = f"issuer-{len(self._made)}"
        self._made[name] = StandIn(f"{self.base}/{name}")
        return self._made[name]

    def routed(self) -> Starlette:
        def one(answer: Callable[[StandIn, Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
            async def answered(request: Request) -> Response:
                return await answer(self._made[request.path_params["name"]], request)

            return answered

        return Starlette(
            routes=[
                Route("/{name}/.well-known/openid-configuration", one(StandIn.discovery)),
                Route("/{name}/keys", one(StandIn.keys)),
                Route("/{name}/token", one(StandIn.redeem), methods=["POST"]),
                Route("/{name}/userinfo", one(StandIn.people)),
            ]
        )


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIns]:
    """Issuers that listen on a free port of this machine."""
    made = StandIns()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        made.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(made.routed(), log_level="critical", lifespan="off"))
        server.capture_signals = nullcontext  # type: ignore[method-assign, assignment] # pytest's own stay in place
        running = asyncio.create_task(server.serve([listening]))
        yield made
        server.should_exit = True
        await running


def rsa_key(kid: str = "rsa") -> RSAKey:
    return RSAKey.import_key(_RSA, {"kid": kid, "use": "sig"})


_RSA = RSAKey.generate_key(2048).as_pem(private=True)  # one will do: it takes a while


def public(*keys: Key) -> list[dict[str, Any]]:
    return [dict(key) for key in KeySet(list(keys)).as_dict(private=False)["keys"]]
