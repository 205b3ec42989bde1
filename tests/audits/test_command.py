"""`allround audit verify`, as an administrator of the server runs it."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.audits.trail import Trail
from tests.cli.commands import run_here


@pytest.fixture
async def amber(trail: Trail) -> Trail:
    """A trail of three events, of an organization with a name."""
    slug = f"amber-{uuid4().hex[:8]}"
    await trail.harm(
        "insert into organizations (id, version, slug, name, locale, time_zone)"
        " values ($1, 1, $2, 'Amber Works', 'EN', 'UTC')",
        slug,
    )
    await trail.lengthen(3)
    trail.slug = slug
    return trail


async def test_a_whole_trail_is_told_with_its_head_which_is_an_anchor(amber: Trail) -> None:
    told = run_here("audit", "verify", "--organization", amber.slug, "--database-url", amber.url)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"{amber.slug}: 3 events, head {await amber.head()}\n"
    anchor = told.stdout.rsplit(maxsplit=1)[-1]
    again = run_here("audit", "verify", "--organization", amber.slug, "--anchor", anchor, "--database-url", amber.url)
    assert again.returncode == 0


async def test_every_break_is_told(amber: Trail) -> None:
    first, second, third = (event.id for event in amber.events)
    noted = await amber.head()
    await amber.harm("update audit_events set action = 'x' where organization_id = $1 and id = $2", first)
    await amber.harm("update audit_events set after = null where organization_id = $1 and id = $2", second)
    await amber.harm("delete from audit_seals where organization_id = $1 and event_id = $2", third)
    told = run_here(
        "audit", "verify", "--organization", amber.slug, "--anchor", str(noted), "--database-url", amber.url
    )
    assert told.returncode == 1
    assert [line.strip() for line in told.stdout.splitlines()[1:]] == [
        f"Seal 1 does not follow from the seal before it and event {first}: one of the three was changed.",
        f"What event {second} (seal 2) tells of before and after was changed.",
        f"Event {third} has no seal.",
        "The last seal is 2, and it is not the one that the head names.",
        "The chain ends with seal 2, before seal 3 that was noted elsewhere.",
    ]


async def test_all_organizations_are_verified_unless_one_is_named(amber: Trail) -> None:
    other = Trail(amber.url, amber.database)
    await other.lengthen(1)
    await other.harm("update audit_events set action = 'x' where organization_id = $1")
    told = run_here("audit", "verify", "--database-url", amber.url)
    assert told.returncode == 1
    assert f"{amber.slug}: 3 events" in told.stdout
    assert f"{other.organization_id}: 1 events" in told.stdout


def test_an_unknown_organization_is_refused(own_url: str) -> None:
    told = run_here("audit", "verify", "--organization", "birch", "--database-url", own_url)
    assert (told.returncode, told.stdout) == (2, "")
    assert "There is no organization birch." in told.stderr


def test_an_anchor_needs_its_organization_and_its_form(own_url: str) -> None:
    anchor = f"1:{'ab' * 32}"
    alone = run_here("audit", "verify", "--anchor", anchor, "--database-url", own_url)
    assert (alone.returncode, "--organization" in alone.stderr) == (2, True)
    malformed = run_here("audit", "verify", "--organization", "x", "--anchor", "1:ab", "--database-url", own_url)
    assert (malformed.returncode, "SEQUENCE:HASH" in malformed.stderr) == (2, True)


def test_a_folder_without_a_database_is_left_as_it_is(tmp_path: Path) -> None:
    told = run_here("audit", "verify", "--data-dir", str(tmp_path / "none"))
    assert (told.returncode, "There is no database" in told.stderr) == (2, True)
    assert not (tmp_path / "none").exists()
