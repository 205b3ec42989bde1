"""What stands where in the sources, and how large it may be."""

import ast
import re
import sys

import pytest

from tests.architecture.sources import ROOT, Source, sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
FORBIDDEN_NAMES = re.compile(r"(Manager|Helper|Util|Utils|Mixin)$|^Base[A-Z]|^process_data$")
FIELD_TERMS = {"Manager"}  # the field's own word, never part of another name


def python(*packages: str) -> list[Source]:
    return [source for source in sources(*packages) if "migrations/versions" not in source.name]


def test_budgets_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the longest files and functions; fails at the stops, not at what is aimed for."""
    files = sorted(((source.lines, source.name) for source in python()), reverse=True)
    functions = sorted(
        (
            (_length(function), f"{source.name}:{function.lineno} {function.name}")
            for source in python()
            for function in source.functions()
        ),
        reverse=True,
    )
    table = ["", "longest files and functions, in lines"]
    for (lines, file), (length, function) in zip(files[:5], functions[:5], strict=True):
        table.append(f"  {lines:4} {file:<50} {length:3} {function}")
    with capsys.disabled():
        sys.stdout.write("\n".join([*table, ""]))
    assert files[0][0] <= LONGEST_FILE, files[0]
    assert functions[0][0] <= LONGEST_FUNCTION, functions[0]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    documented = ast.get_docstring(function) is not None
    body = function.body[1:] if documented and len(function.body) > 1 else function.body
    docstring = (function.body[0].end_lineno or 0) - function.body[0].lineno + 1 if documented else 0
    return (body[-1].end_lineno or 0) - function.lineno + 1 - docstring


def test_schema_files_have_no_function_bodies() -> None:
    wrong = [
        f"{source.name}:{function.lineno} {function.name}"
        for source in sources("schema")
        for function in source.functions()
        if function.name not in {"build"}
    ]
    assert not wrong, "\n".join(wrong)


def test_selects_stand_in_queries_and_resolvers_only() -> None:
    """The planner composes statements, and app/db keeps trees and keys; neither knows a context."""
    allowed = re.compile(r"^(resolvers/.*|app/planner/.*|app/db/.*|app/\w+/\w*queries\.py)$")
    wrong = [
        f"{source.name}:{call.lineno}"
        for source in sources("app", "schema", "resolvers")
        for call in source.calls("select")
        if not allowed.match(source.name)
    ]
    assert not wrong, "\n".join(wrong)


def test_only_resolvers_open_transactions_of_requests() -> None:
    wrong = [
        f"{source.name}:{node.lineno}"
        for source in sources("app", "schema")
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENING
        if source.name not in COMMANDS | {"app/access/context.py", "app/db/database.py", "app/http/scim/__init__.py"}
    ]
    assert not wrong, "\n".join(wrong)


OPENING = {"transaction", "driver"}
COMMANDS = {
    "app/access/accounts.py",
    "app/audits/verification.py",
    "app/demo/loading.py",
    "app/goal_files/exporting.py",
    "app/goal_files/importing.py",
    "app/goals/reminding.py",
    "app/rosters/importing.py",
}


def test_nothing_below_a_resolver_commits() -> None:
    wrong = [
        f"{source.name}:{node.lineno}"
        for source in sources("app")
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert not wrong, "\n".join(wrong)


def test_sql_text_is_never_formatted() -> None:
    """No f-string, no concatenation and no format() goes into text() or a call that sends SQL; the planner's literals
    are names of the schema and of the document, checked to be names."""
    senders = {"text", "execute", "fetch", "fetchrow", "fetchval", "exec_driver_sql"}
    wrong = [
        f"{source.name}:{node.lineno}"
        for source in sources("app", "resolvers", "schema")
        for node in source.nodes
        if isinstance(node, ast.Call) and _name(node.func) in senders and node.args
        if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert not wrong, "\n".join(wrong)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_names_are_the_fields_own() -> None:
    wrong = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in python("app", "schema", "resolvers")
        for node in source.nodes
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if FORBIDDEN_NAMES.search(node.name) and node.name not in FIELD_TERMS
    ]
    assert not wrong, "\n".join(wrong)


def test_ignores_give_their_reason() -> None:
    wrong = [
        f"{source.name}:{number}"
        for source in sources()
        for number, line in enumerate(source.text.splitlines(), start=1)
        if re.search(r"# type: ignore|# noqa", line) and "re.search" not in line
        if not re.search(r"(# type: ignore\[[\w, -]+\]|# noqa: [A-Z0-9, ]+).*?( #| --) \S+", line)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_for_later_or_skipped() -> None:
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|NotImplemented" r"Error)\b|pytest\.(mark\.)?(skip|xfail)")
    wrong = [
        f"{source.name}:{number}"
        for source in sources()
        for number, line in enumerate(source.text.splitlines(), start=1)
        if marks.search(line) and source.path != ROOT / "tests/architecture/test_sources.py"
    ]
    assert not wrong, "\n".join(wrong)
