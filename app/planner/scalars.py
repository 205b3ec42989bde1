"""How the value of a GraphQL scalar is written as JSON in SQL, and read from a request."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import orjson
from graphql import get_named_type
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Enum,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    Uuid,
    cast,
    func,
    literal_column,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString

from app.errors import BadInput

NAME = re.compile(r"[0-9A-Za-z_:]+")
EMPTY_ARRAY: ColumnElement[Any] = literal_column("'[]'::json")
MOST_DIGITS = 1000  # of a decimal, before and after the point


def global_id(prefix: str, id_: UUID) -> str:
    return base64.b64encode(f"{prefix}:{id_}".encode()).decode()


def prefix_and_id(text: str) -> tuple[str, UUID] | None:
    """The two parts of a global id; None if it is malformed."""
    try:
        prefix, _, id_ = base64.b64decode(text, validate=True).decode().rpartition(":")
        return prefix, UUID(id_)
    except (ValueError, binascii.Error):
        return None


def prefix_of(text: str) -> str | None:
    parts = prefix_and_id(text)
    return parts[0] if parts else None


def local_id(prefix: str | None) -> Callable[[str], UUID | None]:
    """Reads the key of a row out of its global id. A malformed id, or one of another table, is no row's: None."""

    def read(text: str) -> UUID | None:
        parts = prefix_and_id(text)
        return parts[1] if parts and prefix in {None, parts[0]} else None

    return read


def text_without_nul(text: str) -> str:
    if "\0" in text:
        raise BadInput("A text has the character U+0000, which cannot be stored or searched for.")
    return text


def fraction(number: float) -> float:
    if not isfinite(number):
        raise BadInput("A number must be finite.")
    return number


def decimal(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise BadInput("A number must be finite.")
    if abs(number.adjusted()) > MOST_DIGITS or len(number.as_tuple().digits) > MOST_DIGITS:
        raise BadInput(f"A number may have {MOST_DIGITS} digits.")
    return number


def instant(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise BadInput("An instant has an offset, such as Z or +08:00.")
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise BadInput("An instant lies in the years 1 to 9999.") from error


def same(value: Any) -> Any:
    return value


ARGUMENTS: Mapping[str, tuple[Callable[[Any], Any], TypeEngine[Any]]] = {
    "ID": (local_id(None), Uuid()),
    "String": (text_without_nul, Text()),
    "Int": (same, Integer()),
    "Float": (fraction, Double()),
    "Decimal": (decimal, Numeric()),
    "Date": (same, Date()),
    "DateTime": (instant, DateTime(timezone=True)),
}


def literal(text: str) -> ColumnElement[Any]:
    """A text that a document or the schema gives, never a value of a request: names, which have no quotes."""
    if NAME.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a name.")
    return literal_column(f"'{text}'::text", Text)


def base64_of(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """PostgreSQL breaks the lines of base64 after 76 characters."""
    encoded = func.encode(func.convert_to(text, literal_column("'UTF8'")), literal_column("'base64'"))
    return func.replace(encoded, literal_column("E'\\n'"), literal_column("''"))


def global_id_of(column: Any, prefix: str) -> ColumnElement[Any]:
    """`global_id` in SQL. It has nothing but ASCII, and is one line of base64 unless the prefix is long."""
    text = literal(f"{prefix}:").concat(cast(column, Text))
    if len(prefix) > LONGEST_PREFIX:
        return base64_of(text)
    return func.encode(func.textsend(text), literal_column("'base64'"))


LONGEST_PREFIX = 57 - 37  # 76 characters of base64 are 57 bytes; the colon and the UUID take 37


def as_json(column: Any, type_: Any, prefix: str) -> ColumnElement[Any]:
    """A column in the form that its GraphQL scalar has in JSON; `prefix` is that of its row's global id."""
    match get_named_type(type_).name:
        case "ID":
            return global_id_of(column, prefix)
        case "Decimal":
            return cast(column, Text)
    expression: ColumnElement[Any] = column
    return expression


# --- back from the texts that PostgreSQL writes


def whole(bits: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            raise ValueError(text)
        return number

    return read


READERS: Mapping[type[Any], Callable[[str], Any]] = {
    str: text_without_nul,
    bool: lambda text: {"true": True, "false": False}[text],
    float: lambda text: fraction(float(text)),
    Decimal: lambda text: decimal(Decimal(text)),
    date: date.fromisoformat,
    datetime: lambda text: instant(datetime.fromisoformat(text)),
    UUID: UUID,
}


def reader_of(type_: TypeEngine[Any]) -> Callable[[str], Any]:
    """Reads a value of a column from its text. What it reads raises ValueError, ArithmeticError, KeyError or BadInput
    for another text."""
    match type_:
        case AutoString():
            return READERS[str]
        case JSON():
            return orjson.loads
        case Enum(enum_class=kind) if kind is not None:
            return lambda text: kind[text]
        case SmallInteger():
            return whole(16)
        case BigInteger():
            return whole(64)
        case Integer():
            return whole(32)
    return READERS[type_.python_type]
