"""Calls by schemathesis: of every operation of the schema, with what it allows and with what it does not.

Its check `not_a_server_error` is left out, for it takes every error with a path for the server's, FORBIDDEN and
NOT_FOUND too; a status of 5xx and the code INTERNAL are found by judging.py.
"""

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Any

import schemathesis  # type: ignore[import-not-found,unused-ignore] # see caller.py
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks  # type: ignore[import-not-found,unused-ignore] # see caller.py
from schemathesis.graphql import nodes  # type: ignore[import-not-found,unused-ignore] # see caller.py

from tests.conformance.fuzzing.by_hypothesis_graphql import Trial
from tests.conformance.fuzzing.caller import PATIENCE, Caller
from tests.conformance.fuzzing.judging import Answer, wrong_with
from tests.conformance.fuzzing.values import scalars

load_all_checks()
CHECKED = CHECKS.get_by_names(["response_schema_conformance", "negative_data_rejection"])


def strategies(schema: str, ids: Sequence[str]) -> Iterator[st.SearchStrategy[Any]]:
    for name, strategy in scalars(nodes, ids).items():
        schemathesis.graphql.scalar(name, strategy)
    loaded = schemathesis.graphql.from_file(schema)
    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        yield loaded.as_strategy(generation_mode=mode)


def tried(caller: Caller, case: Any) -> Trial:
    started = perf_counter()
    response = case.call(base_url=caller.api, headers=caller.headers(), timeout=PATIENCE)
    content_type = ", ".join(response.headers.get("content-type", ()))
    answer = Answer(response.status_code, content_type, response.content, perf_counter() - started)
    if answer.status == 401 and caller.sign_in is not None:
        caller.token = None
    wrong = wrong_with(answer)
    try:
        case.validate_response(response, checks=CHECKED)
    except Exception as error:
        wrong.append(str(error))
    return str(case.body), answer, wrong
