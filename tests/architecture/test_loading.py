"""What is seldom needed is not loaded at each start, for a start takes most of its time for loading."""

import subprocess
import sys

from tests.architecture.sources import ROOT

SELDOM = ("scim2_models", "alembic", "openpyxl", "opentelemetry.sdk")
COMMANDS = ("strawberry", "sqlmodel", *SELDOM)
LOADED = "import sys, {module}; print(*(name for name in {names!r} if name in sys.modules))"


def loaded(module: str, names: tuple[str, ...]) -> list[str]:
    command = [sys.executable, "-c", LOADED.format(module=module, names=names)]
    return subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True, timeout=60).stdout.split()


def test_serving_loads_nothing_that_is_seldom_asked_for() -> None:
    assert loaded("app.serving", SELDOM) == []


def test_the_command_line_loads_a_command_when_it_is_called() -> None:
    assert loaded("app.cli", COMMANDS) == []
