"""Who asks: everybody whom the matrix is about, by the role they hold and the place they stand in."""

from dataclasses import dataclass

from app.access import permissions
from app.access.permissions import GRANTS, Given, Role
from docs.matrix.relations import Relation

LEAD = "engineering-04"
"""Leads the product team in the department of Product and Engineering, which has departments below it."""

OUTSIDERS = {Role.PARTNER: "partner-01", Role.INVESTOR: "investor-02", Role.CUSTOMER: "customer-01"}
AROUND_STAFF = frozenset(Relation) - {Relation.COLLEAGUE, Relation.SHARED, Relation.ASKED}
AROUND_OUTSIDERS = frozenset(
    {
        Relation.SELF,
        Relation.ANOTHER_ACCOUNT,
        Relation.LENT,
        Relation.SHARED,
        Relation.ASKED,
        Relation.OTHER_DEPARTMENT,
        Relation.OTHER_UNIT,
        Relation.ABSENT,
        Relation.COLLEAGUE,
        Relation.OUTSIDER,
        Relation.HERE,
        Relation.ELSEWHERE,
    }
)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who asks. `person` is the key of a person of the demonstration organization; nobody signed in has none.
    `around` is what rows can be to them."""

    name: str
    person: str | None
    role: Role | None
    around: frozenset[Relation] = AROUND_STAFF

    @property
    def given(self) -> Given:
        if self.role is None:
            return permissions.ANYBODY if self.person is None else permissions.WITHOUT_ROLE
        return GRANTS[self.role]

    def __str__(self) -> str:
        return self.name


def _name(role: Role) -> str:
    return role.name.lower().replace("_", "-")


NOBODY = Seat("nobody", None, None, frozenset())
WITHOUT_ROLE = Seat("without-role", LEAD, None, AROUND_STAFF - {Relation.LENT})
STAFF = tuple(Seat(_name(role), LEAD, role) for role in Role if role not in OUTSIDERS)
OUTSIDE = tuple(Seat(_name(role), key, role, AROUND_OUTSIDERS) for role, key in OUTSIDERS.items())
MISPLACED = tuple(Seat(f"{_name(role)}-inside", LEAD, role) for role in OUTSIDERS)
"""Roles of outsiders in the place of the staff: nobody has them there, but then they would see and do no more."""

SIGNED_IN = (*STAFF, *OUTSIDE, *MISPLACED, WITHOUT_ROLE)
PLACED = (*STAFF, *OUTSIDE, WITHOUT_ROLE, NOBODY)
SEATS = (*PLACED, *MISPLACED)
