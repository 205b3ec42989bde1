"""What a row can be to whoever asks, and which of it each reach covers."""

from collections.abc import Mapping
from enum import Enum

from app.access.permissions import Given, Permission, Reach


class Relation(Enum):
    """The value is the letter that stands for it in the tables. A row that belongs to a person is to whoever asks what
    the person is."""

    SELF = "S"
    ANOTHER_ACCOUNT = "A"
    LENT = "T"
    CO_OWNED = "K"
    SHARED = "P"
    ASKED = "Q"
    REPORT = "R"
    INDIRECT = "I"
    SAME_DEPARTMENT = "D"
    BELOW = "B"
    OTHER_DEPARTMENT = "O"
    OWN_UNIT = "U"
    OTHER_UNIT = "V"
    ABSENT = "N"
    COLLEAGUE = "C"
    OUTSIDER = "X"
    HERE = "H"
    ELSEWHERE = "E"


MEANING: Mapping[Relation, str] = {
    Relation.SELF: "oneself; of what belongs to an account, the one that is signed in",
    Relation.ANOTHER_ACCOUNT: "another account of one's own",
    Relation.LENT: "a grant that lends one's own to somebody",
    Relation.CO_OWNED: "somebody else, in another department, and oneself is a co-owner",
    Relation.SHARED: "for an outsider: a member of staff, who shares it with oneself by an agreement",
    Relation.ASKED: "for an outsider: a member of staff, who asks oneself to share it",
    Relation.REPORT: "a report",
    Relation.INDIRECT: "a report of a report",
    Relation.SAME_DEPARTMENT: "the same department, and not on one's line",
    Relation.BELOW: "a department below one's own",
    Relation.OTHER_DEPARTMENT: "another department",
    Relation.OWN_UNIT: "one's own department as a stakeholder, or one below it",
    Relation.OTHER_UNIT: "another department as a stakeholder",
    Relation.ABSENT: "a member of staff who has left, or is yet to come",
    Relation.COLLEAGUE: "for an outsider: somebody else of the same company",
    Relation.OUTSIDER: "an outsider",
    Relation.HERE: "belongs to nobody, but to the organization",
    Relation.ELSEWHERE: "another organization",
}

PARTNERS = frozenset({Relation.SHARED, Relation.ASKED})
OF_ACCOUNTS = frozenset({Relation.SELF, Relation.ANOTHER_ACCOUNT, Relation.LENT})
OWN = OF_ACCOUNTS | PARTNERS | {Relation.CO_OWNED}
REPORTS = OWN | {Relation.REPORT, Relation.INDIRECT}
DEPARTMENT = REPORTS | {Relation.SAME_DEPARTMENT, Relation.BELOW, Relation.OWN_UNIT}
ORGANIZATION = frozenset(Relation) - {Relation.ELSEWHERE}

COVERED: Mapping[Reach, frozenset[Relation]] = {
    Reach.NONE: frozenset(),
    Reach.AGGREGATE: frozenset(),
    Reach.OWN: OWN,
    Reach.REPORTS: REPORTS,
    Reach.DEPARTMENT: DEPARTMENT,
    Reach.ORGANIZATION: ORGANIZATION,
}

STAFF = frozenset(
    {
        Relation.SELF,
        Relation.REPORT,
        Relation.INDIRECT,
        Relation.SAME_DEPARTMENT,
        Relation.BELOW,
        Relation.OTHER_DEPARTMENT,
    }
)
UNITS = frozenset({Relation.OWN_UNIT, Relation.OTHER_UNIT})
OUTSIDE = frozenset({Relation.COLLEAGUE, Relation.OUTSIDER})
HERE = frozenset({Relation.HERE})
PEOPLE = STAFF | UNITS | OUTSIDE | {Relation.ABSENT}


def reach(given: Given, permission: Permission) -> Reach:
    return given.get(permission, Reach.NONE)
