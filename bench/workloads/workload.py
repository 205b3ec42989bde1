"""What a workload is: a name, and what each peer is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.planner.scalars import global_id


@dataclass(frozen=True, slots=True)
class Question:
    """A POST with JSON."""

    path: str
    body: Mapping[str, Any]


Questions = Mapping[str, Question]


@dataclass(frozen=True, slots=True)
class Workload:
    """`ask` gives each peer, by name, what it is asked about a person; `least_values` are in the answer at least."""

    name: str
    ask: Callable[[UUID], Questions]
    least_values: int


def graphql(document: str, **variables: Any) -> Question:
    return Question("/graphql", {"query": " ".join(document.split()), "variables": variables})


def stakeholder_id(id_: UUID) -> str:
    """Somebody's id as Allround's API has it."""
    return global_id("Stakeholder", id_)
