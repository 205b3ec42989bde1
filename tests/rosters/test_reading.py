import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.imports.problems import Fault
from app.imports.spreadsheets import read_spreadsheet
from app.imports.tables import TableFormat
from app.messages import Locale
from app.rosters import rows as roster_rows
from app.rosters.checks import RosterFault, check
from app.rosters.entries import ContactEntry, DepartmentEntry, PersonEntry, PositionEntry
from app.rosters.reading import Files, open_files
from app.stakeholders.models import ContactKind, StakeholderKind
from tests.imports.files import csv_file, workbook_of
from tests.rosters.rosters import ADA, BEN, DEPARTMENTS, EVE, HEADER, PEOPLE, mapping_of, places, read

GROUP = mapping_of(
    staff={
        "departments": {"key": "Unit"},
        "positions": {"key": {"template": "{Title}/{Grade}"}, "title": "Title", "level": "Grade"},
        "people": {
            "count": {"column": "Posts", "thousands": ","},
            "key": {"template": "{Unit}/{Title}/{Grade}/{#}"},
            "name": {"template": "{Title} {#} ({Unit}, grade {Grade})"},
        },
    }
)
GROUP_HEADER = ("Unit", "Title", "Grade", "Posts")
COUNTS = st.decimals(min_value=0, max_value=40, places=2)


def test_rows_become_people_in_departments_and_who_has_reports_is_a_manager() -> None:
    reading = read(ADA, BEN, EVE)
    assert reading.problems == ()
    assert [entry.key for entry in reading.roster.departments] == ["Board", "Works"]
    assert [(entry.key, entry.kind, entry.manager, entry.department) for entry in reading.roster.people] == [
        ("1", StakeholderKind.MANAGER, None, "Board"),
        ("2", StakeholderKind.MANAGER, "1", "Works"),
        ("3", StakeholderKind.EMPLOYEE, "2", "Works"),
    ]


@given(COUNTS)
def test_a_fraction_of_a_post_is_a_whole_person(count: Decimal) -> None:
    reading = read(("Works", "Clerk", 4, count), mapping=GROUP, header=GROUP_HEADER)
    assert reading.problems == ()
    assert len(reading.roster.people) == ceil(count)
    assert len({person.key for person in reading.roster.people}) == ceil(count)


def test_people_of_a_group_are_numbered_in_key_and_name() -> None:
    reading = read(("Works", "Clerk", 4, "1.2"), mapping=GROUP, header=GROUP_HEADER)
    assert [(person.key, person.name, person.position) for person in reading.roster.people] == [
        ("Works/Clerk/4/1", "Clerk 1 (Works, grade 4)", "Clerk/4"),
        ("Works/Clerk/4/2", "Clerk 2 (Works, grade 4)", "Clerk/4"),
    ]
    assert reading.roster.positions == (PositionEntry("Clerk/4", "Clerk", 4),)


@pytest.mark.parametrize(
    ("count", "code"),
    [
        ("-1", Fault.OUT_OF_RANGE),
        ("20,000", Fault.OUT_OF_RANGE),
        ("many", Fault.NOT_A_NUMBER),
        ("8,67", Fault.NOT_A_NUMBER),
        ("", Fault.REQUIRED),
    ],
)
def test_a_group_of_a_wrong_size_is_named(count: str, code: Fault) -> None:
    reading = read(("Works", "Clerk", 4, count), mapping=GROUP, header=GROUP_HEADER)
    assert places(reading.problems) == [(2, "Posts", code)]


@pytest.mark.parametrize("grade", ["0", "100", "4.5", "-1"])
def test_a_level_out_of_range_is_named(grade: str) -> None:
    reading = read(("Works", "Clerk", grade, 1), mapping=GROUP, header=GROUP_HEADER)
    assert places(reading.problems) == [(2, "Grade", Fault.OUT_OF_RANGE)]


def test_a_wrong_cell_of_a_group_is_named_once() -> None:
    mapping = mapping_of(
        staff={
            "departments": DEPARTMENTS,
            "people": {**PEOPLE, "count": "Posts", "key": {"template": "{Id}/{#}"}, "email": {"constant": ""}},
        }
    )
    reading = read((*BEN, "9"), mapping=mapping, header=(*HEADER, "Posts"))
    assert places(reading.problems) == [(2, "Boss", RosterFault.NOT_FOUND)]


def test_every_bad_cell_is_named_at_once_and_by_its_own_column() -> None:
    header = (*HEADER, "Kind", "Start", "Language")
    mapping = mapping_of(
        staff={
            "departments": DEPARTMENTS,
            "people": {**PEOPLE, "kind": "Kind", "starts_on": "Start", "locale": "Language"},
        }
    )
    reading = read(
        (*ADA, "MANAGER", "2024-02-29", "zh-CN"),
        ("", "Ben", "ben@example.org", "Works", "Head", "1", "manager", "", ""),
        ("3", "", "eve(at)example.org", "Works", "Clerk", "7", "boss", "2023-02-29", "fr"),
        ("4", "Fay", "fay@example.org", "", "Clerk", "", "", "", "en"),
        mapping=mapping,
        header=header,
    )
    assert places(reading.problems) == [
        (3, "Id", Fault.REQUIRED),
        (4, "Name", Fault.REQUIRED),
        (4, "Kind", Fault.NOT_LISTED),
        (4, "E-mail", Fault.NOT_AN_EMAIL),
        (4, "Language", Fault.NOT_LISTED),
        (4, "Start", Fault.NOT_A_DATE),
        (4, "Boss", RosterFault.NOT_FOUND),
        (5, "Boss", Fault.REQUIRED),
        (5, "Unit", RosterFault.REQUIRED),
    ]
    assert not reading.usable


def test_problems_of_the_roster_are_named_by_the_cells_that_say_so() -> None:
    reading = read(
        ADA,
        ("2", "Ben", "ADA@example.org", "Works", "Head", "3"),
        ("3", "Eve", "eve@example.org", "Works", "Clerk", "2"),
        ("3", "Fay", "fay@example.org", "Works", "Clerk", "2"),
    )
    assert places(reading.problems) == [
        (2, "E-mail", RosterFault.TAKEN),
        (3, "E-mail", RosterFault.TAKEN),
        (3, "Boss", RosterFault.CYCLE),
        (5, "Id", RosterFault.TAKEN),
    ]
    assert "staff.csv, row 4" in reading.problems[-1].message


def test_a_gap_is_not_the_top_where_the_top_has_a_mark() -> None:
    assert places(read((*ADA[:5], "")).problems) == [(2, "Boss", Fault.REQUIRED)]
    unmarked = mapping_of(staff={"departments": DEPARTMENTS, "people": {**PEOPLE, "manager": "Boss"}})
    assert read((*ADA[:5], ""), mapping=unmarked).problems == ()


def test_one_top_means_one() -> None:
    mapping = mapping_of(top="one", staff={"departments": {**DEPARTMENTS, "parent": "Above"}, "people": PEOPLE})
    reading = read((*ADA, ""), (*BEN[:5], "xx", "Board"), mapping=mapping, header=(*HEADER, "Above"))
    assert places(reading.problems) == [(2, "Boss", RosterFault.SEVERAL_TOPS), (3, "Boss", RosterFault.SEVERAL_TOPS)]
    assert "Ada, Ben" in reading.problems[0].message


def test_what_no_column_says_is_kept() -> None:
    silent = mapping_of(staff={"departments": DEPARTMENTS, "people": {"key": "Id", "name": "Name", "title": "Title"}})
    reading = read(ADA, mapping=silent)
    assert reading.roster.departments == (DepartmentEntry("Board", "Board", keeps_parent=True),)
    assert reading.roster.people[0].keeps_manager


def test_rows_that_speak_of_one_department_complete_each_other_but_may_not_differ() -> None:
    mapping = mapping_of(staff={"departments": {**DEPARTMENTS, "head": "Head"}, "people": PEOPLE})
    header = (*HEADER, "Head")
    agreed = read((*ADA, "1"), (*BEN, ""), (*EVE, "2"), mapping=mapping, header=header)
    assert agreed.problems == ()
    assert [entry.head for entry in agreed.roster.departments] == ["1", "2"]
    torn = read((*ADA, "1"), (*BEN, "3"), (*EVE, "2"), mapping=mapping, header=header)
    assert places(torn.problems) == [(4, "Head", RosterFault.CONTRADICTION)]
    assert "“3” in staff.csv, row 3" in torn.problems[0].message


def test_externals_have_companies_and_contacts_and_no_department() -> None:
    mapping = mapping_of(
        staff={
            "departments": DEPARTMENTS,
            "people": {
                "key": "Id",
                "name": "Name",
                "title": {"column": "Job", "when": {"Kind": "Staff"}},
                "kind": {"column": "Kind", "values": {"Staff": "", "Client": "CUSTOMER"}},
                "company": "Firm",
                "locale": "Language",
                "joined_on": {"column": "Since", "formats": "DD/MM/YYYY"},
                "contacts": [{"kind": "MOBILE", "label": "Work", "value": {"column": "Phone", "split": {"on": ";"}}}],
            },
        }
    )
    reading = read(
        ("1", "Ada", "Chief", "Staff", "Board", "", "en", "03/04/2001", ""),
        ("c1", "Cy", "", "Client", "Board", "Acme", "zh-cn", "", "1; 2"),
        mapping=mapping,
        header=("Id", "Name", "Job", "Kind", "Unit", "Firm", "Language", "Since", "Phone"),
    )
    assert reading.problems == ()
    assert reading.roster.people[0].joined_on == date(2001, 4, 3)
    assert reading.roster.people[1] == PersonEntry(
        key="c1",
        kind=StakeholderKind.CUSTOMER,
        name="Cy",
        company="Acme",
        locale=Locale.ZH_CN,
        contacts=(ContactEntry(ContactKind.MOBILE, "1", "Work"), ContactEntry(ContactKind.MOBILE, "2", "Work")),
        keeps_manager=True,
    )


def test_rows_of_another_sort_are_not_read() -> None:
    mapping = mapping_of(staff={"only": {"Unit": ["Board"]}, "departments": DEPARTMENTS, "people": PEOPLE})
    assert [person.key for person in read(ADA, BEN, EVE, mapping=mapping).roster.people] == ["1"]


def test_a_column_that_is_missing_is_all_that_is_told() -> None:
    reading = read(ADA[:5], header=HEADER[:5])
    assert places(reading.problems) == [(1, "Boss", Fault.MISSING_COLUMN)]
    assert not read(ADA[:5], header=HEADER[:5], in_part=True).usable


def test_in_part_rows_with_problems_are_left_out_and_so_are_those_that_need_them() -> None:
    bad = ("2", "Ben", "ben(at)example.org", "Works", "Head", "1")
    other = ("4", "Fay", "fay@example.org", "Works", "Clerk", "1")
    reading = read(ADA, bad, EVE, other, in_part=True)
    assert reading.usable
    assert places(reading.problems) == [(3, "E-mail", Fault.NOT_AN_EMAIL), (4, "Boss", RosterFault.NOT_FOUND)]
    assert [person.key for person in reading.roster.people] == ["1", "4"]
    assert len(reading.left_out) == 2


def test_in_part_nothing_is_chosen_among_several_tops() -> None:
    mapping = mapping_of(top="one", staff={"departments": DEPARTMENTS, "people": PEOPLE})
    reading = read(ADA, (*BEN[:5], "xx"), mapping=mapping, in_part=True)
    assert not reading.usable


def test_more_people_than_can_be_imported_are_refused_in_part_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_rows, "PEOPLE", 2)
    reading = read(ADA, BEN, EVE, in_part=True)
    assert places(reading.problems) == [(4, None, Fault.UNREADABLE_FILE)]
    assert not reading.usable


def test_a_cell_that_the_file_spoils_spoils_its_row() -> None:
    reading = read(ADA, BEN, ("3", "E\x00ve", *EVE[2:]))
    assert places(reading.problems) == [(4, "Name", Fault.CONTROL_CHARACTER)]
    assert [person.key for person in read(ADA, ("3", "E\x00ve", *EVE[2:]), in_part=True).roster.people] == ["1"]


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["Clerk", "Head"]), st.integers(1, 99), COUNTS)))
def test_a_roster_is_sound_whenever_nothing_is_found_wrong(rows: list[tuple[str, str, int, Decimal]]) -> None:
    reading = read(*rows, mapping=GROUP, header=GROUP_HEADER)
    keys = [person.key for person in reading.roster.people]
    assert len(keys) == len(set(keys))
    if not reading.problems:
        assert len(keys) == sum(ceil(count) for *_, count in rows)
        assert check(reading.roster) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["Clerk", "Head"]), st.integers(1, 99), COUNTS),
        unique_by=lambda row: row[:3],
        min_size=1,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_rows_and_the_kind_of_the_file_are_nothing(
    rows: list[tuple[str, str, int, Decimal]], chance: random.Random
) -> None:
    as_csv = read(*rows, mapping=GROUP, header=GROUP_HEADER)
    shuffled: list[Sequence[object]] = list(rows)
    chance.shuffle(shuffled)
    content = workbook_of([GROUP_HEADER, *((*row[:3], float(row[3])) for row in rows)])
    workbook = read_spreadsheet("staff.xlsx", content, TableFormat())
    assert as_csv.problems == ()
    assert read(*shuffled, mapping=GROUP, header=GROUP_HEADER).roster == as_csv.roster
    assert Files(GROUP, {"staff": workbook}).read().roster == as_csv.roster


def test_files_and_their_mapping_are_read_from_the_disk(tmp_path: Path) -> None:
    mapping = tmp_path / "staff.yaml"
    mapping.write_text(
        "title: Staff\nsources:\n  staff:\n    departments: {key: Unit}\n"
        "    people: {key: Id, name: Name, title: Title, manager: {column: Boss, top: xx}}\n"
    )
    path = csv_file(tmp_path, [HEADER, ADA, BEN], encoding="utf-16", delimiter=";")
    reading = open_files(mapping, [str(path)]).read()
    assert reading.problems == ()
    assert len(reading.roster.people) == 2
    missing = open_files(mapping, [str(tmp_path / "none.csv")]).read()
    assert [str(problem) for problem in missing.problems] == ["none.csv: cannot be read: No such file or directory"]
    assert not open_files(mapping, []).read(in_part=True).usable
