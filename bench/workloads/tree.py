"""A goal of the company with all that stands below it on four levels: 999 goals, each with its owner."""

from app.planner.scalars import global_id
from bench.goals import GeneratedGoals
from bench.peers import allround, bare, dataloaders, hand_written, postgraphile
from bench.workloads.workload import Question, Workload, graphql

NAME = "tree"
TREE = """
query Tree($id: ID!) {
  goal(id: $id) {
    id title progress
    descendants(depth: 4) { id title progress parent { id } owner { name } }
  }
}
"""
POSTGRAPHILE = """
query Tree($id: UUID!) {
  goalByRowId(rowId: $id) {
    id title progress
    descendants(levels: 4) { nodes { id title progress parent { id } owner { name } } }
  }
}
"""


def of(goals: GeneratedGoals) -> Workload:
    root = goals.root.id
    ours = graphql(TREE, id=global_id("Goal", root))
    questions = {
        allround.NAME: ours,
        bare.NAME: ours,
        postgraphile.NAME: graphql(POSTGRAPHILE, id=str(root)),
        hand_written.NAME: Question("/tree", {"id": str(root)}),
        dataloaders.NAME: graphql(TREE, id=str(root)),
    }
    return Workload(NAME, questions, least_values=5 * (goals.shown - 1))
