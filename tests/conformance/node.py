"""The packages of tests/clients, and the tests there that node runs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

from tests.conformance.outcome import Outcome
from tests.conformance.site import ROOT, Site

CLIENTS = ROOT / "tests" / "clients"
INSTALLED = CLIENTS / "node_modules"
MARK = INSTALLED / ".package-lock.json"  # npm writes it last
LONGEST_SECONDS = 300


@cache
def install() -> None:
    """Installs what is locked unless it is there; ends the program if there is no npm."""
    if MARK.exists() and MARK.stat().st_mtime >= (CLIENTS / "package-lock.json").stat().st_mtime:
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("The clients are installed with npm, which is not here: install Node.js.")
    sys.stderr.write("Installing the clients …\n")
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(command, cwd=CLIENTS, check=True, stdout=subprocess.DEVNULL)


def node() -> str:
    """The Node.js that npm brought, because some packages need a newer one than many machines have; else theirs."""
    brought = next(INSTALLED.glob("node-linux-*/bin/node"), None)
    return str(brought or shutil.which("node") or "node")


def ran(name: str, file: str, site: Site | None = None, **environment: str) -> Outcome:
    """Runs one file of tests and counts them."""
    command = [node(), "--test-reporter=./report.mjs", "--test-force-exit", file]
    try:
        ended = subprocess.run(
            command,
            cwd=CLIENTS,
            env={**os.environ, **(_environment(site) if site else {}), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Outcome(name, 0, 1, [f"did not end within {LONGEST_SECONDS} seconds"])
    return _counted(name, ended)


def _environment(site: Site) -> Mapping[str, str]:
    return {"ALLROUND_API": site.api, "ALLROUND_TOKENS": json.dumps(dict(site.tokens))}


def _counted(name: str, ended: "subprocess.CompletedProcess[str]") -> Outcome:
    tests = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith('{"name"')]
    failures = [f"{test['name']}\n{test['failure']}" for test in tests if test["failure"] is not None]
    if ended.returncode and not failures:
        failures = [f"node ended with {ended.returncode}\n{ended.stdout[-1000:]}{ended.stderr[-2000:]}"]
    passed = sum(test["failure"] is None for test in tests)
    return Outcome(name, passed, len(tests), failures)
