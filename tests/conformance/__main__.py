"""Runs programs that others wrote against a served Allround, and prints the count of each: `make conformance`."""

import argparse
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from tests.conformance import ariadne, generated, node
from tests.conformance.outcome import Outcome
from tests.conformance.site import Site, Sites, demonstration

CLIENTS = {
    "audit": ("graphql-http audit", "graphql-http"),
    "apollo": ("Apollo Client", "apollo"),
    "urql": ("urql", "urql"),
    "graphql-ws": ("graphql-ws", "graphql-ws"),
    "graphql-sse": ("graphql-sse", "graphql-sse"),
}
LINT, COMPILERS, TRUSTED = "eslint", "compilers", "trusted"
PARTS = (LINT, *CLIENTS, COMPILERS, TRUSTED, ariadne.NAME, *generated.GENERATORS)
NOT_IN_NODE = {ariadne.NAME, *generated.GENERATORS}
AMPLE = '{"DEFAULT": {"cost": 1000000, "capacity": 1000000000, "refill": 100000000}}'
"""So much that the generated requests, which come without a pause, are looked into and not put off."""


def main() -> None:
    chosen = _chosen()
    signal.signal(signal.SIGTERM, _stop)
    try:
        outcomes = list(_run(chosen))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    failed = [outcome.name for outcome in outcomes if not outcome.good]
    if failed:
        sys.exit(f"Not as it should be: {', '.join(failed)}")


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conformance", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="which parts")
    parser.add_argument("--callers", nargs="+", choices=generated.CALLERS, default=list(generated.CALLERS))
    parser.add_argument("--examples", type=int, default=200, help="of each kind, for each generator and caller")
    parser.add_argument("--seed", type=int, default=1, help="another one generates other examples")
    return parser.parse_args()


def _stop(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def _run(chosen: argparse.Namespace) -> Iterator[Outcome]:
    """Everything it starts ends with it, however it ends."""
    parts = set(chosen.only)
    if parts - NOT_IN_NODE:
        node.install()
    with TemporaryDirectory(prefix="allround-compiled-") as made:
        if LINT in parts:
            yield _told(node.ran("graphql-eslint schema-relay", "schema-lint.test.mjs"))
        if parts & {COMPILERS, TRUSTED}:
            yield _told(node.ran("Relay compiler and Code Generator", "compile.test.mjs", OUT=made))
        if parts - {LINT, COMPILERS}:
            with demonstration() as sites:
                yield from _served(sites, parts, chosen, Path(made))


def _served(sites: Sites, parts: set[str], chosen: argparse.Namespace, made: Path) -> Iterator[Outcome]:
    with sites.served("plain") as site:
        for part, (name, file) in CLIENTS.items():
            if part in parts:
                yield _told(node.ran(name, f"{file}.test.mjs", site))
        if ariadne.NAME in parts:
            yield _told(ariadne.asked(site, made))
        tokens = site.tokens
    if TRUSTED in parts:
        only = {"ALLROUND_TRUSTED_DOCUMENTS": str(made / "manifests"), "ALLROUND_TRUSTED_ONLY": "true"}
        with sites.served("trusted", tokens, **only) as site:
            yield _told(node.ran("trusted documents", "trusted.test.mjs", site, OUT=str(made)))
    if parts & set(generated.GENERATORS):
        with sites.served("generated", tokens, ALLROUND_LIMITS=AMPLE) as site:
            yield from _generated(site, parts, chosen)


def _generated(site: Site, parts: set[str], chosen: argparse.Namespace) -> Iterator[Outcome]:
    ids = generated.known_ids(site)
    for generator in generated.GENERATORS:
        if generator in parts:
            for number, role in enumerate(chosen.callers):
                seed = chosen.seed * len(generated.CALLERS) + number
                yield _told(generated.fuzzed(generator, role, site, ids, chosen.examples, seed))


def _told(outcome: Outcome) -> Outcome:
    print(outcome.printed(), flush=True)
    return outcome


if __name__ == "__main__":
    main()
