"""Where the rows of each type are, and what is in fields that are no columns: SQL over the tables of one organization.

A field is the column of its name, and an edge follows the column of its name with `_id`, unless FACTS says otherwise:
by pairs of a row's id and what is in the field, or what it leads to. A root field lists all rows, or those that FACTS
has.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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
)
"""Today's memberships, which all have an end in the data of these tests; grants that are not over, and those that give
something today; each department with itself and all below it; everybody with all below them."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of a type: `owners` is SQL for the people that each belongs to, one row for each; a row without any belongs
    to its `account`, its `department`, or to the organization as a whole. `lender` is SQL for the account that lends a
    row to the one that has it. `aspect` is SQL for the sort of row, `prefix` what global
    ids begin with where that is not the type's name."""

    table: str
    owners: str | None = None
    account: str | None = None
    lender: str | None = None
    department: str | None = None
    aspect: str = "'one'"
    prefix: str | None = None


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
}

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
}
