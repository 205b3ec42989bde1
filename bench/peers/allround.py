"""Allround itself."""

from bench.peers.peer import Peer, Site, on_uvicorn

NAME = "allround"


def peer(site: Site, port: int) -> Peer:
    return on_uvicorn(NAME, "app.main:create_app", site, port)
