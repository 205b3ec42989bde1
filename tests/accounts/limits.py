"""What limited grants are meant to reach at Amber Works, worked out from the tree and the lines by hand."""

from dataclasses import dataclass

from app.access.models import Grant
from app.access.permissions import Reach, Role
from app.stakeholders.models import Department
from tests.accounts.granting import holder
from tests.builders import Caller
from tests.stakeholders.amber import Amber

STAFF = frozenset({"Chief", "Head", "Lead", "Peer", "Direct", "Indirect", "Stranger"})
OUTSIDERS = frozenset({"Pat", "Quentin", "Cleo", "Ivy"})
EVERYBODY = STAFF | OUTSIDERS | {"Gone"}
BELOW = {
    "Head": frozenset({"Lead", "Peer", "Direct", "Indirect"}),
    "Lead": frozenset({"Direct", "Indirect"}),
    "Stranger": frozenset[str](),
}
WORKS_IN = {
    "casting": frozenset({"Direct", "Indirect"}),
    "foundry": frozenset({"Head", "Lead", "Peer", "Direct", "Indirect"}),
    "sales": frozenset({"Stranger"}),
}
HEADED = {"Head": WORKS_IN["foundry"]}  # the departments' own stakeholders are left out here
READS = {
    Role.EMPLOYEE: Reach.OWN,
    Role.AUDITOR: Reach.OWN,
    Role.SERVICE_AGENT: Reach.OWN,
    Role.MANAGER: Reach.REPORTS,
    Role.DEPARTMENT_HEAD: Reach.DEPARTMENT,
    Role.PERFORMANCE_ADMIN: Reach.ORGANIZATION,
    Role.INTEGRATION: Reach.ORGANIZATION,
    Role.ORGANIZATION_ADMIN: Reach.ORGANIZATION,
}
CHANGES = {Role.INTEGRATION, Role.ORGANIZATION_ADMIN}
FINDS_OUTSIDERS = {Role.SERVICE_AGENT, Role.PERFORMANCE_ADMIN, Role.INTEGRATION, Role.ORGANIZATION_ADMIN}


@dataclass(frozen=True)
class Limit:
    reach: Reach | None = None
    department: str | None = None
    subjects: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.department or ",".join(self.subjects) or (self.reach.name if self.reach else "none")


LIMITS = (
    Limit(),
    *(Limit(reach) for reach in Reach if reach is not Reach.NONE),
    Limit(department="casting"),
    Limit(department="foundry", reach=Reach.DEPARTMENT),
    Limit(department="sales"),
    Limit(subjects=("Direct", "Stranger", "Pat")),
    Limit(subjects=("Head", "Gone"), reach=Reach.REPORTS),
)
HOLDERS = ("Head", "Lead", "Stranger")


def reached(name: str, role_reaches: Reach, limit: Limit) -> frozenset[str]:
    """Whom a permission reaches beside whoever holds the role, which gives it as far as `role_reaches`."""
    reach = min(role_reaches, limit.reach or Reach.ORGANIZATION)
    if limit.department is not None:
        inside = WORKS_IN[limit.department]
        return {Reach.OWN: frozenset(), Reach.REPORTS: BELOW[name] & inside}.get(reach, inside)
    people = {
        Reach.REPORTS: BELOW[name],
        Reach.DEPARTMENT: BELOW[name] | HEADED.get(name, frozenset()),
        Reach.ORGANIZATION: EVERYBODY,
    }.get(reach, frozenset[str]())
    return people & frozenset(limit.subjects) if limit.subjects else people


def read_by(name: str, role: Role, limit: Limit) -> frozenset[str]:
    return reached(name, READS[role], limit) | {name}


def changed_by(name: str, role: Role, limit: Limit) -> frozenset[str]:
    if role not in CHANGES or (limit.reach or Reach.ORGANIZATION) < Reach.OWN:
        return frozenset()
    return reached(name, Reach.ORGANIZATION, limit) | {name}


def found_by(name: str, role: Role, limit: Limit) -> frozenset[str]:
    """Who is there at all: the staff for everybody, outsiders for some, as far as the limit lets them."""
    outsiders = reached(name, Reach.ORGANIZATION, limit) & OUTSIDERS if role in FINDS_OUTSIDERS else frozenset()
    return STAFF | outsiders | read_by(name, role, limit)


def unit_called(amber: Amber, name: str | None) -> Department | None:
    return {"casting": amber.casting, "foundry": amber.foundry, "sales": amber.sales}.get(name or "")


async def limited(amber: Amber, name: str, role: Role, limit: Limit) -> tuple[Caller, Grant]:
    return await holder(
        amber.world,
        amber[name],
        role,
        reach=limit.reach,
        department=unit_called(amber, limit.department),
        subjects=[amber[subject] for subject in limit.subjects],
    )
