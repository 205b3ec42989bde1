"""What stands in a roster's way where something is there already."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from app.rosters.checks import EntryKind, EntryProblem, RosterFault, cycles
from app.rosters.entries import DepartmentEntry, PersonEntry
from app.rosters.plan import Plan
from app.rosters.stays import Stay
from app.stakeholders.models import EXTERNAL


def problems_of(plan: Plan) -> list[EntryProblem]:
    return [*_people(plan), *_departments(plan), *_cycles(plan), *_heads(plan)]


def _people(plan: Plan) -> Iterator[EntryProblem]:
    owners = {known.email.lower(): known for known in plan.state.people if known.email}
    left = set(plan.change.deactivated)
    moving = {plan.person_ids[entry.key] for entry in plan.roster.people if entry.email}
    for entry in plan.roster.people:
        known = plan.people.get(entry.key)
        if known is not None and (known.kind in EXTERNAL) != (entry.kind in EXTERNAL):
            message = f"{entry.name} is known as {known.kind.value}; nobody changes between inside and outside"
            yield _of_person(entry, "kind", RosterFault.KIND_FIXED, message, entry.kind.value)
        owner = owners.get((entry.email or "").lower())
        if owner is not None and owner.id != plan.person_ids[entry.key] and owner.id not in moving:
            message = f"{entry.email} is the address of {owner.name} ({owner.key or 'without a key'}) already"
            yield _of_person(entry, "email", RosterFault.TAKEN, message, entry.email or "")
        if entry.manager in left:
            message = f"“{entry.manager}”, whom {entry.name} is to report to, is deactivated"
            yield _of_person(entry, "manager", RosterFault.NOT_ACTIVE, message, entry.manager or "")


def _departments(plan: Plan) -> Iterator[EntryProblem]:
    names = _names_by_place(plan)
    left = set(plan.change.deactivated)
    for entry in plan.roster.departments:
        known = plan.departments.get(entry.key)
        if known is not None and known.closed_on is not None:
            message = f"the department “{entry.name}” was closed on {known.closed_on}"
            yield _of_department(entry, "key", RosterFault.DEPARTMENT_CLOSED, message, entry.key)
        elif names[plan.parent_id(entry), entry.name.lower()] > 1:
            message = f"another department in the same place is called “{entry.name}”"
            yield _of_department(entry, "name", RosterFault.TAKEN, message, entry.name)
        if entry.head in left:
            message = f"“{entry.head}”, who is to head “{entry.name}”, is deactivated"
            yield _of_department(entry, "head", RosterFault.NOT_ACTIVE, message, entry.head or "")


def _names_by_place(plan: Plan) -> Counter[tuple[UUID | None, str]]:
    named = set(plan.department_ids.values())
    places = [
        (known.parent_id, known.name.lower())
        for known in plan.state.departments
        if known.id not in named and known.closed_on is None
    ]
    places += [(plan.parent_id(entry), entry.name.lower()) for entry in plan.roster.departments]
    return Counter(places)


def _cycles(plan: Plan) -> Iterator[EntryProblem]:
    departments = {plan.department_ids[entry.key]: entry for entry in plan.roster.departments}
    for cycle in cycles({str(key): str(above) if above else None for key, above in plan.parents_after().items()}):
        entry = next(departments[UUID(id_)] for id_ in cycle if UUID(id_) in departments)
        message = f"“{entry.name}” would stand below itself, for what is above it stands below it"
        yield _of_department(entry, "parent", RosterFault.CYCLE, message, entry.parent or "")
    people = {plan.person_ids[entry.key]: entry for entry in plan.roster.people if not entry.keeps_manager}
    for circle in cycles_in_time(_managed_stays(plan)):
        person = min((people[id_] for id_ in circle if id_ in people), key=lambda entry: entry.key)
        message = f"{person.name} would be below themselves: {_named(plan, (*circle, circle[0]))}"
        yield _of_person(person, "manager", RosterFault.CYCLE, message, person.manager or "")


def _named(plan: Plan, circle: Sequence[UUID]) -> str:
    names = {plan.person_ids[entry.key]: entry.name for entry in plan.roster.people}
    return " → ".join(names.get(id_, "somebody whom the files do not name") for id_ in circle)


def _managed_stays(plan: Plan) -> Mapping[UUID, Sequence[Stay]]:
    managed = {
        person: [stay for stay in stays if stay.manager_id is not None] for person, stays in plan.stays_after().items()
    }
    return {person: stays for person, stays in managed.items() if stays}


def cycles_in_time(stays: Mapping[UUID, Sequence[Stay]]) -> list[tuple[UUID, ...]]:
    """The circles of reports that hold on any day.

    Only who stays after all those were taken away that report to nobody left can be in one, and only the days on
    which their stays begin have to be looked at.
    """
    suspects = _without_tops(stays)
    found: dict[tuple[str, ...], tuple[UUID, ...]] = {}
    for day in sorted({stay.starts_on for person in suspects for stay in suspects[person]}):
        for cycle in cycles({str(person): _manager_on(own, day) for person, own in suspects.items()}):
            found[cycle] = tuple(map(UUID, cycle))
    return list(found.values())


def _without_tops(stays: Mapping[UUID, Sequence[Stay]]) -> Mapping[UUID, Sequence[Stay]]:
    reports: defaultdict[UUID, set[UUID]] = defaultdict(set)
    managers = {person: {stay.manager_id for stay in own if stay.manager_id in stays} for person, own in stays.items()}
    for person, above in managers.items():
        for manager in above:
            if manager is not None:
                reports[manager].add(person)
    tops = [person for person, above in managers.items() if not above]
    while tops:
        top = tops.pop()
        del managers[top]
        for report in reports[top]:
            managers[report].discard(top)
            if not managers[report]:
                tops.append(report)
    return {person: stays[person] for person in managers}


def _manager_on(stays: Sequence[Stay], day: date) -> str | None:
    return next((str(stay.manager_id) for stay in stays if stay.covers(day)), None)


def _heads(plan: Plan) -> Iterator[EntryProblem]:
    """Heads of departments that the roster names, and people whom it moves out of a department that they head."""
    parents, after = plan.parents_after(), plan.stays_after()
    entries = {plan.department_ids[entry.key]: entry for entry in plan.roster.departments}
    people = {plan.person_ids[entry.key]: entry for entry in plan.roster.people if entry.key in plan.places}
    for department_id, (name, head_id) in _heads_after(plan).items():
        homes = [stay.department_id for stay in after.get(head_id, ()) if _goes_on(stay, plan.today)]
        if any(_is_below(home, department_id, parents) for home in homes):
            continue
        entry = entries.get(department_id)
        if entry is not None and entry.head is not None:
            message = f"“{entry.head}”, who is to head “{name}”, works neither there nor below it"
            yield _of_department(entry, "head", RosterFault.HEAD_FROM_ELSEWHERE, message, entry.head)
        elif head_id in people:
            person = people[head_id]
            message = f"{person.name} heads “{name}” and cannot leave it before somebody else does"
            yield _of_person(person, "department", RosterFault.HEADS_DEPARTMENT, message, person.department or "")
        elif entry is not None:
            message = f"the head of “{name}” would work neither there nor below it"
            yield _of_department(entry, "parent", RosterFault.HEAD_FROM_ELSEWHERE, message, entry.parent or "")


def _heads_after(plan: Plan) -> Mapping[UUID, tuple[str, UUID]]:
    left = set(plan.change.deactivated)
    heads = {
        known.id: (known.name, known.head_id)
        for known in plan.state.departments
        if known.head_id is not None and known.closed_on is None
    }
    for entry in plan.roster.departments:
        if entry.head is not None and entry.head not in left:
            heads[plan.department_ids[entry.key]] = (entry.name, plan.person_ids[entry.head])
    return heads


def _goes_on(stay: Stay, today: date) -> bool:
    return stay.ends_on is None or stay.ends_on > today


def _is_below(department: UUID | None, above: UUID, parents: Mapping[UUID, UUID | None]) -> bool:
    seen: set[UUID] = set()
    while department is not None and department not in seen:
        if department == above:
            return True
        seen.add(department)
        department = parents.get(department)
    return False


def _of_person(entry: PersonEntry, field: str, code: RosterFault, message: str, value: str) -> EntryProblem:
    return EntryProblem(EntryKind.PERSON, entry.key, field, code, message, value)


def _of_department(entry: DepartmentEntry, field: str, code: RosterFault, message: str, value: str) -> EntryProblem:
    return EntryProblem(EntryKind.DEPARTMENT, entry.key, field, code, message, value)
