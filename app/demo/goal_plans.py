"""The goals of the demonstration organization: who means to reach what, in the present year and the one before.

A year begins on the first of a month, eight months before the day of loading: so there is always as much to see, and
as much left to do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum

from app.demo.goal_templates import POSITIONS
from app.demo.goal_texts import (
    DEVELOPMENT,
    LEADS,
    GoalText,
    PersonalGoal,
    company_goals,
    department_goals,
    joint_goal,
    personal_goals,
    team_goals,
)
from app.demo.history import DEPARTURES
from app.demo.posts import Post, chance, posts
from app.demo.sign_ins import SIGN_INS
from app.goals.key_results import Measure
from app.goals.models import Commitment, GoalLevel, GoalState, GoalVisibility
from app.messages import Locale

DEPARTMENT = "department:"
CADENCE_DAYS = 45
JOINT_CADENCE_DAYS = 90
SECOND_PERCENT, DEVELOPMENT_PERCENT = 40, 30
_LEFT = {departure.person: departure.on for departure in DEPARTURES}
_SIGNING_IN = {sign_in.stakeholder_key for sign_in in SIGN_INS}
_SHORTEST = timedelta(days=90)
_WEIGHTS = (Decimal(1), Decimal("0.5"), Decimal("0.75"))


@dataclass(frozen=True, slots=True)
class Year:
    """The days [starts_on, ends_on)."""

    name: str
    starts_on: date
    ends_on: date
    is_over: bool


class Ending(Enum):
    """What becomes of a goal before its year is over, if that is not up to its progress."""

    NONE = "none"
    CANCELLED = "cancelled"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class GoalPlan:
    """`key` is unique over both years. The owner is the key of a person, or "department:" and that of a department;
    `parent` the key of another plan, which comes before it; `template` the
    position of the template that it is made of."""

    key: str
    year: Year
    level: GoalLevel
    title: str
    owner: str
    parent: str | None
    measures: Sequence[Measure]
    starts_on: date
    cadence_days: int = CADENCE_DAYS
    locale: Locale = Locale.EN
    description: str | None = None
    co_owners: Sequence[str] = ()
    commitment: Commitment = Commitment.COMMITTED
    visibility: GoalVisibility = GoalVisibility.ORGANIZATION
    weight: Decimal = Decimal(1)
    state: GoalState = GoalState.ACTIVE
    ending: Ending = field(default=Ending.NONE)
    ends_early_on: date | None = None
    template: str | None = None


def years(today: date) -> tuple[Year, Year]:
    """The year before, and the present one."""
    present = _first_of_month(today, 8)
    return (
        _year(present.replace(year=present.year - 1), present, is_over=True),
        _year(present, present.replace(year=present.year + 1), is_over=False),
    )


def _first_of_month(day: date, months_ago: int) -> date:
    month = day.year * 12 + day.month - 1 - months_ago
    return date(month // 12, month % 12 + 1, 1)


def _year(starts_on: date, ends_on: date, *, is_over: bool) -> Year:
    last = ends_on - timedelta(days=1)
    return Year(f"{starts_on:%Y-%m} to {last:%Y-%m}", starts_on, ends_on, is_over)


def plans(today: date) -> tuple[GoalPlan, ...]:
    """Each after the one above it."""
    return tuple(plan for year in years(today) for plan in _plans_of(year, today))


def _plans_of(year: Year, today: date) -> Iterator[GoalPlan]:
    for text in company_goals():
        yield _common(year, GoalLevel.COMPANY, text, text.owner)
    for unit, texts in department_goals().items():
        for text in texts:
            yield _common(year, GoalLevel.DEPARTMENT, text, f"{DEPARTMENT}{unit}")
    for unit, titles in team_goals().items():
        leads = [post for post in posts().values() if post.leads and post.manager == f"{unit}-01"]
        leads = [post for post in leads if post.department == unit]
        for lead, title in zip(leads, titles, strict=True):
            yield _team(year, lead, title[lead.locale])
    for post in posts().values():
        yield from _of_person(year, post, today)
    if not year.is_over:
        yield _common(year, GoalLevel.JOINT, joint_goal().text, joint_goal().text.owner)


def _key(year: Year, name: str) -> str:
    return f"{'last' if year.is_over else 'this'}/{name}"


def _common(year: Year, level: GoalLevel, text: GoalText, owner: str) -> GoalPlan:
    return GoalPlan(
        key=_key(year, text.key),
        year=year,
        level=level,
        title=text.last if year.is_over else text.title,
        owner=owner,
        parent=_key(year, text.under) if text.under else None,
        measures=text.measures,
        starts_on=year.starts_on,
        cadence_days=JOINT_CADENCE_DAYS if level is GoalLevel.JOINT else CADENCE_DAYS,
        description=text.description,
        co_owners=text.co_owners,
        commitment=text.commitment,
        visibility=GoalVisibility.TEAM if level is GoalLevel.JOINT else GoalVisibility.ORGANIZATION,
        weight=text.weight,
    )


def _team(year: Year, lead: Post, title: str) -> GoalPlan:
    return GoalPlan(
        key=_key(year, lead.key),
        year=year,
        level=GoalLevel.TEAM,
        title=title,
        owner=lead.key,
        parent=_key(year, department_goals()[lead.department][0].key),
        measures=(),
        starts_on=year.starts_on,
        locale=lead.locale,
        weight=_WEIGHTS[chance(f"{lead.key} weight", len(_WEIGHTS))],
    )


def _of_person(year: Year, post: Post, today: date) -> Iterator[GoalPlan]:
    """One goal or two by position, which count for the team, and perhaps one to develop by, which does not. Nobody
    has one for a time when they held no post here."""
    starts_on = max(year.starts_on, post.starts_on)
    left_on = _LEFT.get(post.key, date.max)
    if min(year.ends_on, left_on, today) - starts_on < _SHORTEST:
        return
    own = personal_goals().get(post.position, personal_goals()[LEADS])
    given = own if _has(year, post, "second", SECOND_PERCENT) else own[:1]
    if post.manager is None:  # who is at the top answers for the company's
        given = ()
    for number, goal in enumerate(given):
        yield _personal(year, post, goal, number, starts_on)
    if _has(year, post, "development", DEVELOPMENT_PERCENT):
        choice = personal_goals()[DEVELOPMENT]
        goal = choice[chance(f"{post.key} development", len(choice))]
        yield _development(year, post, goal, len(given), starts_on)


def _has(year: Year, post: Post, what: str, percent: int) -> bool:
    """Those who sign in have everything; the others had less in the year before."""
    share = percent // 3 if year.is_over else percent
    return post.key in _SIGNING_IN or chance(_key(year, f"{post.key} {what}"), 100) < share


def _personal(year: Year, post: Post, goal: PersonalGoal, number: int, starts_on: date) -> GoalPlan:
    key = _key(year, f"{post.key}/{number}")
    state, ending, ends_early_on = _fate(year, post, key, number)
    return GoalPlan(
        key=key,
        year=year,
        level=GoalLevel.PERSON,
        title=goal.titles[post.locale],
        owner=post.key,
        parent=_above(year, post),
        measures=goal.measures[post.locale],
        starts_on=starts_on,
        locale=post.locale,
        visibility=GoalVisibility.TEAM,
        weight=_WEIGHTS[number],
        state=state,
        ending=ending,
        ends_early_on=ends_early_on,
        template=post.position if number == 0 and post.position in POSITIONS and not year.is_over else None,
    )


def _above(year: Year, post: Post) -> str:
    """The goal of the team, or the first of the department; the company's own people serve the company's."""
    if post.department == "company":
        return _key(year, "company")
    manager = posts()[post.manager or post.key]
    in_team = manager.leads and manager.key != f"{post.department}-01" and manager.department == post.department
    return _key(year, manager.key if in_team else department_goals()[post.department][0].key)


def _fate(year: Year, post: Post, key: str, number: int) -> tuple[GoalState, Ending, date | None]:
    left_on = _LEFT.get(post.key)
    if left_on is not None and left_on < year.ends_on:
        return GoalState.ACTIVE, Ending.LEFT, left_on
    if number == 0 or post.key in _SIGNING_IN:
        return GoalState.ACTIVE, Ending.NONE, None
    drawn = chance(f"{key} fate", 100)
    if drawn < 8:
        return GoalState.ACTIVE, Ending.CANCELLED, year.starts_on + timedelta(days=120 + drawn)
    if not year.is_over and drawn < 40:
        return GoalState.DRAFT if drawn < 20 else GoalState.PROPOSED, Ending.NONE, None
    return GoalState.ACTIVE, Ending.NONE, None


def _development(year: Year, post: Post, goal: PersonalGoal, number: int, starts_on: date) -> GoalPlan:
    key = _key(year, f"{post.key}/{number}")
    private = post.key in _SIGNING_IN or chance(f"{key} private", 2) == 0
    return GoalPlan(
        key=key,
        year=year,
        level=GoalLevel.PERSON,
        title=goal.titles[post.locale],
        owner=post.key,
        parent=None,
        measures=goal.measures[post.locale],
        starts_on=starts_on,
        locale=post.locale,
        commitment=Commitment.ASPIRATIONAL,
        visibility=GoalVisibility.PRIVATE if private else GoalVisibility.TEAM,
    )
