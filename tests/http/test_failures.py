"""What callers are told when something is broken on our side: that it is, and under which id to ask."""

import asyncio
import json
from time import monotonic
from typing import Any

import asyncpg
import httpx
import pytest

from app.access.actors import KEPT_SECONDS
from app.access.permissions import Role
from app.goals.change_queries import lock_tree
from app.settings import Settings
from tests.goals.changes import CHECK_IN
from tests.goals.works import metric
from tests.goals.works import works as works_of
from tests.http.harmed import Harmed, service
from tests.stakeholders.changes import CREATE, newcomer

MASKED = "Something went wrong here; the request id tells us what."


def masked(response: httpx.Response) -> dict[str, Any]:
    """The answer; all its errors are the same, and say nothing of what happened."""
    answer: dict[str, Any] = response.json()
    for error in answer["errors"]:
        assert error["message"] == MASKED
        assert error["extensions"] == {"code": "INTERNAL", "requestId": response.headers["x-request-id"]}
    for told in ("contact_points", "domain_events", "relation", "asyncpg", "select", "Traceback"):
        assert told not in response.text
    return answer


async def test_a_bug_is_shown_as_its_request_id_and_logged_whole(
    server_url: str, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    async with service(server_url, settings) as harmed:
        caller = await harmed.world.caller(Role.ORGANIZATION_ADMIN)
        await harmed.owner.execute("drop table contact_points; drop table domain_events")
        broken = await caller.post("{ stakeholders { nodes { contactPoints { value } } } }")
        assert broken.status_code == 200
        assert masked(broken)["data"] == {"stakeholders": None}
        logged = [json.loads(line) for line in capfd.readouterr().out.splitlines() if '"bug"' in line]
        assert [line["request_id"] for line in logged] == [broken.headers["x-request-id"]]
        assert logged[0]["path"] == ["stakeholders"]
        assert logged[0]["exception"][0]["exc_value"] == 'relation "contact_points" does not exist'
        response = await caller.post(CREATE, input=newcomer("Ada"))
        assert masked(response)["data"] == {"createStakeholder": None}
        found = await caller.ask("{ stakeholders { nodes { name } } }")
        assert found == {"stakeholders": {"nodes": [{"name": "Asker"}]}}


async def test_a_statement_that_takes_too_long_is_given_up(server_url: str, settings: Settings) -> None:
    async with service(server_url, settings, statement_seconds=0.3) as harmed:
        caller = await harmed.world.caller(Role.AUDITOR)
        assert await caller.ask("{ positions { totalCount } }")
        async with harmed.owner.transaction():
            await harmed.owner.execute("lock table positions in access exclusive mode")
            began = monotonic()
            response = await caller.post("{ positions { totalCount } }")
            assert 0.2 < monotonic() - began < 2
            assert response.status_code == 200
            assert response.json()["data"] == {"positions": None}
            (error,) = response.json()["errors"]
            assert (error["extensions"]["code"], error["path"]) == ("TIMEOUT", ["positions"])
        assert await caller.ask("{ positions { totalCount } }")


async def test_a_caller_who_cannot_be_looked_up_in_time_is_told(server_url: str, settings: Settings) -> None:
    async with service(server_url, settings, statement_seconds=0.3) as harmed:
        caller = await harmed.world.caller(Role.AUDITOR)
        async with harmed.owner.transaction():
            await harmed.owner.execute("lock table accounts in access exclusive mode")
            response = await caller.post("{ viewer { roles } }")
        assert response.status_code == 504
        assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
        assert "data" not in response.json()


async def test_a_lost_connection_is_replaced(server_url: str, settings: Settings) -> None:
    async with service(server_url, settings) as harmed:
        caller = await harmed.world.caller(Role.ORGANIZATION_ADMIN)
        await caller.done(CREATE, input=newcomer("Ada"))
        await _cut_connections(harmed)
        assert (await harmed.http.get("/health/ready")).status_code in {200, 503}
        assert (await harmed.http.get("/health/ready")).status_code == 200
        assert await caller.ask("{ viewer { roles } }")
        await _cut_connections(harmed)
        await caller.done(CREATE, input=newcomer("Ben"))


async def test_without_a_database_the_process_lives_and_is_not_ready(server_url: str, settings: Settings) -> None:
    async with service(server_url, settings) as harmed:
        caller = await harmed.world.caller(Role.AUDITOR)
        assert await caller.ask("{ viewer { roles } }")
        name = await harmed.owner.fetchval("select current_database()")
        server = await asyncpg.connect(server_url)
        await server.execute(f"alter database {name} allow_connections false")
        await server.close()
        await _cut_connections(harmed)
        for _ in range(2):
            ready = await harmed.http.get("/health/ready")
            assert (ready.status_code, ready.json()) == (503, {"status": "the database does not answer"})
        assert (await harmed.http.get("/health/live")).json() == {"status": "live"}
        response = await caller.post("{ viewer { roles } }")
        assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
        await asyncio.sleep(KEPT_SECONDS)
        response = await caller.post("{ viewer { roles } }")
        assert response.status_code == 500
        assert "data" not in masked(response)


async def _cut_connections(harmed: Harmed) -> None:
    """All but the owner's own."""
    await harmed.owner.execute(
        """select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()"""
    )


async def test_a_check_in_that_waits_too_long_is_given_up_and_told_so(server_url: str, settings: Settings) -> None:
    async with service(server_url, settings, statement_seconds=0.3) as harmed:
        works = await works_of(harmed.world)
        goal = await works.active(keyResults=[metric()])
        own = harmed.world.organization.id
        told = {"goalId": goal["id"], "keyResultId": goal["keyResults"][0]["id"], "value": "10"}
        async with harmed.world.database.transaction(own) as session:
            await lock_tree(session, own, to_move=True)
            response = await works["admin"].post(CHECK_IN, input=told)
        assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["TIMEOUT"]
        assert (await works["admin"].done(CHECK_IN, input=told))["value"] == "10.000000"
