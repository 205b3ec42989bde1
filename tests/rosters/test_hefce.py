"""A real structure, read from the files as they were published; every number is told from the files themselves."""

import csv
import math
from collections import Counter
from pathlib import Path

from app.rosters.entries import ContactEntry
from app.rosters.reading import Reading, open_files
from app.stakeholders.models import ContactKind, StakeholderKind

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "data" / "hefce"
SENIOR, JUNIOR = FOLDER / "hefce-senior-posts-2011.csv", FOLDER / "hefce-junior-posts-2011.csv"
TOP = "xx"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="cp1252", newline="") as file:
        return list(csv.DictReader(file))


def reading() -> Reading:
    return open_files(ROOT / "docs" / "mappings" / "hefce-2011.yaml", [str(SENIOR), str(JUNIOR)]).read()


def people_of(row: dict[str, str]) -> int:
    return math.ceil(float(row["Number of Posts in FTE"]))


def test_the_files_are_read_without_a_problem() -> None:
    assert reading().problems == ()


def test_each_named_post_is_a_manager_and_each_post_of_a_group_an_employee() -> None:
    kinds = Counter(person.kind for person in reading().roster.people)
    assert kinds == {
        StakeholderKind.MANAGER: len(rows(SENIOR)),
        StakeholderKind.EMPLOYEE: sum(people_of(row) for row in rows(JUNIOR)),
    }


def test_each_unit_has_the_people_of_its_posts() -> None:
    wanted = Counter(row["Unit"] for row in rows(SENIOR))
    for row in rows(JUNIOR):
        wanted[row["Unit"]] += people_of(row)
    assert Counter(person.department for person in reading().roster.people) == wanted


def test_each_unit_is_headed_by_its_senior_post_and_is_below_that_ones_managers() -> None:
    units = {row["Post Unique Reference"]: row["Unit"] for row in rows(SENIOR)}
    assert {entry.key: (entry.parent, entry.head) for entry in reading().roster.departments} == {
        row["Unit"]: (units.get(row["Reports to Senior Post"]), row["Post Unique Reference"]) for row in rows(SENIOR)
    }


def test_everybody_reports_to_the_post_that_the_files_name() -> None:
    wanted = Counter(row["Reports to Senior Post"] for row in rows(SENIOR))
    for row in rows(JUNIOR):
        wanted[row["Reporting Senior Post"]] += people_of(row)
    assert Counter(person.manager or TOP for person in reading().roster.people) == wanted


def test_each_title_and_grade_is_a_position() -> None:
    wanted = {(row["Job Title"], row["Grade"]) for row in rows(SENIOR)}
    wanted |= {(row["Generic Job Title"], row["Grade"]) for row in rows(JUNIOR)}
    assert {position.key for position in reading().roster.positions} == {f"{title}/{grade}" for title, grade in wanted}
    levels = {position.key: position.level for position in reading().roster.positions}
    for row in rows(JUNIOR):
        assert levels[f"{row['Generic Job Title']}/{row['Grade']}"] == int(row["Grade"])


def test_addresses_and_telephone_numbers_are_those_that_were_published() -> None:
    people = {person.key: person for person in reading().roster.people}
    for row in rows(SENIOR):
        person = people[row["Post Unique Reference"]]
        assert (person.name, person.email) == (row["Name"], row["Contact E-mail"].lower())
        first, *others = row["Contact Phone"].split("/")
        numbers = [first, *(first[: -len(other)] + other for other in others)]
        assert person.contacts == tuple(ContactEntry(ContactKind.PHONE, number, "Office") for number in numbers)


def test_people_of_a_group_have_names_that_tell_title_number_unit_and_grade() -> None:
    named = {row["Name"] for row in rows(SENIOR)}
    names = Counter(person.name for person in reading().roster.people if person.name not in named)
    wanted = [
        f"{row['Generic Job Title']} {number} ({row['Unit']}, grade {row['Grade']})"
        for row in rows(JUNIOR)
        for number in range(1, people_of(row) + 1)
    ]
    assert names == Counter(wanted)
    assert set(names.values()) == {1}
