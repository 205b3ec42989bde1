"""PostGraphile 5 on Node.js, with its own row-level security by pgSettings from the same token."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from app.access.queries import ACTOR
from bench.peers.peer import POOL_SIZE, PUBLIC_URL, Peer, Site

NAME = "postgraphile"
HERE = Path(__file__).parent
PACKAGES = HERE.parent
INSTALLED = PACKAGES / "node_modules"
MARK = INSTALLED / ".package-lock.json"  # npm writes it last


def install() -> None:
    """Installs PostGraphile with npm unless it is there; ends the program if there is no npm."""
    if MARK.exists() and MARK.stat().st_mtime >= (PACKAGES / "package-lock.json").stat().st_mtime:
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("PostGraphile is installed with npm, which is not here: install Node.js, or leave it out by --peers.")
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    print("Installing PostGraphile …", flush=True)
    subprocess.run(command, cwd=PACKAGES, check=True, stdout=subprocess.DEVNULL)


def peer(site: Site, port: int) -> Peer:
    environment = {
        "ACTOR_SQL": ACTOR,
        "DATABASE_URL": site.database_url,
        "GRAPHILE_ENV": "production",
        "NODE_ENV": "production",
        "POOL_SIZE": str(POOL_SIZE),
        "PORT": str(port),
        "ISSUER": PUBLIC_URL,
        "PUBLIC_KEY": site.tokens.keys.present.as_pem(private=False).decode(),
    }
    node = _node()
    versions = {"PostGraphile": _version("postgraphile"), "Node.js": _printed(node)}
    command = [node, str(HERE / "postgraphile.mjs")]
    return Peer(NAME, command, environment, (HERE / "postgraphile.sql").read_text(), versions)


def _node() -> str:
    """The Node.js that npm brought, because PostGraphile needs a newer one than many machines have; else theirs."""
    brought = next(INSTALLED.glob("node-linux-*/bin/node"), None)
    return str(brought or shutil.which("node") or "node")


def _version(package: str) -> str:
    described = json.loads((INSTALLED / package / "package.json").read_text())
    return str(described["version"])


def _printed(node: str) -> str:
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")
