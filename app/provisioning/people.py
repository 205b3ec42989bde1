"""Between a person as the organization has them and a user as a directory does: names, addresses, numbers, language."""

import unicodedata
from collections.abc import Mapping, Sequence

from app.messages import Locale
from app.provisioning.resources import MOBILE, WORK, Email, Name, Person
from app.stakeholders.contacts import Contact
from app.stakeholders.models import ContactKind, ContactPoint

CALLS = (ContactKind.PHONE, ContactKind.MOBILE)
KEPT = (ContactKind.EMAIL, *CALLS)
"""The kinds of contact points that a directory knows; the others stay as they are."""

JOB: Mapping[str, str] = {Locale.EN.value: "Employee", Locale.ZH_CN.value: "员工"}
"""What somebody works as of whom the directory does not say it, in the organization's language."""


def first_name_of(wanted: Person) -> str:
    """What somebody new is called."""
    return next(filter(None, (wanted.display_name, _formatted(wanted), composed(wanted.name), wanted.user_name)), "")


def name_of(wanted: Person, present: Person) -> str:
    """What somebody is called now. There is one name, which has two names here: the one that is changed counts. It
    follows its parts as long as it is made of them."""
    before = present.display_name or ""
    if wanted.display_name and wanted.display_name != before:
        return wanted.display_name
    if _formatted(wanted) and _formatted(wanted) != before:
        return _formatted(wanted)
    if before == composed(present.name):
        return composed(wanted.name) or before
    return before


def _formatted(user: Person) -> str:
    return (user.name and user.name.formatted) or ""


def composed(name: Name | None) -> str:
    """The parts in the order that they are said in: in Han characters the family's name comes first."""
    if name is None:
        return ""
    given, middle, family = (part or "" for part in parts_of(name))
    if any(unicodedata.name(character, "").startswith("CJK") for character in given + family):
        return f"{family}{middle}{given}"
    return " ".join(filter(None, (given, middle, family)))


def parts_of(name: Name | None) -> tuple[str | None, str | None, str | None]:
    """Given name, middle name and family name."""
    return (name.given_name or None, name.middle_name or None, name.family_name or None) if name else (None,) * 3


def work_email_of(user: Person) -> str | None:
    """The address that the organization knows somebody by: the one for work, or else one that is for nothing else."""
    main = _main(user)
    return main.value if main else None


def _main(user: Person) -> Email | None:
    given = [email for email in user.emails or () if email.value]
    return next((each for each in given if (each.type or "").lower() == WORK), None) or next(
        (each for each in given if not each.type), None
    )


def contacts_of(user: Person) -> list[Contact]:
    """The other addresses, and the numbers."""
    others = [email for email in user.emails or () if email.value and email is not _main(user)]
    numbers = [number for number in user.phone_numbers or () if number.value]
    return [
        *(Contact(ContactKind.EMAIL, str(email.value), email.type or None) for email in others),
        *(
            Contact(ContactKind.MOBILE, str(number.value))
            if (number.type or "").lower() == MOBILE
            else Contact(ContactKind.PHONE, str(number.value), number.type or None)
            for number in numbers
        ),
    ]


def with_the_rest(contacts: Sequence[Contact], present: Sequence[ContactPoint]) -> list[Contact]:
    """Contacts with all that the directory does not know: other ways to reach somebody, and what a mobile is for."""
    mobiles = [point for point in present if point.kind is ContactKind.MOBILE]
    labels: dict[tuple[ContactKind, str], str | None] = {(each.kind, each.value): each.label for each in mobiles}
    rest = [Contact(point.kind, point.value, point.label) for point in present if point.kind not in KEPT]
    known = [Contact(each.kind, each.value, each.label or labels.get((each.kind, each.value))) for each in contacts]
    return [*known, *rest]


def language_of(user: Person) -> Locale | None:
    """The language of messages that comes closest; None if none does."""
    wanted = _primary(user.preferred_language or "")
    return next((locale for locale in Locale if _primary(locale.value) == wanted), None)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
