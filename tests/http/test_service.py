"""Beside /graphql: health, metrics, headers, and what a browser is shown."""

import httpx
import pytest

from app.access.permissions import Role
from tests.builders import World


async def test_a_process_that_serves_is_live_and_ready(http: httpx.AsyncClient) -> None:
    for way, status in (("live", "live"), ("ready", "ready")):
        response = await http.get(f"/health/{way}")
        assert (response.status_code, response.json()) == (200, {"status": status})


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
async def test_other_methods_are_refused(http: httpx.AsyncClient, method: str) -> None:
    response = await http.request(method, "/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_the_methods_are_told(http: httpx.AsyncClient) -> None:
    response = await http.options("/graphql")
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert response.content == b""


async def test_a_browser_gets_the_console_which_loads_nothing_from_elsewhere(http: httpx.AsyncClient) -> None:
    response = await http.get("/graphql", headers={"accept": "text/html,application/xhtml+xml"})
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    for rule in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert rule in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "http://" not in response.text
    assert "https://" not in response.text


async def test_answers_are_nobody_elses_to_keep_or_to_guess(world: World) -> None:
    response = await (await world.caller(Role.EMPLOYEE)).post("{ viewer { roles } }")
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert {"authorization", "accept", "accept-language"} <= {
        part.strip().lower() for part in response.headers["vary"].split(",")
    }


async def test_no_other_origin_is_let_in(world: World) -> None:
    headers = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    assert "access-control-allow-origin" not in (await world.http.options("/graphql", headers=headers)).headers
    response = await world.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert "access-control-allow-origin" not in response.headers


async def test_every_request_has_an_id_of_its_own(world: World) -> None:
    caller = await world.caller(Role.EMPLOYEE)
    ids = {(await caller.post("{ viewer { roles } }")).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


async def test_an_id_that_a_caller_makes_up_is_not_taken(world: World) -> None:
    response = await world.http.post(
        "/graphql", json={"query": "{ viewer { roles } }"}, headers={"x-request-id": "made up"}
    )
    assert response.headers["x-request-id"] != "made up"
    assert response.json()["errors"][0]["extensions"]["requestId"] == response.headers["x-request-id"]


async def test_requests_are_counted_by_what_they_were_and_how_they_ended(world: World) -> None:
    async def count(operation: str, status: int) -> float:
        line = f'allround_requests_total{{operation="{operation}",status="{status}"}} '
        text = (await world.http.get("/metrics")).text
        return sum(float(found.removeprefix(line)) for found in text.splitlines() if found.startswith(line))

    caller = await world.caller(Role.ORGANIZATION_ADMIN)
    before = [await count("query", 200), await count("mutation", 200), await count("none", 415)]
    await caller.post("{ viewer { roles } }")
    await caller.post('mutation { createPosition(input: {title: "Clerk"}) { __typename } }')
    await world.http.post("/graphql", content=b"x")
    after = [await count("query", 200), await count("mutation", 200), await count("none", 415)]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]


async def test_statements_and_times_are_measured(world: World) -> None:
    async def statements() -> float:
        text = (await world.http.get("/metrics")).text
        (line,) = [line for line in text.splitlines() if line.startswith("allround_statements_total ")]
        return float(line.split()[1])

    caller = await world.caller(Role.EMPLOYEE)
    await caller.post("{ viewer { roles } }")
    before = await statements()
    await caller.post("{ viewer { roles stakeholder { manager { name } } } organization { name headcount } }")
    assert await statements() - before == 1
    response = await world.http.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    assert "allround_request_seconds_bucket" in response.text
    assert "allround_statement_seconds_bucket" in response.text
