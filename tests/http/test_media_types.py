"""Which of our media types an Accept header prefers, without a server."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.http.media_types import JSON_TYPE, RESPONSE_TYPE, preferred
from tests.laws import examples


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("", JSON_TYPE),
        (" ", JSON_TYPE),
        ("*/*", JSON_TYPE),
        ("application/*", JSON_TYPE),
        (JSON_TYPE, JSON_TYPE),
        (RESPONSE_TYPE, RESPONSE_TYPE),
        (f"{RESPONSE_TYPE}, {JSON_TYPE}", RESPONSE_TYPE),
        (f"{JSON_TYPE}, {RESPONSE_TYPE}", RESPONSE_TYPE),
        (f"{RESPONSE_TYPE};q=0.5, {JSON_TYPE};q=0.9", JSON_TYPE),
        (f"{RESPONSE_TYPE};q=0.9, {JSON_TYPE};q=0.5", RESPONSE_TYPE),
        (f"{RESPONSE_TYPE}, */*;q=0.1", RESPONSE_TYPE),
        (f"{RESPONSE_TYPE};q=0.1, */*", JSON_TYPE),
        (f"{RESPONSE_TYPE};q=0, */*", JSON_TYPE),
        (f"{JSON_TYPE};q=0, */*", RESPONSE_TYPE),
        (f"{JSON_TYPE};q=0.1, application/*", RESPONSE_TYPE),
        ("application/*;q=0, */*", None),
        ("*/*;q=0", None),
        (f"{JSON_TYPE};q=0", None),
        ("text/html", None),
        ("text/event-stream", None),
        ("multipart/mixed", None),
        ("application/jsonfoo", None),
        ("application/json+foo", None),
        (f"{RESPONSE_TYPE}foo", None),
        ("application/graphql+json", None),
        ("json", None),
        (f"{JSON_TYPE};charset=utf-8", JSON_TYPE),
        (f'{RESPONSE_TYPE}; charset="UTF-8"; q=0.3', RESPONSE_TYPE),
        (f"{JSON_TYPE};charset=utf-16", None),
        (f"{RESPONSE_TYPE};charset=utf-16, {JSON_TYPE}", JSON_TYPE),
        (f"{JSON_TYPE};q=x", None),
        (f"{JSON_TYPE};q=-1", None),
        (f"{JSON_TYPE};q=2", None),
        (f"{JSON_TYPE};Q=1.000", JSON_TYPE),
    ],
)
def test_the_best_of_ours_that_is_accepted_is_chosen(accept: str, type_: str | None) -> None:
    assert preferred(accept) == type_


@pytest.mark.parametrize(
    ("client", "accept", "type_"),
    [
        (
            "urql",
            (
                "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, "
                "multipart/mixed"
            ),
            RESPONSE_TYPE,
        ),
        ("Apollo Client", "application/graphql-response+json,application/json;q=0.9", RESPONSE_TYPE),
        (
            "Apollo Client with @defer",
            "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
            RESPONSE_TYPE,
        ),
        ("curl", "*/*", JSON_TYPE),
        ("a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON_TYPE),
    ],
)
def test_what_clients_send_is_understood(client: str, accept: str, type_: str) -> None:
    assert preferred(accept) == type_, client


@settings(max_examples=examples(200))
@given(st.lists(st.sampled_from([JSON_TYPE, RESPONSE_TYPE, "application/*", "*/*", "text/html", "", ";", "q=0"])))
def test_the_order_in_which_types_are_listed_does_not_matter(listed: list[str]) -> None:
    assert preferred(",".join(listed)) == preferred(",".join(reversed(listed)))


@settings(max_examples=examples(200))
@given(st.text(max_size=40))
def test_no_header_is_too_strange(accept: str) -> None:
    assert preferred(accept) in {JSON_TYPE, RESPONSE_TYPE, None}
