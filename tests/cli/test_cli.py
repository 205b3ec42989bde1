"""The commands together, on a folder of their own, as a newcomer runs them."""

import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.demo.sign_ins import PASSWORD, SIGN_INS
from schema.root import build
from tests.cli.commands import ask, postmaster, run, run_here, serving
from tests.conftest import new_database
from tests.http.test_documents import nested

HEFCE = ("docs/mappings/hefce-2011.yaml", "tests/data/hefce/hefce-senior-posts-2011.csv")
HEFCE_FILES = (*HEFCE, "tests/data/hefce/hefce-junior-posts-2011.csv")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration organization in it."""
    made = tmp_path_factory.mktemp("cli")
    for above in (made, *made.parents[:3]):
        above.chmod(0o755)  # the database runs as a user of its own if the tests run as root
    loaded = run("demo", "--data-dir", str(made))
    assert loaded.returncode == 0, loaded.stderr
    assert all(sign_in.email in loaded.stdout for sign_in in SIGN_INS)
    assert PASSWORD in loaded.stdout
    return made


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


def test_help_names_every_command() -> None:
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0
    goals = ("import-goals", "export-goals", "remind")
    for command in ("serve", "migrate", "demo", "import", *goals, "token", "schema", "audit"):
        assert command in told.output
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_the_schema_is_printed() -> None:
    assert CliRunner().invoke(app, ["schema"]).output == f"{build().as_str()}\n"


def test_the_schema_of_a_day_to_come_has_nothing_deprecated() -> None:
    output = CliRunner().invoke(app, ["schema", "--remove-deprecated"]).output
    assert "type Query" in output
    assert "@deprecated" not in output


def test_what_breaks_clients_is_told(tmp_path: Path) -> None:
    released = tmp_path / "released.graphql"
    released.write_text(build().as_str().replace("type Query {", "type Query {\n  sum: Int", 1))
    told = CliRunner().invoke(app, ["schema-diff", str(released)])
    assert told.exit_code == 1
    assert "Query.sum was removed." in told.output
    released.write_text(build().as_str())
    assert CliRunner().invoke(app, ["schema-diff", str(released)]).exit_code == 0


def test_a_service_does_not_start_with_limits_of_a_role_that_there_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLROUND_LIMITS", '{"NOBODY": {"depth": 3}}')
    refused = CliRunner().invoke(app, ["serve", "--data-dir", str(tmp_path / "data")])
    assert refused.exit_code == 2
    assert "NOBODY" in refused.output


def test_trusted_documents_are_read_with_the_limits_that_are_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "documents.json").write_text(json.dumps({"deep": nested(12), "bad": "{ nothing }"}))
    monkeypatch.setenv("ALLROUND_TRUSTED_DOCUMENTS", str(tmp_path))
    monkeypatch.setenv("ALLROUND_LIMITS", '{"DEFAULT": {"depth": 15}}')
    refused = CliRunner().invoke(app, ["serve", "--data-dir", str(tmp_path / "data")])
    assert "Cannot query field 'nothing'" in refused.output
    assert "deep" not in refused.output


def test_a_service_does_not_start_with_documents_that_do_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "documents.json").write_text('{"a": "{ nothing }", "b": "{ viewer { other } }"}')
    monkeypatch.setenv("ALLROUND_TRUSTED_DOCUMENTS", str(tmp_path))
    refused = CliRunner().invoke(app, ["serve", "--data-dir", str(tmp_path / "data")])
    assert refused.exit_code == 2
    for word in ("nothing", "other"):
        assert f"Cannot query field '{word}'" in refused.output
    assert not (tmp_path / "data").exists()


def test_the_demonstration_is_loaded_once(folder: Path) -> None:
    again = run("demo", "--data-dir", str(folder))
    assert again.returncode == 0
    assert "is there" in again.stdout


def test_demo_serve_and_token_work_together_on_any_folder(folder: Path, port: int) -> None:
    with serving(port, "--data-dir", str(folder)) as process:
        token = run("token", "manager@demo.example", "--data-dir", str(folder)).stdout.strip()
        answer = ask(port, token, "{ viewer { stakeholder { id name kind } roles } }").json()
        assert answer["data"]["viewer"]["roles"] == ["EMPLOYEE", "MANAGER"]
        assert answer["data"]["viewer"]["stakeholder"]["kind"] == "MANAGER"
        told = f'{{organization: "demo", email: "partner@demo.example", password: "{PASSWORD}"}}'
        query = f"mutation {{ signIn(input: {told}) {{ ... on SignedIn {{ accessToken }} }} }}"
        signed_in = ask(port, token, query).json()["data"]["signIn"]["accessToken"]
        assert ask(port, signed_in, "{ viewer { roles } }").json()["data"] == {"viewer": {"roles": ["PARTNER"]}}
        assert postmaster(folder).exists()
        process.terminate()
        assert process.wait(30) == 0
    assert not postmaster(folder).exists(), "the embedded database outlived the service"


@pytest.mark.thorough
def test_two_workers_share_a_port_and_their_metrics(folder: Path, port: int) -> None:
    with serving(port, "--workers", "2", "--data-dir", str(folder)):
        token = run("token", "customer@demo.example", "--data-dir", str(folder)).stdout.strip()
        for _ in range(10):
            assert ask(port, token, "{ viewer { roles } }").json()["data"] == {"viewer": {"roles": ["CUSTOMER"]}}
    assert not postmaster(folder).exists()


def test_a_token_is_refused_for_an_unknown_address(folder: Path) -> None:
    refused = run("token", "nobody@demo.example", "--data-dir", str(folder))
    assert refused.returncode == 2
    assert "No account has the address nobody@demo.example" in refused.stderr


def test_a_token_for_a_folder_without_a_database_makes_none(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["token", "manager@demo.example", "--data-dir", str(tmp_path)])
    assert refused.exit_code == 2
    assert "There is no database" in refused.stderr
    assert not postmaster(tmp_path).parent.exists()


@pytest.mark.parametrize("command", [("token", "manager@demo.example"), ("demo",), ("serve", "--demo")])
def test_what_is_for_development_is_refused_in_production(command: tuple[str, ...], server_url: str) -> None:
    production = {
        "ALLROUND_ENVIRONMENT": "production",
        "ALLROUND_DATABASE_URL": server_url,
        "ALLROUND_SECRET_KEY": "x" * 32,
    }
    refused = CliRunner().invoke(app, list(command), env=production)
    assert refused.exit_code == 2
    assert "is for development" in refused.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ALLROUND_ENVIRONMENT": "production"}, "ALLROUND_DATABASE_URL and ALLROUND_SECRET_KEY"),
        ({"ALLROUND_SECRET_KEY": "short"}, "ALLROUND_SECRET_KEY is shorter than 32"),
        ({"ALLROUND_DATABASE_URL": "mysql://x"}, "does not begin with postgresql://"),
        ({"ALLROUND_SMTP_URL": "mail.example"}, "ALLROUND_SMTP_URL does not begin with smtp:// or smtps://"),
        ({"ALLROUND_SIGN_IN_URL": "https://front.example"}, "ALLROUND_SIGN_IN_URL has no place for the {token}"),
        ({"ALLROUND_POOL_SIZE": "none"}, "ALLROUND_POOL_SIZE"),
    ],
)
def test_settings_that_do_not_hold_are_told_at_the_start(settings: dict[str, str], told: str) -> None:
    absent = dict.fromkeys(name for name in os.environ if name.startswith("ALLROUND_"))
    refused = CliRunner().invoke(app, ["migrate"], env={**absent, **settings})
    assert refused.exit_code == 1
    assert told in str(refused.exception) + refused.output


@pytest.fixture
async def database(server_url: str, tmp_path: Path) -> AsyncIterator[tuple[str, ...]]:
    """Options that name a database of the test's own."""
    async with new_database(server_url) as url:
        yield "--database-url", url, "--data-dir", str(tmp_path)


def test_an_import_is_a_dry_run_first_and_changes_nothing_the_second_time(database: tuple[str, ...], port: int) -> None:
    given = ("import", *HEFCE_FILES, "--organization", "hefce", "--name", "HEFCE", *database)
    administered = (*given, "--administrator", "a.langlands@hefce.ac.uk")
    tried = run_here(*administered)
    assert tried.returncode == 0, tried.stderr
    assert "Nothing was written" in tried.stdout
    assert run_here("token", "a.langlands@hefce.ac.uk", *database).returncode == 2
    written = run_here(*administered, "--yes")
    assert written.returncode == 0, written.stderr
    for again in (run_here(*given, "--yes"), run_here(*administered, "--yes")):
        assert again.returncode == 0, again.stderr
        assert "writing" not in again.stdout
    with serving(port, *database):
        token = run_here("token", "a.langlands@hefce.ac.uk", *database).stdout.strip()
        answer = ask(port, token, "{ organization { name } viewer { stakeholder { reports { totalCount } } } }")
        assert answer.json()["data"]["organization"]["name"] == "HEFCE"
        assert answer.json()["data"]["viewer"]["stakeholder"]["reports"]["totalCount"] == 3


def test_a_bad_file_is_told_and_nothing_is_written(database: tuple[str, ...], tmp_path: Path) -> None:
    bad = tmp_path / "hefce-senior-posts-2011.csv"
    bad.write_text("Name\nAda\n")
    new = ("--organization", "bad", "--name", "Bad", *database)
    refused = run_here("import", HEFCE[0], str(bad), HEFCE_FILES[2], *new)
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert "Post Unique Reference" in refused.stdout + refused.stderr
