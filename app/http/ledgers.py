"""What a process knows of a caller's bucket, and what it may let the caller spend without asking.

All processes share the bucket, which is a row in the database. A process lets callers spend on credit, up to one lease,
and takes that out of the bucket a moment later, for all callers at once; only then it learns what others let them
spend. So of N processes nobody gets more than the capacity, what was added since, and N leases; and a bucket that is
left alone fills up, for nothing of it is ever held back.
"""

from math import ceil

from app.limits import Limits

LEASES = 10  # in a capacity


def settled(level: float, seconds: float, limits: Limits, spent: float) -> float:
    """What is left in a bucket some seconds later, when `spent` is taken out of it; the statement says the same."""
    return min(limits.capacity, level + limits.refill * max(0.0, seconds)) - spent


class Ledger:
    """`level` is what was left in the bucket at the instant `at`, `unsettled` was spent since, `settling` is on its way
    to the database."""

    __slots__ = ("at", "lease", "level", "limits", "settling", "unsettled")

    def __init__(self, limits: Limits, now: float) -> None:
        self.level: float = limits.capacity
        self.at = now
        self.unsettled = self.settling = 0
        self.limits, self.lease = limits, lease_of(limits)

    def under(self, limits: Limits) -> None:
        """The caller's roles may have changed."""
        self.limits, self.lease = limits, lease_of(limits)

    def left(self, now: float) -> float:
        """No less than what is left."""
        limits = self.limits
        level = self.level + limits.refill * (now - self.at)
        return (level if level < limits.capacity else limits.capacity) - self.unsettled - self.settling

    def has_credit(self, cost: int) -> bool:
        return self.unsettled + self.settling + cost <= self.lease

    def begin_settling(self) -> int:
        self.settling, self.unsettled = self.unsettled, 0
        return self.settling

    def settle(self, level: float, now: float) -> None:
        self.level, self.at, self.settling = level, now, 0

    def fail_to_settle(self) -> None:
        """It is told again."""
        self.unsettled, self.settling = self.unsettled + self.settling, 0

    def is_full(self, now: float) -> bool:
        return not self.unsettled and not self.settling and self.left(now) >= self.limits.capacity

    def seconds_until(self, amount: float, now: float) -> int:
        """Whole seconds until that much is left; one at the least."""
        return max(1, ceil((amount - self.left(now)) / self.limits.refill))


def lease_of(limits: Limits) -> int:
    """What a process lets a caller spend on credit: at least one operation, whatever it costs."""
    return max(limits.cost, limits.capacity // LEASES)
