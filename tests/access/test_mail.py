"""Letters: sent by SMTP in the background, again if the server cannot take them now, or put into a folder."""

import asyncio
import ssl
import stat
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from app.access import mail as module
from app.access.background import Background
from app.access.mail import Letter, Mail
from app.db.rows import now
from app.settings import Settings
from tests.access.signing_in import Mailbox, read_letter

TEXT = f"Hello Ada,\n\nhttps://x.example/{'y' * 120}\n"
LETTER = Letter("invitation", "ada@brook.example", "Your account at 琥珀 Works", TEXT)


@dataclass
class PostOffice:
    """A mail server on loopback. `answers` are what it says to the next messages instead of taking them."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    hangs: bool = False
    taken: list[Envelope] = field(default_factory=list)
    tries: int = 0
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802 -- aiosmtpd's name
        self.tries += 1
        if self.hangs:
            await asyncio.sleep(30)
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        self.taken.append(envelope)
        return "250 OK"

    def login(self, _: SMTP, __: Session, ___: Envelope, ____: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss:word")


@asynccontextmanager
async def opened(office: PostOffice, **given: Any) -> AsyncIterator[PostOffice]:
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS, which the test is about
            return SMTP(office, loop=loop, **given)

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()


@dataclass
class Outgoing:
    mail: Mail
    background: Background

    async def send(self, letter: Letter = LETTER) -> None:
        self.mail.post(letter)
        await self.background.close()


def outgoing(settings: Settings, url: str | None, *pauses: float, drain: float = 10) -> Outgoing:
    background = Background(drain)
    given = {"smtp_url": None if url is None else SecretStr(url), "mail_from": "Amber Works <post@amber.example>"}
    return Outgoing(Mail(settings.model_copy(update=given), background, pauses), background)


async def test_a_letter_is_sent(settings: Settings) -> None:
    async with opened(PostOffice()) as office:
        await outgoing(settings, f"smtp://127.0.0.1:{office.port}").send()
    (envelope,) = office.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("post@amber.example", ["ada@brook.example"])
    assert isinstance(envelope.content, bytes)
    letter = read_letter(envelope.content)
    assert letter["Subject"] == LETTER.subject
    assert letter["From"] == "Amber Works <post@amber.example>"
    assert letter["Message-ID"].endswith("@amber.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == LETTER.text.splitlines()


async def test_it_logs_in_where_it_is_told_to(settings: Settings) -> None:
    office = PostOffice()
    given = {"authenticator": office.login, "auth_require_tls": False, "auth_required": True}
    async with opened(office, **given):
        await outgoing(settings, f"smtp://post:p%40ss%3Aword@127.0.0.1:{office.port}").send()
    assert office.logins == [(b"post", b"p@ss:word")]
    assert len(office.taken) == 1


NOT_THIS_MACHINE = "0.0.0.0"  # leads here all the same


async def test_elsewhere_nothing_is_sent_without_tls_unless_it_is_said_to(settings: Settings) -> None:
    async with opened(PostOffice()) as office:
        await outgoing(settings, f"smtp://{NOT_THIS_MACHINE}:{office.port}").send()
        assert (office.tries, office.taken) == (0, [])
        await outgoing(settings, f"smtp+plain://{NOT_THIS_MACHINE}:{office.port}").send()
    assert len(office.taken) == 1


async def test_nothing_is_sent_to_whoever_has_made_a_certificate_of_their_own(
    settings: Settings, tmp_path: Path
) -> None:
    async with opened(PostOffice(), tls_context=self_signed(tmp_path)) as office:
        await outgoing(settings, f"smtp://{NOT_THIS_MACHINE}:{office.port}").send()
    assert (office.tries, office.taken) == (0, [])


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NOT_THIS_MACHINE)])
    since, until = now() - timedelta(days=1), now() + timedelta(days=1)
    unsigned = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), since, until)
    certificate = unsigned.sign(key, hashes.SHA256())
    kept = folder / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kept.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept)
    return context


async def test_a_server_that_cannot_take_it_now_is_asked_again(settings: Settings) -> None:
    async with opened(PostOffice(answers=["451 later", "421 later"])) as office:
        await outgoing(settings, f"smtp://127.0.0.1:{office.port}", 0, 0).send()
    assert (office.tries, len(office.taken)) == (3, 1)


async def test_it_is_asked_so_often_and_no_more(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async with opened(PostOffice(answers=["451 later"] * 9)) as office:
        await outgoing(settings, f"smtp://127.0.0.1:{office.port}", 0, 0).send()
    assert (office.tries, office.taken) == (3, [])
    told = capsys.readouterr().out
    assert "letter lost" in told
    assert "y" * 120 not in told


async def test_a_server_that_never_takes_it_is_not_asked_again(settings: Settings) -> None:
    async with opened(PostOffice(answers=["550 no such mailbox"])) as office:
        await outgoing(settings, f"smtp://127.0.0.1:{office.port}", 0, 0).send()
    assert (office.tries, office.taken) == (1, [])


async def test_a_server_that_hangs_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.1)
    async with opened(PostOffice(hangs=True)) as office:
        await outgoing(settings, f"smtp://127.0.0.1:{office.port}", 0).send()
    assert office.tries == 2


async def test_a_server_that_is_not_there_is_tried_again_when_it_is(settings: Settings) -> None:
    async with opened(PostOffice()) as office:
        port = office.port
    post = outgoing(settings, f"smtp://127.0.0.1:{port}", *[0.1] * 20)
    post.mail.post(LETTER)
    await asyncio.sleep(0.1)
    loop, later = asyncio.get_running_loop(), PostOffice()
    server = await loop.create_server(lambda: SMTP(later, loop=loop), "127.0.0.1", port)
    await post.background.close()
    server.close()
    assert len(later.taken) == 1


async def test_the_end_waits_for_letters_but_not_for_ever(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with opened(PostOffice(answers=["451 later"])) as office:
        await asyncio.wait_for(outgoing(settings, f"smtp://127.0.0.1:{office.port}", 60, drain=0.2).send(), 5)
    assert office.taken == []
    assert "given up" in capsys.readouterr().out


async def test_posting_takes_no_time(settings: Settings) -> None:
    async with opened(PostOffice(hangs=True)) as office:
        post = outgoing(settings, f"smtp://127.0.0.1:{office.port}", drain=0.1)
        for _ in range(20):
            post.mail.post(LETTER)
        await asyncio.wait_for(post.background.close(), 5)


async def test_without_a_server_letters_are_put_where_only_their_owner_reads_them(
    settings: Settings, tmp_path: Path
) -> None:
    await outgoing(settings.model_copy(update={"data_dir": tmp_path}), None).send()
    (letter,) = Mailbox(tmp_path / "mail").to("ada@brook.example")
    assert letter.get_content().splitlines() == LETTER.text.splitlines()
    (path,) = (tmp_path / "mail").iterdir()
    assert LETTER.text.splitlines()[2] in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_bug_in_the_background_is_logged_and_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    background, done = Background(), []

    async def wrong() -> None:
        raise ZeroDivisionError

    async def right() -> None:
        done.append(True)

    background.start(wrong())
    background.start(right())
    background.start_now_and_then("right", 60, right)
    background.start_now_and_then("right", 60, right)
    await background.close()
    assert len(done) == 2
    assert "ZeroDivisionError" in capsys.readouterr().out
