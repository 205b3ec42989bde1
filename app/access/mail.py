"""Sends letters: by SMTP, or into a folder where no server is set. It is done in the background, after the commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from app.access.background import Background
from app.db.rows import new_id
from app.settings import Settings

LOG = structlog.get_logger("allround.mail")
PAUSES = (2.0, 15.0, 60.0)  # seconds before each further attempt
SECONDS = 15.0
AT_ONCE = 4
PERMANENT = 500
SUBMISSION, SUBMISSION_OVER_TLS = 587, 465


@dataclass(frozen=True, slots=True)
class Letter:
    """`kind` is what the log calls it: it never tells the text, which can have a secret in it."""

    kind: str
    to: str
    subject: str
    text: str


class Mail:
    def __init__(self, settings: Settings, background: Background, pauses: Sequence[float] = PAUSES) -> None:
        self._background, self._pauses = background, pauses
        self._server = None if settings.smtp_url is None else _Server.at(settings.smtp_url.get_secret_value())
        self._folder = settings.data_dir / "mail"
        self._from = settings.mail_from
        self._room = asyncio.Semaphore(AT_ONCE)

    def post(self, letter: Letter) -> None:
        """Returns at once. Call it when what the letter tells of is committed."""
        self._background.start(self._send(letter))

    async def _send(self, letter: Letter) -> None:
        message = self._written(letter)
        if self._server is None:
            await asyncio.to_thread(_put, message, self._folder)
            LOG.info("letter put into a folder", kind=letter.kind)
            return
        for pause in (*self._pauses, None):
            failure = await self._attempt(message, self._server)
            if failure is None:
                LOG.info("letter sent", kind=letter.kind)
                return
            if pause is None or _is_permanent(failure):
                LOG.error("letter lost", kind=letter.kind, why=repr(failure))
                return
            LOG.warning("letter delayed", kind=letter.kind, why=repr(failure))
            await asyncio.sleep(pause)

    async def _attempt(self, message: EmailMessage, server: "_Server") -> Exception | None:
        async with self._room:
            try:
                await server.take(message)
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                return error
        return None

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy.SMTP)
        message["From"] = self._from
        message["To"] = letter.to
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=parseaddr(self._from)[1].rpartition("@")[2] or None)
        message["Auto-Submitted"] = "auto-generated"
        plain = "8bit" if self._server is None else None  # a link in a file is there to be copied
        message.set_content(letter.text, cte=plain)
        return message


@dataclass(frozen=True, slots=True)
class _Server:
    host: str
    port: int
    user: str | None
    password: str | None
    over_tls: bool
    start_tls: bool | None
    """Whether STARTTLS has to be there, or is not asked for; None takes it where it is there."""

    @classmethod
    def at(cls, url: str) -> "_Server":
        parts = urlsplit(url)
        over_tls = parts.scheme == "smtps"
        port = parts.port or (SUBMISSION_OVER_TLS if over_tls else SUBMISSION)
        user, password = (part and unquote(part) for part in (parts.username, parts.password))
        host = parts.hostname or "localhost"
        opportune = None if _is_this_machine(host) else True
        start_tls = opportune if parts.scheme == "smtp" else False
        return cls(host, port, user, password, over_tls, start_tls)

    async def take(self, message: EmailMessage) -> None:
        async with asyncio.timeout(SECONDS):
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.over_tls,
                start_tls=self.start_tls,
                timeout=SECONDS,
            )


def _is_this_machine(host: str) -> bool:
    """Whether nobody else is on the way there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_permanent(failure: Exception) -> bool:
    """Whether the server said no for good: trying again changes nothing."""
    refused = failure.recipients[0] if isinstance(failure, aiosmtplib.SMTPRecipientsRefused) else failure
    return isinstance(refused, aiosmtplib.SMTPResponseException) and refused.code >= PERMANENT


def _put(message: EmailMessage, folder: Path) -> None:
    """Readable by its owner alone, for there can be a link in it that signs in."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id()}.eml"
    path.touch(mode=0o600)
    path.write_bytes(bytes(message))
