from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent
_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_NOSNIFF = {"x-content-type-options": "nosniff"}
_POLICY = "; ".join(
    [
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
    ]
)
_PAGE = (_FOLDER / "console.html").read_bytes()
_PAGE_HEADERS = {
    **_NOSNIFF,
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "vary": "accept",
}


def page() -> Response:
    return Response(_PAGE, media_type="text/html", headers=_PAGE_HEADERS)


def _asset(file: Path) -> Route:
    content = file.read_bytes()
    etag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    # Asked for anew each time: modules of two versions must never meet in one page.
    headers = {**_NOSNIFF, "etag": etag, "cache-control": "no-cache"}
    media_type = _MEDIA_TYPES[file.suffix]

    async def serve(request: Request) -> Response:
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media_type, headers=headers)

    return Route(f"/graphql/console/{file.name}", serve, methods=["GET"])


assets = [_asset(file) for file in sorted(_FOLDER.iterdir()) if file.suffix in _MEDIA_TYPES]
