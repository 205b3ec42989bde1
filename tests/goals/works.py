"""Amber Works with goals: who is there, and a year to set goals for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.access.permissions import Role
from app.stakeholders.models import Department, Stakeholder
from tests.builders import Caller, World, gid, in_days
from tests.goals.changes import ACTIVATE, CHECK_IN, CREATE, CREATE_PERIOD


@dataclass
class Works:
    """The head leads a department; the manager works in it and has two reports, Ada and Ben, who have none. Zoe works
    in another department. `admin` is the performance administrator."""

    world: World
    department: Department
    elsewhere: Department
    people: dict[str, Stakeholder]
    callers: dict[str, Caller]
    period: str

    def __getitem__(self, name: str) -> Caller:
        return self.callers[name]

    def id_of(self, name: str) -> str:
        return gid(self.people[name])

    def day(self, number: int) -> date:
        """A day of the period, counted from 0."""
        return in_days(number - 100)

    async def goal(self, title: str = "Sell more", by: str = "admin", **given: Any) -> dict[str, Any]:
        """A goal; one person's unless it is said, owned by Ada."""
        asked = {"level": "PERSON", "ownerId": self.id_of("ada"), "periodId": self.period, **given, "title": title}
        return await self[by].done(CREATE, input=asked)

    async def active(self, title: str = "Sell more", **given: Any) -> dict[str, Any]:
        made = await self.goal(title, **given)
        return await self["admin"].done(ACTIVATE, input={"id": made["id"]})

    async def check_in(self, goal: dict[str, Any], value: Any, by: str = "admin", place: int = 0, **given: Any) -> Any:
        """Tells what a key result of a goal has reached; the first unless it is said."""
        key_result = goal["keyResults"][place]["id"]
        asked = {"goalId": goal["id"], "keyResultId": key_result, "value": str(value), **given}
        return await self[by].done(CHECK_IN, input=asked)

    async def read(self, goal: dict[str, Any], fields: str, by: str = "admin") -> Any:
        return (await self[by].ask(f"query($id: ID!) {{ goal(id: $id) {{ {fields} }} }}", id=goal["id"]))["goal"]


def metric(title: str = "Orders", start: Any = 0, target: Any = 100, weight: Any = 1) -> dict[str, Any]:
    values = {"startValue": str(start), "targetValue": str(target), "weight": str(weight)}
    return {"title": title, "kind": "METRIC", **values}


async def works(world: World) -> Works:
    department, elsewhere = await world.department("Works"), await world.department("Elsewhere")
    head = await world.staff("Head", department)
    await world.head(department, head)
    manager = await world.staff("Manager", department, head)
    ada = await world.staff("Ada", department, manager)
    ben = await world.staff("Ben", department, manager)
    zoe = await world.staff("Zoe", elsewhere)
    people = {"head": head, "manager": manager, "ada": ada, "ben": ben, "zoe": zoe}
    callers = {name: await world.sign_in(person, Role.EMPLOYEE) for name, person in people.items() if len(name) == 3}
    callers["head"] = await world.sign_in(head, Role.DEPARTMENT_HEAD)
    callers["manager"] = await world.sign_in(manager, Role.MANAGER)
    callers["admin"] = await world.caller(Role.PERFORMANCE_ADMIN, "Performance")
    starts = in_days(-100)
    year = {"name": "This year", "startsOn": str(starts), "endsOn": str(starts + timedelta(days=365))}
    period = await callers["admin"].done(CREATE_PERIOD, input=year)
    return Works(world, department, elsewhere, people, callers, period["id"])
