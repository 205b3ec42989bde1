"""The vocabulary of permissions, and who has which: the one place that says so."""

from collections.abc import Mapping
from enum import Enum, IntEnum


class Permission(Enum):
    """What can be allowed, as `context:verb`; the guard of a field names one."""

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

_SIGNED_IN: Given = {
    _P.VIEWER_READ: _R.OWN,
    _P.ORGANIZATION_READ: _R.ORGANIZATION,
    _P.STAKEHOLDERS_READ: _R.OWN,
}
_STAFF: Given = {
    **_SIGNED_IN,
    _P.SCHEMA_READ: _R.ORGANIZATION,
    _P.DEPARTMENTS_READ: _R.ORGANIZATION,
    _P.POSITIONS_READ: _R.ORGANIZATION,
    _P.STAKEHOLDERS_COUNT: _R.ORGANIZATION,
    _P.STAKEHOLDERS_LOOK_UP: _R.ORGANIZATION,
}
_EVERYBODY_READ: Given = {
    **_STAFF,
    _P.STAKEHOLDERS_LOOK_UP_EXTERNAL: _R.ORGANIZATION,
    _P.STAKEHOLDERS_READ: _R.ORGANIZATION,
}
_MASTER_DATA: Given = {
    **_EVERYBODY_READ,
    _P.STAKEHOLDERS_MANAGE: _R.ORGANIZATION,
    _P.DEPARTMENTS_MANAGE: _R.ORGANIZATION,
}

GRANTS: Mapping[Role, Given] = {
    Role.EMPLOYEE: _STAFF,
    Role.MANAGER: {**_STAFF, _P.STAKEHOLDERS_READ: _R.REPORTS},
    Role.DEPARTMENT_HEAD: {**_STAFF, _P.STAKEHOLDERS_READ: _R.DEPARTMENT},
    Role.PERFORMANCE_ADMIN: _EVERYBODY_READ,
    Role.EXECUTIVE: _STAFF,
    Role.CALIBRATOR: _STAFF,
    Role.APPEAL_OFFICER: _STAFF,
    Role.SERVICE_AGENT: {**_STAFF, _P.STAKEHOLDERS_LOOK_UP_EXTERNAL: _R.ORGANIZATION},
    Role.AUDITOR: _STAFF,
    Role.ORGANIZATION_ADMIN: _MASTER_DATA,
    Role.INTEGRATION: _MASTER_DATA,
    Role.PARTNER: _SIGNED_IN,
    Role.INVESTOR: {**_SIGNED_IN, _P.STAKEHOLDERS_COUNT: _R.AGGREGATE},
    Role.CUSTOMER: _SIGNED_IN,
}
