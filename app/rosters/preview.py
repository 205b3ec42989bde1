"""What an import would do, for a person at a terminal to look over before it is done."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from app.imports.showing import files_shown, grid_of, many, problems_shown
from app.rosters.changes import RosterChange
from app.rosters.entries import DepartmentEntry, PersonEntry, Roster
from app.rosters.reading import Reading

FIRST_PEOPLE = 10
FIRST_DEPARTMENTS = 60
FIRST_CHANGES = 20


def preview(reading: Reading, change: RosterChange | None = None) -> RenderableType:
    """Files, problems, departments with their people, the first people, and the change if it is known."""
    parts: list[RenderableType] = [Text(reading.title, style="bold"), files_shown(reading.tables)]
    if reading.problems:
        left_out = many(len(reading.left_out), "row")
        outcome = f"{left_out} left out" if reading.in_part else "nothing can be imported"
        parts.append(problems_shown(reading.problems, outcome))
    if reading.usable:
        parts.extend((_departments(reading.roster), _people(reading.roster)))
    if change is not None:
        parts.append(_change(change))
    return Group(*parts)


def _departments(roster: Roster) -> Tree:
    """Each with the people in it, and in it and all below."""
    below: defaultdict[str | None, list[DepartmentEntry]] = defaultdict(list)
    keys = {entry.key for entry in roster.departments}
    for entry in roster.departments:
        below[entry.parent if entry.parent in keys else None].append(entry)
    staff: Counter[str | None] = Counter(person.department for person in roster.people if person.department)
    names = {person.key: person.name for person in roster.people}
    totals = _totals(below, staff)
    tree = Tree(f"\n[bold]{many(len(roster.departments), 'department')}, people in each (and with all below)")
    branches: list[tuple[Tree, DepartmentEntry]] = [(tree, entry) for entry in reversed(below[None])]
    shown = 0
    while branches and shown < FIRST_DEPARTMENTS:
        shown += 1
        branch, entry = branches.pop()
        head = f", headed by {names.get(entry.head, entry.head)}" if entry.head else ""
        label = f"{entry.name}: {staff[entry.key]:,} ({totals[entry.key]:,}){head}"
        twig = branch.add(escape(label))
        branches.extend((twig, each) for each in reversed(below[entry.key]))
    if branches:
        tree.add(f"… and {len(roster.departments) - shown:,} more")
    return tree


def _totals(
    below: Mapping[str | None, Sequence[DepartmentEntry]], staff: Mapping[str | None, int]
) -> Mapping[str, int]:
    totals: dict[str, int] = {}
    for entry in reversed(list(_downwards(below))):
        totals[entry.key] = staff.get(entry.key, 0) + sum(totals[each.key] for each in below.get(entry.key, ()))
    return totals


def _downwards(below: Mapping[str | None, Sequence[DepartmentEntry]]) -> Iterator[DepartmentEntry]:
    """Every department after the one above it."""
    waiting = list(below.get(None, ()))
    while waiting:
        entry = waiting.pop()
        yield entry
        waiting.extend(below.get(entry.key, ()))


def _people(roster: Roster) -> Grid:
    kinds = Counter(person.kind.value.lower() for person in roster.people)
    listed = ", ".join(many(count, kind) for kind, count in sorted(kinds.items()))
    title = f"\n{many(len(roster.people), 'person', 'people')}: {listed or 'nobody'}"
    names = {person.key: person.name for person in roster.people}
    titles = {position.key: position.title for position in roster.positions}
    grid = grid_of(title, "key", "name", "title", "reports to", "e-mail")
    for person in roster.people[:FIRST_PEOPLE]:
        grid.add_row(*map(escape, _person(person, names, titles)))
    if len(roster.people) > FIRST_PEOPLE:
        grid.add_row("…", f"and {len(roster.people) - FIRST_PEOPLE:,} more")
    return grid


def _person(person: PersonEntry, names: Mapping[str, str], titles: Mapping[str, str]) -> tuple[str, ...]:
    title = person.title or titles.get(person.position or "", "") or person.company or ""
    manager = names.get(person.manager, person.manager) if person.manager else ""
    return person.key, person.name, title, manager, person.email or ""


def _change(change: RosterChange) -> Group:
    kinds = {"departments": change.departments, "positions": change.positions, "people": change.people}
    grid = grid_of("\nThe import", "", "creates", "changes", "leaves as they are")
    for name, each in kinds.items():
        grid.add_row(name, f"{len(each.created):,}", f"{len(each.changed):,}", f"{each.unchanged:,}")
    changed = [(name, key, fields) for name, each in kinds.items() for key, fields in each.changed.items()]
    if not changed:
        return Group(grid)
    details = grid_of("\nChanges", "", "key", "fields")
    for name, key, fields in changed[:FIRST_CHANGES]:
        details.add_row(name, escape(key), ", ".join(fields).replace("_", " "))
    if len(changed) > FIRST_CHANGES:
        details.add_row("…", "", f"and {len(changed) - FIRST_CHANGES:,} more")
    return Group(grid, details)
