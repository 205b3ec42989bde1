"""Writes the pages that are printed from the code: `make docs`. A test compares them with what is in git."""

from collections.abc import Callable, Mapping
from pathlib import Path

from app.access.permissions import GRANTS, Permission, Reach, Role
from app.settings import described
from docs.matrix.page import page as matrix
from schema.root import build

ROOT = Path(__file__).parents[1]

SETTINGS = """# Settings

Allround reads its settings from the environment, checks them when it starts, and says what is wrong with them.
`--data-dir` and `--database-url` on the command line go before the environment.

"""

ROLES = """# Who may do what

Everybody who signs in holds one role or several; each role gives permissions, and each permission has a reach.
The table is printed from `app/access/permissions.py`, the one place that says so.

| reach | what it opens |
| --- | --- |
| `AGGREGATE` | figures about many, never a row |
| `OWN` | oneself |
| `REPORTS` | oneself and all below, at any depth, as of today |
| `DEPARTMENT` | the same, and all who work in the departments one heads or was granted, and below them |
| `ORGANIZATION` | everybody in the organization |

A field shows its permission in the schema: `@requires(permission: "stakeholders:read")`. What one may not see is
`NOT_FOUND`, what one sees but may not do is `FORBIDDEN`. The directory (`stakeholders:look-up`) shows name, kind, work
e-mail, title, department and manager of active staff; the rest of a record takes `stakeholders:read`. A grant can
narrow its role, and a role can be lent ([how](grants-and-keys.md)); `sessions:open` takes no signing in. What this
means for each field and each mutation is in [the matrix](matrix.md).

"""


def roles() -> str:
    head = ["permission", *(f"`{role.name}`" for role in Role)]
    rows = [head, ["---"] * len(head)]
    for permission in Permission:
        given = [GRANTS[role].get(permission, Reach.NONE) for role in Role]
        rows.append([f"`{permission.value}`", *("" if reach is Reach.NONE else reach.name for reach in given)])
    return ROLES + "".join(f"| {' | '.join(row)} |\n" for row in rows)


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/settings.md": lambda: f"{SETTINGS}{described()}\n",
    "docs/roles.md": roles,
    "docs/matrix.md": matrix,
    "schema/schema.graphql": lambda: f"{build().as_str()}\n",
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (ROOT / name).write_text(page())
