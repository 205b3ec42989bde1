"""What each role is meant to see of each person of Amber Works, and a crawl over every path that could show more."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from app.access.permissions import Role
from app.stakeholders.models import Stakeholder
from tests.builders import EXTERNAL_ROLES, Caller, gid
from tests.stakeholders.amber import Amber


class Sight(IntEnum):
    """DIRECTORY: name, kind, place and work e-mail. SERVED: an outsider's contact points as well."""

    NOTHING = 0
    DIRECTORY = 1
    SERVED = 2
    EVERYTHING = 3


STAFF = ("Chief", "Head", "Lead", "Peer", "Direct", "Indirect", "Stranger")
READ_EVERYBODY = {Role.PERFORMANCE_ADMIN, Role.ORGANIZATION_ADMIN, Role.INTEGRATION}
READ_MORE = {Role.MANAGER: {"Direct", "Indirect"}, Role.DEPARTMENT_HEAD: {"Direct", "Indirect", "Head", "Peer"}}
SEATS = {Role.PARTNER: "Pat", Role.CUSTOMER: "Cleo", Role.INVESTOR: "Ivy"}


def seat(role: Role) -> str:
    """Who asks with a role: Lead for the roles of staff."""
    return SEATS.get(role, "Lead")


def sight(role: Role, name: str) -> Sight:
    if role in READ_EVERYBODY or name == seat(role) or name in READ_MORE.get(role, ()):
        return Sight.EVERYTHING
    if role in EXTERNAL_ROLES or name == "Gone":
        return Sight.NOTHING
    if name in STAFF:
        return Sight.DIRECTORY
    return Sight.SERVED if role is Role.SERVICE_AGENT else Sight.NOTHING


async def asker(amber: Amber, role: Role) -> Caller:
    root = amber.foundry if role is Role.DEPARTMENT_HEAD else None
    return await amber.world.sign_in(amber[seat(role)], role, department=root)


def shown(sight: Sight, amber: Amber, name: str) -> dict[str, Any] | None:
    """The fields of PERSON as they are to be answered."""
    if sight is Sight.NOTHING:
        return None
    person, everything = amber[name], sight is Sight.EVERYTHING
    reachable = sight >= Sight.SERVED and name in amber.phones
    places = amber.memberships.get(name, [])
    present = [place for place in places if place.ends_on is None]
    return {
        "__typename": "Stakeholder",
        "id": gid(person),
        "name": name,
        "kind": person.kind.value,
        "email": person.email,
        "joinedOn": str(person.joined_on) if everything else None,
        "externalId": person.external_id if everything else None,
        "locale": person.locale.name if everything and person.locale else None,
        "deactivatedOn": str(person.deactivated_on) if everything and person.deactivated_on else None,
        "contactPoints": [{"value": f"phone of {name}"}] if reachable else [],
        "memberships": {"nodes": [{"id": gid(place)} for place in (places if everything else present)]},
    }


PERSON = """fragment Person on Stakeholder {
  __typename id name kind email joinedOn externalId locale deactivatedOn
  contactPoints { value } memberships { nodes { id } }
}"""
AROUND = """fragment Around on Stakeholder {
  ...Person
  manager { ...Person reports(depth: null) { nodes { ...Person } } }
  reports { nodes { ...Person } }
  company { stakeholders { nodes { ...Person } } }
  position { holders { nodes { ...Person } } }
  department { head { ...Person } members(includeSubdepartments: true) { nodes { ...Person } } }
  membership { manager { ...Person } stakeholder { ...Person } }
}"""
CRAWLS = (
    "query { viewer { stakeholder { ...Person } } }",
    "query { stakeholders(first: 100) { nodes { ...Around } edges { node { ...Person } } } }",
    "query { stakeholders(last: 100, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { ...Person } } }",
    """query { departments(first: 100) { nodes {
      head { ...Person } members { nodes { ...Person } }
      children { members { edges { node { ...Person } } } } parent { members { nodes { ...Person } } } } } }""",
    "query { positions(first: 100) { nodes { holders { nodes { ...Person } edges { node { ...Person } } } } } }",
    """query($ids: [ID!]!) { nodes(ids: $ids) {
      ...Person ... on Membership { holder: stakeholder { ...Person } manager { ...Person } }
      ... on Company { staff: stakeholders { nodes { ...Person } } } } }""",
)


async def crawl(caller: Caller, ids: list[str]) -> list[dict[str, Any]]:
    """Every person that any path shows; a path may be refused as a whole, and no other error is let through."""
    met = []
    for document in CRAWLS:
        fragments = f"{PERSON} {AROUND}" if "...Around" in document else PERSON
        variables = {"ids": ids} if "$ids" in document else {}
        answer = (await caller.post(f"{document} {fragments}", **variables)).json()
        assert {error["extensions"]["code"] for error in answer.get("errors", [])} <= {"FORBIDDEN"}, answer
        met += list(_people(answer["data"]))
    return met


def _people(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for item in tree:
            yield from _people(item)
    elif isinstance(tree, dict):
        if tree.get("__typename") == "Stakeholder":
            yield {key: tree[key] for key in _FIELDS}
        for value in tree.values():
            yield from _people(value)


_FIELDS = (
    "__typename",
    "id",
    "name",
    "kind",
    "email",
    "joinedOn",
    "externalId",
    "locale",
    "deactivatedOn",
    "contactPoints",
    "memberships",
)


def everything_of(amber: Amber) -> list[str]:
    """The ids of all people, places, phones and companies."""
    rows: list[Any] = [*amber.people.values(), *amber.phones.values(), amber.birch]
    return [gid(row) for row in [*rows, *(place for places in amber.memberships.values() for place in places)]]


def named(amber: Amber) -> dict[str, Stakeholder]:
    return {gid(person): person for person in amber.people.values()}
