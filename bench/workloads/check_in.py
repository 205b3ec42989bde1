"""A check-in at the bottom of 50,000 goals, eight levels deep: rolled up to the root, with its audit and event."""

import random
from uuid import UUID

from app.planner.scalars import global_id
from bench.goals import GeneratedGoals
from bench.peers import allround, hand_written, postgraphile
from bench.workloads.workload import Question, Questions, Workload, asked_in_turn, graphql

NAME = "check-in"
CHECK_IN = """
mutation CheckIn($input: CheckInGoalInput!) {
  checkInGoal(input: $input) {
    ... on CheckIn { goal { title progress owner { name } } }
    ... on Rejected { problems { code } }
  }
}
"""
POSTGRAPHILE = """
mutation CheckIn($input: CheckInGoalInput!) {
  checkInGoal(input: $input) { goal: result { title progress owner { name } } }
}
"""
VARIED = 500


def of(goals: GeneratedGoals) -> Workload:
    """The first tells a value that all peers answer alike; the others follow under load."""
    chance = random.Random(4)
    told = [(goals.checked_in[0].id, 500)]
    told += [(chance.choice(goals.checked_in).id, chance.randint(0, 1000)) for _ in range(VARIED)]
    asked = [_questions(goal_id, goals.key_results[goal_id], str(value)) for goal_id, value in told]
    return Workload(NAME, {peer: asked_in_turn([each[peer] for each in asked]) for peer in asked[0]}, least_values=3)


def _questions(goal_id: UUID, key_result_id: UUID, value: str) -> Questions:
    ours = {"goalId": global_id("Goal", goal_id), "keyResultId": global_id("KeyResult", key_result_id), "value": value}
    rows = {"goalId": str(goal_id), "keyResultId": str(key_result_id), "value": value}
    by_hand = {"goal": str(goal_id), "keyResult": str(key_result_id), "value": value}
    return {
        allround.NAME: graphql(CHECK_IN, input=ours),
        postgraphile.NAME: graphql(POSTGRAPHILE, input=rows),
        hand_written.NAME: Question("/check-in", by_hand),
    }
