"""ariadne-codegen, in an environment of its own: a typed client in Python is generated from our SDL, and asks."""

import json
import subprocess
from pathlib import Path

from tests.conformance import tools
from tests.conformance.outcome import Outcome
from tests.conformance.site import ROOT, Site

NAME = "ariadne-codegen"
ASKING = Path(__file__).parent / "ariadne_asking"
CONFIGURATION = """
[tool.ariadne-codegen]
schema_path = {schema}
queries_path = {queries}
target_package_name = "generated_client"
"""
LONGEST_SECONDS = 120


def asked(site: Site, folder: Path) -> Outcome:
    made = _generated(folder)
    if made.returncode:
        return Outcome(NAME, 0, 1, [f"generated nothing\n{(made.stdout + made.stderr)[-3000:]}"])
    told = {"api": site.api, "tokens": dict(site.tokens)}
    ended = subprocess.run(
        [str(tools.environment(NAME) / "python"), str(ASKING / "ask.py")],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_SECONDS,
    )
    if ended.returncode:
        return Outcome(NAME, 0, 1, [f"ended with {ended.returncode}\n{ended.stderr[-3000:]}"])
    checks: dict[str, bool] = json.loads(ended.stdout)
    return Outcome(NAME, sum(checks.values()), len(checks), [what for what, holds in checks.items() if not holds])


def _generated(folder: Path) -> "subprocess.CompletedProcess[str]":
    paths = {"schema": ROOT / "schema" / "schema.graphql", "queries": ASKING / "queries.graphql"}
    written = CONFIGURATION.format(**{name: json.dumps(str(path)) for name, path in paths.items()})
    (folder / "pyproject.toml").write_text(written)
    command = [str(tools.environment(NAME) / "ariadne-codegen")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS)
