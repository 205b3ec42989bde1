"""A database with a generated organization in it, and the peers that serve it."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from app.access.signing import SigningKeys
from app.access.tokens import Tokens
from app.db.embedded import embedded_database
from app.db.migrate import migrate
from bench.filling import fill
from bench.goals import GeneratedGoals
from bench.measuring import Asking, Server
from bench.organization import Generated
from bench.peers import allround, bare, dataloaders, hand_written, postgraphile
from bench.peers.peer import PUBLIC_URL, Peer, Site
from bench.processes import free_port, postmaster, resident_mebibytes, running

PEERS: Mapping[str, Callable[[Site, int], Peer]] = {
    module.NAME: module.peer for module in (allround, bare, postgraphile, hand_written, dataloaders)
}
TOKEN_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Served:
    """What is running, and whom it answers."""

    site: Site
    peers: Sequence[Peer]
    asking: Asking

    def memory(self) -> dict[str, float]:
        """MiB of each server."""
        known = {name: resident_mebibytes(server.pid) for name, server in self.asking.servers.items()}
        return {name: mebibytes for name, mebibytes in known.items() if mebibytes is not None}


def served(
    stack: ExitStack, folder: Path, names: Sequence[str], goals: GeneratedGoals, *organizations: Generated
) -> Served:
    """Fills a database and starts servers for the first organization; all of it ends with the stack."""
    ours = organizations[0]
    url = stack.enter_context(embedded_database(folder))
    asyncio.run(_filled(url, goals, *organizations))
    secret = secrets.token_urlsafe(48)
    tokens = Tokens(SigningKeys([secret]), PUBLIC_URL, TOKEN_MINUTES)
    site = Site(url, ours.id, ours.manager.id, secret, tokens)
    ports = {name: free_port() for name in names}
    peers = {name: PEERS[name](site, port) for name, port in ports.items()}
    asyncio.run(_prepared(url, list(peers.values())))
    database_pid = postmaster(folder)
    servers = {
        name: Server(ports[name], stack.enter_context(running(peer, ports[name], folder / f"{name}.log")), database_pid)
        for name, peer in peers.items()
    }
    issued = {
        role: tokens.issue(ours.id, caller.account_id, caller.session_id) for role, caller in ours.callers.items()
    }
    return Served(site, list(peers.values()), Asking(servers, issued))


async def _filled(url: str, goals: GeneratedGoals, *organizations: Generated) -> None:
    await migrate(url)
    await fill(url, *organizations, goals=goals)


async def _prepared(url: str, peers: Sequence[Peer]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for peer in peers:
            if peer.prepare:
                await connection.execute(peer.prepare)
    finally:
        await connection.close()
