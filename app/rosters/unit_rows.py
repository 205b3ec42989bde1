"""The rows of the departments and positions of a plan."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.db.rows import new_id
from app.rosters.entries import DepartmentEntry, PositionEntry
from app.rosters.plan import Plan
from app.rosters.writes import Writes, columns, fields
from app.stakeholders.events import (
    DepartmentCreated,
    DepartmentMoved,
    DepartmentRenamed,
    HeadAppointed,
    PositionCreated,
    PositionUpdated,
)
from app.stakeholders.models import StakeholderKind


class UnitRows:
    def __init__(self, plan: Plan, writes: Writes) -> None:
        self._plan = plan
        self._writes = writes

    def add(self) -> None:
        change = self._plan.change
        for position in self._plan.roster.positions:
            self._position(position, change.positions.changed.get(position.key))
        for department in self._parents_first():
            self._department(department, change.departments.changed.get(department.key))

    def _position(self, entry: PositionEntry, changed: Sequence[str] | None) -> None:
        id_ = self._plan.position_ids[entry.key]
        known = self._plan.positions.get(entry.key)
        if known is None:
            row = self._writes.new(
                id=id_, title=entry.title, level=entry.level, duties=entry.duties, external_id=entry.key
            )
            self._writes.new_positions.append(row)
            self._writes.tell(PositionCreated(id_), "Position", None, columns(row))
        elif changed:
            duties = entry.duties or known.entry.duties
            self._writes.positions.append({"id": id_, "title": entry.title, "level": entry.level, "duties": duties})
            self._writes.tell(PositionUpdated(id_), "Position", fields(known.entry, changed), fields(entry, changed))

    def _parents_first(self) -> list[DepartmentEntry]:
        parents = self._plan.parents_after()
        ids = self._plan.department_ids
        return sorted(self._plan.roster.departments, key=lambda entry: _depth(ids[entry.key], parents))

    def _department(self, entry: DepartmentEntry, changed: Sequence[str] | None) -> None:
        known = self._plan.departments.get(entry.key)
        id_ = self._plan.department_ids[entry.key]
        parent_id = self._plan.parent_id(entry)
        head_id = self._plan.person_ids[entry.head] if entry.head else None
        if known is None:
            self._new_department(entry, id_, parent_id, head_id)
            return
        if not changed:
            return
        head_id = head_id or known.head_id
        row = {"id": id_, "name": entry.name, "parent_id": parent_id, "head_id": head_id}
        self._writes.departments.append(row)
        if "name" in changed:
            self._writes.renamed_voices.append({"id": known.stakeholder_id, "name": entry.name})
            self._writes.tell(DepartmentRenamed(id_), "Department", {"name": known.name}, {"name": entry.name})
        if "parent" in changed:
            self._writes.tree_changed = True
            before, after = {"parent_id": known.parent_id}, {"parent_id": parent_id}
            self._writes.tell(DepartmentMoved(id_, parent_id), "Department", before, after)
        if "head" in changed:
            before, after = {"head_id": known.head_id}, {"head_id": head_id}
            self._writes.tell(HeadAppointed(id_, head_id), "Department", before, after)

    def _new_department(self, entry: DepartmentEntry, id_: UUID, parent_id: UUID | None, head_id: UUID | None) -> None:
        voice = self._writes.new(
            id=new_id(), kind=StakeholderKind.DEPARTMENT, name=entry.name, email=None, company_id=None, locale=None
        )
        self._writes.new_people.append(voice | {"joined_on": None, "external_id": None})
        row = self._writes.new(
            id=id_,
            name=entry.name,
            parent_id=parent_id,
            head_id=head_id,
            stakeholder_id=voice["id"],
            external_id=entry.key,
        )
        self._writes.new_departments.append(row)
        self._writes.tree_changed = True
        self._writes.tell(DepartmentCreated(id_, parent_id), "Department", None, columns(row))


def _depth(department: UUID, parents: Mapping[UUID, UUID | None]) -> int:
    depth = 0
    while (above := parents[department]) is not None:
        department, depth = above, depth + 1
    return depth
