"""Shows an import to whoever sits at the terminal, and asks whether to write."""

import sys
from typing import Protocol

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.prompt import Confirm

from app.db.bulk import Advance


class Change(Protocol):
    """What an import would do; of people, or of goals."""

    @property
    def nothing(self) -> bool: ...


class ImportTerminal:
    def __init__(self, console: Console, *, dry_run: bool, yes: bool) -> None:
        self._console, self._dry_run, self._yes = console, dry_run, yes
        self._bar = Progress(
            TextColumn("writing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
        )

    def show(self, what: RenderableType) -> None:
        self._console.print(what)

    def agrees(self, change: Change) -> bool:
        """With --yes always, in a dry run never; otherwise somebody is asked, if anybody is there."""
        if self._yes and not self._dry_run:
            return True
        if self._dry_run or not sys.stdin.isatty():
            self._console.print("Nothing was written." if self._dry_run else "Nothing was written: add --yes to write.")
            return False
        question = "Write the accounts only?" if change.nothing else "Write this?"
        return Confirm.ask(question, console=self._console)

    def progress(self, rows: int) -> Advance:
        if rows:
            self._bar.start()
        task = self._bar.add_task("writing", total=rows)

        def advance(written: int) -> None:
            self._bar.advance(task, written)
            if self._bar.finished:
                self._bar.stop()

        return advance
