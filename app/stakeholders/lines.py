"""Keeps the reporting lines true to the memberships they are derived from.

A line holds for the days in which every membership on the way up holds, so a change that lies in the future is right
from the day it takes effect, without anybody doing anything that day.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

FORGET = text(
    "delete from reporting_lines where organization_id = :organization and (:everyone or report_id = any(:of))"
).bindparams(bindparam("organization", type_=Uuid()), bindparam("of", type_=ARRAY(Uuid())))

DERIVE = text(
    """
insert into reporting_lines (organization_id, report_id, manager_id, starts_on, ends_on, depth)
with recursive line (report_id, manager_id, starts_on, ends_on, depth) as (
  select id, id, '-infinity'::date, 'infinity'::date, 0
  from stakeholders
  where organization_id = :organization and kind in ('EMPLOYEE', 'MANAGER') and (:everyone or id = any(:of))
  union all
  select line.report_id, membership.manager_id, greatest(line.starts_on, membership.starts_on),
    least(line.ends_on, coalesce(membership.ends_on, 'infinity')), line.depth + 1
  from line
  join memberships membership
    on membership.organization_id = :organization and membership.stakeholder_id = line.manager_id
    and membership.manager_id is not null
    and membership.starts_on < line.ends_on and coalesce(membership.ends_on, 'infinity') > line.starts_on
)
select :organization, report_id, manager_id, starts_on, ends_on, depth from line
"""
).bindparams(bindparam("organization", type_=Uuid()), bindparam("of", type_=ARRAY(Uuid())))

BELOW = text(
    "select distinct report_id from reporting_lines where organization_id = :organization and manager_id = :manager"
).bindparams(bindparam("organization", type_=Uuid()), bindparam("manager", type_=Uuid()))

EVER_BELOW = text(
    """
select exists (
  select from reporting_lines
  where organization_id = :organization and manager_id = :manager and report_id = :report and ends_on > :day
)
"""
).bindparams(
    bindparam("organization", type_=Uuid()),
    bindparam("manager", type_=Uuid()),
    bindparam("report", type_=Uuid()),
    bindparam("day", type_=Date()),
)


async def derive_all(session: AsyncSession, organization_id: UUID) -> None:
    """Derives every line of an organization anew; after a change of many memberships."""
    await _derive(session, organization_id, everyone=True, of=())


async def derive_below(session: AsyncSession, organization_id: UUID, person_id: UUID) -> None:
    """Derives the lines of a person and of all who are, were or will be below; after a change of their membership."""
    given = {"organization": organization_id, "manager": person_id}
    below = (await session.execute(BELOW, given)).scalars().all()
    await _derive(session, organization_id, everyone=False, of=[person_id, *below])


async def _derive(session: AsyncSession, organization_id: UUID, *, everyone: bool, of: Sequence[UUID]) -> None:
    given = {"organization": organization_id, "everyone": everyone, "of": list(of)}
    await session.flush()
    await session.execute(FORGET, given)
    await session.execute(DERIVE, given)


async def would_close_circle(
    session: AsyncSession, organization_id: UUID, person_id: UUID, manager_id: UUID, day: date
) -> bool:
    """Whether the manager is the person, or is below the person on `day` or later."""
    if person_id == manager_id:
        return True
    given = {"organization": organization_id, "manager": person_id, "report": manager_id, "day": day}
    return bool((await session.execute(EVER_BELOW, given)).scalar_one())
