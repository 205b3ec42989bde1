"""CSV as it comes: any encoding, any delimiter."""

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice

from app.imports.cells import CONTROL
from app.imports.problems import UnreadableFile
from app.imports.tables import LIMITS, Limits, Record, Table, TableFormat, table_of, vetted

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE_RECORDS = 50
_SAMPLE = 64 * 1024
_MOSTLY = 0.9


def read_csv(file: str, content: bytes, form: TableFormat, limits: Limits = LIMITS) -> Table:
    """Raises UnreadableFile."""
    text, encoding = _decoded(file, content, form.encoding)
    delimiter = form.delimiter or _delimiter(text)
    reading = f"CSV, {encoding}, separated by {_DELIMITERS.get(delimiter, repr(delimiter))}"
    records = _records(file, text, delimiter)
    return table_of(file, reading, records, header_row=form.header_row, padded=False, limits=limits)


def _decoded(file: str, content: bytes, declared: str | None) -> tuple[str, str]:
    mark, marked = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", None))
    content = content[len(mark) :]
    encoding = marked or declared or _guessed(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(file, f"line {row} is not {encoding}; declare the file's encoding") from error
    return text, encoding if marked or declared else f"{encoding} by its looks"


def _guessed(content: bytes) -> str:
    """UTF-8 proves itself. Chinese comes in pairs of the common plane, which accented letters seldom form."""
    if _decodes(content, "utf-8"):
        return "utf-8"
    if _decodes(content, "gb18030"):
        wide = [letter for letter in content.decode("gb18030") if not letter.isascii()]
        common = sum(_decodes_to_common_chinese(letter) for letter in wide)
        if common >= _MOSTLY * len(wide):
            return "gb18030"
    return "cp1252"


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decodes_to_common_chinese(letter: str) -> bool:
    return bool(letter.encode("gb2312", errors="ignore"))


def _delimiter(text: str) -> str:
    """The one that cuts the first records into the most columns of the same number."""
    return max(_DELIMITERS, key=lambda each: _regularity(text[:_SAMPLE], each))


def _regularity(sample: str, delimiter: str) -> tuple[float, int]:
    try:
        records = islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLE_RECORDS)
        widths = [len(record) for record in records if record]
    except csv.Error:
        return (0.0, 0)
    if not widths or widths[0] == 1:
        return (0.0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _records(file: str, text: str, delimiter: str) -> Iterator[Record]:
    clean = CONTROL.search(text) is None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    done = 0
    try:
        for record in reader:
            yield list(record) if clean else [vetted(cell) for cell in record]
            done += 1
    except csv.Error as error:
        message = f"the quotation marks do not fit, or a cell never ends ({error})"
        raise UnreadableFile(file, message, row=done + 1) from error
