"""A check-in at the bottom of 50,000 goals, eight levels deep: rolled up to the root, with its audit and event."""

import random
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.planner.scalars import global_id
from bench.goals import GeneratedGoals
from bench.peers import allround, hand_written
from bench.workloads.workload import Question, Questions, Workload, graphql_body

NAME = "check-in"
CHECK_IN = """
mutation CheckIn($input: CheckInGoalInput!) {
  checkInGoal(input: $input) {
    ... on CheckIn { goal { title progress owner { name } } }
    ... on Rejected { problems { code } }
  }
}
"""
VARIED = 500


def of(goals: GeneratedGoals) -> Workload:
    def ask(_: UUID) -> Questions:
        chance = random.Random(4)
        told = [(goals.checked_in[0].id, 500)]
        told += [(chance.choice(goals.checked_in).id, chance.randint(0, 1000)) for _ in range(VARIED)]
        return {
            allround.NAME: _question("/graphql", [_graphql(goals, *each) for each in told]),
            hand_written.NAME: _question("/check-in", [_by_hand(goals, *each) for each in told]),
        }

    return Workload(NAME, ask, least_values=3)


def _question(path: str, bodies: list[Mapping[str, Any]]) -> Question:
    first, *others = bodies
    return Question(path, first, others)


def _graphql(goals: GeneratedGoals, goal_id: UUID, value: int) -> Mapping[str, Any]:
    key_result_id = global_id("KeyResult", goals.key_results[goal_id])
    told = {"goalId": global_id("Goal", goal_id), "keyResultId": key_result_id, "value": str(value)}
    return graphql_body(CHECK_IN, input=told)


def _by_hand(goals: GeneratedGoals, goal_id: UUID, value: int) -> Mapping[str, Any]:
    return {"goal": str(goal_id), "keyResult": str(goals.key_results[goal_id]), "value": str(value)}
