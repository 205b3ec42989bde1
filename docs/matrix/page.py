"""Prints the matrix from the rules, the schema and the grants."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_object_type

from app.access.permissions import EXTERNAL_ROLES, GRANTS, Given, Permission, Reach, Role
from docs.matrix.all import RULES
from docs.matrix.relations import COVERED, MEANING, Relation, reach
from docs.matrix.rules import Rows, Verdict
from schema.root import build

INTRODUCTION = """# The matrix

Who may see each field and do each mutation, by role and by what the row is to whoever asks. It is printed from the
rules in `docs/matrix`, which know nothing of how the application is written, from the schema, and from the grants in
`app/access/permissions.py`. `tests/matrix` asks the service for every cell, over HTTP, as every role, in every way that
a row can be reached, and fails for a field or a mutation that has no rule.

Roles with the same rights share a column, and a role without a column has nothing of what a table lists. A cell names
those of whom a field is shown, or to whom a mutation can be done; *all* are all that there can be. A row that is not
shown is null, absent from lists and counts, or `NOT_FOUND`; a field that is not shown of a row that is, is null or
empty. A mutation is refused with `NOT_FOUND` for a row that is not shown, and with `FORBIDDEN` for one that is. What
belongs to another organization is in no cell: nobody sees it, and nobody can do anything to it.

Whoever is not signed in is told `UNAUTHENTICATED`, but for what takes `sessions:open`. What a row is like can stand
against a mutation as well; `allowedActions` tells of that. Where some rows are of sorts that others see or may change,
the sort stands before the fields, or before the mutation.

"""

Cells = Callable[[Given], str]


def page() -> str:
    """The page in Markdown."""
    schema: GraphQLSchema = build()._schema  # noqa: SLF001 -- Strawberry offers no public way to it
    types = (_type(schema, name) for name in RULES.types)
    sections = [_legend(), _roots(), _follows(), *types, _carried(), _narrows(), _changes()]
    return INTRODUCTION + "\n".join(sections)


def _legend() -> str:
    head = ["", "the row belongs to", *(reached.name for reached in Reach if COVERED[reached])]
    rows = [
        [
            relation.value,
            meaning,
            *("x" if relation in COVERED[reached] else "" for reached in Reach if COVERED[reached]),
        ]
        for relation, meaning in MEANING.items()
    ]
    return f"## Whose row it is, and which reach covers it\n\n{_markdown([head, *rows])}"


def _roots() -> str:
    return f"## Query\n\nWhoever may not is refused with `FORBIDDEN`.\n\n{_guarded(RULES.roots)}"


def _follows() -> str:
    return f"{FOLLOWS}{_guarded(RULES.follows)}"


FOLLOWS = """## Subscription

Whoever may not is refused with `FORBIDDEN`. Each event is read as a query of whoever listens would be at that moment: a
row that is not shown, or no more, is `NOT_FOUND` and the end.

"""


def _guarded(fields: Mapping[str, Permission]) -> str:
    return _by_role({f"`{name}`, with `{takes.value}`": _given(takes) for name, takes in sorted(fields.items())})


def _given(takes: Permission) -> Cells:
    return _may(lambda given: reach(given, takes) is not Reach.NONE)


def _may(allowed: Callable[[Given], bool]) -> Cells:
    return lambda given: "yes" if allowed(given) else ""


def _type(schema: GraphQLSchema, name: str) -> str:
    rule = RULES.types[name]
    rows: dict[str, Cells] = {}
    for names in (rule.fields, *rule.takes):
        shown = " ".join(_field(schema, name, field) for field in names.split())
        cells = _alike({aspect: _letters(rule, names.split()[0], aspect) for aspect in rule.aspects})
        for sorts, cell in cells.items() if len(cells) > 1 else [("", next(iter(cells.values())))]:
            rows[f"*{sorts}:* {shown}" if sorts else shown] = cell
    note = f"{rule.note}\n\n" if rule.note else ""
    return f"## {name}\n\n{note}{_by_role(rows)}"


def _alike(cells: Mapping[str, Cells]) -> Mapping[str, Cells]:
    """The cells of sorts of rows, those together that are the same for every role."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for sort, cell in cells.items():
        alike.setdefault(tuple(cell(GRANTS[role]) for role in Role), []).append(sort)
    return {"; ".join(sorts): cells[sorts[0]] for sorts in alike.values()}


def _field(schema: GraphQLSchema, type_name: str, name: str) -> str:
    """A field, and for an edge the type that it leads to."""
    type_: Any = schema.get_type(type_name)
    target = get_named_type(type_.fields[name].type)
    led_to = target.name.removesuffix("Connection")
    return f"`{name}`→{led_to}" if is_object_type(target) and led_to in RULES.types else f"`{name}`"


def _letters(rule: Rows, name: str, aspect: str) -> Cells:
    def cell(given: Given) -> str:
        shown = [it for it in Relation if it in rule.relations and rule.shows_field(name, given, it, aspect)]
        return _named(shown, rule.relations)

    return cell


def _named(shown: Sequence[Relation], possible: Iterable[Relation]) -> str:
    return "all" if shown and set(shown) == set(possible) else " ".join(relation.value for relation in shown)


def _changes() -> str:
    rows: dict[str, Cells] = {}
    for name in sorted(RULES.changes):
        for sorts, cell in _by_sorts(name).items():
            rows[f"*{sorts}:* {_change(name)}" if sorts else _change(name)] = cell
    return f"## Mutation\n\n{_by_role(rows)}"


def _by_sorts(name: str) -> Mapping[str, Cells]:
    """For a mutation the cells of those sorts of rows that others than of the first sort, which has no name here, are
    allowed to do it to."""
    over = RULES.changes[name].over
    if over is None:
        return {"": _may(lambda given: RULES.verdict_without(name, given) is Verdict.ALLOWED)}
    (_, first), *others = _alike({aspect: _allowed(name, aspect) for aspect in RULES.types[over].aspects}).items()
    return {"": first, **dict(others)}


def _change(name: str) -> str:
    change = RULES.changes[name]
    title = f"`{name}`, with `{change.takes.value}`"
    if change.over is None:
        return title
    named = "" if change.by == "id" else f" at `{change.by}`"
    return f"{title}, of {change.over}{named}{', or of none' if change.optional else ''}"


def _allowed(name: str, aspect: str) -> Cells:
    rule = RULES.types[str(RULES.changes[name].over)]

    def cell(given: Given) -> str:
        allowed = [
            relation
            for relation in Relation
            if relation in rule.relations and RULES.verdict(name, given, relation, aspect) is Verdict.ALLOWED
        ]
        return _named(allowed, rule.relations)

    return cell


def _carried() -> str:
    rows = [["type", "fields"], *([name, _code(names)] for name, names in sorted(RULES.carried.items()))]
    return f"{CARRIED}{_markdown(rows)}"


CARRIED = """## What comes with something else

These are read off no table of their own: whoever is answered with what they are part of has all of it. So it is with
connections, in which rows that are not shown are not counted either.

"""


def _narrows() -> str:
    rows = [["of", "arguments"], *([name, _code(names)] for name, names in sorted(RULES.narrows.items()))]
    named = [["input", "names"], *([f"`{name}`", type_] for name, type_ in sorted(RULES.names.items()))]
    return f"{NARROWS}{_markdown(rows)}{NAMES}{_markdown(named)}"


NARROWS = """## What is asked for

An argument finds fewer of the rows that are shown anyway, and nothing is found by what is not shown of it.

"""
NAMES = """
Where the input of a mutation names another row, one that is not shown is `NOT_FOUND`.

"""


def _code(names: str) -> str:
    return " ".join(f"`{name}`" for name in names.split())


def _by_role(rows: Mapping[str, Cells]) -> str:
    """A table with a column for each set of roles that have the same cells."""
    columns: dict[tuple[str, ...], list[Role]] = {}
    for role in Role:
        cells = tuple(cell(GRANTS[role]) for cell in rows.values())
        if any(cells):
            columns.setdefault(cells, []).append(role)
    head = ["", *(_together(roles) for roles in columns.values())]
    body = [[title, *cells] for title, cells in zip(rows, zip(*columns, strict=True), strict=True)]
    return _markdown([head, *body])


def _together(roles: Sequence[Role]) -> str:
    """The name of a column."""
    if len(roles) == len(Role):
        return "everybody"
    staff = set(Role) - EXTERNAL_ROLES
    apart = [role for role in roles if role not in staff or not staff <= set(roles)]
    named = [role.name.lower().replace("_", " ") for role in apart]
    return ", ".join(["all staff", *named] if staff <= set(roles) else named)


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *body))
