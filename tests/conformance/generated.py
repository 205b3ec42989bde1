"""Generated requests as each role: what is handed to the generators, and what they found."""

import json
import subprocess
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

import httpx

from app.demo.loading import SLUG
from app.demo.sign_ins import PASSWORD
from tests.conformance import tools
from tests.conformance.outcome import Outcome
from tests.conformance.site import ROLES, ROOT, SIGN_IN, Site

ENVIRONMENT = "fuzzing"
GENERATORS = ("schemathesis", "hypothesis-graphql")
CALLERS = ("anonymous", *ROLES)
MOST_FAILURES = 5
LONGEST_SECONDS = 1_200
OF_EACH_KIND = 3
IDS = """query Ids {
  organization { id }
  departments(first: 40) { nodes { id } }
  positions(first: 3) { nodes { id } }
  stakeholders(first: 100) { nodes { id memberships(first: 1) { nodes { id } } } }
  goalPeriods(first: 3) { nodes { id } }
  goalTemplates(first: 3) { nodes { id } }
  goals(first: 50) { nodes { id keyResults { id } checkIns(first: 1) { nodes { id } } } }
  jointAgreements(first: 3) { nodes { id } }
  groupRoles(first: 3) { nodes { id } }
  identityProviders { id }
  accounts(first: 50) { nodes { id stakeholder { id } grants(first: 1) { nodes { id } } } }
}"""

OWN_IDS = "{ viewer { stakeholder { id } account { id } grants(first: 100) { nodes { id } } } }"


def fuzzed(generator: str, role: str, site: Site, ids: Sequence[str], examples: int, seed: int) -> Outcome:
    asked = {
        "generator": generator,
        "api": site.api,
        "sign_in": _signing_in(role),
        "schema": str(ROOT / "schema" / "schema.graphql"),
        "ids": list(ids),
        "examples": examples,
        "seed": seed,
    }
    name = f"{generator} as {role}"
    python = str(tools.environment(ENVIRONMENT) / "python")
    ended = subprocess.run(
        [python, "-m", "tests.conformance.fuzzing"],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_SECONDS,
    )
    if ended.returncode:
        return Outcome(name, 0, 1, [f"ended with {ended.returncode}\n{ended.stderr[-3000:]}"])
    return _counted(name, json.loads(ended.stdout))


def _counted(name: str, found: dict[str, Any]) -> Outcome:
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(found["statuses"].items()))
    note = f"{found['with_data']} with data; {statuses}"
    passed = found["tried"] - len(found["failures"])
    return Outcome(name, passed, found["tried"], found["failures"][:MOST_FAILURES], note)


def _signing_in(role: str) -> dict[str, Any] | None:
    if role not in ROLES:
        return None
    given = {"organization": SLUG, "email": ROLES[role], "password": PASSWORD}
    return {"query": SIGN_IN, "variables": {"input": given}}


def known_ids(site: Site) -> list[str]:
    """A few of each kind that an administrator sees; nobody who is a caller, whom a mutation would lock out."""
    headers = {"authorization": f"Bearer {site.tokens['administrator']}"}
    answer = httpx.post(site.api, json={"query": IDS}, headers=headers, timeout=30).json()
    callers = {id_ for token in site.tokens.values() for id_ in _own_ids(site, token)}
    kinds: dict[str, list[str]] = {}
    for id_ in _ids(answer["data"]):
        if id_ not in callers:
            kinds.setdefault(_kind(id_), []).append(id_)
    return [id_ for found in kinds.values() for id_ in found[-OF_EACH_KIND:]]


def _own_ids(site: Site, token: str) -> list[str]:
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.post(site.api, json={"query": OWN_IDS}, headers=headers, timeout=30).json()
    return _ids(answer["data"])


def _ids(told: Any) -> list[str]:
    if isinstance(told, list):
        return [id_ for each in told for id_ in _ids(each)]
    if isinstance(told, dict):
        own = [told["id"]] if "id" in told else []
        return own + [id_ for each in told.values() for id_ in _ids(each)]
    return []


def _kind(id_: str) -> str:
    return b64decode(id_ + "=" * (-len(id_) % 4), altchars=b"-_").decode(errors="replace").partition(":")[0]
