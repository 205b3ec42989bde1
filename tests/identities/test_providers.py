"""What is agreed with identity providers: who may change it, and what has to hold."""

from typing import Any

import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.identities.models import IdentityProvider
from app.settings import Settings
from tests.builders import Caller, World, gid, unknown_id
from tests.conftest import served
from tests.identities.providers import ADD, API, LINK, LIST, REMOVE, RETURN_TO, UNLINK, UPDATE, provider
from tests.stakeholders.trail import trail


@pytest.fixture
async def admin(world: World) -> Caller:
    return await world.caller(Role.ORGANIZATION_ADMIN)


async def test_a_provider_is_added_and_shown_without_its_secret(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider(groupsClaim="groups", audience=API))
    assert made == {
        "id": made["id"],
        "version": 1,
        "name": "Login",
        "slug": "login",
        "issuer": "https://login.example",
        "active": True,
        "clientId": "allround",
        "hasClientSecret": True,
        "scopes": ["openid", "profile", "email"],
        "returnUrls": [RETURN_TO],
        "subjectClaim": "sub",
        "groupsClaim": "groups",
        "linksByEmail": False,
        "emailDomains": [],
        "emailVerifiedClaim": "email_verified",
        "audience": API,
        "tokenSubjectClaim": "sub",
        "identities": {"nodes": []},
        "allowedActions": [
            {"action": "updateIdentityProvider", "allowed": True, "reason": None},
            {"action": "removeIdentityProvider", "allowed": True, "reason": None},
            {"action": "linkExternalIdentity", "allowed": True, "reason": None},
        ],
    }


async def test_a_provider_can_be_added_before_it_is_put_to_use(admin: Caller) -> None:
    assert (await admin.done(ADD, input=provider(active=False)))["active"] is False


async def test_the_secret_is_sealed_and_is_in_no_trail(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    async with world.database.transaction(world.organization.id) as session:
        (row,) = (await session.execute(select(IdentityProvider))).scalars()
    assert row.sealed_client_secret is not None
    assert "s3cret" not in row.sealed_client_secret
    await admin.done(UPDATE, input={"id": made["id"], "clientSecret": "another"})
    added, updated = await trail(world)
    assert (added.audit.action, updated.audit.action) == ("identity_provider.added", "identity_provider.updated")
    assert added.after is not None
    assert added.after["client_secret"] == "new"
    assert (updated.before, updated.after) == ({}, {"client_secret": "new"})
    told = f"{added.after} {updated.after} {added.event.payload}"
    assert row.sealed_client_secret not in told
    assert "s3cret" not in told


async def test_what_is_left_out_stays_and_null_empties(admin: Caller) -> None:
    made = await admin.done(ADD, input=provider(groupsClaim="groups", audience=API))
    changed = await admin.done(UPDATE, input={"id": made["id"], "name": "Sign-in", "scopes": ["email", "openid"]})
    assert changed == {**made, "name": "Sign-in", "scopes": ["openid", "email"], "version": 2}
    emptied = await admin.done(
        UPDATE, input={"id": made["id"], "groupsClaim": None, "clientSecret": None, "emailDomains": None}
    )
    assert (emptied["groupsClaim"], emptied["hasClientSecret"], emptied["version"]) == (None, False, 3)
    for_tokens = await admin.done(UPDATE, input={"id": made["id"], "clientId": None, "returnUrls": []})
    assert (for_tokens["clientId"], for_tokens["audience"]) == (None, API)


async def test_what_changes_nothing_is_no_change(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    assert await admin.done(UPDATE, input={"id": made["id"], "name": "Login", "returnUrls": [RETURN_TO]}) == made
    assert [told.audit.action for told in await trail(world)] == ["identity_provider.added"]


async def test_a_request_that_is_sent_again_adds_nothing(admin: Caller) -> None:
    once = await admin.done(ADD, input=provider(idempotencyKey="k"))
    assert await admin.done(ADD, input=provider(idempotencyKey="k")) == once
    assert len((await admin.ask(LIST))["identityProviders"]) == 1


WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"name": " "}, [("REQUIRED", "name")]),
    ({"slug": ""}, [("REQUIRED", "slug")]),
    ({"slug": "x" * 61}, [("TOO_LONG", "slug")]),
    *(({"slug": slug}, [("INVALID_VALUE", "slug")]) for slug in ("Login", "a/b", "-a", "a--b", "ä", "a b")),
    *(
        ({"issuer": issuer}, [("INVALID_VALUE", "issuer")])
        for issuer in (
            "",
            "login.example",
            "http://login.example",
            "https://login.example?x",
            "https://login.example#x",
            "https://u:p@login.example",
            "ldap://login.example",
        )
    ),
    ({"clientId": None, "returnUrls": None}, [("REQUIRED", "clientId")]),
    ({"returnUrls": None}, [("REQUIRED", "returnUrls")]),
    ({"returnUrls": ["https://front.example"] * 3 + ["x"]}, [("INVALID_VALUE", "returnUrls.1")]),
    *(
        ({"returnUrls": [url]}, [("INVALID_VALUE", "returnUrls.0")])
        for url in (
            "http://front.example/",
            "https://front.example/#x",
            "https://u@front.example/",
            "https:///x",
            "javascript:alert(1)",
            "data:text/html,x",
            "app:/x",
            "//front.example",
            "https://front.example/ x",
        )
    ),
    ({"returnUrls": [f"https://front.example/{n}" for n in range(21)]}, [("TOO_MANY_ROWS", "returnUrls")]),
    ({"scopes": ['a"b']}, [("INVALID_VALUE", "scopes.0")]),
    (
        {"emailDomains": ["amber.example", "@amber.example", "amber"]},
        [("INVALID_VALUE", "emailDomains.1"), ("INVALID_VALUE", "emailDomains.2")],
    ),
    ({"subjectClaim": ""}, [("REQUIRED", "subjectClaim")]),
    ({"emailVerifiedClaim": ""}, [("REQUIRED", "emailVerifiedClaim")]),
    ({"clientSecret": " "}, [("REQUIRED", "clientSecret")]),
    ({"clientSecret": "x" * 2_001}, [("TOO_LONG", "clientSecret")]),
    ({"audience": "allround"}, [("INVALID_VALUE", "audience")]),
    ({"slug": "a\0b"}, [("INVALID_VALUE", "slug")]),
    ({"audience": "a\0b"}, [("INVALID_VALUE", "audience")]),
    ({"issuer": "https://login.example/\0"}, [("INVALID_VALUE", "issuer")]),
    ({"name": "a\0b", "groupsClaim": "a\0b"}, [("INVALID_VALUE", "name"), ("INVALID_VALUE", "groupsClaim")]),
    ({"clientId": "a\0b", "clientSecret": "a\0b"}, [("INVALID_VALUE", "clientId")]),
    ({"slug": "taken"}, [("TAKEN", "slug")]),
    ({"audience": "taken"}, [("TAKEN", "audience")]),
    (
        {"name": "", "slug": "", "issuer": "x", "clientId": None, "emailDomains": ["x"]},
        [
            ("INVALID_VALUE", "issuer"),
            ("REQUIRED", "clientId"),
            ("REQUIRED", "name"),
            ("REQUIRED", "slug"),
            ("INVALID_VALUE", "emailDomains.0"),
        ],
    ),
]


async def test_what_does_not_hold_is_refused_all_of_it(admin: Caller) -> None:
    await admin.done(ADD, input=provider(slug="taken", audience="taken"))
    made = await admin.done(ADD, input=provider(slug="right"))
    fixed = {"issuer", "subjectClaim"}
    for wrong, problems in WRONG:
        assert await admin.rejected(ADD, input=provider(**wrong)) == problems, wrong
        changed = {name: value for name, value in wrong.items() if name not in fixed}
        if changed:
            kept = [problem for problem in problems if problem[1] not in fixed]
            assert await admin.rejected(UPDATE, input={"id": made["id"], **changed}) == kept, wrong
    assert len((await admin.ask(LIST))["identityProviders"]) == 2


async def test_pages_and_apps_can_be_returned_to(admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    urls = ["https://front.example", "http://localhost:3000/back?x=1", "com.example.app:/back", "http://127.0.0.1/"]
    asked = {"id": made["id"], "returnUrls": [*urls, f" {urls[0]} "]}
    assert (await admin.done(UPDATE, input=asked))["returnUrls"] == urls


async def test_in_production_nothing_is_on_this_machine(admin: Caller, settings: Settings) -> None:
    async for client in served(settings.model_copy(update={"environment": "production"})):
        there = Caller(client, admin.token)
        for wrong, at in (
            ({"issuer": "http://127.0.0.1:3000"}, "issuer"),
            ({"returnUrls": ["http://localhost"]}, "returnUrls.0"),
        ):
            assert await there.rejected(ADD, input=provider(**wrong)) == [("INVALID_VALUE", at)]


async def test_a_version_that_is_not_the_present_one_changes_nothing(admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    stale = {"id": made["id"], "expectedVersion": 7}
    for change in (UPDATE, REMOVE):
        assert await admin.rejected(change, input=stale) == [("CONFLICT", "expectedVersion")]


# --- identities that are linked


async def test_somebody_is_linked_and_unlinked(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    account = await world.account()
    linked = await admin.done(LINK, input={"providerId": made["id"], "subject": " ada ", "accountId": gid(account)})
    assert (linked["subject"], linked["provider"]) == ("ada", {"name": "Login"})
    assert linked["allowedActions"] == [{"action": "unlinkExternalIdentity", "allowed": True}]
    (shown,) = (await admin.ask(LIST))["identityProviders"]
    assert shown["identities"]["nodes"] == [{"subject": "ada"}]
    assert await admin.done(UNLINK, input={"id": linked["id"]}) == {"id": linked["id"]}
    assert await admin.rejected(UNLINK, input={"id": linked["id"]}) == [("NOT_FOUND", "id")]
    events = [(told.audit.action, told.audit.subject_id) for told in await trail(world)]
    assert [action for action, _ in events] == [
        "identity_provider.added",
        "external_identity.linked",
        "external_identity.unlinked",
    ]
    assert events[1][1] == events[2][1]


async def test_one_subject_is_one_account_and_one_account_one_subject(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    asked = {"providerId": made["id"], "subject": "ada", "accountId": gid(await world.account())}
    await admin.done(LINK, input=asked)
    assert await admin.rejected(LINK, input=asked) == [("TAKEN", "subject"), ("TAKEN", "accountId")]
    unknown = {"providerId": made["id"], "subject": "", "accountId": unknown_id("Account")}
    assert await admin.rejected(LINK, input=unknown) == [("REQUIRED", "subject"), ("NOT_FOUND", "accountId")]
    for subject, code in (("x" * 256, "TOO_LONG"), ("a\0b", "INVALID_VALUE")):
        assert (code, "subject") in await admin.rejected(LINK, input={**asked, "subject": subject})
    other = await world.sign_in(await world.person("Other"), Role.EMPLOYEE)
    who = (await other.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
    longest = {"providerId": made["id"], "subject": "x" * 255, "accountId": who}
    assert (await admin.done(LINK, input=longest))["subject"] == "x" * 255


async def test_an_account_of_another_organization_is_not_linked(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    other = await world.another()
    await other.caller(Role.EMPLOYEE)
    asked = {"providerId": made["id"], "subject": "ada", "accountId": gid(await other.account())}
    assert await admin.rejected(LINK, input=asked) == [("NOT_FOUND", "accountId")]


async def test_a_provider_that_is_removed_takes_its_identities_along(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider())
    account = await world.account()
    await admin.done(LINK, input={"providerId": made["id"], "subject": "ada", "accountId": gid(account)})
    assert await admin.done(REMOVE, input={"id": made["id"], "expectedVersion": 1}) == {"id": made["id"]}
    assert (await admin.ask(LIST))["identityProviders"] == []
    removed = (await trail(world))[-1]
    assert (removed.audit.action, removed.before) == ("identity_provider.removed", {"name": "Login", "slug": "login"})
    assert await admin.rejected(REMOVE, input={"id": made["id"]}) == [("NOT_FOUND", "id")]
    await admin.done(ADD, input=provider())


# --- who may


OTHERS = [role for role in Role if role is not Role.ORGANIZATION_ADMIN]


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_but_the_administrator_sees_or_changes_providers(world: World, admin: Caller, role: Role) -> None:
    made = await admin.done(ADD, input=provider())
    caller = await world.caller(role)
    assert await caller.refused(LIST) == ["FORBIDDEN"]
    assert await caller.refused("query($id: ID!) { node(id: $id) { id } }", id=made["id"]) == ["NOT_FOUND"]
    for change, asked in (
        (ADD, provider(slug="other")),
        (UPDATE, {"id": made["id"], "name": "Mine"}),
        (REMOVE, {"id": made["id"]}),
        (LINK, {"providerId": made["id"], "subject": "me", "accountId": unknown_id("Account")}),
        (UNLINK, {"id": unknown_id("ExternalIdentity")}),
    ):
        assert [code for code, _ in await caller.rejected(change, input=asked)] == ["FORBIDDEN"]


async def test_nobody_who_is_not_signed_in_does(world: World) -> None:
    assert await world.anonymous().refused(LIST) == ["UNAUTHENTICATED"]
    assert await world.anonymous().refused(ADD, input=provider()) == ["UNAUTHENTICATED"]


async def test_a_second_organization_has_providers_of_its_own(world: World, admin: Caller) -> None:
    made = await admin.done(ADD, input=provider(audience=API))
    theirs = await (await world.another()).caller(Role.ORGANIZATION_ADMIN)
    assert (await theirs.ask(LIST))["identityProviders"] == []
    for change in (UPDATE, REMOVE):
        assert await theirs.rejected(change, input={"id": made["id"]}) == [("NOT_FOUND", "id")]
    asked = {"providerId": made["id"], "subject": "x", "accountId": unknown_id("Account")}
    assert await theirs.rejected(LINK, input=asked) == [("NOT_FOUND", "providerId")]
    await theirs.done(ADD, input=provider(audience=API))
