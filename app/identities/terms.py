"""What is agreed with an identity provider, and what has to hold of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from app.checks import Checks
from app.errors import ProblemCode
from app.identities.models import IdentityProvider
from app.identities.web import LONGEST_URL, LOOPBACK, Reachable

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60
SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749, 3.3
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")  # an app's, by a domain turned round: RFC 8252, 7.1
OPENID = "openid"
USUAL_SCOPES = (OPENID, "profile", "email")
MOST_SCOPES = 20
MOST_RETURN_URLS = 20
MOST_DOMAINS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What of a provider can be changed, its secret apart. None for a list is an empty one."""

    name: str | None
    slug: str | None
    active: bool | None = True
    client_id: str | None = None
    scopes: Sequence[str] | None = USUAL_SCOPES
    return_urls: Sequence[str] | None = ()
    groups_claim: str | None = None
    links_by_email: bool | None = False
    email_domains: Sequence[str] | None = ()
    email_verified_claim: str | None = "email_verified"
    audience: str | None = None

    @classmethod
    def of(cls, provider: IdentityProvider) -> "Terms":
        return cls(**{field.name: getattr(provider, field.name) for field in fields(cls)})

    def put_on(self, provider: IdentityProvider) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value != getattr(provider, field.name, None):
                setattr(provider, field.name, value)


def checked(check: Checks, terms: Terms, reachable: Reachable) -> Terms:
    """The terms without space around them and with lists in their usual form; problems go into `check`."""
    client_id = check.optional_name(terms.client_id, "clientId")
    audience = check.optional_name(terms.audience, "audience")
    check.unless(client_id is not None or audience is not None, ProblemCode.REQUIRED, "clientId")
    # An ID token has the client as its audience: where access tokens have the same, one could be passed as the other.
    check.unless(audience is None or audience != client_id, ProblemCode.INVALID_VALUE, "audience")
    for field in ("active", "links_by_email"):
        check.unless(getattr(terms, field) is not None, ProblemCode.REQUIRED, _camel(field))
    return replace(
        terms,
        name=check.name(terms.name or "", "name"),
        slug=_slug(check, terms.slug),
        client_id=client_id,
        scopes=_scopes(check, terms.scopes or ()),
        return_urls=_return_urls(check, terms.return_urls or (), reachable, needed=client_id is not None),
        groups_claim=check.optional_name(terms.groups_claim, "groupsClaim"),
        email_domains=_domains(check, terms.email_domains or ()),
        email_verified_claim=check.name(terms.email_verified_claim or "", "emailVerifiedClaim"),
        audience=audience,
    )


def check_issuer(check: Checks, issuer: str, reachable: Reachable) -> None:
    """An issuer is an https URL without a query (OpenID Connect Discovery 1.0, 2)."""
    check.unless(reachable.allows(issuer) and "?" not in issuer, ProblemCode.INVALID_VALUE, "issuer")


def _slug(check: Checks, slug: str | None) -> str:
    cleaned = (slug or "").strip()
    check.unless(cleaned != "", ProblemCode.REQUIRED, "slug")
    check.unless(not cleaned or SLUG.fullmatch(cleaned) is not None, ProblemCode.INVALID_VALUE, "slug")
    check.unless(len(cleaned) <= LONGEST_SLUG, ProblemCode.TOO_LONG, "slug", longest=LONGEST_SLUG)
    return cleaned


def _scopes(check: Checks, scopes: Sequence[str]) -> list[str]:
    made = list(dict.fromkeys((OPENID, *(scope.strip() for scope in scopes))))
    _check_all(check, "scopes", made[1:], MOST_SCOPES, lambda scope: SCOPE.fullmatch(scope) is not None)
    return made


def _return_urls(check: Checks, urls: Sequence[str], reachable: Reachable, *, needed: bool) -> list[str]:
    made = list(dict.fromkeys(url.strip() for url in urls))
    check.unless(bool(made) or not needed, ProblemCode.REQUIRED, "returnUrls")
    _check_all(check, "returnUrls", made, MOST_RETURN_URLS, lambda url: _returns(url, reachable))
    return made


def _returns(url: str, reachable: Reachable) -> bool:
    """Whether a browser may be sent there with a code: a page over https, one on the developer's own machine, or an
    app with a scheme of its own."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if "#" in url or not url.isascii() or not url.isprintable() or " " in url or len(url) > LONGEST_URL:
        return False
    if parts.scheme in {"https", "http"}:
        loopback = reachable.loopback and host in LOOPBACK
        return bool(host) and "@" not in parts.netloc and (parts.scheme == "https" or loopback)
    return OWN_SCHEME.fullmatch(parts.scheme) is not None


def _domains(check: Checks, domains: Sequence[str]) -> list[str]:
    made = list(dict.fromkeys(domain.strip().lower() for domain in domains))
    _check_all(check, "emailDomains", made, MOST_DOMAINS, lambda domain: DOMAIN.fullmatch(domain) is not None)
    return made


def _check_all(check: Checks, path: str, items: Sequence[str], most: int, holds: Any) -> None:
    if len(items) > most:
        check.refuse(ProblemCode.TOO_MANY_ROWS, path, most=most)
        return
    for place, item in enumerate(items):
        check.unless(holds(item), ProblemCode.INVALID_VALUE, path, str(place))


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
