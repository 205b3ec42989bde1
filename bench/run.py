"""Measures Allround beside its peers, on the same tables: `make bench`, or `python -m bench.run --help`."""

import argparse
import asyncio
import secrets
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import asyncpg

from app.access.signing import SigningKeys
from app.access.tokens import Tokens
from app.db.embedded import embedded_database
from app.db.migrate import migrate
from bench.agreement import Disagreement
from bench.filling import fill
from bench.goals import LEVELS, GeneratedGoals
from bench.measuring import Asking, Pace, Server, check_visibility, measured
from bench.organization import Generated
from bench.peers import allround, bare, dataloaders, hand_written, postgraphile
from bench.peers.peer import PUBLIC_URL, Peer, Site
from bench.processes import NotReady, free_port, postmaster, running
from bench.report import Outcome, made_of
from bench.workloads import check_in, tree
from bench.workloads.record import RECORD_OF_ONE
from bench.workloads.team_page import TEAM_PAGE

PEERS = {module.NAME: module.peer for module in (allround, bare, postgraphile, hand_written, dataloaders)}
WORKLOADS = (TEAM_PAGE.name, RECORD_OF_ONE.name, tree.NAME, check_in.NAME)
FULL = Pace(rounds=5, seconds=5, first_warm_seconds=5, warm_seconds=1)
QUICK = Pace(rounds=2, seconds=0.8, first_warm_seconds=1, warm_seconds=0.2)
PEOPLE, PEOPLE_ELSEWHERE = 10_000, 1_000
TOKEN_MINUTES = 24 * 60


def main() -> None:
    chosen = _chosen()
    if postgraphile.NAME in chosen.peers:
        postgraphile.install()
    signal.signal(signal.SIGTERM, _stop)
    try:
        print(_bench(chosen).printed())
    except (Disagreement, NotReady) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: less than a minute")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="which servers")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), help="which questions")
    return parser.parse_args()


def _stop(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def _bench(chosen: argparse.Namespace) -> Outcome:
    """Everything it starts ends with it, however it ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allround-bench-")))
        _say("Starting PostgreSQL …")
        url = stack.enter_context(embedded_database(folder))
        ours, others = Generated("north", PEOPLE, seed=1), Generated("south", PEOPLE_ELSEWHERE, seed=2)
        goals = GeneratedGoals(ours, seed=3)
        _say(f"Filling it with {PEOPLE + PEOPLE_ELSEWHERE:,} people and {sum(LEVELS):,} goals …")
        asyncio.run(_filled(url, ours, others, goals=goals))
        secret = secrets.token_urlsafe(48)
        tokens = Tokens(SigningKeys([secret]), PUBLIC_URL, TOKEN_MINUTES)
        site = Site(url, ours.id, ours.manager.id, secret, tokens)
        ports = {name: free_port() for name in chosen.peers}
        peers = {name: PEERS[name](site, port) for name, port in ports.items()}
        asyncio.run(_prepared(url, list(peers.values())))
        _say("Starting the servers …")
        servers = {
            name: Server(ports[name], stack.enter_context(running(peer, ports[name], folder / f"{name}.log")))
            for name, peer in peers.items()
        }
        asking = Asking(servers, site.tokens.issue(ours.id, ours.account_id, ours.session_id))
        check_visibility(asking.without(bare.NAME), ours, others)
        known = {each.name: each for each in (TEAM_PAGE, RECORD_OF_ONE, tree.of(goals), check_in.of(goals))}
        workloads = [known[name] for name in chosen.workloads]
        pace = QUICK if chosen.quick else FULL
        slices = measured(asking, workloads, ours.manager.id, postmaster(folder), pace)
        return Outcome(asyncio.run(made_of(url, peers.values())), pace, slices)


async def _filled(url: str, *organizations: Generated, goals: GeneratedGoals) -> None:
    await migrate(url)
    await fill(url, *organizations, goals=goals)


async def _prepared(url: str, peers: list[Peer]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for peer in peers:
            if peer.prepare:
                await connection.execute(peer.prepare)
    finally:
        await connection.close()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
