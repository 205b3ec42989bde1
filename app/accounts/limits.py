"""What a grant is limited to, and whether whoever makes it may."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.models import Grant
from app.access.permissions import EXTERNAL_ROLES, Reach, Role
from app.accounts import change_queries, policy
from app.accounts.handing import handing_of
from app.accounts.terms import LONGEST_FOR_EXTERNALS, MOST_SUBJECTS
from app.checks import LAST_DAY, Checks
from app.errors import ProblemCode
from app.planner.rules import looked_up
from app.stakeholders.models import Stakeholder
from app.stakeholders.queries import departments_visible_to
from app.stakeholders.reach_queries import within_reach

DAY = timedelta(days=1)


def check_days(check: Checks, grant: Grant, today: date) -> None:
    """A grant begins today or later, and an outsider's ends within a year."""
    check.day(grant.starts_on, "startsOn")
    check.day(grant.ends_on, "endsOn")
    if grant.starts_on > LAST_DAY:
        return
    if grant.starts_on < today:
        check.refuse(ProblemCode.DATE_NOT_AFTER_START, "startsOn", start=today)
    if grant.ends_on is not None and grant.ends_on <= grant.starts_on:
        check.refuse(ProblemCode.DATE_NOT_AFTER_START, "endsOn", start=grant.starts_on + DAY)
    check_end_of_external(check, grant.role, grant.ends_on, grant.starts_on)


def check_end_of_external(check: Checks, role: Role, ends_on: date | None, since: date) -> None:
    if role not in EXTERNAL_ROLES:
        return
    if ends_on is None:
        check.refuse(ProblemCode.REQUIRED, "endsOn")
    else:
        not_after(check, ends_on, since + LONGEST_FOR_EXTERNALS)


def not_after(check: Checks, ends_on: date, latest: date) -> None:
    check.unless(ends_on <= latest, ProblemCode.DATE_TOO_LATE, "endsOn", latest=latest)


async def check_root(
    session: AsyncSession, actor: Actor, check: Checks, reach: Reach | None, department_id: UUID | None
) -> None:
    """A limit leaves something, and a department is one that is open, and within the actor's reach."""
    check.unless(reach is not Reach.NONE, ProblemCode.INVALID_VALUE, "reach")
    if department_id is not None:
        check.unless(reach in (None, Reach.DEPARTMENT), ProblemCode.INVALID_VALUE, "reach")
        units, at = departments_visible_to, ("departmentId",)
        check.problems += (await looked_up(session, actor, policy.ROOT_GRANT_IN, units, department_id, at))[1]


async def check_subjects(session: AsyncSession, actor: Actor, check: Checks, ids: Sequence[UUID] | None) -> None:
    """Those whom a grant is limited to are within the actor's reach."""
    permission, few = policy.MANAGE_GRANTS, check_number(check, ids)
    reached = await change_queries.reached_among(session, actor, within_reach(actor, permission, Stakeholder), few)
    for place, id_ in enumerate(few):
        if not reached.get(id_, True):
            check.refuse(ProblemCode.FORBIDDEN, "subjectIds", str(place), permission=permission.value)
        check.unless(id_ in reached, ProblemCode.NOT_FOUND, "subjectIds", str(place))


def check_number(check: Checks, ids: Sequence[UUID] | None) -> Sequence[UUID]:
    """A limit to nobody is none."""
    if ids is not None:
        check.unless(len(ids) > 0, ProblemCode.REQUIRED, "subjectIds")
        if len(ids) > MOST_SUBJECTS:
            check.refuse(ProblemCode.TOO_MANY_ROWS, "subjectIds", most=MOST_SUBJECTS)
            return ()
    return ids or ()


def check_handing(actor: Actor, check: Checks, role: Role, *, limited: bool) -> None:
    """Nobody grants what they do not have. That a limit is within reach is looked at where it is."""
    handing = handing_of(actor.rights)
    allowed = role in handing.freely or (limited and role in handing.within)
    check.unless(allowed, ProblemCode.BEYOND_OWN_RIGHTS, "role")


async def check_not_held(
    session: AsyncSession, check: Checks, grant: Grant, ends_on: date | None, subjects: frozenset[UUID]
) -> None:
    """What is held already is not granted once more for the same days, which are to end on `ends_on`."""
    for other in await change_queries.same_grants(session, grant, ends_on):
        if await change_queries.subject_ids(session, other) == subjects:
            check.refuse(ProblemCode.ALREADY_GRANTED, "role")
            return
