"""Files and a mapping become entries, or the problems that stand in their way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.checks import LONGEST_TEXT
from app.goal_files.draft import Draft
from app.goal_files.entries import Entries, Named
from app.goal_files.faults import Faults, GoalFault, GoalProblem
from app.goal_files.mapping import GoalMapping
from app.goal_files.rows import LONGEST_STEPS, SourceRows
from app.goal_files.spelling import without_escapes
from app.imports.files import files_of_sources, read_table
from app.imports.mapping import load_mapping
from app.imports.problems import CellProblem, Findings, UnreadableFile, shown
from app.imports.tables import Limits, Table

LIMITS = Limits(cell=max(LONGEST_TEXT, LONGEST_STEPS) + 1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What files say under a mapping. With problems there is nothing to import."""

    title: str
    entries: Entries = field(default_factory=Entries)
    tables: tuple[Table, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    _draft: Draft = field(default_factory=lambda: Draft(Findings()), compare=False)

    def with_problems(self, problems: Iterable[GoalProblem]) -> "Reading":
        """With what is wrong beside it, by the cells."""
        found = Findings()
        found.extend(self._draft.located(problems))
        return replace(self, problems=tuple(found))


def read_files(mapping_file: Path, given: Sequence[str]) -> Reading:
    """`given` are paths, or `source=path`. Raises BadMapping; whatever is wrong with the files is in the problems."""
    mapping = load_mapping(mapping_file, GoalMapping)
    findings = Findings()
    tables = _tables(mapping, given, findings)
    if len(tables) < len(mapping.sources):
        return Reading(mapping.title, tables=tuple(tables.values()), problems=tuple(findings))
    draft = Draft(findings)
    sources = [SourceRows(source, tables[name], findings) for name, source in mapping.sources.items()]
    for table in tables.values():
        findings.extend(table.problems)
    if all(source.complete for source in sources):
        for source in sources:
            source.add_to(draft)
        findings.extend(draft.located(_resolve_parents(draft)))
    return Reading(mapping.title, draft.entries(), tuple(tables.values()), tuple(findings), draft)


def _tables(mapping: GoalMapping, files: Sequence[str], findings: Findings) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    try:
        paths = files_of_sources(mapping.sources, files)
    except UnreadableFile as error:
        findings.add(error.problem)
        return tables
    for name, path in paths.items():
        try:
            tables[name] = without_escapes(read_table(path, mapping.sources[name], LIMITS))
        except UnreadableFile as error:
            findings.add(error.problem)
    return tables


def _resolve_parents(draft: Draft) -> Faults:
    """Puts keys in the place of titles."""
    faults = Faults()
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for key, entry in draft.goals.items():
        if entry.title:
            keys[entry.title.casefold()].append(key)
    for key, entry in draft.goals.items():
        if entry.parent is not None and entry.parent.by == "title":
            found = _only(faults, key, entry.parent.text, keys[entry.parent.text.casefold()])
            draft.goals[key] = replace(entry, parent=found)
    return faults


def _only(faults: Faults, key: str, title: str, keys: Sequence[str]) -> Named | None:
    if len(keys) == 1:
        return Named(keys[0])
    if keys:
        listed = ", ".join(map(shown, keys[:5]))
        faults.add(key, "parent", GoalFault.AMBIGUOUS, f"“{shown(title)}” can be any of {len(keys)}: {listed}", title)
    else:
        faults.add(key, "parent", GoalFault.NOT_FOUND, f"there is no goal “{shown(title)}” in the files", title)
    return None
