"""A goal of the company with all that stands below it on four levels: 999 goals, each with its owner."""

from uuid import UUID

from app.planner.scalars import global_id
from bench.goals import SHOWN, GeneratedGoals
from bench.peers import allround, bare, hand_written
from bench.workloads.workload import Question, Questions, Workload, graphql

NAME = "tree"
TREE = """
query Tree($id: ID!) {
  goal(id: $id) {
    id title progress
    descendants(depth: 4) { id title progress parent { id } owner { name } }
  }
}
"""


def of(goals: GeneratedGoals) -> Workload:
    def ask(_: UUID) -> Questions:
        ours = graphql(TREE, id=global_id("Goal", goals.root.id))
        by_hand = Question("/tree", {"id": str(goals.root.id)})
        return {allround.NAME: ours, bare.NAME: ours, hand_written.NAME: by_hand}

    return Workload(NAME, ask, least_values=5 * (SHOWN - 1))
