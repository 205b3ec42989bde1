"""From a statement with binds to SQL as the driver takes it, with what fills each place."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.sql.compiler import SQLCompiler

from app.planner.rows import DIALECT, Relation
from app.planner.shape import Filler


def compiled(statement: Relation, binds: Mapping[str, Filler]) -> tuple[str, list[Filler], list[Filler]]:
    """The SQL, what fills its places in their order, and what it does without."""
    made = statement.compile(dialect=DIALECT)
    if not isinstance(made, SQLCompiler):
        raise TypeError("A relation compiles to SQL.")
    whole = made.construct_expanded_state(dict.fromkeys(binds), escape_names=False)
    processors: dict[str, Any] = {**made._bind_processors, **whole.processors}  # noqa: SLF001 -- from Python's values to asyncpg's
    names = whole.positiontup or ()
    fillers = [_filler(binds.get(name), whole.parameters.get(name), processors.get(name)) for name in names]
    shown = set(names)
    return whole.statement, fillers, [filler for name, filler in binds.items() if name not in shown]


def _filler(filler: Filler | None, constant: Any, to_sql: Callable[[Any], Any] | None) -> Filler:
    """`to_sql` makes of Python's value what asyncpg takes."""
    if filler is None:
        value = to_sql(constant) if to_sql else constant
        return Filler(lambda _: value, None)
    if to_sql is None:
        return filler
    fill = filler.fill
    return Filler(lambda leaves: to_sql(fill(leaves)), filler.root)
