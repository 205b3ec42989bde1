"""A museum: the tables that the planner is tried on where the product has no such column or kind.

They stand in a schema of their own, and in metadata of their own, so that no migration knows of them.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import registry
from sqlmodel import Field

from app.db.rows import TenantRow, enum_column

MUSEUM = MetaData(schema="museum")


class ExhibitKind(Enum):
    PAINTING = "painting"
    SCULPTURE = "sculpture"


class Condition(Enum):
    GOOD = "good"
    WORN = "worn"
    BROKEN = "broken"


class MuseumRow(TenantRow, registry=registry(metadata=MUSEUM)):
    metadata = MUSEUM


class Room(MuseumRow, table=True):
    """`order` is a word of SQL, `rank` a name that a page might use itself, and `floor` has another name in SQL."""

    __tablename__ = "rooms"

    name: str
    order: int = 0
    rank: int = 0
    floor: int = Field(default=0, sa_column=Column("storey above", Integer, nullable=False))
    guard_id: UUID | None = None
    notes: str | None = None
    alarm: str | None = None
    cellar: str | None = None
    next_room_id: UUID | None = None


class Exhibit(MuseumRow, table=True):
    __tablename__ = "exhibits"

    kind: ExhibitKind = Field(default=ExhibitKind.PAINTING, sa_column=enum_column(ExhibitKind))
    title: str
    room_id: UUID | None = None
    hidden: bool = False
    price: Decimal = Field(default=Decimal("0"), sa_column=Column(Numeric(20, 4), nullable=False))
    insured: Decimal | None = Field(default=None, sa_column=Column(Numeric(40, 20), nullable=True))
    weight: float = 1.0
    number: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    signed: bool = False
    condition: Condition = Field(default=Condition.GOOD, sa_column=enum_column(Condition))
    made_on: date = date(1900, 1, 1)
    acquired_at: datetime = Field(
        default=datetime(2000, 1, 1, tzinfo=UTC), sa_column=Column(DateTime(timezone=True), nullable=False)
    )
    canvas: str | None = None
    material: str | None = None
    tags: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
