"""One person by id, with the manager: the small request, in which everything around the statement shows."""

from uuid import UUID

from bench.peers import allround, bare, dataloaders, hand_written, postgraphile
from bench.workloads.workload import Question, Questions, Workload, graphql, stakeholder_id

NAME = "record"
RECORD = "id name email title joinedOn kind manager { id name }"


def of(person_id: UUID) -> Workload:
    return Workload(NAME, questions(person_id), least_values=8)


def questions(person_id: UUID) -> Questions:
    record = f"query Record($id: ID!) {{ %s(id: $id) {{ {RECORD} }} }}"
    by_row = f"query Record($id: UUID!) {{ personByRowId(rowId: $id) {{ {RECORD} }} }}"
    ours = graphql(record % "stakeholder", id=stakeholder_id(person_id))
    return {
        allround.NAME: ours,
        bare.NAME: ours,
        postgraphile.NAME: graphql(by_row, id=str(person_id)),
        hand_written.NAME: Question("/record", {"id": str(person_id)}),
        dataloaders.NAME: graphql(record % "person", id=str(person_id)),
    }
