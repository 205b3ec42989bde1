"""Which file is read how, and which one a mapping means."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

from app.imports.csv_tables import read_csv
from app.imports.problems import UnreadableFile
from app.imports.spreadsheets import read_spreadsheet
from app.imports.tables import LIMITS, Limits, Table, TableFormat

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"


def read_table(path: Path, form: TableFormat, limits: Limits = LIMITS) -> Table:
    """By what is in the file, whatever its name ends with. Raises UnreadableFile."""
    content = _content(path, limits)
    if content.startswith(_COMPOUND):
        raise UnreadableFile(path.name, "an old or locked workbook: save it as .xlsx without a password, or as CSV")
    read = read_spreadsheet if content.startswith(_ZIP) else read_csv
    return read(path.name, content, form, limits)


def _content(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.bytes:
            raise UnreadableFile(path.name, f"larger than {limits.bytes:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path.name, f"cannot be read: {error.strerror}") from error


def files_of_sources(sources: Mapping[str, TableFormat], given: Sequence[str]) -> dict[str, Path]:
    """The file of each source; `given` are paths, or `source=path` where the name does not tell.

    Raises UnreadableFile where a source has no file or several, and where a file has no source.
    """
    named = dict(_named(each) for each in given if _source_of(each, sources))
    loose = [Path(each) for each in given if not _source_of(each, sources)]
    found = {source: named.get(source) or _matching(source, form, loose) for source, form in sources.items()}
    for path in loose:
        if path not in found.values():
            raise UnreadableFile(path.name, f"belongs to none of the mapping's sources: {_patterns(sources)}")
    return found


def _source_of(given: str, sources: Mapping[str, TableFormat]) -> str | None:
    source, equals, _ = given.partition("=")
    return source if equals and source in sources else None


def _named(given: str) -> tuple[str, Path]:
    source, _, path = given.partition("=")
    return source, Path(path)


def _matching(source: str, form: TableFormat, loose: Sequence[Path]) -> Path:
    fitting = [path for path in loose if fnmatch(path.name.lower(), form.file.lower())]
    if not fitting:
        raise UnreadableFile(form.file, f"no file for the source “{source}”; name it by {source}=PATH")
    if len(fitting) > 1:
        names = ", ".join(path.name for path in fitting)
        raise UnreadableFile(form.file, f"several files for the source “{source}”: {names}; say {source}=PATH")
    return fitting[0]


def _patterns(sources: Mapping[str, TableFormat]) -> str:
    return ", ".join(f"{name} ({form.file})" for name, form in sources.items())
