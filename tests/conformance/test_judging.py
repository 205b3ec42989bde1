"""What the judge of generated requests lets pass, and what it does not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.fuzzing.judging import JSON_TYPE, OWN_TYPE, SLOWEST_SECONDS, Answer, wrong_with
from tests.laws import examples

ERROR = {"message": "No.", "path": ["goal"], "locations": [{"line": 1, "column": 3}]}
TOLD = {"code": "NOT_FOUND", "requestId": "1"}


def answer(told: Any, status: int = 200, media_type: str = OWN_TYPE, seconds: float = 0.1) -> Answer:
    return Answer(status, media_type, json.dumps(told).encode(), seconds)


def test_data_beside_a_refusal_is_right() -> None:
    assert wrong_with(answer({"data": {"goal": None}, "errors": [{**ERROR, "extensions": TOLD}]})) == []


def test_a_refused_request_has_no_data() -> None:
    refused = {"errors": [{"message": "No.", "extensions": TOLD}]}
    assert wrong_with(answer(refused, 400)) == []
    assert wrong_with(answer({"data": None, **refused}, 400)) == ["status 400 with data"]
    assert wrong_with(answer(refused, 200)) == ["status 200 without data"]
    assert wrong_with(answer(refused, 200, JSON_TYPE)) == []


def test_a_bug_is_wrong_however_it_is_told() -> None:
    bug = {**ERROR, "extensions": {"code": "INTERNAL", "requestId": "1"}}
    assert wrong_with(answer({"data": None, "errors": [bug]})) == ["INTERNAL, request 1"]
    assert wrong_with(answer({"data": {}}, 503))[0] == "status 503"


def test_a_late_answer_is_wrong() -> None:
    assert wrong_with(answer({"data": {}}, seconds=SLOWEST_SECONDS + 1)) == [f"took {SLOWEST_SECONDS + 1:.1f} s"]


@pytest.mark.parametrize(
    "told",
    [
        [],
        {},
        {"data": []},
        {"data": {}, "more": 1},
        {"data": {}, "errors": []},
        {"data": {}, "errors": ["No."]},
        {"data": {}, "errors": [{**ERROR, "extensions": {"code": "NOT_FOUND"}}]},
        {"data": {}, "errors": [{**ERROR, "extensions": TOLD, "path": "goal"}]},
        {"data": {}, "errors": [{**ERROR, "extensions": TOLD, "locations": [{"line": 0, "column": 1}]}]},
        {"data": {}, "errors": [{**ERROR, "extensions": TOLD, "stack": "at"}]},
    ],
)
def test_an_answer_of_another_form_is_wrong(told: Any) -> None:
    assert len(wrong_with(answer(told, media_type=JSON_TYPE))) == 1


@given(st.binary(max_size=40))
@settings(max_examples=examples(50))
def test_whatever_is_no_json_object_is_wrong(body: bytes) -> None:
    assert wrong_with(Answer(200, OWN_TYPE, body, 0.1))


def test_what_was_only_refused_has_no_data() -> None:
    assert answer({"data": {"goal": {"id": "1"}, "node": None}}).has_data
    assert not answer({"data": {"goal": None}}).has_data
    assert not answer({"errors": []}).has_data
