"""What one row says: a department, a position, a person or a group of people."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from app.checks import LONGEST_NAME, LONGEST_TEXT
from app.imports.cells import line
from app.imports.problems import Fault, Findings, UnreadableFile
from app.imports.rows import Bound, Columns, RowReader
from app.imports.sections import Origin, Section
from app.imports.tables import Row, Table
from app.messages import Locale
from app.rosters.checks import LEVELS
from app.rosters.draft import Draft
from app.rosters.entries import ContactEntry, DepartmentEntry, PersonEntry, PositionEntry
from app.rosters.mapping import ParentReference, PersonReference, Source
from app.stakeholders.models import EXTERNAL, StakeholderKind

GROUP = 10_000
PEOPLE = 1_000_000

_KINDS = {kind.value: kind for kind in StakeholderKind if kind is not StakeholderKind.DEPARTMENT}
_LOCALES = {locale.value.upper(): locale for locale in Locale}


class SourceRows:
    """The rows of one source; `complete` is false if the table lacks columns that the mapping names."""

    def __init__(self, source: Source, table: Table, findings: Findings) -> None:
        columns = Columns(table, findings)
        self._table = table
        self._findings = findings
        self._only = [(columns.index(name), wanted) for name, wanted in source.only.items()]
        self._departments = Section(source.departments, columns)
        self._positions = Section(source.positions, columns)
        self._people = Section(source.people, columns, self._implied_columns())
        contacts = source.people.contacts if source.people else ()
        self._contacts = [(contact, columns.bind(contact.value)) for contact in contacts]
        self.complete = columns.complete

    def _implied_columns(self) -> Mapping[str, str | None]:
        return {
            "department": self._departments.columns.get("key"),
            "position": self._positions.columns.get("key"),
        }

    def add_to(self, draft: Draft, left_out: frozenset[tuple[str, int]]) -> None:
        for row in self._table.rows:
            wanted = all(line(row.cells[index]) in values for index, values in self._only)
            if wanted and (self._table.file, row.number) not in left_out:
                self._add_row(draft, row)

    def _add_row(self, draft: Draft, row: Row) -> None:
        read = RowReader(self._table.file, row, self._findings)
        department = self._department(draft, read, row)
        position = self._position(draft, read, row)
        if self._people.present:
            for number in range(1, self._size(read) + 1):
                read = RowReader(self._table.file, row, self._findings, number)
                self._person(draft, read, row, (department, position))
            if len(draft.people) > PEOPLE:
                raise UnreadableFile(self._table.file, f"more than {PEOPLE:,} people", row=row.number)

    def _department(self, draft: Draft, read: RowReader, row: Row) -> str | None:
        section = self._departments
        key = read.text(section["key"], limit=LONGEST_NAME, required=section.present and not self._people.present)
        if key is None:
            return None
        entry = DepartmentEntry(
            key=key,
            name=(read.text(section["name"], limit=LONGEST_NAME, required=True) if section["name"] else key) or key,
            parent=_reference(read, section["parent"]),
            head=_reference(read, section["head"]),
            keeps_parent=section["parent"] is None,
        )
        draft.add_department(entry, self._origin(section, row))
        return key

    def _position(self, draft: Draft, read: RowReader, row: Row) -> str | None:
        section = self._positions
        key = read.text(section["key"], limit=LONGEST_NAME, required=section.present and not self._people.present)
        if key is None:
            return None
        entry = PositionEntry(
            key=key,
            title=read.text(section["title"], limit=LONGEST_NAME, required=True) or key,
            level=_level(read, section["level"]),
            duties=read.paragraphs(section["duties"], limit=LONGEST_TEXT),
        )
        draft.add_position(entry, self._origin(section, row))
        return key

    def _size(self, read: RowReader) -> int:
        """How many people the row stands for: fractions of posts are whole people."""
        bound = self._people["count"]
        if bound is None:
            return 1
        count = read.number(bound, required=True) or Decimal(0)
        if not 0 <= count <= GROUP:
            read.note(bound.column, Fault.OUT_OF_RANGE, f"a group has from 0 to {GROUP:,} people", count)
            return 0
        return int(count.to_integral_value(ROUND_CEILING))

    def _person(self, draft: Draft, read: RowReader, row: Row, implied: tuple[str | None, str | None]) -> None:
        section = self._people
        key = read.text(section["key"], limit=LONGEST_NAME, required=True)
        name = read.text(section["name"], limit=LONGEST_NAME, required=True)
        kind = read.choice(section["kind"], _KINDS)
        if key is None:
            return
        department, position = (None, None) if kind in EXTERNAL else implied
        entry = PersonEntry(
            key=key,
            kind=kind or StakeholderKind.EMPLOYEE,
            name=name or key,
            email=read.email(section["email"]),
            contacts=self._contact_entries(read),
            company=read.text(section["company"], limit=LONGEST_NAME),
            locale=read.choice(section["locale"], _LOCALES),
            joined_on=read.day(section["joined_on"]),
            department=_given(read, section["department"], department),
            position=_given(read, section["position"], position),
            manager=_reference(read, section["manager"]),
            title=read.text(section["title"], limit=LONGEST_NAME),
            starts_on=read.day(section["starts_on"]),
            keeps_manager=section["manager"] is None,
        )
        draft.add_person(entry, self._origin(section, row))
        if kind is None:
            draft.of_open_kind.add(key)

    def _contact_entries(self, read: RowReader) -> tuple[ContactEntry, ...]:
        return tuple(
            ContactEntry(contact.kind, value, contact.label)
            for contact, bound in self._contacts
            for value in read.texts(bound, limit=LONGEST_NAME)
        )

    def _origin(self, section: Section, row: Row) -> Origin:
        return Origin(self._table.file, row.number, section.columns, section.references)


def _given(read: RowReader, bound: Bound | None, implied: str | None) -> str | None:
    return implied if bound is None else read.text(bound, limit=LONGEST_NAME)


def _reference(read: RowReader, bound: Bound | None) -> str | None:
    """A key, or whatever names the target; nothing where the cell has the mark of the top.

    Where there is a mark, an empty cell is a gap and not the top.
    """
    if bound is None:
        return None
    marks = bound.spec.top if isinstance(bound.spec, PersonReference | ParentReference) else ()
    found = read.text(bound, limit=LONGEST_NAME, required=bool(marks) and read.applies(bound))
    return None if found in marks else found


def _level(read: RowReader, bound: Bound | None) -> int:
    level = read.number(bound)
    if bound is None or level is None:
        return LEVELS[0]
    if level not in LEVELS:
        message = f"the level is a whole number from {LEVELS[0]} to {LEVELS[-1]}"
        read.note(bound.column, Fault.OUT_OF_RANGE, message, level)
        return LEVELS[0]
    return int(level)
