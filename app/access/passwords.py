"""Passwords, as argon2id keeps them: a few threads hash, so that a flood of sign-ins neither stops the event loop nor
takes all memory."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from secrets import token_bytes
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.access.guesses import Throttled
from app.access.password_policy import normalized
from app.settings import Settings

PASSES, LANES = 2, 1  # with 19 MiB what OWASP's Password Storage Cheat Sheet asks for at the least
SALT_BYTES, HASH_BYTES = 16, 32
MOST_THREADS = 4
MOST_WAITING = 100  # for each thread; at some 30 ms each they are done within the time that a request may take
BUSY_SECONDS = 2
DEVELOPMENT = "development:"  # before the hash of a password that everybody knows

T = TypeVar("T")


class Passwords:
    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(
            PASSES, settings.password_memory_kib, LANES, hash_len=HASH_BYTES, salt_len=SALT_BYTES
        )
        self._development = settings.environment == "development"
        threads = min(MOST_THREADS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._room = threads * MOST_WAITING
        self._nobodys = self._of_nobody(settings.password_memory_kib)

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    async def hashed(self, password: str) -> str:
        """Raises Throttled if too many wait already."""
        return await self._in_thread(lambda: self._hasher.hash(normalized(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password; where none is stored, it never is, after as much work. Raises Throttled."""
        kept = self._nobodys if stored is None or not self._holds_here(stored) else stored.removeprefix(DEVELOPMENT)
        return await self._in_thread(lambda: self._verify(kept, normalized(password)))

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than are set now."""
        return not stored.startswith(DEVELOPMENT) and self._hasher.check_needs_rehash(stored)

    async def known_to_all(self, password: str) -> str:
        """The hash of a password for trying out: it holds nowhere but in development, wherever the database goes."""
        return DEVELOPMENT + await self.hashed(password)

    def _holds_here(self, stored: str) -> bool:
        return self._development or not stored.startswith(DEVELOPMENT)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._room == 0:
            raise Throttled(BUSY_SECONDS)
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._room += 1

    @staticmethod
    def _of_nobody(memory_kib: int) -> str:
        """What looks like a hash of today, and is of no password that anybody has."""
        salt, content = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (SALT_BYTES, HASH_BYTES))
        return f"$argon2id$v=19$m={memory_kib},t={PASSES},p={LANES}${salt}${content}"
