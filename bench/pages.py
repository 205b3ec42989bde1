"""Writes what was measured into the page about performance, between marks, with its picture beside it."""

from collections.abc import Sequence
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "performance.md"


def between_marks(page: str, name: str, written: str) -> str:
    """The page with `written` between the marks of that name. Raises ValueError where the page has no such marks."""
    begins, ends = f"<!-- {name}: begins -->\n", f"<!-- {name}: ends -->"
    before, begun, rest = page.partition(begins)
    _, ended, after = rest.partition(ends)
    if not begun or not ended:
        raise ValueError(f"The page has no marks for {name}.")
    return f"{before}{begun}{written}\n{ended}{after}"


def write(name: str, command: Sequence[str], markdown: str, picture: str | None = None) -> None:
    lines = [f"Written by `{' '.join(command)}`.", "", markdown]
    if picture is not None:
        (DOCS / f"{name}.svg").write_text(picture)
        lines += ["", f"![{name}: requests per second of each peer, in terms of the fastest]({name}.svg)"]
    PAGE.write_text(between_marks(PAGE.read_text(), name, "\n".join(lines)))
