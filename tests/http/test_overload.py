"""What a process does that is asked for more than it can answer."""

import asyncio
from time import monotonic

import pytest

from app.access.permissions import Role
from app.http.admission import REFUSED, Admission
from app.http.presence import Gone, Presence
from app.http.reading import Refused
from app.settings import Settings
from tests.http.harmed import service


async def work(admission: Admission, seconds: float, done: list[float]) -> None:
    began = monotonic()
    async with admission.turn():
        await asyncio.sleep(seconds)
    done.append(monotonic() - began)


async def test_no_more_than_so_many_are_answered_at_once() -> None:
    admission, running, most = Admission(3, 5), 0, 0

    async def counted() -> None:
        nonlocal running, most
        async with admission.turn():
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.002)
            running -= 1

    await asyncio.gather(*(counted() for _ in range(30)))
    assert most == 3


async def test_who_would_wait_too_long_is_refused_at_once_and_who_is_let_in_is_answered_in_time() -> None:
    admission = Admission(2, 0.1)
    done: list[float] = []
    told: list[float] = []
    codes: set[tuple[int, str]] = set()

    async def asked() -> None:
        began = monotonic()
        try:
            await work(admission, 0.02, done)
        except Refused as refused:
            codes.add((refused.status, refused.headers["retry-after"]))
            told.append(monotonic() - began)

    asking = []
    for _ in range(40):
        asking += [asyncio.create_task(asked()) for _ in range(10)]
        await asyncio.sleep(0.01)
    await asyncio.gather(*asking)
    assert codes == {(503, "1")}
    assert len(told) > len(done) > 20
    assert max(done) < 0.5
    async with asyncio.timeout(0.2):
        await work(admission, 0, done)


async def test_nobody_waits_for_ever_for_those_who_never_end() -> None:
    admission, began = Admission(1, 0.1), monotonic()
    await admission.enter()
    with pytest.raises(Refused):
        await admission.enter()
    assert 0.1 < monotonic() - began < 1
    admission.leave()
    await asyncio.wait_for(admission.enter(), 0.1)


async def test_who_gives_up_waiting_takes_nobodys_turn() -> None:
    admission = Admission(1, 5)
    await admission.enter()
    waiting = [asyncio.create_task(admission.enter()) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    admission.leave()
    await asyncio.wait_for(waiting[1], 1)
    admission.leave()
    await asyncio.wait_for(admission.enter(), 0.1)


async def test_a_turn_that_comes_as_its_request_is_cancelled_is_handed_on() -> None:
    admission = Admission(1, 5)
    await admission.enter()
    waiting = [asyncio.create_task(admission.enter()) for _ in range(2)]
    await asyncio.sleep(0)
    admission.leave()
    waiting[0].cancel()
    await asyncio.wait_for(waiting[1], 1)


async def test_a_service_that_is_asked_too_much_refuses_and_recovers(server_url: str, settings: Settings) -> None:
    narrow = settings.model_copy(update={"busy_requests": 2, "waiting_seconds": 0.05})
    query, before = "{ positions { totalCount } }", REFUSED._value.get()
    async with service(server_url, narrow) as harmed:
        caller = await harmed.world.caller(Role.AUDITOR)
        assert await caller.ask(query)
        async with harmed.owner.transaction():
            await harmed.owner.execute("lock table positions in access exclusive mode")
            asking = [asyncio.create_task(caller.post(query)) for _ in range(40)]
            finished = asyncio.as_completed(asking, timeout=5)
            refused = [await next(finished) for _ in range(38)]
            for response in refused:
                assert (response.status_code, response.headers["retry-after"]) == (503, "1")
                assert response.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
            assert (await harmed.http.get("/health/live")).status_code == 200
        answered = [response for response in await asyncio.gather(*asking) if response.status_code == 200]
        assert [response.json()["data"] for response in answered] == [{"positions": {"totalCount": 0}}] * 2
        assert await caller.ask(query)
    assert REFUSED._value.get() - before == 38


# --- whoever goes away


async def test_a_block_ends_when_its_client_goes() -> None:
    async def receive() -> dict[str, str]:
        await asyncio.sleep(0.05)
        return {"type": "http.disconnect"}

    with pytest.raises(Gone), Presence(receive):
        await asyncio.sleep(5)
    await asyncio.sleep(0)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_block_that_is_done_soon_is_not_looked_after() -> None:
    looked = 0

    async def receive() -> dict[str, str]:
        nonlocal looked
        looked += 1
        return {"type": "http.disconnect"}

    with Presence(receive):
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    assert looked == 0


async def test_who_is_cancelled_by_somebody_else_is_not_gone() -> None:
    async def receive() -> dict[str, str]:
        await asyncio.sleep(5)
        return {"type": "http.disconnect"}

    async def block() -> None:
        with Presence(receive):
            await asyncio.sleep(5)

    task = asyncio.create_task(block())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
