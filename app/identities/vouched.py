"""What a provider vouches for, read from the claims that it makes of somebody."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.identities.models import IdentityProvider
from app.identities.tokens import Claims, claim_at

TRUE = (True, "true", 1, "1")
MOST_GROUPS = 1_000
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, 2
LONGEST_GROUP = 255
TOLD_ELSEWHERE = ("_claim_names", "hasgroups")  # how Entra ID says that there are too many groups for a token


class SignInRefusal(Enum):
    """Why nobody was signed in; told to the front end in lower case."""

    ACCESS_DENIED = "The provider let nobody sign in."
    PROVIDER_UNAVAILABLE = "The provider does not answer, or not as the standards have it."
    PROVIDER_REMOVED = "The provider was removed or stopped in the meantime."
    CODE_REFUSED = "The provider gave nothing for the code."
    TOKEN_REFUSED = "The provider's answer does not hold."  # noqa: S105 -- a reason
    GROUPS_NOT_TOLD = "The provider leaves the groups out because there are too many."
    NO_ACCOUNT = "Nobody here is linked to whoever signed in there."
    EMAIL_NOT_VERIFIED = "The provider does not vouch for the e-mail address."
    EMAIL_NOT_ALLOWED = "The e-mail address is of a domain that is not linked."
    ALREADY_LINKED = "The account with the e-mail address is linked to somebody else at the provider."
    ACCOUNT_CLOSED = "The account cannot sign in any more."


class NotSignedIn(Exception):
    """`detail` is for the log."""

    def __init__(self, reason: SignInRefusal, detail: str = "") -> None:
        super().__init__(f"{reason.name}: {detail or reason.value}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Vouched:
    """`email` is in lower case, and None unless the provider says that it was verified. `groups` are None where none
    are asked for."""

    subject: str
    email: str | None
    groups: frozenset[str] | None


def wanted_of(provider: IdentityProvider) -> list[str]:
    """The claims that signing in takes."""
    wanted = [provider.subject_claim]
    if provider.groups_claim is not None:
        wanted.append(provider.groups_claim)
    if provider.links_by_email:
        wanted += ["email", provider.email_verified_claim]
    return wanted


def vouched_by(provider: IdentityProvider, claims: Claims) -> Vouched:
    """Raises NotSignedIn for claims that name nobody, or that hold groups back."""
    subject = subject_in(claims, provider.subject_claim)
    if subject is None:
        raise NotSignedIn(SignInRefusal.TOKEN_REFUSED, f"It has no claim {provider.subject_claim!r}.")
    groups = None if provider.groups_claim is None else _groups(claims, provider.groups_claim)
    return Vouched(subject, _email(claims, provider.email_verified_claim), groups)


def subject_in(claims: Claims, name: str) -> str | None:
    subject = claims.get(name)
    formed = isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT and "\0" not in subject
    return subject if formed else None


def _email(claims: Claims, verified: str) -> str | None:
    email = claims.get("email")
    if not isinstance(email, str) or not email.isascii() or "\0" in email or not _is_true(claims.get(verified)):
        return None  # beyond ASCII, letters that look like others become them in lower case
    return email.lower()


def _is_true(value: Any) -> bool:
    return isinstance(value, bool | str | int) and value in TRUE


def _groups(claims: Claims, path: str) -> frozenset[str]:
    """No claim means no groups: providers leave it out then."""
    found = claim_at(claims, path)
    if found is None and any(sign in claims for sign in TOLD_ELSEWHERE):
        raise NotSignedIn(SignInRefusal.GROUPS_NOT_TOLD)
    named = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    groups = {group for group in named if _is_group(group)}
    if len(groups) > MOST_GROUPS:
        raise NotSignedIn(SignInRefusal.GROUPS_NOT_TOLD, f"There are {len(groups)}.")
    return frozenset(groups)


def _is_group(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_GROUP and "\0" not in name
