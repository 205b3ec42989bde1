"""What a workload is: a name, and what each peer is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

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
    """`ask` gives each peer, by name, what it is asked about a person; a peer that is not asked takes no part.
    `least_values` are in the answer at least."""

    name: str
    ask: Callable[[UUID], Questions]
    least_values: int


def graphql(document: str, **variables: Any) -> Question:
    return Question("/graphql", graphql_body(document, **variables))


def graphql_body(document: str, **variables: Any) -> Mapping[str, Any]:
    return {"query": " ".join(document.split()), "variables": variables}


def stakeholder_id(id_: UUID) -> str:
    """Somebody's id as Allround's API has it."""
    return global_id("Stakeholder", id_)
