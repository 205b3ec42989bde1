"""The vocabulary of permissions, and who has which: the one place that says so."""

from collections.abc import Mapping
from enum import Enum, IntEnum


class Permission(Enum):
    """What can be allowed, as `context:verb`; the guard of a field names one."""

    SESSIONS_OPEN = "sessions:open"
    ACCOUNTS_SECURE = "accounts:secure"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_MANAGE = "accounts:manage"
    GRANTS_DELEGATE = "grants:delegate"
    GRANTS_MANAGE = "grants:manage"
    KEYS_READ = "keys:read"
    KEYS_MANAGE = "keys:manage"
    PROVIDERS_READ = "identity-providers:read"
    PROVIDERS_MANAGE = "identity-providers:manage"
    PROVISIONING_USE = "provisioning:use"
    AUDIT_READ = "audit:read"
    PRIVACY_EXPORT = "privacy:export"
    PRIVACY_ERASE = "privacy:erase"
    VIEWER_READ = "viewer:read"
    SCHEMA_READ = "schema:read"
    ORGANIZATION_READ = "organization:read"
    DEPARTMENTS_READ = "departments:read"
    DEPARTMENTS_MANAGE = "departments:manage"
    POSITIONS_READ = "positions:read"
    STAKEHOLDERS_COUNT = "stakeholders:count"
    STAKEHOLDERS_LOOK_UP = "stakeholders:look-up"
    STAKEHOLDERS_LOOK_UP_EXTERNAL = "stakeholders:look-up-external"
    STAKEHOLDERS_READ = "stakeholders:read"
    STAKEHOLDERS_MANAGE = "stakeholders:manage"
    GOALS_LOOK_UP = "goals:look-up"
    GOALS_READ = "goals:read"
    GOALS_MANAGE = "goals:manage"
    GOALS_CHECK_IN = "goals:check-in"
    GOALS_APPROVE = "goals:approve"
    GOALS_LEAD = "goals:lead"
    GOALS_AGREE = "goals:agree"
    GOALS_ANALYZE = "goals:analyze"
    GOAL_PERIODS_MANAGE = "goal-periods:manage"
    GOAL_TEMPLATES_MANAGE = "goal-templates:manage"


class Reach(IntEnum):
    """How far a permission goes. AGGREGATE never yields a row: it is for figures about many."""

    NONE = 0
    AGGREGATE = 1
    OWN = 2
    REPORTS = 3
    DEPARTMENT = 4
    ORGANIZATION = 5


class Role(Enum):
    EMPLOYEE = "EMPLOYEE"
    MANAGER = "MANAGER"
    DEPARTMENT_HEAD = "DEPARTMENT_HEAD"
    PERFORMANCE_ADMIN = "PERFORMANCE_ADMIN"
    EXECUTIVE = "EXECUTIVE"
    CALIBRATOR = "CALIBRATOR"
    APPEAL_OFFICER = "APPEAL_OFFICER"
    SERVICE_AGENT = "SERVICE_AGENT"
    AUDITOR = "AUDITOR"
    ORGANIZATION_ADMIN = "ORGANIZATION_ADMIN"
    INTEGRATION = "INTEGRATION"
    PARTNER = "PARTNER"
    INVESTOR = "INVESTOR"
    CUSTOMER = "CUSTOMER"


Given = Mapping[Permission, Reach]

_P, _R = Permission, Reach

ANYBODY: Given = {_P.SESSIONS_OPEN: _R.OWN}
"""What takes no signing in."""

WITHOUT_ROLE: Given = {**ANYBODY, _P.ACCOUNTS_SECURE: _R.OWN}
"""What takes no role, but to be signed in: whoever has an account keeps it safe, whatever it is good for."""

_SIGNED_IN: Given = {
    **WITHOUT_ROLE,
    _P.ACCOUNTS_READ: _R.OWN,
    _P.VIEWER_READ: _R.OWN,
    _P.ORGANIZATION_READ: _R.ORGANIZATION,
    _P.STAKEHOLDERS_READ: _R.OWN,
}
_STAFF: Given = {
    **_SIGNED_IN,
    _P.GRANTS_DELEGATE: _R.OWN,
    _P.SCHEMA_READ: _R.ORGANIZATION,
    _P.DEPARTMENTS_READ: _R.ORGANIZATION,
    _P.POSITIONS_READ: _R.ORGANIZATION,
    _P.STAKEHOLDERS_COUNT: _R.ORGANIZATION,
    _P.STAKEHOLDERS_LOOK_UP: _R.ORGANIZATION,
    _P.GOALS_LOOK_UP: _R.ORGANIZATION,
    _P.GOALS_READ: _R.OWN,
    _P.GOALS_MANAGE: _R.OWN,
    _P.GOALS_CHECK_IN: _R.OWN,
}
_EVERYBODY_READ: Given = {
    **_STAFF,
    _P.STAKEHOLDERS_LOOK_UP_EXTERNAL: _R.ORGANIZATION,
    _P.STAKEHOLDERS_READ: _R.ORGANIZATION,
}
_MASTER_DATA: Given = {
    **_EVERYBODY_READ,
    _P.PROVISIONING_USE: _R.ORGANIZATION,
    _P.STAKEHOLDERS_MANAGE: _R.ORGANIZATION,
    _P.DEPARTMENTS_MANAGE: _R.ORGANIZATION,
}
_ADMINISTRATION: Given = {
    **_MASTER_DATA,
    _P.ACCOUNTS_READ: _R.ORGANIZATION,
    _P.ACCOUNTS_MANAGE: _R.ORGANIZATION,
    _P.GRANTS_MANAGE: _R.ORGANIZATION,
    _P.KEYS_READ: _R.ORGANIZATION,
    _P.KEYS_MANAGE: _R.ORGANIZATION,
    _P.PROVIDERS_READ: _R.ORGANIZATION,
    _P.PROVIDERS_MANAGE: _R.ORGANIZATION,
    _P.PRIVACY_EXPORT: _R.ORGANIZATION,
    _P.PRIVACY_ERASE: _R.ORGANIZATION,
}

_GOALS = (_P.GOALS_READ, _P.GOALS_MANAGE, _P.GOALS_CHECK_IN, _P.GOALS_APPROVE, _P.GOALS_AGREE, _P.GOALS_ANALYZE)

GRANTS: Mapping[Role, Given] = {
    Role.EMPLOYEE: _STAFF,
    Role.MANAGER: {**_STAFF, _P.STAKEHOLDERS_READ: _R.REPORTS, **dict.fromkeys(_GOALS, _R.REPORTS)},
    Role.DEPARTMENT_HEAD: {**_STAFF, _P.STAKEHOLDERS_READ: _R.DEPARTMENT, **dict.fromkeys(_GOALS, _R.DEPARTMENT)},
    Role.PERFORMANCE_ADMIN: {
        **_EVERYBODY_READ,
        **dict.fromkeys(_GOALS, _R.ORGANIZATION),
        _P.GOALS_LEAD: _R.ORGANIZATION,
        _P.GOAL_PERIODS_MANAGE: _R.ORGANIZATION,
        _P.GOAL_TEMPLATES_MANAGE: _R.ORGANIZATION,
    },
    Role.EXECUTIVE: {
        **_STAFF,
        _P.GOALS_APPROVE: _R.OWN,  # of the company's
        _P.GOALS_LEAD: _R.ORGANIZATION,
        _P.GOALS_ANALYZE: _R.AGGREGATE,
    },
    Role.CALIBRATOR: _STAFF,
    Role.APPEAL_OFFICER: _STAFF,
    Role.SERVICE_AGENT: {**_STAFF, _P.STAKEHOLDERS_LOOK_UP_EXTERNAL: _R.ORGANIZATION},
    Role.AUDITOR: {**_STAFF, _P.ACCOUNTS_READ: _R.ORGANIZATION, _P.AUDIT_READ: _R.ORGANIZATION},
    Role.ORGANIZATION_ADMIN: _ADMINISTRATION,
    Role.INTEGRATION: {
        **_MASTER_DATA,
        _P.GOALS_READ: _R.ORGANIZATION,
        _P.GOALS_MANAGE: _R.ORGANIZATION,
        _P.GOALS_CHECK_IN: _R.ORGANIZATION,
    },
    Role.PARTNER: {**_SIGNED_IN, _P.GOALS_READ: _R.OWN, _P.GOALS_CHECK_IN: _R.OWN, _P.GOALS_AGREE: _R.OWN},
    Role.INVESTOR: {**_SIGNED_IN, _P.STAKEHOLDERS_COUNT: _R.AGGREGATE},
    Role.CUSTOMER: _SIGNED_IN,
}

EXTERNAL_ROLES = frozenset({Role.PARTNER, Role.INVESTOR, Role.CUSTOMER})
"""The roles of outsiders."""


def given_to_all(role: Role) -> Given:
    """What everybody of the same side has: a limit of a role leaves it alone."""
    return _SIGNED_IN if role in EXTERNAL_ROLES else _STAFF


NEVER_LENT = frozenset(
    {
        _P.ACCOUNTS_SECURE,
        _P.ACCOUNTS_MANAGE,
        _P.GRANTS_DELEGATE,
        _P.GRANTS_MANAGE,
        _P.KEYS_MANAGE,
        _P.PROVIDERS_MANAGE,
        _P.PRIVACY_EXPORT,
        _P.PRIVACY_ERASE,
    }
)
"""What neither a delegate nor a key can do: whoever could would outlast what was lent."""

GRANTABLE: Mapping[Role, frozenset[Role]] = {Role.ORGANIZATION_ADMIN: frozenset(Role)}
"""The roles that a role can hand out without having what they give; anybody else hands on what they hold."""

DELEGABLE = frozenset(
    {
        Role.MANAGER,
        Role.DEPARTMENT_HEAD,
        Role.PERFORMANCE_ADMIN,
        Role.EXECUTIVE,
        Role.CALIBRATOR,
        Role.APPEAL_OFFICER,
        Role.SERVICE_AGENT,
    }
)
"""The roles that whoever holds them can lend for a time."""
