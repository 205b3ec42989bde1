"""Where the rows of each type are, and what is in fields that are no columns: SQL over the tables of one organization.

A field is the column of its name, and an edge follows the column of its name with `_id`, unless FACTS says otherwise:
by pairs of a row's id and what is in the field, or what it leads to. A root field lists all rows, or those that FACTS
has.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.matrix.figures import CONNECTED

VIEWS = (
    """create temp view present as select * from memberships where starts_on <= {today} and ends_on > {today}""",
    """create temp view lasting as select * from grants where revoked_at is null
      and (ends_on is null or ends_on > {today})""",
    """create temp view holding as select * from lasting where starts_on <= {today}
      and (lent_from_id is null or lent_from_id in (
        select lasting.id from lasting join accounts on accounts.id = account_id
        join stakeholders on stakeholders.id = stakeholder_id
        where starts_on <= {today} and closed_at is null and coalesce(active_from, {today}) <= {today}
        and (deactivated_on is null or deactivated_on > {today})))""",
    """create temp view units as with recursive unit (id, below_id) as (
      select id, id from departments
      union all select unit.id, departments.id from unit join departments on parent_id = below_id
    ) select * from unit""",
    """create temp view lines as with recursive line (manager_id, report_id) as (
      select manager_id, stakeholder_id from present where manager_id is not null
      union all select line.manager_id, stakeholder_id from line join present on present.manager_id = report_id
    ) select * from line""",
    """create temp view goal_sorts as select id, owner_id, case
      when level = 'COMPANY' and (state in ('DRAFT', 'PROPOSED') or visibility = 'PRIVATE')
      then 'the company''s, but a draft, proposed or private'
      when state in ('DRAFT', 'PROPOSED') or visibility = 'PRIVATE' then 'a draft, proposed or private'
      when level = 'COMPANY' then 'the company''s'
      when visibility = 'TEAM' then 'its team''s'
      else 'open to all' end as sort from goals""",
    """create temp view goal_teams as select goal.id, report_id as person_id, 'one''s own team''s' as sort
      from goal_sorts goal join lines on manager_id = owner_id where sort = 'its team''s'
      union select goal.id, present.stakeholder_id, 'one''s own team''s' from goal_sorts goal
      join departments unit on unit.stakeholder_id = owner_id join units on units.id = unit.id
      join present on department_id = below_id where sort = 'its team''s'""",
    """create temp view goal_sides as select goal_id as id, stakeholder_id as person_id, 'K' as relation
      from goal_co_owners
      union all select goal_id, partner_id, case state when 'ACCEPTED' then 'P' else 'Q' end from joint_agreements
      where state in ('PROPOSED', 'ACCEPTED')""",
    """create temp view asked as select request.id,
      case when note = 'below' then request.goal_id else request.parent_id end as nearer_id,
      case when note = 'below' then 'to whom the goal below belongs'
      when goals.level = 'COMPANY' then 'where the goal above is the company''s'
      else 'to whom the goal above belongs' end as sort
      from alignment_requests request join goals on goals.id = request.parent_id""",
    """create temp view goals_below as with recursive above (id, below_id) as (
      select parent_id, id from goals where parent_id is not null
      union all select above.id, goals.id from above join goals on parent_id = below_id
    ) select * from above""",
)
"""Today's memberships, which all have an end in the data of these tests; grants that are not over, and those that give
something today; each department with itself and all below it; everybody with all below them; what sort each goal is of,
and to whom it is of another; whose it is beside its owner; each goal with all below it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a type: `owners` is SQL for the people that each belongs to, one row for each; a row without any belongs
    to its `account`, its `department`, or to the organization as a whole. `lender` is SQL for the account that lends a
    row to the one that has it. `beside` is SQL for those to whom a row is something else than its owners are: its id,
    theirs, and the letter of the relation. `aspect` is SQL for the sort of row, `near` for those to whom it is of
    another: its id, theirs, and the sort. `prefix` is what global ids begin with where that is not the type's name."""

    table: str
    owners: str | None = None
    account: str | None = None
    lender: str | None = None
    department: str | None = None
    beside: str | None = None
    aspect: str = "'one'"
    near: str | None = None
    prefix: str | None = None


def _of_goals(table: str, goals: str) -> Source:
    """What belongs to goals; `goals` is SQL for pairs of a row's id and its goal's."""
    pairs = f"({goals}) part (id, goal_id)"
    return Source(
        table,
        owners=f"select part.id, owner_id from {pairs} join goals on goals.id = goal_id",
        beside=f"select part.id, person_id, relation from {pairs} join goal_sides on goal_sides.id = goal_id",
        aspect=f"(select sort from {pairs} join goal_sorts on goal_sorts.id = goal_id where part.id = {table}.id)",
        near=f"select part.id, person_id, sort from {pairs} join goal_teams on goal_teams.id = goal_id",
    )


SOURCES: Mapping[str, Source] = {
    "Stakeholder": Source("stakeholders", owners="select id, id from stakeholders"),
    "Membership": Source(
        "memberships",
        owners="select id, stakeholder_id from memberships",
        aspect="case when id in (select id from present) then 'today''s' else 'another day''s' end",
    ),
    "ContactPoint": Source("contact_points", owners="select id, stakeholder_id from contact_points"),
    "Company": Source("companies", owners="select company_id, id from stakeholders where company_id is not null"),
    "Department": Source("departments", department="id"),
    "Position": Source("positions"),
    "Organization": Source("organizations"),
    "AuditEvent": Source("audit_events"),
    "IdentityProvider": Source("identity_providers"),
    "ExternalIdentity": Source("external_identities"),
    "Account": Source("accounts", account="id"),
    "Grant": Source(
        "grants",
        account="account_id",
        lender="(select own.account_id from grants own where own.id = grants.lent_from_id)",
        aspect="case when lent_from_id is null then 'held' else 'lent' end",
    ),
    "GroupRole": Source("group_roles"),
    "ApiKey": Source("api_keys", account="account_id"),
    "Viewer": Source("accounts", account="id"),
    "Session": Source(
        "sessions",
        account="account_id",
        aspect="case when ended_at is null and expires_at > now() then 'lasting' else 'ended' end",
    ),
    "AccountSecurity": Source("accounts", account="id"),
    "GoalPeriod": Source("goal_periods"),
    "Goal": _of_goals("goals", "select id, id from goals"),
    "KeyResult": _of_goals("key_results", "select id, goal_id from key_results"),
    "Milestone": _of_goals(
        "milestones",
        "select milestones.id, goal_id from milestones join key_results on key_results.id = key_result_id",
    ),
    "CheckIn": _of_goals("check_ins", "select id, goal_id from check_ins"),
    "JointAgreement": Source(
        "joint_agreements",
        owners="select joint_agreements.id, owner_id from joint_agreements join goals on goals.id = goal_id",
        beside="select id, partner_id, 'P' from joint_agreements",
        aspect="(select sort from goal_sorts where goal_sorts.id = goal_id)",
    ),
    "AlignmentRequest": Source(
        "alignment_requests",
        owners="select id, (select owner_id from goals where goals.id = nearer_id) from asked",
        beside="select asked.id, stakeholder_id, 'K' from asked join goal_co_owners on goal_id = nearer_id",
        aspect="(select sort from asked where asked.id = alignment_requests.id)",
    ),
    "GoalTemplate": Source("goal_templates"),
    "TemplateKeyResult": Source("template_key_results"),
    "GoalProgress": _of_goals("goal_progress", "select id, goal_id from goal_progress"),
}

COMPANYS = """select id from goals where level = 'COMPANY' and state <> 'DRAFT'
and outcome is distinct from 'CANCELLED'"""
COUNTED = "select period_id, id from goals where state <> 'DRAFT' and outcome is distinct from 'CANCELLED'"
TODAY = "(select (now() at time zone time_zone)::date from organizations)"
HEALTH = """select id, case
  when confidence = 'OFF_TRACK' or share - progress > 0.4 then 'OFF_TRACK'
  when confidence = 'AT_RISK' or share - progress > 0.2 then 'AT_RISK' else 'ON_TRACK' end
from (select *, least(1, greatest(0, ({today} - starts_on)::numeric / (ends_on - starts_on))) as share from goals) goal
where state = 'ACTIVE'"""

FACTS: Mapping[str, str] = {
    "Stakeholder.title": "select stakeholder_id, title from present",
    "Stakeholder.contactPoints": "select stakeholder_id, id from contact_points",
    "Stakeholder.membership": "select stakeholder_id, id from present",
    "Stakeholder.memberships": "select stakeholder_id, id from memberships",
    "Stakeholder.department": "select stakeholder_id, department_id from present",
    "Stakeholder.position": "select stakeholder_id, position_id from present",
    "Stakeholder.manager": "select stakeholder_id, manager_id from present where manager_id is not null",
    "Stakeholder.reports": "select manager_id, stakeholder_id from present where manager_id is not null",
    "Stakeholder.heads": "select head_id, id from departments",
    "Stakeholder.goals": "select owner_id, id from goals",
    "Company.stakeholders": "select company_id, id from stakeholders where company_id is not null",
    "Department.children": "select parent_id, id from departments where parent_id is not null",
    "Department.members": "select department_id, stakeholder_id from present",
    "Department.headcount": "select units.id, count(*) from present join units on department_id = below_id group by 1",
    "Position.holders": "select position_id, stakeholder_id from present",
    "Organization.headcount": "select organizations.id, count(*) from organizations, present group by 1",
    "Account.grants": "select account_id, id from lasting",
    "Account.keys": "select account_id, id from api_keys where revoked_at is null and expires_at > now()",
    "Grant.isLimitedToSubjects": "select id, id in (select grant_id from grant_subjects) from grants",
    "Grant.subjects": "select grant_id, stakeholder_id from grant_subjects",
    "Grant.holdsToday": "select id, id in (select id from holding) from grants",
    "Grant.holder": "select grants.id, stakeholder_id from grants join accounts on accounts.id = account_id",
    "Grant.lender": "select lent.id, stakeholder_id from grants lent join grants own on own.id = lent.lent_from_id "
    "join accounts on accounts.id = own.account_id",
    "Grant.delegations": "select lent_from_id, id from lasting where lent_from_id is not null",
    "GroupRole.provider": "select group_roles.id, identity_providers.id from group_roles "
    "join identity_providers on identity_providers.id::text = source",
    "ApiKey.permissions": "select id, (select coalesce(jsonb_agg(jsonb_build_object('permission', key, 'reach', "
    "value) order by key), '[]') from jsonb_each_text(permissions)) from api_keys",
    "Viewer.roles": "select accounts.id, array_remove(array_agg(distinct role order by role), null) from accounts "
    "left join holding on account_id = accounts.id and lent_from_id is null group by 1",
    "Viewer.account": "select id, id from accounts",
    "Viewer.grants": "select account_id, id from lasting",
    "Viewer.actsFor": "select account_id, id from holding where lent_from_id is not null",
    "Viewer.sessions": "select account_id, id from sessions where ended_at is null and expires_at > now()",
    "Viewer.security": "select id, id from accounts",
    "Session.current": "select id, method = 'COMMAND_LINE' from sessions",
    "AccountSecurity.hasPassword": "select id, id in (select account_id from passwords) from accounts",
    "AccountSecurity.hasAuthenticator": "select id, id in (select account_id from authenticators "
    "where confirmed_at is not null) from accounts",
    "AccountSecurity.recoveryCodesLeft": "select accounts.id, count(recovery_codes.id) from accounts "
    "left join recovery_codes on account_id = accounts.id and used_at is null group by 1",
    "AuditEvent.actorId": "select id, 'Stakeholder:' || actor_id from audit_events where actor_id is not null",
    "AuditEvent.onBehalfOfId": "select id, 'Stakeholder:' || on_behalf_of_id from audit_events "
    "where on_behalf_of_id is not null",
    "AuditEvent.keyId": "select id, 'ApiKey:' || key_id from audit_events where key_id is not null",
    "AuditEvent.subjectId": "select id, subject_type || ':' || subject_id from audit_events",
    "AuditEvent.erased": "select id, salt is null from audit_events",
    "AuditEvent.sequence": "select event_id, sequence from audit_seals",
    "AuditEvent.hash": "select event_id, encode(hash, 'hex') from audit_seals",
    "IdentityProvider.hasClientSecret": "select id, sealed_client_secret is not null from identity_providers",
    "IdentityProvider.identities": "select provider_id, id from external_identities",
    "Query.groupRoles": "select id from group_roles where unmapped_at is null",
    "GoalPeriod.goals": "select period_id, id from goals",
    **dict.fromkeys(("GoalPeriod.goalCount", "GoalPeriod.unalignedCount", "GoalPeriod.alignedShare"), COUNTED),
    CONNECTED: "select id from goals where level = 'COMPANY' "
    f"or id in (select below_id from goals_below where id in ({COMPANYS}))",
    "Goal.grade": "select id, case when progress >= 0.7 then 'GREEN' when progress >= 0.4 then 'YELLOW' else 'RED' end "
    "from goals where progress is not null",
    "Goal.health": HEALTH.format(today=TODAY),
    "Goal.isStale": "select id, state = 'ACTIVE' and feed is distinct from 'GOALS' "
    f"and {TODAY} - coalesce(checked_in_on, starts_on) > cadence_days from goals",
    "Goal.coOwners": "select goal_id, stakeholder_id from goal_co_owners",
    "Goal.children": "select parent_id, id from goals where parent_id is not null",
    "Goal.ancestors": "select below_id, id from goals_below",
    "Goal.descendants": "select id, below_id from goals_below",
    "Goal.keyResults": "select goal_id, id from key_results",
    "Goal.checkIns": "select goal_id, id from check_ins",
    "Goal.history": "select goal_id, id from goal_progress",
    "KeyResult.milestones": "select key_result_id, id from milestones",
    "KeyResult.checkIns": "select key_result_id, id from check_ins where key_result_id is not null",
    "CheckIn.counts": "select id, not awaits_confirmation "
    "or id in (select check_in_id from check_in_decisions where confirmed) from check_ins",
    "CheckIn.state": "select check_ins.id, case when not awaits_confirmation or confirmed then 'COUNTS' "
    "when confirmed is null then 'AWAITS' else 'DECLINED' end "
    "from check_ins left join check_in_decisions on check_in_id = check_ins.id",
    "CheckIn.decidedBy": "select check_in_id, decided_by_id from check_in_decisions",
    "CheckIn.decidedAt": "select check_in_id, decided_at from check_in_decisions",
    "CheckIn.decisionReason": "select check_in_id, reason from check_in_decisions",
    "Goal.agreements": "select goal_id, id from joint_agreements",
    "Goal.alignmentRequests": "select goal_id, id from alignment_requests",
    "Goal.alignmentAsked": "select parent_id, id from alignment_requests",
    "AlignmentRequest.goalTitle": "select alignment_requests.id, title from alignment_requests "
    "join goals on goals.id = goal_id",
    "GoalTemplate.keyResults": "select template_id, id from template_key_results",
    "GoalTemplate.goals": "select template_id, id from goals where template_id is not null",
    "TemplateKeyResult.milestones": "select id, milestones from template_key_results",
    "CheckIn.correction": "select corrects_id, id from check_ins where corrects_id is not null",
}
