"""Imports go down, and contexts import to their left."""

import ast

from tests.architecture.sources import Source, sources

ORDER = {"app.main": 1, "schema.root": 2, "schema": 3, "resolvers": 4, "schema.inputs": 5}
CONTEXTS = (
    "access",
    "audits",
    "imports",
    "stakeholders",
    "accounts",
    "identities",
    "provisioning",
    "rosters",
    "standards",
    "goals",
    "goal_files",
    "evaluations",
    "feedback",
    "listening",
    "improvement",
    "development",
    "relations",
    "incentives",
    "insights",
    "privacy",
    "demo",
)
FOUNDATION = ("planner", "db")
FREE = {
    "app",
    "app.errors",
    "app.given",
    "app.checks",
    "app.limits",
    "app.messages",
    "app.seldom",
    "app.settings",
    "app.tables",
}
COMMAND_LINE = ("app.cli", "app.commands", "app.goal_commands", "app.import_terminal", "app.serving")


def rank(module: str) -> int:
    """How high a module stands: imports go from a smaller number to a larger one, or stay."""
    if module in COMMAND_LINE:
        return 0
    for prefix in ("app.main", "schema.root", "schema.inputs", "schema", "resolvers"):
        if module == prefix or module.startswith(f"{prefix}."):
            return ORDER[prefix]
    parts = module.split(".")
    if module in FREE:
        return 100
    if parts[1] == "http":
        return 2  # beside the schema: it serves whatever it is handed
    if parts[1] in CONTEXTS:
        return 10 + len(CONTEXTS) - CONTEXTS.index(parts[1])
    assert parts[1] in FOUNDATION, f"{module} has no place in the layout"
    return 50


def own(module: str) -> bool:
    return module.partition(".")[0] in {"app", "schema", "resolvers"}


def test_every_import_goes_down_or_stays() -> None:
    wrong = [
        f"{source.name}:{node.lineno} imports {imported}"
        for source in sources("app", "schema", "resolvers")
        for imported, node in source.imports()
        if own(imported) and source.module not in {"app.tables"} and rank(imported) < rank(source.module)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_imported_inside_a_function() -> None:
    wrong = [
        f"{source.name}:{node.lineno}"
        for source in sources()
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_through_others() -> None:
    graph = {source.module: _imported(source) for source in sources("app", "schema", "resolvers")}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, f"a circle of imports: {' > '.join((*path, module))}"
        if module not in done:
            for imported in graph.get(module, ()):
                visit(imported, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


def _imported(source: Source) -> set[str]:
    """What a module needs to be loaded; an import for type checkers alone is not that."""
    guarded = {
        id(node)
        for block in source.nodes
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    return {name for name, node in source.imports() if own(name) and id(node) not in guarded and name != source.module}
