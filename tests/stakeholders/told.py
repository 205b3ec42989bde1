"""What `allowedActions` says of people and departments, beside what their mutations say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from app.access.models import Account, Grant, GrantSubject
from app.access.permissions import Role
from app.stakeholders.models import Department, Stakeholder
from tests.builders import LONG_AGO, Caller, World

TELL = """query($ids: [ID!]!) { nodes(ids: $ids) {
    ... on Stakeholder { allowedActions { action allowed reason } }
    ... on Department { allowedActions { action allowed reason } } } }"""
Told = Mapping[str, str | None]
PLACES = {"createDepartment": "parentId", "createStakeholder": "place.departmentId"}


@dataclass(frozen=True)
class Attempt:
    """A mutation and its input."""

    mutation: str
    input: Mapping[str, Any]

    @property
    def type_name(self) -> str:
        return f"{self.mutation[0].upper()}{self.mutation[1:]}Input!"

    @property
    def place(self) -> str:
        """Where its input names the row that it is about."""
        return PLACES.get(self.mutation, "id")


async def told(caller: Caller, id_: str) -> Told | None:
    """Each action with the reason it is refused for; None if the row is not seen."""
    (node,) = (await caller.ask(TELL, ids=[id_]))["nodes"]
    if node is None:
        return None
    assert all(each["allowed"] == (each["reason"] is None) for each in node["allowedActions"])
    return {each["action"]: each["reason"] for each in node["allowedActions"]}


async def tried(caller: Caller, attempts: Sequence[Attempt]) -> dict[str, list[tuple[str, str]]]:
    """The problems of each mutation, as code and dotted path; none if it was done. All are sent in one request."""
    declared = ", ".join(f"${attempt.mutation}: {attempt.type_name}" for attempt in attempts)
    fields = " ".join(
        f"{each.mutation}(input: ${each.mutation}) {{ ... on Rejected {{ problems {{ code path }} }} }}"
        for each in attempts
    )
    document = f"mutation({declared}) {{ {fields} }}"
    results = await caller.ask(document, **{attempt.mutation: attempt.input for attempt in attempts})
    return {
        name: [(problem["code"], ".".join(problem["path"])) for problem in result.get("problems", [])]
        for name, result in results.items()
    }


def agrees(reason: str | None, attempt: Attempt, problems: list[tuple[str, str]]) -> bool:
    """Whether what was told of a row is what became of the attempt. What is wrong with the input alone is told
    elsewhere in it."""
    about_the_row = [code for code, path in problems if path in {"", attempt.place}]
    return about_the_row[:1] == ([] if reason is None else [reason])


async def limited_admin(
    world: World, person: Stakeholder, *, department: Department | None = None, subjects: Sequence[Stakeholder] = ()
) -> Caller:
    """A colleague who administers a department with all below it, or some people, and nothing else."""
    account = Account(
        organization_id=world.organization.id, stakeholder_id=person.id, email=f"{uuid4().hex}@amber.example"
    )
    employee, admin = (
        Grant(
            organization_id=world.organization.id,
            account_id=account.id,
            role=role,
            department_id=department.id if department and role is Role.ORGANIZATION_ADMIN else None,
            starts_on=LONG_AGO,
        )
        for role in (Role.EMPLOYEE, Role.ORGANIZATION_ADMIN)
    )
    named = [
        GrantSubject(organization_id=world.organization.id, grant_id=admin.id, stakeholder_id=subject.id)
        for subject in subjects
    ]
    await world.add(account, employee, admin, *named)
    return await world.session(account)
