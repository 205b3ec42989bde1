"""What is left of somebody who was erased, who cannot be, and that there is no way back."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.access.models import Account, Grant
from app.access.permissions import Role
from app.audits.verification import verify
from app.db.models import AuditEvent, DomainEvent
from app.messages import Locale
from app.stakeholders.models import Company, Stakeholder, StakeholderKind
from tests.builders import LONG_AGO, Caller, World, gid, in_days, unknown_id
from tests.privacy.documents import ERASE
from tests.privacy.traces import MARK, Traces
from tests.stakeholders.changes import CREATE, DEACTIVATE, REACTIVATE, UPDATE, newcomer

LEFT = in_days(-1)


async def test_no_trace_is_left_anywhere(world: World, admin: Caller, database_url: str) -> None:
    traces = await Traces.left(world)
    met = set(await traces.found(database_url))
    assert {"stakeholders", "accounts", "companies", "sessions", "passwords", "api_keys", "audit_events"} <= met
    await admin.done(ERASE, input={"id": gid(traces.person), "reason": "Request 7"})
    assert await traces.found(database_url) == {}


async def test_nobody_else_loses_anything(world: World, admin: Caller, database_url: str) -> None:
    """The same names and texts, in the same tables, of somebody else."""
    traces, eve = await Traces.left(world), await Traces.left(await world.another())
    before = await eve.found(database_url)
    await admin.done(ERASE, input={"id": gid(traces.person)})
    assert await eve.found(database_url) == before
    assert len(before) > 10


async def test_the_audit_trail_holds_and_tells_of_the_erasure(world: World, admin: Caller, database_url: str) -> None:
    traces, auditor = await Traces.left(world), await world.caller(Role.AUDITOR)
    await admin.done(ERASE, input={"id": gid(traces.person), "reason": "Request 7"})
    (found,) = [each async for each in verify(database_url, world.organization.slug)]
    assert (found.breaks, found.events) == ([], found.head.sequence)
    asked = "{ auditEvents(first: 100) { nodes { action subjectType subjectId before after erased } } }"
    told, *earlier = (await auditor.ask(asked))["auditEvents"]["nodes"]
    assert (told["action"], told["subjectId"]) == ("stakeholder.erased", gid(traces.person))
    assert (told["erased"], told["before"], told["after"]["reason"]) == (False, None, "Request 7")
    subjects = [str(traces.ids[name]) for name in ("stakeholders", "accounts", "sessions", "api_keys", "gone")]
    assert set(subjects) <= set(told["after"]["subjects"])
    assert {event["subjectType"] for event in earlier if not event["erased"]} == {"Department"}


async def test_a_pseudonym_stands_where_others_history_needs_it(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    boss = await world.staff("Boss", works, until=LEFT, deactivated_on=LEFT, email="boss@amber.example")
    report = await world.staff("Report", works, boss, until=LEFT)
    erased = await admin.done(ERASE, input={"id": gid(boss)})
    assert erased.pop("name") == f"Erased person {str(boss.id)[-4:]}"
    assert erased == {
        "__typename": "Stakeholder",
        "id": gid(boss),
        "version": 2,
        "kind": "EMPLOYEE",
        "email": None,
        "locale": None,
        "joinedOn": str(LONG_AGO),
        "deactivatedOn": str(LEFT),
        "externalId": None,
        "company": None,
        "contactPoints": [],
        "memberships": {
            "nodes": [{"title": "Engineer", "startsOn": str(LONG_AGO), "endsOn": str(LEFT), "manager": None}]
        },
    }
    asked = "query($id: ID!) { stakeholder(id: $id) { memberships { nodes { manager { name } } } } }"
    (place,) = (await admin.ask(asked, id=gid(report)))["stakeholder"]["memberships"]["nodes"]
    assert place["manager"]["name"].startswith("Erased person ")


async def test_a_pseudonym_is_in_the_organizations_language(world: World) -> None:
    await world.speaks(Locale.ZH_CN)
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    person = await world.person("李雷", deactivated_on=LEFT)
    assert (await admin.done(ERASE, input={"id": gid(person)}))["name"] == f"已抹除人员 {str(person.id)[-4:]}"


async def test_accounts_are_closed_and_grants_stay_as_history(world: World, admin: Caller) -> None:
    person = await world.person("Ada")
    await world.sign_in(person, Role.EMPLOYEE)
    await admin.done(DEACTIVATE, input={"id": gid(person), "on": str(in_days(0))})
    await admin.done(ERASE, input={"id": gid(person)})
    async with world.database.transaction(world.organization.id) as session:
        of_person = select(Account).where(col(Account.stakeholder_id) == person.id)
        account = (await session.execute(of_person)).scalar_one()
        grants = select(Grant).where(col(Grant.account_id) == account.id)
        assert [grant.role for grant in (await session.execute(grants)).scalars()] == [Role.EMPLOYEE]
    assert account.closed_at is not None
    assert account.email == f"{account.id}@erased.invalid"


async def test_a_company_stays_while_somebody_else_acts_for_it(world: World, admin: Caller) -> None:
    company, partner = await world.company("Birch & Co"), StakeholderKind.PARTNER
    first, second = [
        await world.person(name, partner, company_id=company.id, deactivated_on=LEFT) for name in ("Pat", "Quentin")
    ]
    for person, left in ((first, ["Birch & Co"]), (second, [])):
        await admin.done(ERASE, input={"id": gid(person)})
        async with world.database.transaction(world.organization.id) as session:
            assert list((await session.execute(select(col(Company.name)))).scalars()) == left


async def test_what_was_theirs_can_be_somebody_elses(world: World, admin: Caller) -> None:
    given = {"email": "ada@amber.example", "external_id": "hr-7"}
    person = await world.person("Ada", StakeholderKind.PARTNER, deactivated_on=LEFT, **given)
    await admin.done(ERASE, input={"id": gid(person)})
    await admin.done(CREATE, input=newcomer("Eve", email="ada@amber.example", externalId="hr-7"))


async def test_an_erasure_is_told_once_and_tells_of_nobody(world: World, admin: Caller) -> None:
    person = await world.person(MARK, deactivated_on=LEFT)
    await admin.done(ERASE, input={"id": gid(person)})
    async with world.database.transaction(world.organization.id) as session:
        (audit,) = (await session.execute(select(AuditEvent))).scalars()
        (event,) = (await session.execute(select(DomainEvent))).scalars()
    assert (audit.action, audit.before, audit.after) == (
        "stakeholder.erased",
        None,
        {"subjects": [str(person.id)], "reason": None},
    )
    assert (event.name, event.subject_id, event.payload) == ("stakeholder.erased", person.id, {})
    assert audit.actor_id is not None


# --- who cannot be erased


async def test_whoever_is_active_or_going_to_be_is_deactivated_first(world: World, admin: Caller) -> None:
    for left in (None, in_days(1)):
        person = await world.person("Ada", deactivated_on=left)
        assert await admin.rejected(ERASE, input={"id": gid(person)}) == [("STILL_ACTIVE", "id")]


async def test_whoever_leaves_today_can_be_erased(world: World, admin: Caller) -> None:
    await admin.done(ERASE, input={"id": gid(await world.person("Ada", deactivated_on=in_days(0)))})


async def test_what_stands_for_a_department_is_not_a_person(world: World, admin: Caller) -> None:
    voice = await world.person("Works", StakeholderKind.DEPARTMENT, deactivated_on=LEFT)
    assert await admin.rejected(ERASE, input={"id": gid(voice)}) == [("KIND_FIXED", "id")]


async def test_nobody_erases_themselves_and_the_last_administrator_stays(world: World) -> None:
    person = await world.person("Ada")
    admin = await world.sign_in(person, Role.ORGANIZATION_ADMIN)
    problems = [("ONESELF", "id"), ("LAST_ADMINISTRATOR", "id"), ("STILL_ACTIVE", "id")]
    assert await admin.rejected(ERASE, input={"id": gid(person)}) == problems


async def test_somebody_is_erased_once(world: World, admin: Caller) -> None:
    person = await world.person("Ada", deactivated_on=LEFT)
    await admin.done(ERASE, input={"id": gid(person)})
    assert await admin.rejected(ERASE, input={"id": gid(person)}) == [("ERASED", "id")]


@pytest.mark.parametrize(
    ("mutation", "given"),
    [(UPDATE, {"name": "Ada"}), (REACTIVATE, {"on": str(in_days(0))})],
    ids=["update", "bring back"],
)
async def test_nobody_is_left_to_change_or_to_bring_back(
    world: World, admin: Caller, mutation: str, given: dict[str, Any]
) -> None:
    person = await world.person("Pat", StakeholderKind.PARTNER, deactivated_on=LEFT)
    await admin.done(ERASE, input={"id": gid(person)})
    assert await admin.rejected(mutation, input={"id": gid(person), **given}) == [("ERASED", "id")]


async def test_a_stale_version_and_a_reason_of_another_form_erase_nothing(world: World, admin: Caller) -> None:
    person = await world.person("Ada", deactivated_on=LEFT)
    stale = {"id": gid(person), "expectedVersion": 7}
    assert await admin.rejected(ERASE, input=stale) == [("CONFLICT", "expectedVersion")]
    assert await admin.rejected(ERASE, input={"id": gid(person), "reason": "x" * 10_001}) == [("TOO_LONG", "reason")]
    async with world.database.transaction(world.organization.id) as session:
        assert (await session.get_one(Stakeholder, (person.organization_id, person.id))).name == "Ada"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZATION_ADMIN])
async def test_nobody_but_the_administrator_erases(world: World, role: Role) -> None:
    person, caller = await world.person("Ada", deactivated_on=LEFT), await world.caller(role)
    assert await caller.rejected(ERASE, input={"id": gid(person)}) == [("FORBIDDEN", "")]


async def test_nobody_is_erased_who_is_not_there_or_elsewhere(world: World, admin: Caller) -> None:
    theirs = await (await world.another()).person("Ada", deactivated_on=LEFT)
    for id_ in (gid(theirs), unknown_id("Stakeholder"), "nobody"):
        assert await admin.rejected(ERASE, input={"id": id_}) == [("NOT_FOUND", "id")]


async def test_whether_somebody_can_be_erased_is_told_beforehand(world: World, admin: Caller) -> None:
    asked = "query($id: ID!) { stakeholder(id: $id) { allowedActions { action allowed reason } } }"
    for person, reason in (
        (await world.person("Ada"), "STILL_ACTIVE"),
        (await world.person("Eve", deactivated_on=LEFT), None),
    ):
        told = (await admin.ask(asked, id=gid(person)))["stakeholder"]["allowedActions"]
        (erasing,) = [each for each in told if each["action"] == "eraseStakeholder"]
        assert erasing == {"action": "eraseStakeholder", "allowed": reason is None, "reason": reason}
