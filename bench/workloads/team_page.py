"""The page that a manager opens first: 50 people of the line, each with manager and the latest five memberships."""

from uuid import UUID

from bench.peers import allround, bare, dataloaders, hand_written, postgraphile
from bench.workloads.workload import Question, Questions, Workload, graphql, stakeholder_id

NAME = "team-page"
ALLROUND = """
query TeamPage($manager: ID!) {
  stakeholders(first: 50, filter: {manager: {id: $manager}}) {
    nodes {
      id name email title joinedOn kind
      manager { id name }
      memberships(first: 5) { nodes { id title startsOn endsOn department { name } } }
    }
  }
}
"""
POSTGRAPHILE = """
query TeamPage($manager: UUID!) {
  allPeople(first: 50, condition: {below: $manager}, orderBy: [NAME_ASC, PRIMARY_KEY_ASC]) {
    nodes {
      id name email title joinedOn kind
      manager { id name }
      memberships(first: 5, orderBy: STARTS_ON_DESC) { nodes { id title startsOn endsOn department { name } } }
    }
  }
}
"""
DATALOADERS = """
query TeamPage($manager: ID!) {
  team(manager: $manager, first: 50) {
    id name email title joinedOn kind
    manager { id name }
    memberships(first: 5) { id title startsOn endsOn department { name } }
  }
}
"""


def of(manager_id: UUID) -> Workload:
    return Workload(NAME, questions(manager_id), least_values=1_600)


def questions(manager_id: UUID) -> Questions:
    ours = graphql(ALLROUND, manager=stakeholder_id(manager_id))
    return {
        allround.NAME: ours,
        bare.NAME: ours,
        postgraphile.NAME: graphql(POSTGRAPHILE, manager=str(manager_id)),
        hand_written.NAME: Question("/team-page", {"id": str(manager_id)}),
        dataloaders.NAME: graphql(DATALOADERS, manager=str(manager_id)),
    }
