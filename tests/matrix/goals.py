"""What the demonstration organization gets of goals, and of what belongs to them."""

from collections.abc import Iterator

LEAD = "engineering-04"
SET = (  # the name, whose it is, level, visibility, state
    ("own draft", LEAD, "PERSON", "ORGANIZATION", "DRAFT"),
    ("own, private", LEAD, "TEAM", "PRIVATE", "ACTIVE"),
    ("own, company's draft", LEAD, "COMPANY", "ORGANIZATION", "DRAFT"),
    ("own, company's", LEAD, "COMPANY", "ORGANIZATION", "ACTIVE"),
    ("report's", "engineering-05", "PERSON", "PRIVATE", "ACTIVE"),
    ("report's report's", "engineering-06", "PERSON", "ORGANIZATION", "PROPOSED"),
    ("colleague's draft", "engineering-02", "PERSON", "TEAM", "DRAFT"),
    ("colleague's team's", "engineering-02", "PERSON", "TEAM", "ACTIVE"),
    ("colleague's", "engineering-02", "PERSON", "ORGANIZATION", "MISSED"),
    ("boss's", "engineering-01", "PERSON", "TEAM", "ACTIVE"),
    ("below, private", "battery-05", "PERSON", "PRIVATE", "ACTIVE"),
    ("below", "battery-05", "PERSON", "ORGANIZATION", "ARCHIVED"),
    ("other's draft", "finance-05", "PERSON", "ORGANIZATION", "DRAFT"),
    ("other's proposal", "finance-05", "PERSON", "ORGANIZATION", "PROPOSED"),
    ("other's, private", "finance-05", "PERSON", "PRIVATE", "ACHIEVED"),
    ("other's team's", "finance-05", "TEAM", "TEAM", "ACTIVE"),
    ("other's", "finance-05", "PERSON", "ORGANIZATION", "ACTIVE"),
    ("company's", "finance-05", "COMPANY", "ORGANIZATION", "ACTIVE"),
    ("company's draft", "finance-05", "COMPANY", "ORGANIZATION", "DRAFT"),
    ("top boss's", "company-01", "PERSON", "TEAM", "ACTIVE"),
    ("unit's", "unit engineering", "DEPARTMENT", "TEAM", "ACTIVE"),
    ("unit's below", "unit battery", "DEPARTMENT", "TEAM", "ACTIVE"),
    ("unit's draft below", "unit battery", "DEPARTMENT", "ORGANIZATION", "DRAFT"),
    ("unit's above", "unit company", "DEPARTMENT", "TEAM", "ACTIVE"),
    ("other unit's, private", "unit finance", "DEPARTMENT", "PRIVATE", "ACTIVE"),
    ("other unit's team's", "unit finance", "DEPARTMENT", "TEAM", "ACTIVE"),
    ("other unit's", "unit finance", "DEPARTMENT", "ORGANIZATION", "CANCELLED"),
    ("leaver's draft", "absent", "PERSON", "TEAM", "DRAFT"),
    ("leaver's", "absent", "PERSON", "ORGANIZATION", "ACTIVE"),
    ("co-owned", "finance-05", "PERSON", "PRIVATE", "ACTIVE"),
    ("co-owned draft", "finance-05", "PERSON", "TEAM", "DRAFT"),
)
OUTSIDERS = ("partner-01", "investor-02", "customer-01")
JOINT = (  # the name, whose it is, visibility, state, the partner, the state of the agreement
    *((f"shared with {it}", "finance-05", "PRIVATE", "ACTIVE", it, "ACCEPTED") for it in OUTSIDERS),
    *((f"offered to {it}", "finance-05", "TEAM", "DRAFT", it, "PROPOSED") for it in OUTSIDERS),
    *((f"declined by {it}", "finance-05", "TEAM", "DRAFT", it, "DECLINED") for it in OUTSIDERS),
    ("no longer shared", "finance-05", "ORGANIZATION", "ACTIVE", "partner-01", "ENDED"),
    ("own, shared", LEAD, "PRIVATE", "ACTIVE", "partner-03", "ACCEPTED"),
    ("report's, shared", "engineering-05", "PRIVATE", "ACTIVE", "partner-03", "ACCEPTED"),
)
WITH_PARTS = (
    *("own draft", "own, private", "own, company's draft", "own, company's", "report's", "report's report's"),
    *("boss's", "below, private", "other's, private", "other's team's", "other's", "company's", "company's draft"),
    *("unit's", "other unit's, private", "leaver's", "co-owned", "no longer shared", "own, shared"),
    *(f"{how} {it}" for how in ("shared with", "offered to") for it in OUTSIDERS),
)
BELOW = (
    *(("company's", name) for name in ("own, private", "other's, private", "other's", "unit's above", "co-owned")),
    *(("unit's above", name) for name in ("unit's", "other unit's, private", "shared with partner-01")),
    ("other unit's, private", "colleague's"),
    *(("unit's", name) for name in ("boss's", "colleague's draft", "unit's draft below")),
    *(("boss's", name) for name in ("own draft", "report's")),
)
ASKED = (  # whose relation tells, the goal below, the goal above, the state
    ("above", "other's", "own, private", "ASKED"),
    ("above", "other's", "report's", "DECLINED"),
    ("above", "other's", "report's report's", "DECLINED"),
    ("above", "other's", "colleague's", "DECLINED"),
    ("above", "other's", "below", "DECLINED"),
    ("above", "other's", "unit's", "DECLINED"),
    ("above", "other's", "other unit's", "DECLINED"),
    ("above", "other's", "leaver's", "DECLINED"),
    ("above", "other's", "co-owned", "DECLINED"),
    ("above", "other's proposal", "other's team's", "ASKED"),
    ("above", "other's, private", "company's", "ASKED"),
    ("below", "own draft", "other's team's", "ASKED"),
    ("below", "report's", "other's team's", "WITHDRAWN"),
    ("below", "co-owned draft", "other's team's", "ACCEPTED"),
)
EMPTIED = (
    *("goal_lines", "goal_co_owners", "milestones", "check_in_decisions", "check_ins", "goal_progress", "key_results"),
    *("alignment_requests", "joint_agreements", "goals", "goal_periods", "template_key_results", "goal_templates"),
)


def _values(rows: tuple[tuple[str, ...], ...]) -> str:
    return ", ".join(f"({', '.join(_quoted(cell) for cell in row)})" for row in rows)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _joint() -> Iterator[tuple[str, ...]]:
    return ((name, whose, "JOINT", visibility, state) for name, whose, visibility, state, *_ in JOINT)


GOALS = (
    *(f"delete from {table}" for table in EMPTIED),
    "delete from audit_events where subject_type not in ('Stakeholder', 'Department', 'Account', 'Grant')",
    "delete from domain_events where name like 'goal%' or name like 'check-in%'",
    """create temp table owners as select external_id as key, id from stakeholders
    union all select 'unit ' || external_id, stakeholder_id from departments
    union all (select 'absent', id from stakeholders where kind = 'EMPLOYEE' and id not in
      (select stakeholder_id from memberships where current_date between starts_on and ends_on - 1) order by id limit 1)
    """,
    """insert into goal_periods (organization_id, id, version, name, starts_on, ends_on, cadence_days)
    select id, gen_random_uuid(), 1, 'a year', date '2026-01-01', date '2100-01-01', 14 from organizations""",
    f"""insert into goals (organization_id, id, version, level, visibility, state, title, owner_id, period_id,
      starts_on, ends_on, description, state_reason, outcome, feed, progress, confidence, checked_in_on,
      external_id, commitment, weight, cadence_days, fed_weight, fed_sum, check_in_count)
    select organization_id, gen_random_uuid(), 1, level, visibility, state, given.name, owners.id, period.id, starts_on,
      ends_on, 'Words.', 'A reason.',
      case when state in ('ACHIEVED', 'MISSED', 'CANCELLED') then state when state = 'ARCHIVED' then 'MISSED' end,
      'KEY_RESULTS', 0.5, 'AT_RISK', date '2026-01-02', given.name, 'COMMITTED', 1, cadence_days, 1, 0.5, 1
    from (values {_values((*SET, *_joint()))}) given (name, whose, level, visibility, state)
    join owners on owners.key = whose cross join goal_periods period""",
    f"""update goals set parent_id = above.id from (values {_values(BELOW)}) given (upper_name, lower_name), goals above
    where above.title = upper_name and goals.title = lower_name""",
    """insert into goal_lines (organization_id, ancestor_id, descendant_id, depth)
    with recursive line (organization_id, ancestor_id, descendant_id, depth) as (
      select organization_id, id, id, 0 from goals
      union all select line.organization_id, ancestor_id, id, depth + 1 from line
      join goals on parent_id = descendant_id
    ) select * from line""",
    f"""insert into goal_co_owners (organization_id, id, goal_id, stakeholder_id)
    select organization_id, gen_random_uuid(), goals.id, owners.id from goals, owners
    where title like 'co-owned%' and key = '{LEAD}'""",
    f"""insert into joint_agreements (organization_id, id, version, goal_id, partner_id, own_share, partner_share,
      terms, state, reason, proposed_by_id, decided_by_id)
    select organization_id, gen_random_uuid(), 1, goals.id, owners.id, 60, 40, 'Terms.', agreement, 'A reason.',
      owner_id, owners.id
    from (values {_values(JOINT)}) given (name, whose, visibility, state, partner, agreement)
    join goals on title = name join owners on owners.key = partner""",
)
PARTS = (
    f"create temp table parted as select * from goals where title in ({', '.join(map(_quoted, WITH_PARTS))})",
    """insert into key_results (organization_id, id, version, goal_id, rank, title, kind, unit, weight, start_value,
      target_value, current_value, attainment)
    select organization_id, gen_random_uuid(), 1, id, 0, 'Of ' || title, 'MILESTONE', 'steps', 1, 0, 1, 0.5, 0.5
    from parted""",
    """insert into milestones (organization_id, id, key_result_id, rank, title, weight, reached_on)
    select organization_id, gen_random_uuid(), id, 0, title, 1, date '2026-01-02' from key_results""",
    """insert into check_ins (organization_id, id, goal_id, key_result_id, number, author_id, told_on, value,
      confidence, note, awaits_confirmation, progress, created_at)
    select parted.organization_id, gen_random_uuid(), parted.id, key_results.id, 1, owner_id, date '2026-01-02', 0.5,
      'AT_RISK', 'A note.', level = 'JOINT', 0.5, now()
    from parted join key_results on goal_id = parted.id""",
    """insert into check_ins (organization_id, id, goal_id, number, author_id, told_on, corrects_id,
      awaits_confirmation, created_at)
    select organization_id, gen_random_uuid(), goal_id, 1, author_id, told_on, id, false, now() from check_ins
    where goal_id in (select id from goals where title in ('own, private', 'other''s', 'boss''s'))""",
    """insert into check_in_decisions (organization_id, id, check_in_id, decided_by_id, decided_at, confirmed, reason)
    select organization_id, gen_random_uuid(), id, author_id, now(), number = 1, 'A reason.' from check_ins
    where awaits_confirmation and goal_id in (select id from goals where title like 'shared with%')""",
    """insert into goal_progress (organization_id, id, goal_id, day, progress, confidence)
    select organization_id, gen_random_uuid(), id, date '2026-01-02', progress, confidence from parted""",
    f"""insert into alignment_requests (organization_id, id, version, goal_id, parent_id, weight, note, state, reason,
      asked_by_id, decided_by_id)
    select below.organization_id, gen_random_uuid(), 1, below.id, above.id, 1, nearer, given.state, 'A reason.',
      below.owner_id, case when given.state <> 'ASKED' then above.owner_id end
    from (values {_values(ASKED)}) given (nearer, lower_name, upper_name, state)
    join goals below on below.title = lower_name join goals above on above.title = upper_name""",
    """insert into goal_templates (organization_id, id, version, title, description, position_id, commitment, weight,
      retired_on)
    select organization_id, gen_random_uuid(), 1, 'a template', 'Words.', position_id, 'COMMITTED', 1, retired_on
    from (select organization_id, position_id from memberships where position_id is not null
      and current_date between starts_on and ends_on - 1 order by position_id limit 1) present
    cross join (values (date '2026-01-01'), (null)) given (retired_on)""",
    """insert into template_key_results (organization_id, id, template_id, rank, title, kind, unit, weight, start_value,
      target_value, milestones)
    select organization_id, gen_random_uuid(), id, 0, 'a key result', 'MILESTONE', 'steps', 1, 0, 1,
      '[{"title": "a step", "weight": "1.0000"}]' from goal_templates""",
    """update key_results set weight = 50
    where goal_id in (select id from goals where title in ('own, private', 'other''s'))""",
    """update goals set template_id = goal_templates.id from goal_templates
    where retired_on is null and goals.title in ('own draft', 'other''s, private')""",
    "update goals set feed = null where title like 'own, company%'",
)
