"""What the queries and mutations about goal templates take."""

from decimal import Decimal

import strawberry

from app.goals.models import Commitment
from schema.inputs.goals import KeyResultInput
from schema.inputs.words import ATOMIC, DRY, KEY, VERSION

_WEIGHT = "What its goals count for beside others: 0 to 10,000, with 4 places at most."
_POSITION = "The position whose holders it is meant for."
_KEY_RESULTS = "What its goals are measured by; 20 at most."


@strawberry.input(description="A new template.")
class CreateGoalTemplateInput:
    title: str = strawberry.field(description="1 to 200 characters; its goals are called the same.")
    description: str | None = strawberry.field(default=None, description="10,000 characters.")
    position_id: strawberry.ID | None = strawberry.field(default=None, description=_POSITION)
    commitment: Commitment = strawberry.field(default=Commitment.COMMITTED, description="How binding its goals are.")
    weight: Decimal = strawberry.field(default=Decimal(1), description=_WEIGHT)
    key_results: list[KeyResultInput] = strawberry.field(default_factory=list, description=_KEY_RESULTS)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to be another way about a template; what is left out stays, null empties.")
class UpdateGoalTemplateInput:
    id: strawberry.ID = strawberry.field(description="The template.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    title: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="10,000 characters.")
    position_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_POSITION)
    commitment: Commitment | None = strawberry.field(default=strawberry.UNSET, description="How binding its goals are.")
    weight: Decimal | None = strawberry.field(default=strawberry.UNSET, description=_WEIGHT)
    key_results: list[KeyResultInput] | None = strawberry.field(
        default=strawberry.UNSET, description=f"{_KEY_RESULTS} They are replaced as a whole."
    )


@strawberry.input(description="A template that is not to be used any more.")
class RetireGoalTemplateInput:
    id: strawberry.ID = strawberry.field(description="The template.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Somebody who gets a goal of a template.")
class AssignGoalTemplateRow:
    owner_id: strawberry.ID = strawberry.field(
        description="Who: a person, or the stakeholder that stands for a department."
    )
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="The goal that it is to stand below, which one manages."
    )
    weight: Decimal | None = strawberry.field(
        default=None,
        description="What it counts for beside the others: 0 to 10,000, with 4 places at most; the template's unless "
        "it is given.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A template to make many goals of; 250 at most.")
class AssignGoalTemplateBatchInput:
    template_id: strawberry.ID = strawberry.field(description="The template, which is not retired.")
    period_id: strawberry.ID = strawberry.field(description="What the goals are set for.")
    rows: list[AssignGoalTemplateRow] = strawberry.field(description="In the order they are done; 250 at most.")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)
