from app.rosters.checks import RosterFault
from app.rosters.entries import DepartmentEntry
from app.rosters.reading import Files
from app.stakeholders.models import StakeholderKind
from tests.imports.files import table
from tests.rosters.rosters import ADA, BEN, DEPARTMENTS, EVE, HEADER, PEOPLE, mapping_of, places, read


def test_people_are_named_by_email_address_or_by_name() -> None:
    by_email = mapping_of(
        staff={
            "departments": {**DEPARTMENTS, "head": {"column": "Head", "by": "name"}},
            "people": {**PEOPLE, "manager": {"column": "Boss", "by": "email", "top": "xx"}},
        }
    )
    header = (*HEADER, "Head")
    reading = read((*ADA, "ADA"), (*BEN[:5], "Ada@Example.org", "Ben"), mapping=by_email, header=header)
    assert reading.problems == ()
    assert [entry.head for entry in reading.roster.departments] == ["1", "2"]
    assert reading.roster.people[1].manager == "1"
    assert reading.roster.people[0].kind is StakeholderKind.MANAGER


def test_a_name_of_nobody_or_of_several_is_named() -> None:
    by_name = mapping_of(
        staff={"departments": DEPARTMENTS, "people": {**PEOPLE, "manager": {"column": "Boss", "by": "name"}}}
    )
    same = ("4", "Eve", "eve2@example.org", "Works", "Clerk", "Nobody")
    reading = read((*BEN[:5], "Eve"), (*EVE[:5], ""), same, mapping=by_name)
    assert places(reading.problems) == [(2, "Boss", RosterFault.AMBIGUOUS), (4, "Boss", RosterFault.NOT_FOUND)]


def test_a_department_is_below_the_one_where_its_heads_manager_works() -> None:
    heads = {"Title": ["Chief", "Head"]}
    mapping = mapping_of(
        staff={
            "departments": {
                "key": "Unit",
                "parent": {"column": "Boss", "by": "person", "top": "xx", "when": heads},
                "head": {"column": "Id", "when": heads},
            },
            "people": PEOPLE,
        }
    )
    reading = read(EVE, BEN, ADA, mapping=mapping)
    assert reading.problems == ()
    assert reading.roster.departments == (
        DepartmentEntry("Board", "Board", None, "1"),
        DepartmentEntry("Works", "Works", "Board", "2"),
    )
    lost = read(ADA, (*BEN[:5], "9"), mapping=mapping)
    assert places(lost.problems) == [(3, "Boss", RosterFault.NOT_FOUND)]


def test_departments_of_another_file_are_named_by_their_names() -> None:
    mapping = mapping_of(
        units={
            "departments": {"key": "No", "name": "Unit", "parent": {"column": "Above", "by": "name"}, "head": "Head"}
        },
        staff={"people": {**PEOPLE, "department": {"column": "Unit", "by": "name"}}},
    )
    units = table(("No", "Unit", "Above", "Head"), ("10", "Board", "", "1"), ("20", "Works", "board", ""))
    reading = Files(mapping, {"units": units, "staff": table(HEADER, ADA, BEN, (*EVE[:3], "Shop", *EVE[4:]))}).read()
    assert places(reading.problems) == [(4, "Unit", RosterFault.NOT_FOUND)]
    assert reading.roster.departments[1] == DepartmentEntry("20", "Works", "10")
    assert [person.department for person in reading.roster.people[:2]] == ["10", "20"]
