"""A hundred of those who work in a department or below it and have a text in their name or address, and how many there
are: asked by an employee, to whom the day of joining and the telephones of others are not shown."""

from uuid import UUID

from app.access.permissions import Role
from app.planner.scalars import global_id
from bench.peers import allround, dataloaders, hand_written, postgraphile
from bench.workloads.workload import Question, Questions, Workload, graphql

NAME = "list"
TEXT = "en"
ALLROUND = """
query List($department: ID!, $text: String!) {
  stakeholders(first: 100, filter: {department: {id: $department, includeSubdepartments: true}, text: $text}) {
    totalCount
    nodes {
      id name email title kind joinedOn
      contactPoints { kind value }
      department { name }
      manager { id name }
    }
  }
}
"""
POSTGRAPHILE = """
query List($department: UUID!, $text: String!) {
  allPeople(first: 100, condition: {within: $department, text: $text}, orderBy: [NAME_ASC, PRIMARY_KEY_ASC]) {
    totalCount
    nodes {
      id name email title kind joinedOn
      contactPoints { nodes { kind value } }
      department { name }
      manager { id name }
    }
  }
}
"""
DATALOADERS = """
query List($department: ID!, $text: String!) {
  people(department: $department, text: $text, first: 100) {
    totalCount
    nodes {
      id name email title kind joinedOn
      contactPoints { kind value }
      department { name }
      manager { id name }
    }
  }
}
"""


def of(department_id: UUID, text: str = TEXT) -> Workload:
    return Workload(NAME, questions(department_id, text), least_values=900, caller=Role.EMPLOYEE)


def questions(department_id: UUID, text: str = TEXT) -> Questions:
    named = {"department": str(department_id), "text": text}
    ours = {**named, "department": global_id("Department", department_id)}
    return {
        allround.NAME: graphql(ALLROUND, **ours),
        postgraphile.NAME: graphql(POSTGRAPHILE, **named),
        hand_written.NAME: Question("/list", {"id": named["department"], "text": text}),
        dataloaders.NAME: graphql(DATALOADERS, **named),
    }
