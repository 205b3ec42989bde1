"""What the DataLoaders read. It holds for an employee and for a manager."""

from bench.peers.hand_written_sql import SEES_GOAL

READS = """(
  person.id = $2 or exists (
    select from reporting_lines line
    where line.organization_id = $1 and line.report_id = person.id and line.manager_id = $2
      and line.starts_on <= $3 and line.ends_on > $3
  )
)"""
PERSON = f"""
select
  person.id, person.name, person.email, person.kind, works.title, works.manager_id, works.department_id,
  case when {READS} then person.joined_on end as joined_on
from stakeholders person
left join memberships works
  on works.organization_id = $1 and works.stakeholder_id = person.id
  and works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3)
where person.organization_id = $1
  and (
    {READS}
    or person.kind in ('EMPLOYEE', 'MANAGER', 'DEPARTMENT')
      and (person.active_from is null or person.active_from <= $3)
      and (person.deactivated_on is null or person.deactivated_on > $3)
  )
"""
TEAM = f"""{PERSON}
  and exists (
    select from reporting_lines below
    where below.organization_id = $1 and below.report_id = person.id and below.manager_id = $4 and below.depth > 0
      and below.starts_on <= $3 and below.ends_on > $3
  )
order by person.name, person.id
limit $5
"""
PEOPLE = f"{PERSON} and person.id = any($4)"
MEMBERSHIPS = f"""
select person.id as key, spell.*
from unnest($4::uuid[]) person (id)
cross join lateral (
  select
    works.id, works.title, works.starts_on, works.department_id,
    case when works.ends_on <= $3 or {READS} then works.ends_on end as ends_on
  from memberships works
  where works.organization_id = $1 and works.stakeholder_id = person.id
    and ({READS} or works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3))
  order by works.starts_on desc
  limit $5
) spell
"""
DEPARTMENTS = "select id, name from departments where organization_id = $1 and id = any($2)"
FOUND = f"""{PERSON}
  and exists (
    select from department_lines unit
    where unit.organization_id = $1 and unit.ancestor_id = $4 and unit.descendant_id = works.department_id
  )
  and (strpos(lower(person.name), lower($5)) > 0 or strpos(lower(person.email), lower($5)) > 0)
"""
LIST = f"{FOUND} order by person.name, person.id limit $6"
COUNT = f"select count(*) from ({FOUND}) found"
CONTACT_POINTS = f"""
select person.id as key, point.kind, point.value
from unnest($4::uuid[]) person (id)
join contact_points point on point.organization_id = $1 and point.stakeholder_id = person.id
where {READS}
order by point.rank, point.id
"""
GOALS = f"""
select goal.id, goal.title, goal.progress, goal.parent_id, goal.owner_id
from goals goal
where goal.organization_id = $1 and goal.id = any($4) and {SEES_GOAL}
"""
GOALS_BELOW = f"""
select goal.id, goal.title, goal.progress, goal.parent_id, goal.owner_id
from goal_lines line
join goals goal on goal.organization_id = $1 and goal.id = line.descendant_id
where line.organization_id = $1 and line.ancestor_id = $4 and line.depth between 1 and $5 and {SEES_GOAL}
order by line.depth, goal.title, goal.id
limit 1000
"""
