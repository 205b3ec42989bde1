"""Whatever has been done to an organization, what is told of a row is what becomes of the next mutation about it."""

from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.permissions import Role
from app.db.database import Database
from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid, in_days
from tests.laws import examples
from tests.stakeholders.told import Attempt, agrees, told, tried

FEW = settings(
    max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
DAYS = st.sampled_from([0, 0, 0, 1, 30])


@dataclass
class Town:
    """Three people in two departments, one of whom heads one, and an outsider; and a third department to go to."""

    admin: Caller
    people: list[str]
    outsider: str
    units: list[str]

    @classmethod
    async def made(cls, world: World) -> "Town":
        works, home = await world.department("Works"), await world.department("Home")
        shop = await world.department("Shop", works)
        chief = await world.staff("Chief", works)
        ada = await world.staff("Ada", shop, chief)
        ben = await world.staff("Ben", shop, ada)
        await world.head(shop, ada)
        pat = await world.person("Pat", StakeholderKind.PARTNER)
        admin = await world.caller(Role.ORGANIZATION_ADMIN)
        return cls(admin, list(map(gid, (chief, ada, ben))), gid(pat), list(map(gid, (works, shop, home))))

    def attempts(self) -> st.SearchStrategy[Attempt]:
        anybody, staff = st.sampled_from([*self.people, self.outsider]), st.sampled_from(self.people)
        unit = st.sampled_from(self.units)
        somewhere = {"departmentId": unit, "managerId": staff | st.none()}
        return st.one_of(
            _attempts("updateStakeholder", id=anybody, email=st.none() | st.emails()),
            _attempts("deactivateStakeholder", id=anybody, on=_today()),
            _attempts("reactivateStakeholder", id=st.just(self.outsider), on=_later()),
            staff.flatmap(lambda id_: _returns(id_, unit)),
            _attempts("moveStakeholder", {"title": _title(), **somewhere}, id=anybody, on=_today()),
            _attempts("createDepartment", name=_title(), parentId=unit),
            _attempts("renameDepartment", id=unit, name=_title()),
            _attempts("moveDepartment", id=unit, parentId=unit | st.none()),
            _attempts("closeDepartment", id=unit, on=_today()),
            _attempts("appointHead", id=unit, headId=staff | st.none()),
        )


def _attempts(mutation: str, maybe: dict[str, Any] | None = None, /, **given: Any) -> st.SearchStrategy[Attempt]:
    return st.fixed_dictionaries(given, optional=maybe or {}).map(lambda given: Attempt(mutation, given))


def _returns(id_: str, unit: st.SearchStrategy[str]) -> st.SearchStrategy[Attempt]:
    day = in_days(400)
    place = st.fixed_dictionaries({"departmentId": unit, "startsOn": st.just(str(day)), "title": _title()})
    return _attempts("reactivateStakeholder", id=st.just(id_), on=st.just(str(day)), place=place)


def _title() -> st.SearchStrategy[str]:
    return st.text("abcxyz", min_size=3, max_size=9)


def _today() -> st.SearchStrategy[str]:
    """`allowedActions` tells of today."""
    return st.builds(lambda: str(in_days(0)))


def _later() -> st.SearchStrategy[str]:
    return DAYS.map(lambda days: str(in_days(days)))


@FEW
@given(data=st.data())
async def test_what_is_told_is_what_happens(database: Database, http: httpx.AsyncClient, data: st.DataObject) -> None:
    town = await Town.made(await World.made(database, http))
    for attempt in data.draw(st.lists(town.attempts(), min_size=5, max_size=15)):
        row = attempt.input["parentId"] if attempt.mutation == "createDepartment" else attempt.input["id"]
        reasons = await told(town.admin, row)
        problems = (await tried(town.admin, [attempt]))[attempt.mutation]
        assert reasons is not None
        assert agrees(reasons[attempt.mutation], attempt, problems), (attempt, reasons, problems)
