"""What a workload is: a name, who asks, and what each peer is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.permissions import Role
from app.planner.scalars import global_id


@dataclass(frozen=True, slots=True)
class Question:
    """A POST with JSON; `others` are the bodies that follow it under load, if they are not all the same."""

    path: str
    body: Mapping[str, Any]
    others: Sequence[Mapping[str, Any]] = ()


Questions = Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Workload:
    """`questions` are what each peer, by name, is asked; a peer that is not asked takes no part. `least_values` are in
    the answer at least."""

    name: str
    questions: Questions
    least_values: int
    caller: Role = Role.MANAGER


def graphql(document: str, **variables: Any) -> Question:
    return Question("/graphql", graphql_body(document, **variables))


def graphql_body(document: str, **variables: Any) -> Mapping[str, Any]:
    return {"query": " ".join(document.split()), "variables": variables}


def asked_in_turn(questions: Sequence[Question]) -> Question:
    """The first one, and the bodies of the others after it."""
    first, *others = questions
    return Question(first.path, first.body, [other.body for other in others])


def stakeholder_id(id_: UUID) -> str:
    """Somebody's id as Allround's API has it."""
    return global_id("Stakeholder", id_)
