"""Arguments that find fewer rows: what each of them finds, as SQL over the tables of one organization.

In the arguments and in the SQL a name after a `$` is that of a row: its global id in the one, its key in the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docs.matrix.rules import Opening
from docs.matrix.stakeholders import READ

NAMED: Mapping[str, tuple[str, str]] = {
    "engineering": ("Department", "select id from departments where external_id = 'engineering'"),
    "lead": ("Stakeholder", "select id from stakeholders where external_id = 'engineering-04'"),
    "stayer": ("Stakeholder", "select id from stakeholders where deactivated_on is null"),
    "account": ("Account", "select id from accounts where email = 'manager@demo.example'"),
    "grant": ("Grant", "select id from grants where lent_from_id is null order by id limit 1"),
    "position": ("Position", "select position_id from present order by position_id limit 1"),
    "provider": ("IdentityProvider", "select id from identity_providers"),
    "company": ("Company", "select company_id from stakeholders where external_id = 'customer-01'"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`covers` are the arguments and the fields of inputs that it tries. Of a root field, `finds` yields the ids of
    rows; of a field of a type, pairs of a row's id and what is found from it. What is found are rows of `target`, or
    figures; a row that is found takes `opening` as well."""

    field: str
    target: str | None
    covers: frozenset[str]
    arguments: str
    finds: str
    opening: Opening | None = None

    @property
    def key(self) -> str:
        return f"{self.field}({self.arguments})"


def _of(
    field: str, target: str | None, *tried: tuple[str, str, str], opening: Opening | None = None
) -> Iterator[Narrowed]:
    """Each is what it covers beside the argument itself, the arguments, and what is found."""
    for covers, arguments, finds in tried:
        argument = f"{field}.{arguments.partition(':')[0]}"
        yield Narrowed(field, target, frozenset({argument, *covers.split()}), arguments, finds, opening)


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
        opening=READ,
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
    *_of("Account.grants", "Grant", ("", "includeOver: true", "select account_id, id from grants")),
    *_of("Viewer.grants", "Grant", ("", "includeOver: true", "select account_id, id from grants")),
    *_of(
        "Grant.delegations",
        "Grant",
        ("", "includeOver: true", "select lent_from_id, id from grants where lent_from_id is not null"),
    ),
)
