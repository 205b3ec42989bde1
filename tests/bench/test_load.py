import pytest

from bench.load import MOST_CONNECTIONS, MOST_SECONDS, Order


def order(connections: int = 8, seconds: float = 1) -> Order:
    return Order(
        port=8000,
        path="/graphql",
        token="a-token",
        bodies=['{"query":"{ viewer { roles } }"}', "{}"],
        length=10,
        connections=connections,
        warm_seconds=0,
        seconds=seconds,
    )


@pytest.mark.parametrize(("connections", "seconds"), [(0, 1), (MOST_CONNECTIONS + 1, 1), (8, 0), (8, MOST_SECONDS + 1)])
def test_load_without_bounds_is_refused(connections: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="At most"):
        order(connections, seconds)


def test_a_request_goes_to_this_machine_with_the_token_and_the_whole_body() -> None:
    first, second = order().requests()
    assert second.endswith(b"\r\n\r\n{}")
    head, _, body = first.partition(b"\r\n\r\n")
    assert head.splitlines()[0] == b"POST /graphql HTTP/1.1"
    assert b"Host: 127.0.0.1:8000" in head
    assert b"Authorization: Bearer a-token" in head
    assert f"Content-Length: {len(body)}".encode() in head
