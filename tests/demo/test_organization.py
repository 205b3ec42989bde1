import re
from collections import Counter

import pytest

from app.demo.history import DEPARTURES
from app.demo.organization import roster
from app.demo.posts import FOUNDED_ON, REFERENCE_DAY, posts
from app.messages import Locale
from app.stakeholders.models import ContactKind, StakeholderKind
from tests.demo.lines import ABOVE, EXTERNAL_ENTRIES, MANAGERS, PEOPLE, ROSTER, STAFF_ENTRIES, way_up


def test_it_is_the_same_every_time() -> None:
    assert roster() == roster()


def test_it_has_as_many_of_each_kind_as_it_promises() -> None:
    kinds = Counter(person.kind for person in ROSTER.people)

    assert len(STAFF_ENTRIES) - len(DEPARTURES) == 240
    assert len(ROSTER.departments) == 14
    assert kinds[StakeholderKind.PARTNER] == 3
    assert kinds[StakeholderKind.INVESTOR] == 2
    assert kinds[StakeholderKind.CUSTOMER] == 40


def test_keys_are_unique() -> None:
    for entries in (ROSTER.departments, ROSTER.positions, ROSTER.people):
        keys = [entry.key for entry in entries]
        assert len(set(keys)) == len(keys)


def test_every_key_that_is_named_exists() -> None:
    positions = {position.key for position in ROSTER.positions}

    assert {person.department for person in STAFF_ENTRIES} == set(ABOVE)
    assert {person.position for person in STAFF_ENTRIES} <= positions
    assert set(MANAGERS.values()) - {None} <= PEOPLE.keys()
    assert set(ABOVE.values()) - {None} <= ABOVE.keys()


def test_the_reporting_line_has_one_top_and_five_levels() -> None:
    depths = Counter(len(way_up(person.key, MANAGERS)) for person in STAFF_ENTRIES)

    assert depths[1] == 1
    assert set(depths) == {1, 2, 3, 4, 5}
    assert {post.key: post.level for post in posts().values()} == {
        person.key: len(way_up(person.key, MANAGERS)) for person in STAFF_ENTRIES
    }


def test_the_tree_of_departments_has_one_root_and_three_levels() -> None:
    depths = Counter(len(way_up(key, ABOVE)) for key in ABOVE)

    assert depths == {1: 1, 2: 4, 3: 9}


def test_every_department_has_a_head_who_works_in_it() -> None:
    for department in ROSTER.departments:
        assert department.head is not None
        assert PEOPLE[department.head].department == department.key


def test_the_head_of_a_department_reports_to_the_head_of_the_one_above() -> None:
    heads = {department.key: department.head for department in ROSTER.departments}

    for department in ROSTER.departments:
        assert department.head is not None
        assert MANAGERS[department.head] == (heads[department.parent] if department.parent else None)


def test_who_has_reports_is_a_manager_and_nobody_else_is() -> None:
    leaders = set(MANAGERS.values()) - {None}

    assert {person.key for person in STAFF_ENTRIES if person.kind is StakeholderKind.MANAGER} == leaders


def test_every_member_of_staff_is_described_whole() -> None:
    for person in STAFF_ENTRIES:
        assert person.title
        assert person.position
        assert person.email
        assert person.email.endswith("@demo.example")
        assert {contact.kind for contact in person.contacts} & {ContactKind.MOBILE, ContactKind.PHONE}
        assert person.company is None


def test_every_external_acts_for_a_company_and_stands_in_no_department() -> None:
    for person in EXTERNAL_ENTRIES:
        assert person.company
        assert person.email
        assert {contact.kind for contact in person.contacts} & {ContactKind.MOBILE, ContactKind.PHONE}
        assert (person.department, person.position, person.manager, person.title) == (None, None, None, None)


def test_some_customers_share_a_company() -> None:
    companies = Counter(person.company for person in EXTERNAL_ENTRIES if person.kind is StakeholderKind.CUSTOMER)

    assert 20 <= len(companies) < 40
    assert max(companies.values()) == 3


@pytest.mark.parametrize("what", ["email", "name"])
def test_no_two_people_share_a_name_or_an_email(what: str) -> None:
    values = [getattr(person, what) for person in ROSTER.people]

    assert len(set(values)) == len(values)


def test_no_address_and_no_telephone_number_can_reach_a_real_person() -> None:
    fictional = r"\+44 (7700 900\d{3}|161 496 0\d{3}|1632 960\d{3})|\+86 144 0\d{3} \d{4}"
    phones = [
        contact.value
        for person in ROSTER.people
        for contact in person.contacts
        if contact.kind in (ContactKind.MOBILE, ContactKind.PHONE)
    ]

    assert all(person.email and person.email.endswith(".example") for person in ROSTER.people)
    assert all(re.fullmatch(fictional, phone) for phone in phones)
    assert len(set(phones)) == len(phones)


def test_chinese_and_international_names_are_both_common_at_every_level_of_leaders() -> None:
    for level in (2, 3, 4, 5):
        scripts = Counter(PEOPLE[post.key].name[0] > "\u4e00" for post in posts().values() if post.level == level)
        assert min(scripts[True], scripts[False]) >= 3


def test_people_with_chinese_names_are_written_to_in_chinese_and_have_chinese_titles() -> None:
    for person in ROSTER.people:
        chinese = person.name[0] > "\u4e00"
        assert person.locale is (Locale.ZH_CN if chinese else None)
        assert person.title is None or person.title.isascii() is not chinese


def test_staff_joined_in_every_year_from_the_foundation_to_the_reference_day() -> None:
    joined = [person.joined_on for person in STAFF_ENTRIES if person.joined_on]

    assert len(joined) == len(STAFF_ENTRIES)
    assert {day.year for day in joined} == set(range(2014, 2027))
    assert FOUNDED_ON == min(joined) < max(joined) < REFERENCE_DAY
