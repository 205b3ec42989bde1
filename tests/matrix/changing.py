"""Tries mutations, and compares what is told with what is meant to be allowed."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLField, get_named_type

from docs.matrix.all import RULES
from docs.matrix.relations import Relation
from docs.matrix.rules import BATCH, Verdict
from tests.matrix import probes
from tests.matrix.asking import Answer, Asking
from tests.matrix.documents import card
from tests.matrix.narrowing import NAMED
from tests.matrix.organization import elsewhere
from tests.matrix.probes import DONE, NAMINGS, PROBES, Naming, Probe, filled
from tests.matrix.sight import gid
from tests.matrix.truth import Row

ALLOWED = Verdict.ALLOWED
OTHERS = {"linkExternalIdentity": "account"}
"""What a probe names beside, if it is not whoever asks."""
Told = Sequence[tuple[str, str]]  # code and dotted path of each problem
Tried = tuple[Relation, Row | None, str | None]  # what the row is, the row if it is one of ours, and the id given


def probe_of(name: str) -> Probe:
    return PROBES[name.removesuffix(BATCH) if RULES.is_batch_of_others(name) else name]


async def one_by_one(asking: Asking) -> None:
    """Each mutation: about a row for each relation, about one that is elsewhere, and about none where it can be."""
    for name in RULES.changes:
        if not RULES.is_batch_of_others(name):
            await one(asking, name, rows_of(asking, name))


async def of_others(asking: Asking) -> None:
    """Each mutation about a row that is elsewhere, and about one of ours."""
    for name, change in RULES.changes.items():
        if change.over is not None and not RULES.is_batch_of_others(name):
            await one(asking, name, rows_of(asking, name)[-2:])


async def one(asking: Asking, name: str, rows: Sequence[Tried]) -> None:
    for tried in rows:
        told = await _tell(asking, "mutation", name, _input(asking, name, tried))
        _compare(asking, "mutation", name, tried, told)


async def in_batches(asking: Asking) -> None:
    """Each batch, with those rows all together."""
    for name in RULES.changes:
        if RULES.is_batch_of_others(name):
            rows = rows_of(asking, name)
            answers = await _tell_rows(asking, name, {"rows": [_input(asking, name, tried) for tried in rows]})
            for tried, told in zip(rows, answers, strict=True):
                _compare(asking, "batch", name, tried, told)


async def answering(asking: Asking) -> None:
    """What a mutation answers with when it is done is the row, as far as whoever did it sees it."""
    for name, change in RULES.changes.items():
        if change.over is not None and change.over in _members(asking, name) and probe_of(name).idle:
            for tried in rows_of(asking, name):
                if tried[1] is not None and _expected(asking, name, tried) == ALLOWED.value:
                    given = {**_input(asking, name, tried), "expectedVersion": None}
                    await _answered(asking, name, tried[1], given)


async def _answered(asking: Asking, name: str, row: Row, given: dict[str, Any]) -> None:
    """Nothing is compared if the row's state stands against it."""
    taken: Any = get_named_type(_mutation(asking, name).args["input"].type)
    given = {part: value for part, value in given.items() if part in taken.fields}
    text = f"__typename ... on {row.type_name} {{ {card(asking.schema, row.type_name)} }}"
    answer = await asking.answer("payload", _document(asking, name, text), input=given)
    answered = answer.data[name]
    if answered is not None and answered.get("id") == gid(row.type_name, row.id):
        asking.ledger.row("payload", asking.sight, row, asking.fields(row.type_name), answered)


async def naming_others(asking: Asking) -> None:
    """Where an input names another row, one that is not seen is not found."""
    for coordinate, type_name in RULES.names.items():
        naming, field = NAMINGS[coordinate], coordinate.partition(".")[2]
        about = _about(asking, naming)
        for other in _unseen(asking, type_name):
            told = await _tell(asking, "naming", naming.mutation, _given(asking, naming.input, id=about, other=other))
            told_so = any(code == "NOT_FOUND" and field in path.split(".") for code, path in told)
            allowed = RULES.lets_in(naming.mutation, asking.sight.seat.given)
            asking.ledger.case("naming", asking.sight, Relation.ELSEWHERE, coordinate, allowed, told_so)


def _about(asking: Asking, naming: Naming) -> str | None:
    match naming.about:
        case probes.OWN_GRANT:
            return gid("Grant", asking.one_of_ones_own("Grant", lambda row: row.aspect == "held").id)
        case probes.OWN_GOAL:
            return gid("Goal", asking.one_of_ones_own("KeyResult").columns["goal_id"])
        case probes.OWN_UNFED_GOAL:
            return gid("Goal", asking.one_of_ones_own("Goal", _takes_goals_in).id)
        case probes.OWN_CHECK_IN:
            told = asking.one_of_ones_own("CheckIn", lambda row: row.columns["key_result_id"] is not None)
            return gid("CheckIn", told.id)
    return naming.about and _named(asking, naming.about)


def _given(asking: Asking, input: Mapping[str, Any], **ids: str | None) -> dict[str, Any]:
    beside = {name: _named(asking, place) for name, place in BESIDE.items()}
    return filled(input, key_result=gid("KeyResult", asking.one_of_ones_own("KeyResult").id), **beside, **ids)


def _takes_goals_in(goal: Row) -> bool:
    return goal.columns["feed"] is None and bool(goal.columns["state"] == "ACTIVE")


BESIDE = {"department": "engineering", "colleague": "stayer", "period": "period", "goal": "companys"}


def _named(asking: Asking, name: str) -> str:
    return gid(NAMED[name][0], asking.truth.named[name])


def _unseen(asking: Asking, type_name: str) -> list[str]:
    rows = asking.samples(type_name)
    hidden = [gid(type_name, row.id) for row in rows if not asking.sight.shows(row)]
    return [gid(type_name, elsewhere(rows[0].id)), *hidden[:MOST_HIDDEN]]


MOST_HIDDEN = 2


def _input(asking: Asking, name: str, tried: Tried) -> Any:
    return _given(asking, probe_of(name).input, id=tried[2], other=_named(asking, OTHERS.get(name, "lead")))


def rows_of(asking: Asking, name: str) -> list[Tried]:
    """What a mutation is tried about: a row for each relation and each verdict, for `allowedActions` tell of all of
    them; last a row that is elsewhere."""
    change = RULES.changes[name]
    none: list[Tried] = [(Relation.HERE, None, None)] if change.over is None or change.optional else []
    if change.over is None:
        return none
    rows = asking.samples(change.over)
    there = gid(change.over, elsewhere(rows[0].id))
    ours: dict[tuple[Relation, str], Tried] = {}
    for row in rows:
        tried = (asking.sight.relation(row), row, gid(change.over, row.id))
        ours.setdefault((tried[0], _expected(asking, name, tried)), tried)
    return [*none, *ours.values(), (Relation.ELSEWHERE, None, there)]


def _compare(asking: Asking, way: str, name: str, tried: Tried, told: Told) -> None:
    expected, outcome = _expected(asking, name, tried), _outcome(name, told)
    asking.ledger.case(way, asking.sight, tried[0], f"Mutation.{name}", expected, outcome)


def _expected(asking: Asking, name: str, tried: Tried) -> str:
    given, (relation, row, id_) = asking.sight.seat.given, tried
    if asking.sight.person_id is None and not RULES.lets_in(name, given):
        return "UNAUTHENTICATED"
    if row is not None:
        return RULES.verdict(name, given, relation, asking.sight.aspect(row)).value
    return (RULES.verdict_without(name, given) if id_ is None else RULES.verdict(name, given, relation)).value


def _outcome(name: str, told: Told) -> str:
    """A refusal of the whole, or of the row that it is about; otherwise the proof that it is allowed."""
    about, proofs = RULES.changes[name].by, set(probe_of(name).proof.split())
    for code, path in told:
        if code == "UNAUTHENTICATED" or (code in {"FORBIDDEN", "NOT_FOUND"} and path in {"", about}):
            return code
    codes = {code for code, _ in told} or {DONE}
    return ALLOWED.value if proofs & codes else " ".join(sorted(codes))


# --- over HTTP


async def _tell(asking: Asking, way: str, name: str, given: Mapping[str, Any]) -> Told:
    answer = await asking.answer(way, _document(asking, name), input=given)
    return _told_of(answer, name)


async def _tell_rows(asking: Asking, name: str, given: Mapping[str, Any]) -> list[Told]:
    """What is told of each row of a batch, which can be refused as a whole."""
    answer = await asking.answer("batch", _document(asking, name), input=given)
    answered = answer.data[name]
    if answered and "rows" in answered:
        return [_told(row["problems"]) for row in answered["rows"]]
    return [_told_of(answer, name) for _ in given["rows"]]


def _told_of(answer: Answer, name: str) -> Told:
    if name in answer.codes:
        return [(answer.codes[name], "")]
    answered = answer.data[name]
    return _told([problem for part in (answered, *answered.get("rows", ())) for problem in part.get("problems", ())])


def _told(problems: Sequence[Mapping[str, Any]]) -> Told:
    return [(problem["code"], ".".join(problem["path"])) for problem in problems]


def _document(asking: Asking, name: str, text: str = "") -> str:
    """Asks for problems, and for no row unless `text` does, so that none has to be read."""
    batches = [member for member in _members(asking, name) if member.endswith(BATCH)]
    rows = "".join(f"... on {member} {{ rows {{ problems {{ code path }} }} }} " for member in batches)
    problems = f"{text} {rows}... on Rejected {{ problems {{ code path }} }}"
    taken = _mutation(asking, name).args["input"].type
    return f"mutation($input: {taken}) {{ {name}(input: $input) {{ {problems} }} }}"


def _members(asking: Asking, name: str) -> list[str]:
    """The types of what a mutation can answer with."""
    union: Any = get_named_type(_mutation(asking, name).type)
    return [member.name for member in asking.schema.get_possible_types(union)]


def _mutation(asking: Asking, name: str) -> GraphQLField:
    mutation = asking.schema.mutation_type
    assert mutation is not None
    field: GraphQLField = mutation.fields[name]
    return field
