"""The statements by hand: each returns the JSON to send. They hold for an employee and for a manager."""

# $1 organization, $2 who asks, $3 today, $4 the manager or the person asked for
TEAM_PAGE = """
select coalesce(json_agg(page), '[]')::text
from (
  select
    person.id, person.name, person.email, works.title,
    case when reads.holds then person.joined_on end as "joinedOn",
    person.kind, manager.shown as manager, memberships.shown as memberships
  from reporting_lines below
  join stakeholders person on person.organization_id = $1 and person.id = below.report_id
  cross join lateral (
    select person.id = $2 or exists (
      select from reporting_lines line
      where line.organization_id = $1 and line.report_id = person.id and line.manager_id = $2
        and line.starts_on <= $3 and line.ends_on > $3
    ) as holds
  ) reads
  left join lateral (
    select title, manager_id
    from memberships
    where organization_id = $1 and stakeholder_id = person.id
      and starts_on <= $3 and (ends_on is null or ends_on > $3)
    limit 1
  ) works on true
  left join lateral (
    select row_to_json(above) as shown
    from (
      select id, name
      from stakeholders
      where organization_id = $1 and id = works.manager_id
        and (
          id = $2
          or kind in ('EMPLOYEE', 'MANAGER') and (active_from is null or active_from <= $3)
            and (deactivated_on is null or deactivated_on > $3)
          or exists (
            select from reporting_lines line
            where line.organization_id = $1 and line.report_id = stakeholders.id and line.manager_id = $2
              and line.starts_on <= $3 and line.ends_on > $3
          )
        )
    ) above
  ) manager on true
  cross join lateral (
    select coalesce(json_agg(spell), '[]') as shown
    from (
      select
        works.id, works.title, works.starts_on as "startsOn",
        case when reads.holds then works.ends_on end as "endsOn",
        (
          select row_to_json(unit)
          from (select name from departments where organization_id = $1 and id = works.department_id) unit
        ) as department
      from memberships works
      where works.organization_id = $1 and works.stakeholder_id = person.id
        and (reads.holds or works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3))
      order by works.starts_on desc
      limit 5
    ) spell
  ) memberships
  where below.organization_id = $1 and below.manager_id = $4 and below.depth > 0
    and below.starts_on <= $3 and below.ends_on > $3
    and (
      reads.holds
      or person.kind in ('EMPLOYEE', 'MANAGER') and (person.active_from is null or person.active_from <= $3)
        and (person.deactivated_on is null or person.deactivated_on > $3)
    )
  order by person.name, person.id
  limit 50
) page
"""

RECORD = """
select row_to_json(record)::text
from (
  select
    person.id, person.name, person.email, works.title,
    case when reads.holds then person.joined_on end as "joinedOn",
    person.kind,
    (
      select row_to_json(above)
      from (
        select id, name
        from stakeholders
        where organization_id = $1 and id = works.manager_id
          and (
            id = $2
            or kind in ('EMPLOYEE', 'MANAGER') and (active_from is null or active_from <= $3)
            and (deactivated_on is null or deactivated_on > $3)
            or exists (
              select from reporting_lines line
              where line.organization_id = $1 and line.report_id = stakeholders.id and line.manager_id = $2
                and line.starts_on <= $3 and line.ends_on > $3
            )
          )
      ) above
    ) as manager
  from stakeholders person
  cross join lateral (
    select person.id = $2 or exists (
      select from reporting_lines line
      where line.organization_id = $1 and line.report_id = person.id and line.manager_id = $2
        and line.starts_on <= $3 and line.ends_on > $3
    ) as holds
  ) reads
  left join memberships works
    on works.organization_id = $1 and works.stakeholder_id = person.id
    and works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3)
  where person.organization_id = $1 and person.id = $4
    and (
      reads.holds
      or person.kind in ('EMPLOYEE', 'MANAGER', 'DEPARTMENT')
        and (person.active_from is null or person.active_from <= $3)
        and (person.deactivated_on is null or person.deactivated_on > $3)
    )
) record
"""


# A manager sees the goals of the whole organization, those of the line below, and those of the team's.
SEES_GOAL = """(
  goal.visibility = 'ORGANIZATION' and goal.state not in ('DRAFT', 'PROPOSED')
  or goal.owner_id = $2
  or exists (
    select from reporting_lines line
    where line.organization_id = $1 and line.report_id = goal.owner_id and line.manager_id = $2
      and line.starts_on <= $3 and line.ends_on > $3
  )
)"""

TREE = f"""
select row_to_json(record)::text
from (
  select
    goal.id, goal.title, goal.progress::text as progress,
    (
      select coalesce(json_agg(node), '[]')
      from (
        select
          below.id, below.title, below.progress::text as progress,
          (
            select row_to_json(parent)
            from (select goal.id from goals goal where organization_id = $1 and id = below.parent_id and {SEES_GOAL})
              parent
          ) as parent,
          (
            select row_to_json(owner)
            from (
              select name
              from stakeholders
              where organization_id = $1 and id = below.owner_id
                and kind in ('EMPLOYEE', 'MANAGER', 'DEPARTMENT') and (active_from is null or active_from <= $3)
                and (deactivated_on is null or deactivated_on > $3)
            ) owner
          ) as owner
        from (
          select goal.*
          from goal_lines line
          join goals goal on goal.organization_id = $1 and goal.id = line.descendant_id
          where line.organization_id = $1 and line.ancestor_id = $4 and line.depth between 1 and 4 and {SEES_GOAL}
          order by line.depth, goal.title, goal.id
          limit 1000
        ) below
      ) node
    ) as descendants
  from goals goal
  where goal.organization_id = $1 and goal.id = $4 and {SEES_GOAL}
) record
"""


# Of those found all are counted and a hundred shown, so they are looked up once. $5 is the text.
LIST = """
with found as materialized (
  select
    person.id, person.name, person.email, person.kind, person.joined_on, works.title, works.department_id,
    works.manager_id
  from department_lines unit
  join memberships works
    on works.organization_id = $1 and works.department_id = unit.descendant_id
    and works.starts_on <= $3 and (works.ends_on is null or works.ends_on > $3)
  join stakeholders person on person.organization_id = $1 and person.id = works.stakeholder_id
  where unit.organization_id = $1 and unit.ancestor_id = $4
    and (strpos(lower(person.name), lower($5)) > 0 or strpos(lower(person.email), lower($5)) > 0)
    and (
      person.kind in ('EMPLOYEE', 'MANAGER') and (person.active_from is null or person.active_from <= $3)
        and (person.deactivated_on is null or person.deactivated_on > $3)
      or person.id = $2
    )
)
select row_to_json(list)::text
from (
  select
    (select count(*) from found) as "totalCount",
    (
      select coalesce(json_agg(node), '[]')
      from (
        select
          person.id, person.name, person.email, person.title, person.kind,
          case when reads.holds then person.joined_on end as "joinedOn",
          (
            select coalesce(json_agg(point), '[]')
            from (
              select kind, value
              from contact_points
              where reads.holds and organization_id = $1 and stakeholder_id = person.id
              order by rank, id
            ) point
          ) as "contactPoints",
          (
            select row_to_json(unit)
            from (select name from departments where organization_id = $1 and id = person.department_id) unit
          ) as department,
          (
            select row_to_json(above)
            from (
              select id, name
              from stakeholders
              where organization_id = $1 and id = person.manager_id
                and kind in ('EMPLOYEE', 'MANAGER') and (active_from is null or active_from <= $3)
                and (deactivated_on is null or deactivated_on > $3)
            ) above
          ) as manager
        from (select * from found order by name, id limit 100) person
        cross join lateral (
          select person.id = $2 or exists (
            select from reporting_lines line
            where line.organization_id = $1 and line.report_id = person.id and line.manager_id = $2
              and line.starts_on <= $3 and line.ends_on > $3
          ) as holds
        ) reads
      ) node
    ) as nodes
) list
"""
