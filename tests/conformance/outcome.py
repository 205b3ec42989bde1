"""What a part of the suite found: how much was tried, and what of it failed."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`passed` of `tried`; each failure is told in words. `note` says what the count alone does not."""

    name: str
    passed: int
    tried: int
    failures: Sequence[str] = ()
    note: str = ""

    @property
    def good(self) -> bool:
        return self.tried > 0 and self.passed == self.tried and not self.failures

    def printed(self) -> str:
        line = f"{self.name}: {self.passed} of {self.tried}"
        if self.note:
            line += f" ({self.note})"
        return "\n".join([line, *(_indented(failure) for failure in self.failures)])


def _indented(text: str) -> str:
    first, *others = text.splitlines() or [""]
    return "\n".join([f"  FAILED {first}", *(f"    {line}" for line in others)])
