"""How far key results and goals are: the formulas, without a database.

Shares are decimals of six places, rounded half to even where a division leaves more; sums of them are exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

PLACES = Decimal("0.000001")
_CONTEXT = Context(prec=80, rounding=ROUND_HALF_EVEN)
ZERO, ONE = Decimal(0), Decimal(1)


def attainment(start: Decimal, target: Decimal, current: Decimal) -> Decimal:
    """a = (current − start) / (target − start): how much of the way is covered, raw: below 0 on the wrong side of the
    start, above 1 beyond the target. A target below the start works the same. Of values below 10¹⁸ with 6 places it is
    at most 2·10²⁴."""
    return _CONTEXT.divide(current - start, target - start).quantize(PLACES, context=_CONTEXT)


def clamped(share: Decimal) -> Decimal:
    """What an attainment counts for where it is rolled up: 0 to 1."""
    return min(ONE, max(ZERO, share))


def milestones_reached(steps: Iterable[tuple[Decimal, bool]]) -> Decimal:
    """Σ w of the steps that are reached, over Σ w of all of them; 0 to 1. The weights are not all 0."""
    weights = list(steps)
    whole = sum((weight for weight, _ in weights), ZERO)
    reached = sum((weight for weight, is_reached in weights if is_reached), ZERO)
    return _CONTEXT.divide(reached, whole).quantize(PLACES, context=_CONTEXT)


@dataclass(frozen=True, slots=True)
class Fed:
    """What feeds a goal, summed up: Σ w and Σ w·p over all that counts and has a p."""

    weight: Decimal = ZERO
    sum: Decimal = ZERO

    @property
    def progress(self) -> Decimal | None:
        """p = Σ w·p / Σ w; None while nothing counts."""
        if self.weight == ZERO:
            return None
        return _CONTEXT.divide(self.sum, self.weight).quantize(PLACES, context=_CONTEXT)

    def with_change(self, was: "Part", becomes: "Part") -> "Fed":
        return Fed(
            self.weight - was.counted_weight + becomes.counted_weight,
            self.sum - was.contribution + becomes.contribution,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Something that feeds a goal: a share p of 0 to 1, or none, and its weight w."""

    weight: Decimal = ZERO
    share: Decimal | None = None

    @property
    def counted_weight(self) -> Decimal:
        return ZERO if self.share is None else self.weight

    @property
    def contribution(self) -> Decimal:
        return ZERO if self.share is None else self.weight * self.share


NOTHING = Part()


def fed_by(parts: Iterable[Part]) -> Fed:
    fed = Fed()
    for part in parts:
        fed = fed.with_change(NOTHING, part)
    return fed


@dataclass(frozen=True, slots=True)
class Above:
    """A goal on the way up: what feeds it, the weight that it has in the goal above it, and whether it counts there."""

    fed: Fed
    weight: Decimal
    counts: bool

    @property
    def part(self) -> Part:
        return Part(self.weight, self.fed.progress) if self.counts else NOTHING


def rolled_up(way: Sequence[Above], was: Part, becomes: Part) -> list[Fed]:
    """What feeds each goal on the way up once a part of the first has changed, as far up as anything changes."""
    changed: list[Fed] = []
    for above in way:
        if (was.counted_weight, was.contribution) == (becomes.counted_weight, becomes.contribution):
            break
        fed = above.fed.with_change(was, becomes)
        changed.append(fed)
        was, becomes = above.part, Above(fed, above.weight, above.counts).part
    return changed
