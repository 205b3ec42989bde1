"""What an import of goals would do, for a person at a terminal to look over before it is done."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text
from rich.tree import Tree

from app.goal_files.changes import GoalsChange
from app.goal_files.entries import GoalEntry
from app.goal_files.reading import Reading
from app.imports.showing import files_shown, grid_of, many, problems_shown

FIRST_GOALS = 40
FIRST_CHANGES = 20


def preview(reading: Reading, change: GoalsChange | None = None) -> RenderableType:
    """Files, problems, the goals as a tree, and the change if it is known."""
    parts: list[RenderableType] = [Text(reading.title, style="bold"), files_shown(reading.tables)]
    if reading.problems:
        parts.append(problems_shown(reading.problems, "nothing can be imported"))
    else:
        parts.append(_tree(reading))
    if change is not None:
        parts.append(_change(change))
    return Group(*parts)


def _tree(reading: Reading) -> Tree:
    goals, key_results = reading.entries.goals, reading.entries.key_results
    count = sum(map(len, key_results.values()))
    tree = Tree(f"\n[bold]{many(len(goals), 'goal')}, {many(count, 'key result')}{_periods(goals)}")
    below = _below(goals)
    branches: list[tuple[Tree, GoalEntry]] = [(tree, entry) for entry in reversed(below.get(None, ()))]
    shown: set[str] = set()
    while branches and len(shown) < FIRST_GOALS:
        branch, entry = branches.pop()
        if entry.key in shown:  # of a circle
            continue
        shown.add(entry.key)
        twig = branch.add(escape(_label(entry, len(key_results.get(entry.key, ())))))
        branches.extend((twig, each) for each in reversed(below.get(entry.key, ())))
    if len(shown) < len(goals):
        tree.add(f"… and {len(goals) - len(shown):,} more")
    return tree


def _periods(goals: Mapping[str, GoalEntry]) -> str:
    periods = Counter(entry.period for entry in goals.values() if entry.period)
    listed = ", ".join(f"{count:,} in {escape(name)}" for name, count in sorted(periods.items())[:5])
    return f": {listed}" if listed else ""


def _below(goals: Mapping[str, GoalEntry]) -> Mapping[str | None, Sequence[GoalEntry]]:
    below: defaultdict[str | None, list[GoalEntry]] = defaultdict(list)
    for entry in goals.values():
        parent = entry.parent.text if entry.parent else None
        below[parent if parent in goals else None].append(entry)
    return below


def _label(entry: GoalEntry, key_results: int) -> str:
    owner = entry.owner or entry.department
    parts = [entry.title or entry.key]
    if owner:
        parts.append(str(owner))
    if key_results:
        parts.append(many(key_results, "key result"))
    return ", ".join(parts)


def _change(change: GoalsChange) -> Group:
    grid = grid_of("\nThe import", "", "creates", "changes", "leaves as they are")
    grid.add_row("goals", f"{len(change.created):,}", f"{len(change.changed):,}", f"{change.unchanged:,}")
    if not change.changed:
        return Group(grid)
    return Group(grid, _details(change))


def _details(change: GoalsChange) -> Grid:
    details = grid_of("\nChanges", "key", "what")
    for key, names in list(change.changed.items())[:FIRST_CHANGES]:
        details.add_row(escape(key), ", ".join(names).replace("_", " "))
    if len(change.changed) > FIRST_CHANGES:
        details.add_row("…", f"and {len(change.changed) - FIRST_CHANGES:,} more")
    return details
