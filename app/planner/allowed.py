"""`allowedActions`: what can be done to a row that is read, by the rules that the mutations are held to.

The statement judges each rule; whether that is a yes, and the reason in the caller's language, is put in its place
afterwards, as for any derived field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
import strawberry
from graphql import get_named_type, is_object_type
from sqlalchemy import ColumnElement

from app.errors import Problem, ProblemCode
from app.messages import message
from app.planner.derived import marked
from app.planner.mutation import ShownParam
from app.planner.rows import Rows
from app.planner.rules import Judgement, Occasion, Rule

if TYPE_CHECKING:
    from app.planner.compiler import Compiler, Details


@strawberry.type(description="Something that can be done to this by a mutation, and whether the viewer can do it now.")
class AllowedAction:
    action: str = strawberry.field(description="The name of the mutation.")
    allowed: bool = strawberry.field(
        description="Whether it would be done as things stand today, with an input that is right."
    )
    reason: ProblemCode | None = strawberry.field(
        description="Why not: FORBIDDEN if it takes a permission that the viewer does not have here, otherwise what "
        "about this stands against it. Null if it is allowed."
    )
    message: str | None = strawberry.field(description="The reason in the viewer's language; null if it is allowed.")
    params: list[ShownParam] = strawberry.field(description="What the message speaks of.")


@dataclass(frozen=True, slots=True)
class Selected:
    """A field that is asked for, under its key in the answer, and what is asked for below it."""

    key: str
    name: str
    below: Sequence["Selected"]

    def of(self, value: Mapping[str, Any]) -> Any:
        return shown(value[self.name], self.below)


def shown(value: Any, selection: Sequence[Selected]) -> Any:
    if isinstance(value, list):
        return [shown(item, selection) for item in value]
    if isinstance(value, dict):
        return {selected.key: selected.of(value) for selected in selection}
    return value


@dataclass(frozen=True, slots=True)
class Permitting:
    """Makes the field of the judgements, one for each rule. Row after row they say the same, unless they speak of the
    row: what does not is written once."""

    rules: Sequence[tuple[str, Rule]]
    selection: Sequence[Selected]
    written: dict[tuple[int, str, str], bytes] = field(default_factory=dict)

    def of(self, judgements: Sequence[Judgement], locale: str) -> bytes:
        return b"[%b]" % b",".join(self._of(place, judged, locale) for place, judged in enumerate(judgements))

    def _of(self, place: int, judgement: Judgement, locale: str) -> bytes:
        name = (place, repr(judgement), locale)
        known = self.written.get(name)
        if known is not None:
            return known
        action, rule = self.rules[place]
        answer = orjson.dumps(shown(_answer(action, rule.problems(judgement), locale), self.selection))
        if not any(judgement or ()):
            self.written[name] = answer
        return answer


def _answer(action: str, problems: Sequence[Problem], locale: str) -> dict[str, Any]:
    reason = problems[0] if problems else None
    params = reason.params if reason else {}
    return {
        "__typename": "AllowedAction",
        "action": action,
        "allowed": reason is None,
        "reason": reason and reason.code.name,
        "message": reason and message(reason, locale),
        "params": [{"__typename": "ProblemParam", "name": name, "value": value} for name, value in params.items()],
    }


def placeholder(compiler: "Compiler", rows: Rows, row_type: Any, type_: Any, details: "Details") -> ColumnElement[Any]:
    """Stands for the field in the statement's JSON."""
    rules = compiler.catalog.rules_of(row_type)
    at = Occasion(compiler.info.actor, rows.row, compiler.info.actor.today)
    judgements = [rule.judgement(at, compiler.reached(rows, rule)) for _, rule in rules]
    permitting = Permitting(rules, _selection(compiler, get_named_type(type_), details))
    return marked(compiler.derivations, permitting, judgements)


def shaping(compiler: "Compiler", type_: Any, details: "Details") -> Callable[[Any], Any] | None:
    """Makes what is asked for of an object whose every field is known; None where the type is no object's."""
    named = get_named_type(type_)
    if not is_object_type(named):
        return None
    selection = _selection(compiler, named, details)
    return lambda value: shown(value, selection)


def _selection(compiler: "Compiler", type_: Any, details: "Details") -> Sequence[Selected]:
    return [
        Selected(key, below[0].node.name.value, _below(compiler, type_, below))
        for key, below in compiler.selected(type_, details).items()
    ]


def _below(compiler: "Compiler", type_: Any, details: "Details") -> Sequence[Selected]:
    if details[0].node.selection_set is None:
        return ()
    return _selection(compiler, get_named_type(type_.fields[details[0].node.name.value].type), details)
