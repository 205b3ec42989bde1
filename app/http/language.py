"""The language of a request: the viewer's preference, else the browser's, else the organization's."""

import re
from functools import lru_cache

from starlette.requests import HTTPConnection

from app.access.actor import Actor, Anonymous
from app.messages import Locale

LANGUAGES = tuple(locale.value for locale in Locale)
WEIGHT = r"[01](\.[0-9]{0,3})?"


def language_of(request: HTTPConnection, actor: Actor | Anonymous) -> str:
    return actor.locale or accepted(request.headers.get("accept-language", ""), actor.organization_locale)


@lru_cache(maxsize=1_000)
def accepted(header: str, otherwise: str = Locale.EN.value) -> str:
    """The best of our languages for an Accept-Language header; any Chinese is answered in zh-CN."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.replace(" ", "").partition(";q=")
        if not weight or re.fullmatch(WEIGHT, weight):
            wanted.append((float(weight or 1), tag.lower()))
    for _, tag in sorted((found for found in wanted if found[0] > 0), key=lambda found: -found[0]):
        for language in LANGUAGES:
            if tag.partition("-")[0] == language.partition("-")[0].lower():
                return language
    return otherwise
