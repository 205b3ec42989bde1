"""Amber Works, an organization for tests: two trees, and one person in each place that a rule speaks of.

    Works            Chief
    ├─ Foundry       Head (its head), Lead, Peer
    │  └─ Casting    Direct, Indirect
    └─ Sales         Stranger

The lines: Chief ← Head ← Lead ← Direct ← Indirect, Head ← Peer, Chief ← Stranger. All of them began in Sales. Gone
reported to Lead and has left. Pat and Quentin are partners of Birch & Co, Cleo is a customer, Ivy an
investor.
"""

from dataclasses import dataclass
from datetime import date

from app.messages import Locale
from app.stakeholders.models import (
    Company,
    ContactKind,
    ContactPoint,
    Department,
    Membership,
    Position,
    Stakeholder,
    StakeholderKind,
)
from tests.builders import World

ENTERED = date(2020, 1, 1)
PROMOTED = date(2022, 1, 1)
LEFT = date(2023, 1, 1)


@dataclass
class Amber:
    world: World
    works: Department
    foundry: Department
    casting: Department
    sales: Department
    engineer: Position
    caster: Position
    birch: Company
    people: dict[str, Stakeholder]
    memberships: dict[str, list[Membership]]
    phones: dict[str, ContactPoint]

    def __getitem__(self, name: str) -> Stakeholder:
        return self.people[name]


async def amber_works(world: World) -> Amber:
    works = await world.department("Works")
    foundry = await world.department("Foundry", works)
    amber = Amber(
        world=world,
        works=works,
        foundry=foundry,
        casting=await world.department("Casting", foundry),
        sales=await world.department("Sales", works),
        engineer=await world.position("Engineer", 3),
        caster=await world.position("Caster", 2),
        birch=await world.company("Birch & Co"),
        people={},
        memberships={},
        phones={},
    )
    await _staff(amber)
    await _left(amber)
    await _outsiders(amber)
    await world.head(foundry, amber["Head"])
    return amber


async def _staff(amber: Amber) -> None:
    manager = StakeholderKind.MANAGER
    await _employ(amber, "Chief", amber.works, None, kind=manager)
    await _employ(amber, "Head", amber.foundry, "Chief", kind=manager)
    await _employ(amber, "Lead", amber.foundry, "Head", kind=manager)
    await _employ(amber, "Peer", amber.foundry, "Head")
    await _employ(amber, "Direct", amber.casting, "Lead")
    await _employ(amber, "Indirect", amber.casting, "Direct")
    await _employ(amber, "Stranger", amber.sales, "Chief")


async def _employ(
    amber: Amber,
    name: str,
    department: Department,
    manager: str | None,
    kind: StakeholderKind = StakeholderKind.EMPLOYEE,
) -> None:
    """First in Sales without a manager, then where they are now: everybody has a history."""
    world = amber.world
    person = await world.person(
        name,
        kind,
        email=f"{name.lower()}@amber.example",
        joined_on=ENTERED,
        locale=Locale.EN,
        external_id=f"HR-{name}",
    )
    amber.people[name] = person
    before = await world.membership(person, amber.sales, since=ENTERED, until=PROMOTED, title="Trainee")
    above = amber.people[manager] if manager else None
    position = amber.caster if department is amber.casting else amber.engineer
    now = await world.membership(person, department, above, since=PROMOTED, title=position.title, position=position)
    amber.memberships[name] = [now, before]
    await _phone(amber, person)


async def _phone(amber: Amber, person: Stakeholder) -> None:
    amber.phones[person.name] = ContactPoint(
        organization_id=person.organization_id,
        stakeholder_id=person.id,
        kind=ContactKind.PHONE,
        value=f"phone of {person.name}",
    )
    await amber.world.add(amber.phones[person.name])


async def _left(amber: Amber) -> None:
    gone = await amber.world.person("Gone", joined_on=ENTERED, deactivated_on=LEFT)
    amber.people["Gone"] = gone
    place = await amber.world.membership(gone, amber.casting, amber["Lead"], since=ENTERED, until=LEFT)
    amber.memberships["Gone"] = [place]


async def _outsiders(amber: Amber) -> None:
    for name, kind in (
        ("Pat", StakeholderKind.PARTNER),
        ("Quentin", StakeholderKind.PARTNER),
        ("Cleo", StakeholderKind.CUSTOMER),
        ("Ivy", StakeholderKind.INVESTOR),
    ):
        company_id = amber.birch.id if kind is StakeholderKind.PARTNER else None
        person = await amber.world.person(
            name,
            kind,
            company_id=company_id,
            joined_on=ENTERED,
            email=f"{name.lower()}@birch.example",
            external_id=f"CRM-{name}",
        )
        amber.people[name] = person
        await _phone(amber, person)
