"""What a cell holds, as text, number or day."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from app.checks import EMAIL, LONGEST_EMAIL
from app.imports.problems import BadCell, Fault, shown

Cell: TypeAlias = str | Decimal | date
"""CSV holds text only; a spreadsheet also numbers and days, which no format of the mapping applies to."""

ISO = "YYYY-MM-DD"
YEARS = range(1900, 2200)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060"))
_DATE_PARTS = {"YYYY": "%Y", "YY": "%y", "MMM": "%b", "MM": "%m", "M": "%m", "DD": "%d", "D": "%d"}
_DATE_PART = re.compile("|".join(_DATE_PARTS))


def written(cell: Cell) -> str:
    """The cell as text, whatever its type: a number without exponent, a day in ISO form."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, date) else cell


def line(cell: Cell) -> str:
    """One line in Unicode's composed form, without blanks at the ends and with single ones inside."""
    text = cell if isinstance(cell, str) else written(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(text.split())


def paragraphs(cell: Cell) -> str:
    """Text that keeps its line breaks."""
    return "\n".join(line(each) for each in written(cell).splitlines()).strip()


def number(cell: Cell, *, thousands: str = "", decimal: str = ".") -> Decimal:
    """Groups must be of three digits, so that a decimal comma is not taken for a thousands separator."""
    if isinstance(cell, Decimal):
        return cell
    text = line(cell)
    whole = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+" if thousands else r"\d+"
    if not re.fullmatch(rf"[+-]?(?:{whole})(?:{re.escape(decimal)}\d+)?", text, re.ASCII):
        raise BadCell(Fault.NOT_A_NUMBER, _not_a_number(text, thousands, decimal))
    if thousands:
        text = text.replace(thousands, "")
    return Decimal(text.replace(decimal, "."))


def _not_a_number(text: str, thousands: str, decimal: str) -> str:
    grouped = f"“{thousands}” between thousands" if thousands else "nothing between thousands"
    return f"“{shown(text)}” is not a number with “{decimal}” before decimals and {grouped}"


def day(cell: Cell, patterns: Sequence[str] = (ISO,)) -> date:
    """Patterns are made of YYYY, YY, MMM, MM, M, DD and D; the first that fits is taken."""
    found = cell if isinstance(cell, date) else _parsed(line(cell), patterns)
    if isinstance(found, datetime):
        found = found.date()
    if found.year not in YEARS:
        raise BadCell(Fault.OUT_OF_RANGE, f"the year {found.year} is not between {YEARS[0]} and {YEARS[-1]}")
    return found


def _parsed(text: str, patterns: Sequence[str]) -> date:
    for pattern in patterns:
        try:
            if pattern == ISO and text[7:8] == "-" and len(text) == len(ISO):
                return date.fromisoformat(text)
            return datetime.strptime(text, directives(pattern)).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    raise BadCell(Fault.NOT_A_DATE, f"“{shown(text)}” is not a date like {' or '.join(patterns)}")


def directives(pattern: str) -> str:
    """The pattern in the directives of strptime."""
    return _DATE_PART.sub(lambda part: _DATE_PARTS[part.group()], pattern.replace("%", "%%"))


def is_date_pattern(pattern: str) -> bool:
    parts = "".join(sorted(part[0] for part in _DATE_PART.findall(pattern)))
    return parts == "DMY"


def email(text: str) -> str | None:
    if not text:
        return None
    if len(text) > LONGEST_EMAIL or not EMAIL.fullmatch(text):
        raise BadCell(Fault.NOT_AN_EMAIL, f"“{shown(text)}” is not an e-mail address")
    return text
