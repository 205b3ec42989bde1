"""How often a law is tried. `make test-thorough` tries each several times as often."""

import os


def examples(count: int) -> int:
    return count * int(os.environ.get("ALLROUND_TEST_THOROUGHNESS", "1"))
