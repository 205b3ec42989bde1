"""What the tests of signing in have in common: the documents they send, and accounts that have a password."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from secrets import randbits
from typing import Any

import httpx
from sqlalchemy import select
from sqlmodel import col
from starlette.applications import Starlette

from app.access.models import Account, Grant, Password
from app.access.passwords import Passwords
from app.access.permissions import Role
from app.db.database import Database
from app.db.models import AuditEvent
from app.settings import Settings
from tests.builders import LONG_AGO, Caller, World

PASSWORD = "nine geese over the bridge"
ANOTHER = "a lamp in the far window"
REJECTED = "... on Rejected { problems { code path message params { name value } } }"
TOKENS_OF = "sessionId accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt"

SIGN_IN = f"""mutation($input: SignInInput!) {{
  signIn(input: $input) {{ ... on SignedIn {{ {TOKENS_OF} }} {REJECTED} }} }}"""
REFRESH = f"""mutation($input: RefreshSessionInput!) {{
  refreshSession(input: $input) {{ ... on SignedIn {{ {TOKENS_OF} }} {REJECTED} }} }}"""
SIGN_OUT = f"""mutation($input: SignOutInput!) {{
  signOut(input: $input) {{ ... on SignedOut {{ endedSessions }} {REJECTED} }} }}"""
SIGN_OUT_EVERYWHERE = f"""mutation($input: SignOutEverywhereInput!) {{
  signOutEverywhere(input: $input) {{ ... on SignedOut {{ endedSessions }} {REJECTED} }} }}"""
END_SESSION = f"""mutation($input: EndSessionInput!) {{
  endSession(input: $input) {{ ... on SignedOut {{ endedSessions }} {REJECTED} }} }}"""
CHANGE_PASSWORD = f"""mutation($input: ChangePasswordInput!) {{
  changePassword(input: $input) {{ ... on PasswordChanged {{ endedSessions }} {REJECTED} }} }}"""
REQUEST_RESET = f"""mutation($input: RequestPasswordResetInput!) {{
  requestPasswordReset(input: $input) {{ ... on PasswordResetRequested {{ email }} {REJECTED} }} }}"""
RESET = f"""mutation($input: ResetPasswordInput!) {{
  resetPassword(input: $input) {{ ... on PasswordChanged {{ endedSessions }} {REJECTED} }} }}"""
ACCEPT = f"""mutation($input: AcceptInvitationInput!) {{
  acceptInvitation(input: $input) {{ ... on SignedIn {{ {TOKENS_OF} }} {REJECTED} }} }}"""
ENROL = f"""mutation($input: EnrolAuthenticatorInput!) {{
  enrolAuthenticator(input: $input) {{ ... on AuthenticatorEnrolment {{ secret uri }} {REJECTED} }} }}"""
CONFIRM = f"""mutation($input: ConfirmAuthenticatorInput!) {{
  confirmAuthenticator(input: $input) {{ ... on RecoveryCodes {{ codes }} {REJECTED} }} }}"""
REMOVE = f"""mutation($input: RemoveAuthenticatorInput!) {{
  removeAuthenticator(input: $input) {{
    ... on AccountSecurity {{ hasAuthenticator recoveryCodesLeft }} {REJECTED} }} }}"""
RENEW = f"""mutation($input: RenewRecoveryCodesInput!) {{
  renewRecoveryCodes(input: $input) {{ ... on RecoveryCodes {{ codes }} {REJECTED} }} }}"""
WHO = "{ viewer { roles } }"
SESSIONS = "{ viewer { sessions { nodes { id method openedAt usedAt expiresAt address device current } } } }"


def new_address() -> str:
    """One that nobody else has: in a network of its own."""
    return ":".join(["2001", "db8", *(f"{randbits(16):x}" for _ in range(6))])


def client_at(app: Starlette, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://allround.test", headers={"user-agent": "tests"})


@asynccontextmanager
async def home_at(database: Database, app: Starlette, address: str) -> AsyncIterator[World]:
    async with client_at(app, address) as client:
        yield await World.made(database, client)


async def account_of(
    world: World,
    settings: Settings,
    password: str | None = PASSWORD,
    *roles: Role,
    name: str = "Ada Brook",
    **person: Any,
) -> Account:
    """Somebody with an account, and a password unless it is None."""
    somebody = await world.person(name, **person)
    account = Account(
        organization_id=world.organization.id,
        stakeholder_id=somebody.id,
        email=f"{somebody.id.hex}@Brook.example",
    )
    granted = [
        Grant(organization_id=world.organization.id, account_id=account.id, role=role, starts_on=LONG_AGO)
        for role in roles or (Role.EMPLOYEE,)
    ]
    await world.add(account, *granted)
    if password is not None:
        passwords = Passwords(settings)
        kept = Password(
            organization_id=world.organization.id, account_id=account.id, hash=await passwords.hashed(password)
        )
        passwords.close()
        await world.add(kept)
    return account


def claim(world: World, account: Account, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    """The input of `signIn`."""
    return {"organization": world.organization.slug, "email": account.email, "password": password, **more}


@dataclass(frozen=True)
class Held:
    """What somebody has who signed in."""

    caller: Caller
    tokens: Mapping[str, Any]

    @property
    def refresh_token(self) -> str:
        return str(self.tokens["refreshToken"])

    async def holds(self) -> bool:
        """Whether the access token does."""
        return (await self.caller.post(WHO)).status_code == 200


async def signed_in(world: World, account: Account, password: str = PASSWORD, **more: Any) -> Held:
    tokens = await world.anonymous().done(SIGN_IN, input=claim(world, account, password, **more))
    return Held(Caller(world.http, tokens["accessToken"]), tokens)


async def refreshed(world: World, refresh_token: str) -> Held:
    tokens = await world.anonymous().done(REFRESH, input={"refreshToken": refresh_token})
    return Held(Caller(world.http, tokens["accessToken"]), tokens)


async def recorded(world: World, *actions: str) -> list[tuple[str, Any]]:
    """The audit events of the organization with these actions, oldest first: each with what it says became of it."""
    async with world.database.transaction(world.organization.id) as session:
        rows = select(AuditEvent).where(col(AuditEvent.action).in_(actions)).order_by(col(AuditEvent.id))
        return [(event.action, event) for event in (await session.execute(rows)).scalars()]


async def actions_of(world: World) -> list[str]:
    """What was recorded of the organization, oldest first."""
    async with world.database.transaction(world.organization.id) as session:
        rows = select(col(AuditEvent.action)).order_by(col(AuditEvent.id))
        return list((await session.execute(rows)).scalars())


@dataclass(frozen=True)
class Mailbox:
    """The letters that were put into a folder."""

    folder: Path

    def to(self, email: str) -> list[EmailMessage]:
        found = [read_letter(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]
        return [letter for letter in found if letter["To"] == email]

    async def next_to(self, email: str, number: int = 1) -> EmailMessage:
        """The letter of that number to somebody, once it is there."""
        for _ in range(500):
            letters = self.to(email)
            if len(letters) >= number:
                return letters[number - 1]
            await asyncio.sleep(0.01)
        raise AssertionError(f"There are no {number} letters to {email}.")


def read_letter(content: bytes) -> EmailMessage:
    letter = message_from_bytes(content, policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def token_in(letter: EmailMessage) -> str:
    found = re.search(r"/links/(\S+)", letter.get_content())
    assert found, letter
    return found.group(1)
