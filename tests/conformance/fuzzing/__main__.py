"""Tries a number of generated requests as one caller. Reads what to do as JSON, and writes what was found as JSON."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.conformance.fuzzing import by_hypothesis_graphql, by_schemathesis
from tests.conformance.fuzzing.by_hypothesis_graphql import Trial
from tests.conformance.fuzzing.caller import Caller

GENERATORS = {"hypothesis-graphql": by_hypothesis_graphql, "schemathesis": by_schemathesis}
LONGEST_SHOWN = 600


def main() -> None:
    asked = json.load(sys.stdin)
    generator = GENERATORS[asked["generator"]]
    schema = Path(asked["schema"]).read_text()
    caller = Caller(asked["api"], asked["sign_in"])
    trials: list[Trial] = []
    for strategy in generator.strategies(schema, asked["ids"]):
        _try(strategy, generator.tried, caller, asked, trials)
    json.dump(_found(trials), sys.stdout)


def _try(strategy: st.SearchStrategy[Any], tried: Any, caller: Caller, asked: Any, trials: list[Trial]) -> None:
    """Every example is counted, so nothing is made smaller and nothing is kept for the next run."""

    @seed(asked["seed"])
    @settings(
        max_examples=asked["examples"],
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def example(generated: Any) -> None:
        trials.append(tried(caller, generated))

    example()


def _found(trials: list[Trial]) -> dict[str, Any]:
    return {
        "tried": len(trials),
        "with_data": sum(answer.has_data for _, answer, _ in trials),
        "statuses": Counter(str(answer.status) for _, answer, _ in trials),
        "failures": [f"{'; '.join(wrong)}\n{document[:LONGEST_SHOWN]}" for document, _, wrong in trials if wrong],
    }


if __name__ == "__main__":
    main()
