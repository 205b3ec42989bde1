"""The pages of single sign-on: they lead a browser to the provider and back to the front end, and show nothing."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app.db.record import REQUEST_ID
from app.db.rows import new_id
from app.http.language import accepted
from app.identities.started import SECONDS, Started
from app.messages import Locale
from resolvers.single_sign_on import CALLBACK, NoSuchSignIn, SingleSignOn

BEGIN = "/sign-in/{organization}/{provider}"
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
NOT_THERE: Mapping[str, str] = {
    Locale.EN.value: "This sign-in is not known, or was left alone for too long. Go back and begin again.",
    Locale.ZH_CN.value: "此登录请求不存在或已超时，请返回后重新登录。",
}


def routes(single_sign_on: SingleSignOn, public_url: str) -> list[Route]:
    cookies = _Cookies(secure=public_url.startswith("https://"))

    async def begin(request: Request) -> Response:
        organization, provider = request.path_params["organization"], request.path_params["provider"]
        asked = request.query_params
        try:
            step = await single_sign_on.begin(
                organization, provider, asked.get("return_to"), asked.get("challenge", "")
            )
        except NoSuchSignIn:
            return _not_there(request)
        response = _sent_to(step.url)
        cookies.give(response, step.started)
        return response

    async def complete(request: Request) -> Response:
        try:
            started = single_sign_on.started(request.query_params, lambda id_: cookies.shown(request, id_))
        except NoSuchSignIn:
            return _not_there(request)
        response = _sent_to(await single_sign_on.complete(started, request.query_params))
        cookies.take(response, started)
        return response

    return [
        Route(CALLBACK, _told_apart(complete), methods=["GET"]),
        Route(BEGIN, _told_apart(begin), methods=["GET"]),
    ]


class _Cookies:
    """One for each sign-in that was begun. Over https their names keep other hosts of the domain from setting them."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def _name(self, id_: str) -> str:
        return f"{'__Host-' if self._secure else ''}allround-sign-in-{id_}"

    def give(self, response: Response, started: Started) -> None:
        response.set_cookie(self._name(started.id), started.browser, max_age=SECONDS, **self._given())

    def take(self, response: Response, started: Started) -> None:
        response.delete_cookie(self._name(started.id), **self._given())

    def shown(self, request: Request, id_: str) -> str | None:
        return request.cookies.get(self._name(id_))

    def _given(self) -> dict[str, Any]:
        return {"path": "/", "secure": self._secure, "httponly": True, "samesite": "lax"}


def _told_apart(answer: Any) -> Any:
    """Gives each request an id, which the audit trail names."""

    async def answered(request: Request) -> Response:
        request_id = new_id().hex
        REQUEST_ID.set(request_id)
        response: Response = await answer(request)
        response.headers["x-request-id"] = request_id
        return response

    return answered


def _sent_to(url: str) -> Response:
    return RedirectResponse(url, 302, HEADERS)


def _not_there(request: Request) -> Response:
    language = accepted(request.headers.get("accept-language", ""))
    return PlainTextResponse(NOT_THERE[language], 400, HEADERS)
