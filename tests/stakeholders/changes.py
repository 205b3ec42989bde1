"""The mutations about stakeholders as documents, each answering what most tests look at."""

from datetime import date
from typing import Any

from app.stakeholders.models import Department, Position, Stakeholder
from tests.builders import gid

PROBLEMS = "... on Rejected { problems { code path message params { name value } } }"
PERSON = """... on Stakeholder {
  id version kind name email locale joinedOn deactivatedOn externalId title
  company { id name } contactPoints { kind value label }
  department { name } position { title } manager { name }
  memberships { nodes { title startsOn endsOn department { name } manager { name } position { title } } }
}"""
UNIT = """... on Department {
  id version name closedOn parent { name } head { name } children { name } stakeholder { name kind version }
}"""
BATCH = "... on StakeholderBatch { applied rows { stakeholder { id name version } problems { code path message } } }"


def _mutation(name: str, selection: str) -> str:
    input_type = f"{name[0].upper()}{name[1:]}Input!"
    return f"mutation($input: {input_type}) {{ {name}(input: $input) {{ __typename {selection} {PROBLEMS} }} }}"


CREATE = _mutation("createStakeholder", PERSON)
UPDATE = _mutation("updateStakeholder", PERSON)
DEACTIVATE = _mutation("deactivateStakeholder", PERSON)
REACTIVATE = _mutation("reactivateStakeholder", PERSON)
MOVE = _mutation("moveStakeholder", PERSON)
CREATE_BATCH = _mutation("createStakeholderBatch", BATCH)
UPDATE_BATCH = _mutation("updateStakeholderBatch", BATCH)
MOVE_BATCH = _mutation("moveStakeholderBatch", BATCH)
DEACTIVATE_BATCH = _mutation("deactivateStakeholderBatch", BATCH)
CREATE_DEPARTMENT = _mutation("createDepartment", UNIT)
RENAME_DEPARTMENT = _mutation("renameDepartment", UNIT)
MOVE_DEPARTMENT = _mutation("moveDepartment", UNIT)
CLOSE_DEPARTMENT = _mutation("closeDepartment", UNIT)
APPOINT_HEAD = _mutation("appointHead", UNIT)
CREATE_POSITION = _mutation("createPosition", "... on Position { id version title level duties }")


def place(
    department: Department,
    manager: Stakeholder | None = None,
    *,
    starts_on: date | str = "2024-01-01",
    position: Position | None = None,
    title: str | None = "Clerk",
) -> dict[str, Any]:
    """A PlaceInput; what is None is left out."""
    members = {
        "startsOn": str(starts_on),
        "departmentId": gid(department),
        "managerId": gid(manager) if manager else None,
        "positionId": gid(position) if position else None,
        "title": title,
    }
    return {name: value for name, value in members.items() if value is not None}


def newcomer(name: str, **given: Any) -> dict[str, Any]:
    """The input for a new customer, who needs nothing else; or for whoever else `kind` says."""
    return {"kind": "CUSTOMER", "name": name, **given}
