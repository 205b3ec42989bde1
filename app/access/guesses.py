"""How often somebody may fail to prove who they are, and how long they wait then.

Failures are counted for an account as it was named, for the address that they come from, and for both together. Each
attempt is counted as a failure before it is looked into, and no more once it was none: of many at once no more get
through than of as many one after another.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import guess_queries as queries
from app.access.models import Guess
from app.access.sealing import derived
from app.access.sign_in_queries import address
from app.db.rows import now
from app.errors import Invalid, Problem, ProblemCode

MOST_DOUBLED = 20  # by then every wait is as long as it gets
IPV6_SITE = 64  # whoever has an IPv6 address has all of its network


class Throttled(Invalid):
    """Too many attempts; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__([Problem(ProblemCode.THROTTLED, (), {"retryAfter": str(seconds)})])
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """The first failures cost no time. From number `free` on each doubles the wait, from `first` up to `longest`. When
    nothing failed for as long as `forgotten`, all is as before."""

    free: int
    first: timedelta
    longest: timedelta
    forgotten: timedelta = timedelta(days=1)

    def wait(self, failures: int) -> timedelta:
        if failures < self.free:
            return timedelta(0)
        doubled = min(failures - self.free, MOST_DOUBLED)
        return min(self.first * (1 << doubled), self.longest)


ACCOUNT = Limit(20, timedelta(seconds=5), timedelta(minutes=15))
FROM_ADDRESS = Limit(5, timedelta(seconds=5), timedelta(minutes=15))
ADDRESS = Limit(100, timedelta(seconds=5), timedelta(minutes=15))
OWNER = Limit(5, timedelta(seconds=5), timedelta(minutes=15))
LETTERS = Limit(3, timedelta(minutes=5), timedelta(hours=6))
LETTERS_TO_ADDRESS = Limit(20, timedelta(minutes=1), timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many failures there were in a row, and when the last one was."""

    failures: int
    failed_at: datetime

    def left_to_wait(self, limit: Limit, at: datetime) -> timedelta:
        return max(self.failed_at + limit.wait(self.failures) - at, timedelta(0))

    def after_failure(self, limit: Limit, at: datetime) -> "Tally":
        return Tally(1 if at - self.failed_at > limit.forgotten else self.failures + 1, at)


@dataclass(frozen=True, slots=True)
class Subject:
    """What failures are counted for. `organization_id` is where they are kept: an organization, or a made-up one.
    `shared` is what several people have, so that one who succeeds says nothing of the others."""

    organization_id: UUID
    digest: bytes
    limit: Limit
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt, counted as a failure: what the tally was, and what it has become."""

    subject: Subject
    before: Tally
    after: Tally

    @property
    def wait(self) -> timedelta:
        return self.subject.limit.wait(self.after.failures)


class Subjects:
    """Names what failures are counted for, by hashes that only this server can make."""

    def __init__(self, secret: str) -> None:
        self._key = derived(secret, "guesses")

    def of_sign_in(
        self, organization: UUID, email: str, network_address: str | None
    ) -> tuple[Subject, Subject, Subject]:
        """The address; the account; the account from that address."""
        named, site = address(email), site_of(network_address)
        return (
            self._of_address("sign-in", site, ADDRESS),
            self._made(organization, ACCOUNT, "account", named),
            self._made(organization, FROM_ADDRESS, "account from address", named, site),
        )

    def of_letter(self, organization: UUID, email: str, network_address: str | None) -> tuple[Subject, Subject]:
        return (
            self._of_address("letter", site_of(network_address), LETTERS_TO_ADDRESS),
            self._made(organization, LETTERS, "letter", address(email)),
        )

    def of_owner(self, organization: UUID, account_id: UUID) -> tuple[Subject]:
        """Whoever is signed in to an account, and proves once more that it is theirs."""
        return (self._made(organization, OWNER, "owner", str(account_id)),)

    def organization_nobody_has(self, slug: str) -> UUID:
        """Stands for an organization that is not there, so that it is throttled like any other."""
        return UUID(bytes=self._digest("organization", slug)[:16])

    def _of_address(self, purpose: str, site: str, limit: Limit) -> Subject:
        digest = self._digest("address", purpose, site)
        return Subject(UUID(bytes=digest[:16]), digest, limit, shared=True)  # whichever organizations it tries

    def _made(self, organization_id: UUID, limit: Limit, *parts: str) -> Subject:
        return Subject(organization_id, self._digest(str(organization_id), *parts), limit)

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self._key, "\0".join(part.replace("\0", "\ufffd") for part in parts).encode(), sha256)


def site_of(network_address: str | None) -> str:
    """The address that failures are counted for: of IPv6 the network that one subscriber has."""
    try:
        parsed = ip_address((network_address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((parsed, IPV6_SITE), strict=False))


async def count(session: AsyncSession, subjects: Sequence[Subject]) -> list[Counted]:
    """Counts an attempt as failed for subjects of one organization. Raises Throttled, and counts nothing then."""
    at = now()
    rows = await queries.locked(session, subjects[0].organization_id, [subject.digest for subject in subjects], at)
    pairs = [(subject, rows[subject.digest]) for subject in subjects]
    waits = [_tally(row).left_to_wait(subject.limit, at) for subject, row in pairs]
    if any(waits):
        raise Throttled(ceil(max(waits).total_seconds()))
    counted = []
    for subject, row in pairs:
        before = _tally(row)
        after = before.after_failure(subject.limit, at)
        row.failures, row.failed_at = after.failures, after.failed_at
        counted.append(Counted(subject, before, after))
    return counted


async def uncount(session: AsyncSession, counted: Sequence[Counted]) -> None:
    """Takes attempts back that did not fail; what others failed in the meantime stays."""
    for each, row in await _rows(session, counted):
        row.failures = max(row.failures - 1, 0)
        if row.failed_at == each.after.failed_at:
            row.failed_at = each.before.failed_at


async def forget(session: AsyncSession, subjects: Sequence[Subject]) -> None:
    """What failed before counts no more: somebody proved who they are."""
    await queries.delete(session, subjects[0].organization_id, [subject.digest for subject in subjects])


async def _rows(session: AsyncSession, counted: Sequence[Counted]) -> list[tuple[Counted, Guess]]:
    organization_id, digests = counted[0].subject.organization_id, [each.subject.digest for each in counted]
    rows = await queries.locked(session, organization_id, digests, now())
    return [(each, rows[each.subject.digest]) for each in counted]


def _tally(row: Guess) -> Tally:
    return Tally(row.failures, row.failed_at)
