"""Arguments that find fewer rows: what each of them finds, as SQL over the tables of one organization.

In the arguments and in the SQL a name after a `$` is that of a row: its global id in the one, its key in the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.access.permissions import Permission, Reach
from docs.matrix.goals import MANAGE_ABOVE
from docs.matrix.relations import Relation
from docs.matrix.rules import Opening
from docs.matrix.stakeholders import READ
from tests.matrix.facts import COUNTED, FACTS
from tests.matrix.figures import CONNECTED, FIGURES

MISWEIGHTED = """select goal_id from (
  select goal_id, key_results.weight from key_results join goals on goals.id = goal_id where feed = 'KEY_RESULTS'
  union all select above.id, below.weight from goals above join goals below on below.parent_id = above.id
  where above.feed = 'GOALS' and below.state <> 'DRAFT' and below.outcome is distinct from 'CANCELLED'
) part (goal_id, weight) group by 1 having sum(weight) = 0 or (max(weight) > 1 and sum(weight) <> 100)"""
OF_FINANCE = """owner_id in (
  select stakeholder_id from present join units on department_id = below_id where units.id = $finance
  union select stakeholder_id from departments join units on departments.id = below_id where units.id = $finance)"""
ASKED_OF_GOALS = "select parent_id, id from alignment_requests where state = 'ASKED'"

NAMED: Mapping[str, tuple[str, str]] = {
    "engineering": ("Department", "select id from departments where external_id = 'engineering'"),
    "lead": ("Stakeholder", "select id from stakeholders where external_id = 'engineering-04'"),
    "stayer": ("Stakeholder", "select id from stakeholders where deactivated_on is null"),
    "account": ("Account", "select id from accounts where email = 'manager@demo.example'"),
    "grant": ("Grant", "select id from grants where lent_from_id is null order by id limit 1"),
    "position": ("Position", "select position_id from present order by position_id limit 1"),
    "provider": ("IdentityProvider", "select id from identity_providers"),
    "company": ("Company", "select company_id from stakeholders where external_id = 'customer-01'"),
    "period": ("GoalPeriod", "select id from goal_periods"),
    "companys": ("Goal", "select id from goals where title = 'company''s'"),
    "hidden": ("Goal", "select id from goals where title = 'other unit''s, private'"),
    "finance": ("Department", "select id from departments where external_id = 'finance'"),
    "leaver": ("Stakeholder", "select owner_id from goals where title = 'leaver''s'"),
    "template": ("GoalTemplate", "select id from goal_templates where retired_on is null"),
    "shared": ("Goal", "select id from goals where title = 'shared with partner-01'"),
    "asking": ("Goal", "select id from goals where title = 'other''s, private'"),
    "partner": ("Stakeholder", "select id from stakeholders where external_id = 'partner-01'"),
    "other": ("Stakeholder", "select owner_id from goals where title = 'other''s'"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`covers` are the arguments and the fields of inputs that it tries. Of a root field, `finds` yields the ids of
    rows; of a field of a type, pairs of a row's id and what is found from it. What is found are rows of `target`, or
    figures; a row that is found takes one of the `openings` as well, if there are any."""

    field: str
    target: str | None
    covers: frozenset[str]
    arguments: str
    finds: str
    openings: tuple[Opening, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.field}({self.arguments})"


def _of(
    field: str, target: str | None, *tried: tuple[str, str, str], openings: tuple[Opening, ...] = ()
) -> Iterator[Narrowed]:
    """Each is what it covers beside the argument itself, the arguments, and what is found."""
    for covers, arguments, finds in tried:
        argument = f"{field}.{arguments.partition(':')[0]}"
        yield Narrowed(field, target, frozenset({argument, *covers.split()}), arguments, finds, openings)


NARROWED = (
    *_of(
        "Query.stakeholders",
        "Stakeholder",
        (
            "StakeholderFilter.kinds",
            "filter: {kinds: [CUSTOMER, MANAGER]}",
            "select id from stakeholders where kind in ('CUSTOMER', 'MANAGER')",
        ),
        (
            "StakeholderFilter.department DepartmentFilter.id",
            "filter: {department: {id: $engineering}}",
            "select stakeholder_id from present join units on department_id = below_id where units.id = $engineering",
        ),
        (
            "DepartmentFilter.includeSubdepartments",
            "filter: {department: {id: $engineering, includeSubdepartments: false}}",
            "select stakeholder_id from present where department_id = $engineering",
        ),
        (
            "StakeholderFilter.manager ManagerFilter.id",
            "filter: {manager: {id: $lead}}",
            "select report_id from lines where manager_id = $lead",
        ),
        (
            "ManagerFilter.depth",
            "filter: {manager: {id: $lead, depth: 1}}",
            "select stakeholder_id from present where manager_id = $lead",
        ),
        (
            "StakeholderFilter.positionId",
            "filter: {positionId: $position}",
            "select stakeholder_id from present where position_id = $position",
        ),
        (
            "StakeholderFilter.companyId",
            "filter: {companyId: $company}",
            "select id from stakeholders where company_id = $company",
        ),
        (
            "StakeholderFilter.text",
            'filter: {text: "AN"}',
            "select id from stakeholders where name ilike '%an%' or email ilike '%an%'",
        ),
        (
            "StakeholderOrder.field StakeholderOrder.direction",
            "orderBy: {field: CREATED_AT, direction: DESC}",
            "select id from stakeholders",
        ),
    ),
    *_of(
        "Query.stakeholders",
        "Stakeholder",
        (
            "StakeholderFilter.activeOn",
            'filter: {activeOn: "2010-06-01"}',
            """select stakeholder_id from memberships where '2010-06-01' between starts_on and ends_on - 1
            union select id from stakeholders where kind not in ('EMPLOYEE', 'MANAGER')""",
        ),
        openings=(READ,),
    ),
    *_of(
        "Query.departments",
        "Department",
        (
            "DepartmentsFilter.parentId",
            "filter: {parentId: $engineering}",
            "select id from departments where parent_id = $engineering",
        ),
        (
            "DepartmentsFilter.belowId",
            "filter: {belowId: $engineering}",
            "select below_id from units where id = $engineering and below_id <> id",
        ),
        (
            "DepartmentsFilter.rootsOnly DepartmentsFilter.includeClosed",
            "filter: {rootsOnly: true, includeClosed: true}",
            "select id from departments where parent_id is null",
        ),
        ("DepartmentsFilter.text", 'filter: {text: "S"}', "select id from departments where name ilike '%s%'"),
    ),
    *_of("Query.positions", "Position", ("", 'text: "lead"', "select id from positions where title ilike '%lead%'")),
    *_of("Stakeholder.reports", "Stakeholder", ("", "depth: null", "select manager_id, report_id from lines")),
    *_of(
        "Department.members",
        "Stakeholder",
        (
            "",
            "includeSubdepartments: true",
            "select units.id, stakeholder_id from present join units on department_id = below_id",
        ),
    ),
    *_of(
        "Department.headcount",
        None,
        ("", "includeSubdepartments: false", "select department_id, count(*) from present group by 1"),
    ),
    *_of(
        "Query.auditEvents",
        "AuditEvent",
        *(
            (
                f"AuditEventsFilter.{name}",
                f"filter: {{{name}: {value}}}",
                f"select id from audit_events where {where}",
            )
            for name, value, where in (
                ("actorId", "$lead", "actor_id = $lead"),
                ("onBehalfOfId", "$lead", "on_behalf_of_id = $lead"),
                ("keyId", "$lead", "key_id = $lead"),
                ("subjectId", "$engineering", "subject_id = $engineering"),
                ("actions", '["account.opened"]', "action = 'account.opened'"),
                ("since", '"2020-01-01T00:00:00Z"', "at >= '2020-01-01T00:00:00Z'"),
                ("until", '"2020-01-01T00:00:00Z"', "at < '2020-01-01T00:00:00Z'"),
                ("requestId", '"a request"', "request_id = 'a request'"),
            )
        ),
    ),
    *_of(
        "Query.accounts",
        "Account",
        *(
            (
                f"AccountsFilter.{name}",
                f"filter: {{includeClosed: true, {name}: {value}}}",
                f"select id from accounts where {where}",
            )
            for name, value, where in (
                ("stakeholderId", "$lead", "stakeholder_id = $lead"),
                ("role", "AUDITOR", "id in (select account_id from holding where role = 'AUDITOR')"),
                ("text", '"DEMO"', "email ilike '%demo%'"),
            )
        ),
        (
            "AccountsFilter.includeClosed",
            "filter: {includeClosed: false}",
            "select id from accounts where closed_at is null",
        ),
    ),
    *_of(
        "Query.apiKeys",
        "ApiKey",
        (
            "ApiKeysFilter.accountId ApiKeysFilter.includeSpent",
            "filter: {accountId: $account, includeSpent: true}",
            "select id from api_keys where account_id = $account",
        ),
    ),
    *_of(
        "Query.goals",
        "Goal",
        *(
            (f"GoalFilter.{name}", f"filter: {{{name}: {value}}}", f"select id from goals where {where}")
            for name, value, where in (
                ("levels", "[COMPANY, JOINT]", "level in ('COMPANY', 'JOINT')"),
                ("states", "[ACTIVE]", "state = 'ACTIVE'"),
                ("commitment", "COMMITTED", "commitment = 'COMMITTED'"),
                ("periodId", "$period", "period_id = $period"),
                ("text", '"SHARE"', "title ilike '%share%'"),
                ("misweighted", "true", f"id in ({MISWEIGHTED})"),
                ("stale", "true", f"id in (select id from ({FACTS['Goal.isStale']}) told (id, stale) where stale)"),
                (
                    "health",
                    "[AT_RISK]",
                    f"id in (select id from ({FACTS['Goal.health']}) told (id, health) where health = 'AT_RISK')",
                ),
                (
                    "aligned",
                    "true",
                    f"id in ({FACTS[CONNECTED]})",
                ),
            )
        ),
        (
            "GoalOrder.field GoalOrder.direction",
            "orderBy: {field: ENDS_ON, direction: DESC}",
            "select id from goals",
        ),
    ),
    *_of(
        "Query.goals",
        "Goal",
        ("GoalFilter.ownerId", "filter: {ownerId: $other}", "select id from goals where owner_id = $other"),
        (
            "GoalFilter.departmentId",
            "filter: {departmentId: $finance}",
            f"select id from goals where {OF_FINANCE}",
        ),
        (
            "GoalFilter.belowId",
            "filter: {belowId: $companys}",
            "select below_id from goals_below where id = $companys",
        ),
        openings=(Opening(Permission.STAKEHOLDERS_LOOK_UP),),
    ),
    *_of(
        "Query.goals",
        "Goal",
        ("GoalFilter.ownerId", "filter: {ownerId: $leaver}", "select id from goals where owner_id = $leaver"),
        openings=(READ,),
    ),
    *_of(
        "Query.goals",
        "Goal",
        (
            "GoalFilter.belowId",
            "filter: {belowId: $hidden}",
            "select below_id from goals_below where id = $hidden",
        ),
        openings=(Opening(Permission.GOALS_READ, least=Reach.ORGANIZATION),),
    ),
    *_of(
        "Stakeholder.goals",
        "Goal",
        ("", "filter: {states: [ACTIVE]}", "select owner_id, id from goals where state = 'ACTIVE'"),
        ("", "orderBy: {field: CREATED_AT}", "select owner_id, id from goals"),
    ),
    *_of(
        "GoalPeriod.goals",
        "Goal",
        ("", "filter: {levels: [COMPANY]}", "select period_id, id from goals where level = 'COMPANY'"),
        ("", "orderBy: {field: TITLE, direction: DESC}", "select period_id, id from goals"),
    ),
    *(
        each
        for figure in FIGURES
        for each in _of(figure, None, ("", "departmentId: $finance", f"{COUNTED} and {OF_FINANCE}"))
    ),
    *_of("Goal.alignmentAsked", "AlignmentRequest", ("", "filter: {states: [ASKED]}", ASKED_OF_GOALS)),
    *_of(
        "Query.alignmentRequests",
        "AlignmentRequest",
        (
            "AlignmentRequestFilter.states",
            "filter: {states: [ASKED]}",
            "select id from alignment_requests where state = 'ASKED'",
        ),
        (
            "AlignmentRequestFilter.parentId",
            "filter: {parentId: $companys}",
            "select id from alignment_requests where parent_id = $companys",
        ),
    ),
    *_of(
        "Query.alignmentRequests",
        "AlignmentRequest",
        (
            "AlignmentRequestFilter.goalId",
            "filter: {goalId: $asking}",
            "select id from alignment_requests where goal_id = $asking",
        ),
        openings=(Opening(Permission.GOALS_READ, least=Reach.ORGANIZATION),),
    ),
    *_of(
        "Query.alignmentRequests",
        "AlignmentRequest",
        (
            "AlignmentRequestFilter.toDecide",
            "filter: {toDecide: true}",
            "select id from alignment_requests where state = 'ASKED'",
        ),
        openings=MANAGE_ABOVE,
    ),
    *_of(
        "Query.jointAgreements",
        "JointAgreement",
        (
            "JointAgreementFilter.states",
            "filter: {states: [DECLINED]}",
            "select id from joint_agreements where state = 'DECLINED'",
        ),
        (
            "JointAgreementFilter.goalId",
            "filter: {goalId: $shared}",
            "select id from joint_agreements where goal_id = $shared",
        ),
    ),
    *_of(
        "Query.jointAgreements",
        "JointAgreement",
        (
            "JointAgreementFilter.partnerId",
            "filter: {partnerId: $partner}",
            "select id from joint_agreements where partner_id = $partner",
        ),
        openings=(
            Opening(Permission.STAKEHOLDERS_LOOK_UP_EXTERNAL),
            Opening(Permission.STAKEHOLDERS_READ, least=Reach.ORGANIZATION),
            Opening(Permission.STAKEHOLDERS_READ).to(Relation.SHARED),
        ),
    ),
    *_of(
        "Query.goalTemplates",
        "GoalTemplate",
        ("", 'text: "TEMPLATE"', "select id from goal_templates where retired_on is null"),
        (
            "Query.goalTemplates.includeRetired",
            "positionId: $position, includeRetired: true",
            "select id from goal_templates where position_id = $position",
        ),
    ),
    *_of("Goal.descendants", "Goal", ("", "depth: 1", "select parent_id, id from goals where parent_id is not null")),
    *_of("Account.grants", "Grant", ("", "includeOver: true", "select account_id, id from grants")),
    *_of("Viewer.grants", "Grant", ("", "includeOver: true", "select account_id, id from grants")),
    *_of(
        "Grant.delegations",
        "Grant",
        ("", "includeOver: true", "select lent_from_id, id from grants where lent_from_id is not null"),
    ),
)
