"""The language of a request, by its Accept-Language header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.language import LANGUAGES, accepted


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("en", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("de-DE, de;q=0.9", "en"),
        ("de, zh-Hant;q=0.1", "zh-CN"),
        ("zh;q=0.5, en;q=0.5", "zh-CN"),
        ("zh;q=0.001", "zh-CN"),
        ("zh;q=2, en", "en"),
        ("zh;q=-1, en;q=0.1", "en"),
    ],
)
def test_the_best_language_that_is_spoken_is_taken(header: str, language: str) -> None:
    assert accepted(header) == language


@given(st.text(alphabet="enzhqxCN-;=,. 0123456789*\t", max_size=60))
def test_any_header_has_a_language(header: str) -> None:
    assert accepted(header) in LANGUAGES
