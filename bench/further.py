"""What is told of Allround beside its speed: how long a start and `make test` take, and how large the image is."""

import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from bench import cold_start
from bench.facts import Fact, most
from bench.figures import Spread

ROOT = Path(__file__).parents[1]
MOST_START_SECONDS = 2
MEBIBYTE = 1024 * 1024


def start() -> Iterator[Fact]:
    starts = cold_start.measured(cold_start.STARTS)
    seconds = Spread.of([each.seconds for each in starts])
    cpu = Spread.of([each.cpu for each in starts])
    yield most("start until the first answer", seconds.median, MOST_START_SECONDS, " s", digits=2)
    yield Fact("CPU time of the server in that", f"{cpu.median:.2f} s")


def image() -> Iterator[Fact]:
    """Installs what the Dockerfile installs, as it does; needs the package index."""
    with tempfile.TemporaryDirectory(prefix="allround-image-") as name:
        installed, wheels = Path(name) / "venv", Path(name) / "wheels"
        venv.create(installed, with_pip=True)
        installing: list[str | Path] = [
            Path(sys.executable).parent / "uv",
            "pip",
            "install",
            "--quiet",
            "--link-mode=copy",
        ]
        here = [*installing, "--compile-bytecode", "--python", installed / "bin" / "python"]
        _run(*here, "--require-hashes", "-r", "requirements.lock")
        _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
        _run(*here, "--no-deps", *wheels.glob("*.whl"))
        yield Fact("what the image adds to python:3.11-slim", f"{size(installed) / MEBIBYTE:.0f} MiB")


def tests() -> Iterator[Fact]:
    begun = time.perf_counter()
    _run("make", "test")
    yield of_tests(time.perf_counter() - begun)


def of_tests(seconds: float) -> Fact:
    return Fact("`make test`", f"{seconds:.0f} s")


MEASURED: Mapping[str, Callable[[], Iterator[Fact]]] = {"cold-start": start, "image": image, "tests": tests}


def facts(names: Iterable[str]) -> list[Fact]:
    return [fact for name in names for fact in MEASURED[name]()]


def size(folder: Path) -> int:
    """Bytes of all files below, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or path.is_file())


def _run(*command: str | Path) -> None:
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
