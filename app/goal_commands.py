"""The commands that read goals from files and write them to files."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands import DatabaseUrl, DataDir, complain, on_database, out, refuse_no_database, url_of_database
from app.db.database import Database
from app.seldom import Seldom
from app.settings import read_settings

if TYPE_CHECKING:
    from app import import_terminal
    from app.goal_files import exporting, importing
    from app.imports import mapping as mappings
    from app.rosters import importing as rosters
else:
    import_terminal = Seldom("app.import_terminal")
    exporting, importing = Seldom("app.goal_files.exporting"), Seldom("app.goal_files.importing")
    mappings = Seldom("app.imports.mapping")
    rosters = Seldom("app.rosters.importing")


def import_(
    mapping: Annotated[Path, typer.Argument(help="Mapping file, in YAML: what the columns mean.", exists=True)],
    files: Annotated[list[str], typer.Argument(help="CSV or Excel files, as PATH or source=PATH.")],
    organization: Annotated[str, typer.Option(help="Slug of the organization to import into.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Read goals and key results from files: a preview first, then all or nothing. docs/importing.md tells about
    mappings."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    refuse_no_database(settings)

    async def work(database: Database) -> bool:
        terminal = import_terminal.ImportTerminal(out, dry_run=dry_run, yes=yes)
        home = await importing.organization_of(url, organization)
        return await importing.import_goals(database, home, mapping, files, terminal)

    with url_of_database(settings) as url:
        try:
            imported = asyncio.run(on_database(url, work))
        except (mappings.BadMapping, rosters.ImportFailed) as error:
            raise typer.Exit(complain(str(error))) from error
    if not imported:
        raise typer.Exit(1)


def export(
    organization: Annotated[str, typer.Option(help="Slug of the organization.")],
    file: Annotated[
        Path, typer.Option("--out", help="The file to write, .csv or .xlsx; one that is there is replaced.")
    ],
    period: Annotated[str | None, typer.Option(help="Name of one period; all unless it is given.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Write goals and key results to a file, private ones too. What is written can be imported again."""
    settings = read_settings(data_dir=data_dir, database_url=database_url)
    refuse_no_database(settings)

    async def work(database: Database) -> int:
        return await exporting.export_goals(database, await importing.organization_of(url, organization), file, period)

    with url_of_database(settings) as url:
        try:
            count = asyncio.run(on_database(url, work))
        except rosters.ImportFailed as error:
            raise typer.Exit(complain(str(error))) from error
    out.print(f"{count:,} goals are in {file}.", markup=False, highlight=False, soft_wrap=True)
