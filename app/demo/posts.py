"""Every post of the demonstration organization: where it stands, whom it reports to, since when it is held.

Nobody holds a post before the one above it is held, so the reporting line is whole on every day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain, count, repeat
from zlib import crc32

from app.demo.structure import Site, Staff, Titles, Unit, jobs, units
from app.messages import Locale

FOUNDED_ON = date(2014, 11, 3)
REFERENCE_DAY = date(2026, 11, 1)

# The last day on which the leaders of a level took their posts; everybody else came until the last week.
_LEADERS_BY = {2: date(2016, 6, 30), 3: date(2018, 6, 30), 4: date(2021, 6, 30)}
_OTHERS_BY = REFERENCE_DAY - timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Post:
    """`key` is also the key of the person who holds the post; `level` 1 is the chief executive."""

    key: str
    department: str
    position: str
    manager: str | None
    level: int
    leads: bool
    site: Site
    locale: Locale
    title: str
    starts_on: date


@cache
def posts() -> Mapping[str, Post]:
    """By key, each after the one above it."""
    held: dict[str, Post] = {}
    for unit in units():
        above = held[f"{unit.above}-01"] if unit.above else None
        held.update((post.key, post) for post in _posts_of(unit, above))
    return held


def titles(position: str, area: Titles | None = None) -> Titles:
    """What is on the card, in either language."""
    plain = jobs()[position].titles
    if area is None:
        return plain
    return {
        Locale.EN: f"{plain[Locale.EN]}, {area[Locale.EN]}",
        Locale.ZH_CN: area[Locale.ZH_CN] + plain[Locale.ZH_CN],
    }


def chance(key: str, among: int) -> int:
    """A number from 0 to `among` - 1, the same for a key for ever, whoever else comes or goes."""
    return crc32(key.encode()) % among


def monday_between(first: date, last: date, key: str) -> date:
    """`first` is a Monday."""
    day = first + (last - first) * chance(key, 1000) // 1000
    return day - timedelta(days=day.weekday())


def _posts_of(unit: Unit, above: Post | None) -> Iterator[Post]:
    """The head first, with number 01."""
    keys = (f"{unit.key}-{number:02}" for number in count(1))
    head = _post(next(keys), unit.key, unit.head, above, unit.site, leads=True)
    yield head
    for position in _each(unit.staff):
        yield _post(next(keys), unit.key, position, head, unit.site)
    for team in unit.teams:
        lead = _post(next(keys), unit.key, team.lead, head, team.site, leads=True, area=team.area)
        yield lead
        for position in _each(team.members):
            yield _post(next(keys), unit.key, position, lead, team.site)


def _each(staff: Staff) -> Iterator[str]:
    return chain.from_iterable(repeat(position, number) for position, number in staff.items())


def _post(
    key: str,
    department: str,
    position: str,
    above: Post | None,
    site: Site,
    *,
    leads: bool = False,
    area: Titles | None = None,
) -> Post:
    locale = _locale(key, site)
    return Post(
        key=key,
        department=department,
        position=position,
        manager=above.key if above else None,
        level=above.level + 1 if above else 1,
        leads=leads,
        site=site,
        locale=locale,
        title=titles(position, area)[locale],
        starts_on=_start(key, above, leads=leads),
    )


def _locale(key: str, site: Site) -> Locale:
    """The site's own for most, the other site's for one in nine."""
    at_home = chance(key, 9) > 0
    return Locale.ZH_CN if at_home == (site is Site.SHANGHAI) else Locale.EN


def _start(key: str, above: Post | None, *, leads: bool) -> date:
    if above is None:
        return FOUNDED_ON
    last = _LEADERS_BY[above.level + 1] if leads else _OTHERS_BY
    return monday_between(above.starts_on, last, key)
