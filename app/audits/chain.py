"""The chain of audit events as it should be, and what is wrong with one: without a database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from uuid import UUID

import orjson

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Head:
    """A place in the chain, and the hash of all up to it. Noted elsewhere, it is an anchor."""

    sequence: int
    hash: bytes

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Reads what is written by `str`. Raises ValueError."""
        found = re.fullmatch(r"([1-9][0-9]{0,18}):([0-9a-f]{64})", text)
        if found is None:
            raise ValueError("a head is SEQUENCE:HASH, with the hash in hexadecimal")
        return cls(int(found[1]), bytes.fromhex(found[2]))

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """An event as the chain has it: who, when and what (`metadata`), and before and after (`content`), in the texts
    that are hashed. Erased content has no salt and is None. An erasure tells of whom or what in its `after`."""

    metadata: str
    content: str | None
    salt: UUID | None
    subject_id: UUID
    is_erasure: bool = False

    def erased(self) -> Iterator[UUID]:
        """The subjects of an erasure."""
        if self.is_erasure and self.content is not None:
            after = orjson.loads(self.content)[1] or {}
            yield from map(UUID, after.get("subjects", ()))


@dataclass(frozen=True, slots=True)
class Seal:
    sequence: int
    event_id: UUID
    content_digest: bytes
    hash: bytes


class Damage(Enum):
    """What can be wrong, in words; `{…}` are members of the break."""

    MISSING_SEAL = "Seals {sequence} to {until} are missing."
    DUPLICATE_SEAL = "Seal {sequence} is there more than once."
    SEALED_TWICE = "Event {event_id} has more than one seal."
    BROKEN_LINK = (
        "Seal {sequence} does not follow from the seal before it and event {event_id}: one of the three was changed."
    )
    CONTENT_CHANGED = "What event {event_id} (seal {sequence}) tells of before and after was changed."
    CONTENT_GONE = "What event {event_id} (seal {sequence}) told is gone, and no later erasure accounts for that."
    MISSING_EVENT = "Event {event_id} (seal {sequence}) is missing."
    UNSEALED_EVENT = "Event {event_id} has no seal."
    HEAD_DISAGREES = "The last seal is {sequence}, and it is not the one that the head names."
    CUT_OFF = "The chain ends with seal {sequence}, before seal {until} that was noted elsewhere."
    ANCHOR_DISAGREES = "Seal {sequence} is not the one that was noted elsewhere."


@dataclass(frozen=True, slots=True)
class Break:
    damage: Damage
    sequence: int | None = None
    event_id: UUID | None = None
    until: int | None = None

    def __str__(self) -> str:
        return self.damage.value.format(sequence=self.sequence, event_id=self.event_id, until=self.until)


def content_digest(salt: UUID, content: str) -> bytes:
    return sha256(salt.bytes + content.encode()).digest()


def link(previous: bytes, metadata: str, digest: bytes) -> bytes:
    return sha256(previous + metadata.encode() + digest).digest()


def _is_sealed(event: SealedEvent, digest: bytes) -> bool:
    if event.salt is None or event.content is None:
        return False
    return content_digest(event.salt, event.content) == digest


class Walk:
    """Follows a chain from its first seal. What is wrong in one place is told once: the walk goes on from what is
    there. Seals come in the order of their places; the walk's memory is that of the erased events."""

    def __init__(self, anchors: Sequence[Head] = ()) -> None:
        self.breaks: list[Break] = []
        self.last = Head(0, GENESIS)
        self._anchors: Mapping[int, bytes] = {anchor.sequence: anchor.hash for anchor in anchors}
        self._unaccounted: dict[UUID, list[Seal]] = {}

    def follow(self, seal: Seal, event: SealedEvent | None) -> None:
        if seal.sequence <= self.last.sequence:
            self.breaks.append(Break(Damage.DUPLICATE_SEAL, seal.sequence))
            return
        if event is None:
            self.breaks.append(Break(Damage.MISSING_EVENT, seal.sequence, seal.event_id))
        else:
            self._check(seal, event)
        if seal.sequence > self.last.sequence + 1:
            self.breaks.append(Break(Damage.MISSING_SEAL, self.last.sequence + 1, until=seal.sequence - 1))
        elif event is not None and link(self.last.hash, event.metadata, seal.content_digest) != seal.hash:
            self.breaks.append(Break(Damage.BROKEN_LINK, seal.sequence, seal.event_id))
        if self._anchors.get(seal.sequence, seal.hash) != seal.hash:
            self.breaks.append(Break(Damage.ANCHOR_DISAGREES, seal.sequence))
        self.last = Head(seal.sequence, seal.hash)

    def _check(self, seal: Seal, event: SealedEvent) -> None:
        if event.salt is None and event.content is None:
            self._unaccounted.setdefault(event.subject_id, []).append(seal)
        elif not _is_sealed(event, seal.content_digest):
            self.breaks.append(Break(Damage.CONTENT_CHANGED, seal.sequence, seal.event_id))
        else:
            for subject_id in event.erased():
                self._unaccounted.pop(subject_id, None)

    def end(self, head: Head | None, unsealed: Sequence[UUID] = (), sealed_twice: Sequence[UUID] = ()) -> None:
        """`head` is the one that is stored."""
        for seals in self._unaccounted.values():
            self.breaks += [Break(Damage.CONTENT_GONE, seal.sequence, seal.event_id) for seal in seals]
        self.breaks += [Break(Damage.UNSEALED_EVENT, event_id=event_id) for event_id in unsealed]
        self.breaks += [Break(Damage.SEALED_TWICE, event_id=event_id) for event_id in sealed_twice]
        if (head or Head(0, GENESIS)) != self.last:
            self.breaks.append(Break(Damage.HEAD_DISAGREES, self.last.sequence))
        for sequence in sorted(self._anchors):
            if sequence > self.last.sequence:
                self.breaks.append(Break(Damage.CUT_OFF, self.last.sequence, until=sequence))
