"""Who may change anything at all, and what they may reach."""

from typing import Any

import pytest
import strawberry

from app.access.permissions import Role
from schema.stakeholder_changes import StakeholdersMutation
from schema.stakeholders import StakeholdersQuery
from tests.builders import Caller, gid, unknown_id
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE,
    CREATE_BATCH,
    CREATE_DEPARTMENT,
    CREATE_POSITION,
    DEACTIVATE,
    DEACTIVATE_BATCH,
    MOVE,
    MOVE_BATCH,
    MOVE_DEPARTMENT,
    REACTIVATE,
    RENAME_DEPARTMENT,
    UPDATE,
    UPDATE_BATCH,
    newcomer,
    place,
)
from tests.stakeholders.sight import asker
from tests.stakeholders.trail import counts

ALLOWED = [Role.ORGANIZATION_ADMIN, Role.INTEGRATION]
REFUSED = [role for role in Role if role not in ALLOWED]


def every_change(amber: Amber) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each mutation, on what the seat of most roles is close to: Lead's own report, department and self."""
    direct, on = {"id": gid(amber["Direct"])}, {"on": "2025-01-01"}
    casting = {"id": gid(amber.casting)}
    return {
        "createStakeholder": (CREATE, newcomer("New")),
        "updateStakeholder": (UPDATE, {**direct, "name": "New"}),
        "updateStakeholder, oneself": (UPDATE, {"id": gid(amber["Lead"]), "name": "New"}),
        "deactivateStakeholder": (DEACTIVATE, {**direct, **on}),
        "reactivateStakeholder": (REACTIVATE, {"id": gid(amber["Gone"]), **on, "place": place(amber.casting)}),
        "moveStakeholder": (MOVE, {**direct, **on}),
        "createStakeholderBatch": (CREATE_BATCH, {"rows": [newcomer("New")]}),
        "updateStakeholderBatch": (UPDATE_BATCH, {"rows": [{**direct, "name": "New"}]}),
        "moveStakeholderBatch": (MOVE_BATCH, {"rows": [{**direct, **on}]}),
        "deactivateStakeholderBatch": (DEACTIVATE_BATCH, {"rows": [{**direct, **on}], "dryRun": True}),
        "createDepartment": (CREATE_DEPARTMENT, {"name": "New", "parentId": gid(amber.casting)}),
        "renameDepartment": (RENAME_DEPARTMENT, {**casting, "name": "New"}),
        "moveDepartment": (MOVE_DEPARTMENT, {**casting, "parentId": None}),
        "closeDepartment": (CLOSE_DEPARTMENT, {**casting, **on}),
        "appointHead": (APPOINT_HEAD, {**casting, "headId": gid(amber["Direct"])}),
        "createPosition": (CREATE_POSITION, {"title": "New"}),
    }


@pytest.mark.parametrize("role", REFUSED)
async def test_other_roles_change_nothing(amber: Amber, role: Role) -> None:
    caller, before = await asker(amber, role), await counts(amber.world)
    for name, (document, given) in every_change(amber).items():
        (result,) = (await caller.ask(document, input=given)).values()
        permission = "stakeholders:manage" if "Stakeholder" in name else "departments:manage"
        (problem,) = result["problems"]
        assert (problem["code"], problem["path"]) == ("FORBIDDEN", []), name
        assert problem["params"] == [{"name": "permission", "value": permission}], name
    assert await counts(amber.world) == before


async def test_who_is_not_signed_in_is_asked_to(amber: Amber) -> None:
    before = await counts(amber.world)
    for name, (document, given) in every_change(amber).items():
        assert await amber.world.anonymous().refused(document, input=given) == ["UNAUTHENTICATED"], name
    assert await counts(amber.world) == before


def test_every_mutation_is_tried(amber: Amber) -> None:
    schema = strawberry.Schema(query=StakeholdersQuery, mutation=StakeholdersMutation)._schema
    assert schema.mutation_type is not None
    assert {name.partition(",")[0] for name in every_change(amber)} == set(schema.mutation_type.fields)


@pytest.fixture(scope="module")
async def foreign(amber: Amber) -> Amber:
    return await amber_works(await amber.world.another())


@pytest.mark.parametrize("role", ALLOWED)
async def test_what_is_not_there_and_what_is_of_others_is_not_found(amber: Amber, foreign: Amber, role: Role) -> None:
    """Unknown, malformed, of another table, of another organization: one answer, about every id of an input."""
    caller = await asker(amber, role)
    before = await counts(foreign.world)
    for person, unit in (
        (gid(foreign["Direct"]), gid(foreign.casting)),
        (unknown_id("Stakeholder"), unknown_id("Department")),
        (gid(amber.casting), gid(amber["Direct"])),
        ("not an id", ""),
    ):
        on = {"on": "2025-01-01"}
        for document, given in (
            (UPDATE, {"id": person, "name": "New"}),
            (DEACTIVATE, {"id": person, **on}),
            (REACTIVATE, {"id": person, **on}),
            (MOVE, {"id": person, **on}),
            (RENAME_DEPARTMENT, {"id": unit, "name": "New"}),
            (MOVE_DEPARTMENT, {"id": unit, "parentId": None}),
            (CLOSE_DEPARTMENT, {"id": unit, **on}),
            (APPOINT_HEAD, {"id": unit, "headId": None}),
        ):
            assert await caller.rejected(document, input=given) == [("NOT_FOUND", "id")]
        assert await _rejected_around(caller, amber, person, unit) == {
            "departmentId": "NOT_FOUND",
            "managerId": "NOT_FOUND",
            "headId": "NOT_FOUND",
            "parentId": "NOT_FOUND",
        }
    assert await counts(foreign.world) == before


async def _rejected_around(caller: Caller, amber: Amber, person: str, unit: str) -> dict[str, str]:
    """The problems with ids that lead from what is there to what is not, by the last member of their path."""
    moved = {"id": gid(amber["Direct"]), "on": "2025-01-01", "departmentId": unit, "managerId": person}
    problems = [
        *await caller.rejected(MOVE, input=moved),
        *await caller.rejected(APPOINT_HEAD, input={"id": gid(amber.casting), "headId": person}),
        *await caller.rejected(MOVE_DEPARTMENT, input={"id": gid(amber.casting), "parentId": unit}),
        *await caller.rejected(CREATE_DEPARTMENT, input={"name": "New", "parentId": unit}),
    ]
    return {path: code for code, path in problems}


async def test_a_position_of_another_organization_is_not_found(amber: Amber, foreign: Amber) -> None:
    caller = await asker(amber, Role.ORGANIZATION_ADMIN)
    given = {"id": gid(amber["Direct"]), "on": "2025-01-01", "positionId": gid(foreign.caster)}
    assert await caller.rejected(MOVE, input=given) == [("NOT_FOUND", "positionId")]


async def test_a_change_is_answered_with_what_its_author_may_see(amber: Amber) -> None:
    """The answer is read by the same rules as any query."""
    caller = await asker(amber, Role.INTEGRATION)
    made = await caller.done(CREATE, input=newcomer("New", locale="EN", externalId="CRM-9"))
    assert (made["locale"], made["externalId"]) == ("EN", "CRM-9")
