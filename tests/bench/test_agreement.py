import base64
import json
from typing import Any
from uuid import UUID

import pytest

from app.planner.scalars import global_id
from bench.agreement import Disagreement, count_values, plain, refuse_disagreement

ROW = UUID(int=7)


def answer(value: Any) -> bytes:
    return json.dumps(value).encode()


def node_id(*parts: str) -> str:
    return base64.b64encode(json.dumps(parts).encode()).decode()


def test_the_peers_ways_to_write_the_same_are_taken_off() -> None:
    said = [
        {"data": {"stakeholders": {"nodes": [{"id": global_id("Stakeholder", ROW), "reports": {"nodes": []}}]}}},
        {"data": {"allPeople": {"nodes": [{"id": node_id("people", str(ROW)), "reports": {"nodes": []}}]}}},
        [{"id": str(ROW), "reports": []}],
    ]
    assert [plain(answer(one)) for one in said] == [[{"id": str(ROW), "reports": []}]] * 3


def test_a_hidden_row_is_null_whatever_stands_around_it() -> None:
    assert plain(answer({"errors": [{"message": "NOT_FOUND"}], "data": {"stakeholder": None}})) is None


def test_an_answer_without_data_is_no_answer() -> None:
    with pytest.raises(Disagreement, match="broken"):
        plain(answer({"errors": [{"message": "broken"}]}))


def test_what_is_no_id_is_refused() -> None:
    with pytest.raises(Disagreement, match="no id"):
        plain(answer({"id": "seven"}))


def test_values_are_counted_at_every_depth() -> None:
    assert count_values({"a": 1, "b": [{"c": None}, {"c": "x"}], "d": {}}) == 3


def test_peers_that_say_the_same_agree() -> None:
    same = answer({"name": "Ada"})
    assert refuse_disagreement("record", {"one": same, "other": same}, least_values=1) == {"name": "Ada"}


def test_the_first_difference_is_named() -> None:
    answers = {"one": answer([{"name": "Ada"}, {"name": "Bo"}]), "other": answer([{"name": "Ada"}, {"name": "Cy"}])}
    with pytest.raises(Disagreement, match=r"other and one differ at the top, 1, name: \"Cy\" and \"Bo\""):
        refuse_disagreement("record", answers, least_values=1)


def test_an_answer_with_too_little_in_it_is_refused() -> None:
    with pytest.raises(Disagreement, match="1 values, fewer than 2"):
        refuse_disagreement("record", {"one": answer({"name": "Ada"})}, least_values=2)
