"""The command line: `allround --help`."""

import asyncio
import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import asyncpg
import typer
import uvicorn
from rich.table import Table

from app import goal_commands
from app.access.permissions import Role
from app.audits.chain import Head
from app.commands import DatabaseUrl, DataDir, complain, on_database, out, refuse_no_database, url_of_database
from app.db.database import Database
from app.db.migrate import migrate as apply_migrations
from app.messages import Locale
from app.seldom import Seldom
from app.settings import Settings, read_settings

if TYPE_CHECKING:
    from app import import_terminal
    from app.access import accounts, passwords, services
    from app.audits import verification
    from app.demo import loading, sign_ins
    from app.goals import reminding
    from app.http import limits, sources, trusted_documents
    from app.imports import mapping as mappings
    from app.planner import catalog, deprecations, schema_changes
    from app.rosters import importing
    from schema import root
else:
    import_terminal = Seldom("app.import_terminal")
    accounts, passwords, services = map(Seldom, ("app.access.accounts", "app.access.passwords", "app.access.services"))
    verification = Seldom("app.audits.verification")
    loading, sign_ins = Seldom("app.demo.loading"), Seldom("app.demo.sign_ins")
    reminding = Seldom("app.goals.reminding")
    limits = Seldom("app.http.limits")
    sources, trusted_documents = Seldom("app.http.sources"), Seldom("app.http.trusted_documents")
    mappings = Seldom("app.imports.mapping")
    catalog, deprecations = Seldom("app.planner.catalog"), Seldom("app.planner.deprecations")
    schema_changes = Seldom("app.planner.schema_changes")
    importing = Seldom("app.rosters.importing")
    root = Seldom("schema.root")

app = typer.Typer(
    help="Allround: a GraphQL backend for performance management. Settings are read from ALLROUND_… variables, which "
    "docs/settings.md lists.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
audit = typer.Typer(help="The audit trail; docs/audit.md tells about it.", no_args_is_help=True)
app.add_typer(audit, name="audit")

RELEASED = Path(__file__).parents[1] / "schema" / "released.graphql"
EXAMPLE = """
They all have the password "{password}", which holds in development alone. To sign in as one of them:
  mutation {{ signIn(input: {{ organization: "{slug}", email: "manager@demo.example", password: "{password}" }}) {{
    ... on SignedIn {{ accessToken refreshToken }} ... on Rejected {{ problems {{ code message }} }} }} }}

To ask as one of them without signing in:
  curl -s http://127.0.0.1:{port}/graphql -H 'content-type: application/json' \\
    -H "authorization: Bearer $(.venv/bin/allround token manager@demo.example{option})" \\
    -d '{{"query": "{{ viewer {{ stakeholder {{ id name kind }} roles }} }}"}}'
"""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that share the port.", min=1, max=64)] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration organization first.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Serve the API; the embedded database is started and migrated first."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    _refuse_bad_settings(settings)
    with url_of_database(settings) as url:
        if settings.database_url is None:
            asyncio.run(apply_migrations(url))
        if demo:
            _refuse_production(settings, "serve --demo")
            asyncio.run(on_database(url, lambda database: _load_demo(database, settings)))
            _print_sign_ins(data_dir, port)
        _hand_over(settings, url, workers)
        out.print(f"Starting; the console will be at http://{host}:{port}/graphql", highlight=False)
        signal.signal(signal.SIGTERM, _leave)
        uvicorn.run(
            "app.serving:served",
            factory=True,
            host=host,
            port=port,
            workers=workers if workers > 1 else None,
            loop="uvloop",
            http="app.http.quick_refusal:QuickRefusal",
            ws="websockets-sansio",
            ws_max_size=settings.body_bytes,
            ws_per_message_deflate=False,  # it would take some 100 KiB for each socket
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=15,
            timeout_worker_healthcheck=60,  # a worker that starts on a busy machine is not dead
            forwarded_allow_ips=settings.trusted_proxies,
        )


def _refuse_bad_settings(settings: Settings) -> None:
    """Before there are workers, which would be started again and again."""
    try:
        most = limits.LimitsByRole(settings.limits).widest
    except ValueError as error:
        raise typer.Exit(complain(str(error))) from error
    if settings.trusted_documents:
        made = root.build()
        try:
            documents = sources.documents_of(catalog.Catalog(made).graphql, most)
            sources.sources_of(settings, made.as_str, documents, most)
        except trusted_documents.BadManifest as error:
            raise typer.Exit(complain(f"ALLROUND_TRUSTED_DOCUMENTS:\n{error}")) from error


def _leave(*_: object) -> None:
    """uvicorn hands a signal on once it has stopped; without this the embedded database would not be stopped."""
    sys.exit(0)


def _hand_over(settings: Settings, url: str, workers: int) -> None:
    """Gives the workers, which read the environment anew, what this process found out."""
    os.environ["ALLROUND_DATABASE_URL"] = url
    os.environ["ALLROUND_DATA_DIR"] = str(settings.data_dir.resolve())
    os.environ["ALLROUND_SECRET_KEY"] = settings.secret()
    os.environ.setdefault("ALLROUND_PUBLIC_URL", settings.public_url)
    if workers > 1:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="allround-metrics-")


@app.command()
def migrate(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database to the newest revision, as the owner of its tables."""
    with url_of_database(read_settings(data_dir=data_dir, database_url=database_url)) as url:
        asyncio.run(apply_migrations(url))
    out.print("The database is at the newest revision.")


@app.command()
def demo(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Load the demonstration organization; a second time changes nothing. Not in production."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    _refuse_production(settings, "demo")

    with url_of_database(settings) as url:
        if settings.database_url is None:
            asyncio.run(apply_migrations(url))
        asyncio.run(on_database(url, lambda database: _load_demo(database, settings)))
    _print_sign_ins(data_dir)


async def _load_demo(database: Database, settings: Settings) -> None:
    hashing = passwords.Passwords(settings)
    changed = await loading.load(database, await hashing.known_to_all(sign_ins.PASSWORD))
    hashing.close()
    out.print("The demonstration organization is loaded." if changed else "The demonstration organization is there.")


def _print_sign_ins(data_dir: Path | None, port: int = 8000) -> None:
    table = Table(box=None)
    table.add_column("sign in as", no_wrap=True)
    table.add_column("roles", min_width=max(len(role.name) for role in Role))
    table.add_column("who that is")
    for sign_in in sign_ins.SIGN_INS:
        table.add_row(sign_in.email, " ".join(role.name for role in sign_in.roles), sign_in.about[Locale.EN])
    out.print(table)
    option = "" if data_dir is None else f" --data-dir {data_dir}"
    told = EXAMPLE.format(port=port, option=option, slug=loading.SLUG, password=sign_ins.PASSWORD)
    out.print(told, highlight=False, markup=False, soft_wrap=True)


@app.command(name="import")
def import_(
    mapping: Annotated[Path, typer.Argument(help="Mapping file, in YAML: what the columns mean.", exists=True)],
    files: Annotated[list[str], typer.Argument(help="CSV or Excel files, as PATH or source=PATH.")],
    organization: Annotated[str, typer.Option(help="Slug of the organization to import into.")],
    name: Annotated[str | None, typer.Option(help="Name of the organization, to found it.")] = None,
    administrator: Annotated[
        str | None, typer.Option(help="E-mail address of somebody in the files, who gets an account to administer it.")
    ] = None,
    time_zone: Annotated[str, typer.Option(help="Time zone that a founded organization counts days in.")] = "UTC",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    in_part: Annotated[bool, typer.Option("--in-part", help="Leave bad rows out instead of refusing all.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Read people, departments and positions from files: a preview first, then all or nothing. docs/importing.md
    tells about mappings."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)

    async def work(database: Database) -> bool:
        target = await importing.target_of(url, organization, name, administrator, time_zone)
        terminal = import_terminal.ImportTerminal(out, dry_run=dry_run, yes=yes)
        return await importing.import_roster(database, target, mapping, files, terminal, in_part=in_part)

    with url_of_database(settings) as url:
        if settings.database_url is None:
            asyncio.run(apply_migrations(url))
        try:
            imported = asyncio.run(on_database(url, work))
        except (mappings.BadMapping, importing.ImportFailed) as error:
            raise typer.Exit(complain(str(error))) from error
    if not imported:
        raise typer.Exit(1)


@app.command()
def token(
    email: Annotated[str, typer.Argument(help="E-mail address of an account.")],
    organization: Annotated[str | None, typer.Option(help="Slug of its organization, if several know it.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Print an access token for a local account. Not in production."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    _refuse_production(settings, "token")
    refuse_no_database(settings)
    with url_of_database(settings) as url:
        try:
            found = asyncio.run(accounts.account_of(url, email, organization))
            own = services.Services.made(settings)
            made = asyncio.run(on_database(url, lambda database: accounts.access_token(database, own, *found)))
        except accounts.NoSuchAccount as error:
            raise typer.Exit(complain(str(error))) from error
        typer.echo(made)


@audit.command(name="verify")
def verify_audit(
    organization: Annotated[str | None, typer.Option(help="Slug of one organization; all unless it is given.")] = None,
    anchor: Annotated[
        list[Head] | None,
        typer.Option(
            parser=Head.parse, metavar="SEQUENCE:HASH", help="A head that was noted elsewhere. Can be given again."
        ),
    ] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Verify the chains of audit events, as the owner of the tables: 1 is returned, and each break told, if something
    was changed, taken away or put in."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    if anchor and organization is None:
        raise typer.Exit(complain("An anchor is one organization's: name it with --organization."))
    refuse_no_database(settings)

    async def work(url: str) -> bool:
        return all([_show_verified(found) async for found in verification.verify(url, organization, anchor or ())])

    with url_of_database(settings) as url:
        try:
            whole = asyncio.run(work(url))
        except verification.NoSuchOrganization as error:
            raise typer.Exit(complain(str(error))) from error
    if not whole:
        raise typer.Exit(1)


def _show_verified(found: "verification.Verified") -> bool:
    """Whether nothing is wrong."""
    out.print(f"{found.slug}: {found.events} events, head {found.head}", markup=False, highlight=False, soft_wrap=True)
    for each in found.breaks:
        out.print(f"  {each}", style="red", markup=False, highlight=False, soft_wrap=True)
    return not found.breaks


@app.command()
def remind(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Tell of the goals that nobody has checked in on for longer than they should, in all organizations; to be run
    daily. A second time on the same day tells of nothing."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    refuse_no_database(settings)

    async def work(database: Database) -> None:
        async for reminded in reminding.remind_all(url, database):
            out.print(f"{reminded.slug}: {reminded.goals} reminders", markup=False, highlight=False, soft_wrap=True)

    with url_of_database(settings) as url:
        asyncio.run(on_database(url, work))


@app.command()
def schema(
    remove_deprecated: Annotated[
        bool, typer.Option("--remove-deprecated", help="Without what is deprecated: the schema of a day to come.")
    ] = False,
) -> None:
    """Print the schema in GraphQL's definition language."""
    sdl = root.build().as_str()
    typer.echo(deprecations.without_deprecated(sdl) if remove_deprecated else sdl)


@app.command()
def schema_diff(
    released: Annotated[
        Path, typer.Argument(help="The released schema, as a file.", exists=True, dir_okay=False)
    ] = RELEASED,
) -> None:
    """Tell what of a released schema is broken now without a deprecation whose day has passed: 1 is returned if
    anything is. docs/changing-the-schema.md tells about it."""
    broken = schema_changes.unannounced(released.read_text(), root.build().as_str(), datetime.now(UTC).date())
    for each in broken:
        out.print(each, markup=False, highlight=False, soft_wrap=True)
    if broken:
        complain(f"{len(broken)} changes break clients and were not announced.")
        raise typer.Exit(1)
    out.print("Nothing that was released is broken.")


app.command(name="import-goals")(goal_commands.import_)
app.command(name="export-goals")(goal_commands.export)


def _refuse_production(settings: Settings, command: str) -> None:
    if settings.environment == "production":
        raise typer.Exit(complain(f"'{command}' is for development: ALLROUND_ENVIRONMENT is production."))


def main() -> None:
    try:
        app()
    except (OSError, RuntimeError, asyncpg.PostgresError) as error:
        sys.exit(complain(f"The database cannot be used: {error}"))


if __name__ == "__main__":
    main()
