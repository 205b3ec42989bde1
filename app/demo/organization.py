"""The demonstration organization: a maker of battery storage with offices in Shanghai and Manchester.

It is the same every time. Every address ends in `.example` and no telephone number in it can ring: the British
ones are from the ranges that are kept for fiction, and the Chinese ones begin with 1440, which belongs to
machines and has 13 digits there, not 11.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from app.demo.history import joined_on
from app.demo.names import Name, chinese_names, international_names
from app.demo.posts import REFERENCE_DAY, Post, chance, monday_between, posts
from app.demo.sign_ins import SIGN_INS
from app.demo.structure import Firm, Site, firms, jobs, units
from app.messages import Locale
from app.rosters.entries import ContactEntry, DepartmentEntry, PersonEntry, PositionEntry, Roster
from app.stakeholders.models import ContactKind, StakeholderKind

_FIRST_EXTERNAL_ON = date(2016, 9, 5)

_SIGN_IN_EMAILS = {sign_in.stakeholder_key: sign_in.email for sign_in in SIGN_INS}

Names = Mapping[Locale, Iterator[Name]]


def roster() -> Roster:
    names = {Locale.EN: international_names(), Locale.ZH_CN: chinese_names()}
    return Roster(
        departments=tuple(DepartmentEntry(unit.key, unit.name, unit.above, head=f"{unit.key}-01") for unit in units()),
        positions=tuple(
            PositionEntry(job.key, job.titles[Locale.EN], job.level, job.duties) for job in jobs().values()
        ),
        people=(*_staff(names), *_externals(names)),
    )


def _staff(names: Names) -> Iterator[PersonEntry]:
    for number, post in enumerate(posts().values()):
        name = next(names[post.locale])
        yield PersonEntry(
            key=post.key,
            kind=StakeholderKind.MANAGER if post.leads else StakeholderKind.EMPLOYEE,
            name=name.full,
            email=_email(post.key, name, "demo.example"),
            contacts=tuple(_staff_contacts(post, name, number)),
            locale=_preference(post.locale),
            joined_on=joined_on(post.key),
            department=post.department,
            position=post.position,
            manager=post.manager,
            title=post.title,
            starts_on=post.starts_on,
        )


def _externals(names: Names) -> Iterator[PersonEntry]:
    numbers: Counter[StakeholderKind] = Counter()
    for firm in firms():
        for _ in range(firm.people):
            numbers[firm.kind] += 1
            key = f"{firm.kind.name.lower()}-{numbers[firm.kind]:02}"
            yield _external(firm, key, next(names[firm.locale]), numbers.total())


def _external(firm: Firm, key: str, name: Name, number: int) -> PersonEntry:
    return PersonEntry(
        key=key,
        kind=firm.kind,
        name=name.full,
        email=_email(key, name, firm.domain),
        contacts=(_external_phone(firm, key, number), ContactEntry(ContactKind.WEBSITE, f"https://www.{firm.domain}")),
        company=firm.name,
        locale=_preference(firm.locale),
        joined_on=monday_between(_FIRST_EXTERNAL_ON, REFERENCE_DAY, key),
    )


def _email(key: str, name: Name, domain: str) -> str:
    return _SIGN_IN_EMAILS.get(key, f"{name.mailbox}@{domain}")


def _preference(locale: Locale) -> Locale | None:
    """English is the organization's language, so only the others say theirs."""
    return None if locale is Locale.EN else locale


def _staff_contacts(post: Post, name: Name, number: int) -> Iterator[ContactEntry]:
    if post.site is Site.SHANGHAI:
        yield ContactEntry(ContactKind.MOBILE, _chinese_mobile(post.key))
    else:
        yield ContactEntry(ContactKind.MOBILE, f"+44 7700 900{_scattered(number)}")
    if post.leads and post.site is Site.SHANGHAI:
        yield ContactEntry(ContactKind.MESSENGER, name.mailbox)
    elif post.leads:
        yield ContactEntry(ContactKind.PHONE, f"+44 161 496 0{_scattered(number)}", "Desk")


def _external_phone(firm: Firm, key: str, number: int) -> ContactEntry:
    if firm.locale is Locale.ZH_CN:
        return ContactEntry(ContactKind.MOBILE, _chinese_mobile(key))
    return ContactEntry(ContactKind.PHONE, f"+44 1632 960{_scattered(number)}")


def _chinese_mobile(key: str) -> str:
    digits = f"{chance(f'{key} mobile', 10_000_000):07}"
    return f"+86 144 0{digits[:3]} {digits[3:]}"


def _scattered(number: int) -> str:
    """Three digits: no two the same below 1,000, and none beside its neighbour."""
    return f"{number * 371 % 1000:03}"
