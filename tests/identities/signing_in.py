"""An organization that trusts a provider, and somebody who is known to both."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from app.access.models import Account, Grant
from app.access.permissions import Role
from app.db.rows import now
from app.identities.models import ExternalIdentity, SignInCode
from app.stakeholders.models import Stakeholder
from tests.builders import LONG_AGO, Caller, World, gid
from tests.identities.providers import ADD, LINK, PROBLEMS, REMOVE, UNLINK, UPDATE, provider
from tests.stakeholders.trail import trail

REDEEM = f"""mutation($input: RedeemSignInInput!) {{
  redeemSignIn(input: $input) {{ ... on SignedIn {{ accessToken refreshToken }} {PROBLEMS} }}
}}"""
MAP_GROUP = f"mutation($input: MapGroupInput!) {{ mapGroup(input: $input) {{ ... on GroupRole {{ id }} {PROBLEMS} }} }}"


@dataclass
class Here:
    world: World
    admin: Caller
    provider_id: str
    ada: Account

    @classmethod
    async def made(cls, world: World, issuer: str, **given: Any) -> "Here":
        admin = await world.caller(Role.ORGANIZATION_ADMIN)
        added = await admin.done(ADD, input=provider(issuer, **given))
        person = await world.person("Ada")
        await world.sign_in(person, Role.EMPLOYEE)
        async with world.database.transaction(world.organization.id) as session:
            rows = select(Account).where(col(Account.stakeholder_id) == person.id)
            ada = (await session.execute(rows)).scalar_one()
        return cls(world, admin, added["id"], ada)

    @property
    def slug(self) -> str:
        return self.world.organization.slug

    async def link(self, subject: str) -> None:
        asked = {"providerId": self.provider_id, "subject": subject, "accountId": gid(self.ada)}
        await self.admin.done(LINK, input=asked)

    async def change(self, **given: Any) -> None:
        await self.admin.done(UPDATE, input={"id": self.provider_id, **given})

    async def remove(self) -> None:
        await self.admin.done(REMOVE, input={"id": self.provider_id})

    async def unlink(self) -> None:
        async with self.world.database.transaction(self.world.organization.id) as session:
            linked = (await session.execute(select(ExternalIdentity))).scalar_one()
        await self.admin.done(UNLINK, input={"id": gid(linked)})

    async def map_group(self, group: str, role: Role) -> None:
        asked = {"providerId": self.provider_id, "group": group, "role": role.name}
        await self.admin.done(MAP_GROUP, input=asked)

    async def grant(self, role: Role) -> None:
        """Gives Ada a role, by hand."""
        organization_id = self.world.organization.id
        await self.world.add(
            Grant(organization_id=organization_id, account_id=self.ada.id, role=role, starts_on=LONG_AGO)
        )

    async def refusals(self) -> list[str]:
        """Why sign-ins were refused, as the trail has it."""
        told = [each.event for each in await trail(self.world) if each.audit.action == "sign_in.refused"]
        return [event.payload["reason"] for event in told]

    async def identities(self) -> list[str]:
        async with self.world.database.transaction(self.world.organization.id) as session:
            return list((await session.execute(select(col(ExternalIdentity.subject)))).scalars())

    async def close_account(self) -> None:
        await self._update(update(Account).where(col(Account.id) == self.ada.id).values(closed_at=now()))

    async def let_ada_leave(self) -> None:
        left = date.today() - timedelta(days=1)  # noqa: DTZ011 -- long enough ago in any zone
        rows = update(Stakeholder).where(col(Stakeholder.id) == self.ada.stakeholder_id)
        await self._update(rows.values(deactivated_on=left))

    async def let_codes_expire(self) -> None:
        await self._update(update(SignInCode).values(expires_at=now() - timedelta(seconds=1)))

    async def forget_links(self) -> None:
        await self._update(delete(ExternalIdentity))

    async def _update(self, statement: Any) -> None:
        async with self.world.database.transaction(self.world.organization.id) as session:
            await session.execute(statement)

    async def count_of_codes(self) -> int:
        async with self.world.database.transaction(self.world.organization.id) as session:
            return (await session.execute(select(func.count()).select_from(SignInCode))).scalar_one()


async def opened(world: World, code: str, verifier: str) -> Caller:
    """Whoever gets the session that a code is good for."""
    made = await world.anonymous().done(REDEEM, input={"code": code, "verifier": verifier})
    return Caller(world.http, made["accessToken"])
