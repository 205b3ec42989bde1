"""Goals in the making: entries as rows say them, each with the place that it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

from app.goal_files.entries import Entries, GoalEntry, KeyResultEntry
from app.goal_files.faults import GoalFault, GoalProblem
from app.imports.problems import CellProblem, Findings, shown
from app.imports.sections import Origin

_NAMES = tuple(each.name for each in fields(GoalEntry) if each.name != "key")


@dataclass(slots=True)
class Draft:
    findings: Findings
    goals: dict[str, GoalEntry] = field(default_factory=dict)
    key_results: dict[str, list[KeyResultEntry]] = field(default_factory=dict)
    _origins: dict[str, Origin] = field(default_factory=dict)
    _later_origins: dict[tuple[str, str], Origin] = field(default_factory=dict)
    _key_result_origins: dict[str, list[Origin]] = field(default_factory=dict)

    def add_goal(self, entry: GoalEntry, origin: Origin) -> None:
        """Rows that speak of the same goal complete each other; where they differ, the later one is wrong."""
        before = self.goals.get(entry.key)
        if before is None:
            self._origins[entry.key] = origin
            self.goals[entry.key] = entry
            return
        if before == entry:
            return
        for name in _NAMES:
            old, new = getattr(before, name), getattr(entry, name)
            if _is_silent(old) and not _is_silent(new):
                self._later_origins[entry.key, name] = origin
                before = replace(before, **{name: new})
            elif not _is_silent(new) and new != old:
                self._differs(entry.key, name, origin, (old, new))
        self.goals[entry.key] = before

    def add_key_result(self, goal: str, entry: KeyResultEntry, origin: Origin) -> None:
        self.key_results.setdefault(goal, []).append(entry)
        self._key_result_origins.setdefault(goal, []).append(origin)

    def _differs(self, key: str, name: str, origin: Origin, values: tuple[object, object]) -> None:
        first = self._later_origins.get((key, name)) or self._origins[key]
        old, new = (shown(getattr(value, "name", value)) for value in values)
        words = name.replace("_", " ")
        message = f"the {words} of the goal “{shown(key)}” is “{new}” here and “{old}” in {first.file}, row {first.row}"
        self.findings.add(origin.problem(name, GoalFault.CONTRADICTION, message, new))

    def entries(self) -> Entries:
        """In the order of the keys, so that the order of the rows is nothing. A goal of which only key results are told
        has an entry that says nothing."""
        silent = {key: GoalEntry(key, keeps_parent=True) for key in self.key_results if key not in self.goals}
        return Entries(dict(sorted((self.goals | silent).items())), self.key_results)

    def located(self, problems: Iterable[GoalProblem]) -> list[CellProblem]:
        """Problems of entries, by the cells that the entries come from."""
        return [self._located(problem) for problem in problems]

    def _located(self, problem: GoalProblem) -> CellProblem:
        key, name = problem.key, problem.field
        if problem.place is not None:
            origin = self._key_result_origins[key][problem.place]
        elif key in self._origins:
            origin = self._later_origins.get((key, name)) or self._origins[key]
        else:
            origin, name = self._key_result_origins[key][0], "goal"
        return origin.problem(name, problem.code, problem.message, problem.value)


def _is_silent(value: object) -> bool:
    """Nothing said: no value, or the mark that what is known stays."""
    return value is None or value is True
