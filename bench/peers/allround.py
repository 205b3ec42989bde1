"""Allround itself."""

from dataclasses import replace

from bench.peers.peer import Peer, Site, on_uvicorn

NAME = "allround"


def peer(site: Site, port: int) -> Peer:
    """Read as it is by `allround serve`."""
    peer = on_uvicorn(NAME, "app.main:create_app", site, port)
    return replace(peer, command=[*peer.command, "--http", "app.http.quick_refusal:QuickRefusal"])
