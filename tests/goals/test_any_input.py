"""Whatever is sent to the mutations about goals, of whatever form: it is answered, and nothing breaks."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.types import get_object_definition
from strawberry.utils.str_converters import to_camel_case

from app.db.database import Database
from schema.goal_alignment import GoalAlignmentMutation
from schema.goal_batches import GoalBatchesMutation
from schema.goal_changes import GoalsMutation
from schema.goal_templates import GoalTemplatesMutation
from schema.joint_goals import JointGoalsMutation
from tests.builders import World
from tests.goals.works import Works, metric
from tests.goals.works import works as works_of
from tests.laws import examples
from tests.stakeholders.test_any_input import MUTATION, Inputs, answered

pytestmark = pytest.mark.thorough

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
FEW = settings(max_examples=examples(6), deadline=None, suppress_health_check=SLOW)
MUTATIONS = (GoalsMutation, GoalAlignmentMutation, GoalBatchesMutation, GoalTemplatesMutation, JointGoalsMutation)
NAMES = [to_camel_case(field.name) for each in MUTATIONS for field in get_object_definition(each, strict=True).fields]


@pytest.fixture(scope="module")
async def works(database: Database, http: Any) -> Works:
    return await works_of(await World.made(database, http))


@pytest.fixture(scope="module")
async def inputs(works: Works) -> Inputs:
    """Whose ids are those of goals in several states, and of what belongs to them."""
    company = await works.active("Grow", level="COMPANY", ownerId=works.id_of("head"))
    measured = await works.active("Sell", parentId=company["id"], keyResults=[metric()])
    draft = await works.goal("Think", keyResults=[{"title": "Signed", "kind": "BINARY"}])
    told = await works.check_in(measured, 40)
    rows = [company["id"], measured["id"], draft["id"], told["id"], works.period]
    rows += [each["keyResults"][0]["id"] for each in (measured, draft)]
    return Inputs([*rows, works.id_of("ada"), works.id_of("zoe")])


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
async def test_every_input_of_a_mutation_about_goals_is_answered(
    works: Works, inputs: Inputs, name: str, data: st.DataObject
) -> None:
    type_ = MUTATION.fields[name].args["input"].type
    document = f"mutation($input: {type_}) {{ {name}(input: $input) {{ __typename }} }}"
    answered(await works["admin"].post(document, input=data.draw(inputs.of(type_))))
