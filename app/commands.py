"""What the commands of the command line have in common."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from app.db.database import Database
from app.db.embedded import embedded_database, has_database
from app.settings import Settings

T = TypeVar("T")

out = Console(width=None if sys.stdout.isatty() else 120)

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Folder of the embedded database.", envvar="ALLROUND_DATA_DIR", show_default=False),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="postgresql://… of another database, instead of the embedded one.",
        envvar="ALLROUND_DATABASE_URL",
        show_default=False,
        show_envvar=True,
    ),
]


def refuse_no_database(settings: Settings) -> None:
    if settings.database_url is None and not has_database(settings.data_dir):
        raise typer.Exit(complain(f"There is no database in {settings.data_dir}: `allround demo` makes one."))


def complain(message: str) -> int:
    Console(stderr=True).print(message, style="red", highlight=False)
    return 2


@contextmanager
def url_of_database(settings: Settings) -> Iterator[str]:
    """The URL of the database's owner; the embedded one runs for as long."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
    else:
        with embedded_database(settings.data_dir) as url:
            yield url


async def on_database(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    database = Database(url)
    await database.open()
    try:
        return await work(database)
    finally:
        await database.close()
