"""Requests that are sent again under an idempotency key."""

import asyncio
from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import Caller, World
from tests.stakeholders.changes import CREATE, CREATE_DEPARTMENT, CREATE_POSITION, newcomer, place
from tests.stakeholders.trail import trail

CREATING: list[tuple[str, dict[str, Any]]] = [
    (CREATE, newcomer("Ada", email="ada@amber.example", company="Birch")),
    (CREATE_DEPARTMENT, {"name": "Works", "externalId": "U-1"}),
    (CREATE_POSITION, {"title": "Clerk", "level": 2}),
]


@pytest.mark.parametrize(("document", "given"), CREATING)
async def test_the_same_key_answers_the_same_result(
    world: World, admin: Caller, document: str, given: dict[str, Any]
) -> None:
    first = await admin.done(document, input={**given, "idempotencyKey": "k"})
    for _ in range(2):
        assert await admin.done(document, input={**given, "idempotencyKey": "k"}) == first
    assert len(await trail(world)) == 1


@pytest.mark.parametrize(("document", "given"), CREATING)
async def test_the_same_key_sent_many_times_at_once_is_done_once(
    world: World, admin: Caller, document: str, given: dict[str, Any]
) -> None:
    asked = [admin.done(document, input={**given, "idempotencyKey": "k"}) for _ in range(6)]
    assert len({made["id"] for made in await asyncio.gather(*asked)}) == 1
    assert len(await trail(world)) == 1


OTHERS: list[tuple[str, dict[str, Any]]] = [
    (CREATE, newcomer("Eve")),
    (CREATE, newcomer("Ada", locale="EN")),
    (CREATE, newcomer("Ada", kind="PARTNER")),
    (CREATE, newcomer("Ada", contactPoints=[{"kind": "PHONE", "value": "1"}])),
    (CREATE_DEPARTMENT, {"name": "Ada"}),
    (CREATE_POSITION, {"title": "Ada"}),
]


@pytest.mark.parametrize(("document", "other"), OTHERS)
async def test_a_key_does_not_stand_for_anything_else(
    world: World, admin: Caller, document: str, other: dict[str, Any]
) -> None:
    await admin.done(CREATE, input=newcomer("Ada", idempotencyKey="k"))
    assert await admin.rejected(document, input={**other, "idempotencyKey": "k"}) == [
        ("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")
    ]
    assert len(await trail(world)) == 1


async def test_what_is_given_as_its_default_is_the_same_input(admin: Caller) -> None:
    first = await admin.done(CREATE, input=newcomer("Ada", idempotencyKey="k"))
    spelled = newcomer("Ada", idempotencyKey="k", email=None, contactPoints=[], place=None)
    assert await admin.done(CREATE, input=spelled) == first


async def test_a_refused_request_does_not_use_its_key_up(admin: Caller) -> None:
    assert await admin.rejected(CREATE, input=newcomer("", idempotencyKey="k")) == [("REQUIRED", "name")]
    assert (await admin.done(CREATE, input=newcomer("Ada", idempotencyKey="k")))["name"] == "Ada"


async def test_keys_are_each_accounts_own(world: World, admin: Caller) -> None:
    other = await world.caller(Role.INTEGRATION)
    elsewhere = await (await world.another()).caller(Role.ORGANIZATION_ADMIN)
    made = [
        (await caller.done(CREATE, input=newcomer("Ada", idempotencyKey="k")))["id"]
        for caller in (admin, other, elsewhere)
    ]
    assert len(set(made)) == 3


async def test_without_a_key_a_request_is_done_each_time(world: World, admin: Caller) -> None:
    given = {"kind": "EMPLOYEE", "name": "Ada", "place": place(await world.department("Works"))}
    assert (await admin.done(CREATE, input=given))["id"] != (await admin.done(CREATE, input=given))["id"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\0b"])
async def test_a_key_has_1_to_200_characters(world: World, admin: Caller, key: str) -> None:
    assert await admin.rejected(CREATE, input=newcomer("Ada", idempotencyKey=key)) == [
        ("INVALID_VALUE", "idempotencyKey")
    ]
    assert await trail(world) == []


@pytest.mark.parametrize("key", ["x" * 200, "😀", "' or 1=1 --", "a:b"])
async def test_any_other_text_is_a_key(admin: Caller, key: str) -> None:
    first = await admin.done(CREATE, input=newcomer("Ada", idempotencyKey=key))
    assert await admin.done(CREATE, input=newcomer("Ada", idempotencyKey=key)) == first
