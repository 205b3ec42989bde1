"""Documents by hypothesis-graphql: valid queries and mutations of every depth and shape."""

from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes, queries  # type: ignore[import-not-found,unused-ignore] # see caller.py

from tests.conformance.fuzzing.caller import Caller
from tests.conformance.fuzzing.judging import Answer, wrong_with
from tests.conformance.fuzzing.values import scalars

Trial = tuple[str, Answer, list[str]]


def strategies(schema: str, ids: Sequence[str]) -> Iterator[st.SearchStrategy[Any]]:
    for documents in (queries, mutations):
        yield documents(schema, custom_scalars=scalars(nodes, ids))


def tried(caller: Caller, document: str) -> Trial:
    answer = caller.ask(document)
    return document, answer, wrong_with(answer)
