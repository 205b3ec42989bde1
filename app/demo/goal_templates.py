"""Templates of the demonstration organization: goals that the holders of a position are given each year."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from app.demo.goal_texts import personal_goals
from app.goals.template_actions import rows_of
from app.goals.template_models import GoalTemplate, TemplateKeyResult
from app.messages import Locale

POSITIONS = ("field-engineer", "care-agent", "production-technician")


def templates(organization_id: UUID, positions: Mapping[str, UUID]) -> dict[str, GoalTemplate]:
    """By position: the first of its goals."""
    return {
        position: GoalTemplate(
            organization_id=organization_id,
            title=personal_goals()[position][0].titles[Locale.EN],
            position_id=positions[position],
        )
        for position in POSITIONS
    }


def template_key_results(made: Mapping[str, GoalTemplate]) -> Iterator[TemplateKeyResult]:
    for position, template in made.items():
        yield from rows_of(template, personal_goals()[position][0].measures[Locale.EN])
