"""An organization with accounts and groups to look for: names with and without case, gaps, and lookalikes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.access.actor import Actor, Held, Rights
from app.access.models import Account
from app.access.permissions import Role
from app.db.rows import now
from app.messages import Locale
from app.provisioning.models import ProvisionedGroup, ProvisionedGroupMember, ProvisionedUser
from app.stakeholders.models import ContactKind, ContactPoint, Stakeholder, StakeholderKind
from tests.builders import World, in_days

BASE = "http://allround.test/scim/v2"


@dataclass(repr=False)
class Cast:
    world: World
    accounts: dict[str, Account]
    groups: dict[str, ProvisionedGroup]

    @classmethod
    async def of(cls, world: World) -> "Cast":
        cast = cls(world, {}, {})
        works, sales = await world.department("Works"), await world.department("Sales")
        ada = await world.staff("Ada Byron", works, email="ada@birch.example", external_id="E1", title="Head")
        ben = await world.staff("ben ÄRMEL", sales, ada, email="Ben@birch.example", locale=Locale.ZH_CN)
        zoe = await world.staff("王伟", sales, ben, title="head", kind=StakeholderKind.MANAGER, external_id="e1x")
        pat = await world.person("Pat O'Neil", StakeholderKind.PARTNER, email="pat@oak.example", locale=Locale.EN)
        new = await world.staff("Ade\u0301", works, ada, since=in_days(30), until=None, title='Say "hi" \\ 100%_')
        await cast.account("ada", ada, "ada@birch.example", external_id="X-1", given="Ada", family="Byron")
        await cast.account("ben", ben, "BEN@birch.example", external_id="x-1", closed=True)
        await cast.account("zoe", zoe, "zoe@oak.example", given="伟", family="王")
        await cast.account("pat", pat, "pat@oak.example", given="", family="O'Neil")
        await cast.account("new", new, "new@birch.example", external_id="100%_")
        await cast.account("gone", await world.staff("Gone", works), "gone@birch.example", deleted=True)
        await cast.points(ben, (ContactKind.EMAIL, "b@home.example", "home"), (ContactKind.PHONE, "+49 1", "work"))
        await cast.points(zoe, (ContactKind.MOBILE, "+86 1", None), (ContactKind.WEBSITE, "oak.example", None))
        await cast.points(pat, (ContactKind.EMAIL, "P@home.example", None), (ContactKind.EMAIL, "q@x.example", "HOME"))
        await cast.group("Everybody", "ada", "ben", "zoe", "pat", external_id="g-1")
        await cast.group("every", "ada", external_id="G-1")
        await cast.group("Nobody")
        return cast

    async def account(
        self,
        key: str,
        person: Stakeholder,
        email: str,
        *,
        external_id: str | None = None,
        closed: bool = False,
        deleted: bool = False,
        given: str | None = None,
        family: str | None = None,
    ) -> Account:
        account = Account(
            organization_id=self.world.organization.id,
            stakeholder_id=person.id,
            email=email,
            external_id=external_id,
            closed_at=now() if closed else None,
            created_at=now() - timedelta(days=len(self.accounts)),
        )
        await self.world.add(account)
        if deleted or given is not None or family is not None:
            await self.world.add(
                ProvisionedUser(
                    organization_id=self.world.organization.id,
                    account_id=account.id,
                    given_name=given,
                    family_name=family,
                    deleted_at=now() if deleted else None,
                )
            )
        self.accounts[key] = account
        return account

    async def points(self, person: Stakeholder, *points: tuple[ContactKind, str, str | None]) -> None:
        await self.world.add(
            *(
                ContactPoint(
                    organization_id=self.world.organization.id,
                    stakeholder_id=person.id,
                    kind=kind,
                    value=value,
                    label=label,
                    rank=rank,
                )
                for rank, (kind, value, label) in enumerate(points)
            )
        )

    async def group(self, name: str, *members: str, external_id: str | None = None) -> ProvisionedGroup:
        organization_id = self.world.organization.id
        group = ProvisionedGroup(organization_id=organization_id, name=name, external_id=external_id)
        await self.world.add(group)
        await self.world.add(
            *(
                ProvisionedGroupMember(
                    organization_id=organization_id, group_id=group.id, account_id=self.accounts[key].id
                )
                for key in members
            )
        )
        self.groups[name] = group
        return group

    @property
    def actor(self) -> Actor:
        """Whoever reads for the directory."""
        return Actor(
            organization_id=self.world.organization.id,
            account_id=UUID(int=1),
            stakeholder_id=UUID(int=2),
            rights=Rights((Held(Role.INTEGRATION),)),
            roots=(((), ()),),
            today=in_days(0),
        )
