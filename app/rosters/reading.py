"""Files and a mapping become a roster, or the problems that stand in its way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.imports.files import files_of_sources, read_table
from app.imports.mapping import load_mapping
from app.imports.problems import CellProblem, Fault, Findings, UnreadableFile
from app.imports.tables import Table
from app.rosters.checks import EntryProblem, RosterFault, check
from app.rosters.draft import Draft
from app.rosters.entries import Roster
from app.rosters.mapping import RosterMapping
from app.rosters.references import resolve_references
from app.rosters.rows import SourceRows
from app.stakeholders.models import StakeholderKind

_Rows = frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What files say under a mapping. With problems there is nothing to import, unless it is read in part: then the
    rows in `left_out` were done without."""

    title: str
    roster: Roster = field(default_factory=Roster)
    tables: tuple[Table, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    left_out: _Rows = frozenset()
    in_part: bool = False
    _draft: Draft = field(default_factory=lambda: Draft(Findings()), compare=False)

    @property
    def usable(self) -> bool:
        return not self.problems or self.in_part

    def located(self, problems: Iterable[EntryProblem]) -> tuple[CellProblem, ...]:
        """Problems of entries, by the cells that the entries come from."""
        return tuple(_located(problem, self._draft) for problem in problems)


@dataclass(frozen=True, slots=True)
class Files:
    """Tables by source, and the mapping that tells what is in them. `problems` are of files that are no tables."""

    mapping: RosterMapping
    tables: Mapping[str, Table]
    problems: tuple[CellProblem, ...] = ()

    def read(self, *, in_part: bool = False, but: Reading | None = None) -> Reading:
        """`in_part` does without rows that have problems, and without rows that need such rows; `but` is a reading
        whose problems have to be done without as well."""
        tables = tuple(self.tables.values())
        if len(tables) < len(self.mapping.sources):
            return Reading(self.mapping.title, tables=tables, problems=self.problems)
        found = Findings()
        left_out: _Rows = frozenset()
        draft, problems = Draft(found), but.problems if but else ()
        while True:
            found.extend(problems)
            can_leave_out = in_part and all(_is_of_a_row(problem, tables) for problem in found)
            if problems and not can_leave_out:
                break
            left_out |= {(problem.file, problem.row) for problem in problems if problem.row is not None}
            draft, problems = _attempt(self, left_out)
            if not problems:
                break
        return Reading(self.mapping.title, draft.roster(), tables, tuple(found), left_out, can_leave_out, draft)


def open_files(mapping_file: Path, given: Sequence[str]) -> Files:
    """`given` are paths, or `source=path`. Raises BadMapping; whatever is wrong with the files is in the problems."""
    mapping = load_mapping(mapping_file, RosterMapping)
    findings = Findings()
    tables = _tables(mapping, given, findings)
    return Files(mapping, tables, tuple(findings))


def _tables(mapping: RosterMapping, files: Sequence[str], findings: Findings) -> dict[str, Table]:
    tables = {}
    try:
        paths = files_of_sources(mapping.sources, files)
    except UnreadableFile as error:
        findings.add(error.problem)
        return {}
    for name, path in paths.items():
        try:
            tables[name] = read_table(path, mapping.sources[name])
        except UnreadableFile as error:
            findings.add(error.problem)
    return tables


def _is_of_a_row(problem: CellProblem, tables: Iterable[Table]) -> bool:
    """Whether it goes away with the row; a header, a file too large or a choice among tops does not."""
    if problem.row is None or problem.code in (RosterFault.SEVERAL_TOPS, Fault.UNREADABLE_FILE):
        return False
    return all(table.header_row != problem.row for table in tables if table.file == problem.file)


def _attempt(files: Files, left_out: _Rows) -> tuple[Draft, tuple[CellProblem, ...]]:
    findings = Findings()
    draft = Draft(findings)
    sources = [SourceRows(source, files.tables[name], findings) for name, source in files.mapping.sources.items()]
    for table in files.tables.values():
        findings.extend(each for each in table.problems if (table.file, each.row) not in left_out)
    if all(source.complete for source in sources) and _read(sources, draft, left_out):
        resolve_references(draft)
        _tell_kinds(draft)
        found = check(draft.roster(), one_top=files.mapping.top == "one")
        findings.extend(_located(problem, draft) for problem in found)
    return draft, tuple(findings)


def _located(problem: EntryProblem, draft: Draft) -> CellProblem:
    origin = draft.origin(problem.kind, problem.key, problem.field)
    return origin.problem(problem.field, problem.code, problem.message, problem.value)


def _read(sources: Iterable[SourceRows], draft: Draft, left_out: _Rows) -> bool:
    try:
        for source in sources:
            source.add_to(draft, left_out)
    except UnreadableFile as error:
        draft.findings.add(error.problem)
        return False
    return True


def _tell_kinds(draft: Draft) -> None:
    """Who has reports is a manager, unless the files say otherwise."""
    leading = {entry.manager for entry in draft.people.values()} & draft.of_open_kind
    for key in leading:
        if key in draft.people:
            draft.people[key] = replace(draft.people[key], kind=StakeholderKind.MANAGER)
