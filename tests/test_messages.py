"""Problems are told in both languages, with the figures they speak of."""

import string

import pytest

from app.errors import Problem, ProblemCode
from app.messages import CATALOGS, message


@pytest.mark.parametrize("locale", CATALOGS)
def test_every_problem_has_words(locale: str) -> None:
    assert set(CATALOGS[locale]) == set(ProblemCode)
    assert all(CATALOGS[locale].values())


@pytest.mark.parametrize("code", ProblemCode)
def test_both_languages_speak_of_the_same_figures(code: ProblemCode) -> None:
    fields = {
        locale: {field for _, field, _, _ in string.Formatter().parse(words[code]) if field}
        for locale, words in CATALOGS.items()
    }
    assert fields["en"] == fields["zh-CN"]


def test_figures_stand_in_the_message() -> None:
    problem = Problem(ProblemCode.TOO_LONG, ("name",), {"longest": "200"})
    assert message(problem, "en") == "This is too long: 200 characters at most."
    assert message(problem, "zh-CN") == "内容过长，最多 200 个字符。"


def test_braces_in_a_name_are_only_braces() -> None:
    problem = Problem(ProblemCode.HEADS_DEPARTMENT, ("id",), {"department": "{secret}"})
    assert message(problem, "en") == "They are head of {secret}: appoint another head first."
