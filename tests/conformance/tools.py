"""Python programs of others, each in an environment of its own, made from a lock file with hashes."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conformance.site import ROOT

HERE = Path(__file__).parent
ENVIRONMENTS = ROOT / ".venv" / "conformance"
UV = ROOT / ".venv" / "bin" / "uv"


def environment(name: str) -> Path:
    """The folder of programs of an environment, which is made anew if its lock file is another."""
    lock = HERE / f"requirements-{name}.lock"
    folder = ENVIRONMENTS / name
    mark = folder / "made-from"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != digest:
        sys.stderr.write(f"Installing {name} …\n")
        shutil.rmtree(folder, ignore_errors=True)
        _run("venv", "--python", sys.executable, str(folder))
        _run("pip", "install", "--python", str(folder / "bin" / "python"), "--require-hashes", "-r", str(lock))
        mark.write_text(digest)
    return folder / "bin"


def _run(*words: str) -> None:
    subprocess.run([str(UV), *words, "--quiet"], cwd=ROOT, check=True)
