"""Rules of single rows."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from app.given import ABSENT
from app.stakeholders.models import EXTERNAL, STAFF, Membership, Stakeholder, StakeholderKind
from app.stakeholders.placement import Place, changed_place

K = StakeholderKind
HOME = uuid4()


def somebody(kind: StakeholderKind) -> Stakeholder:
    return Stakeholder(organization_id=HOME, kind=kind, name="Ada")


@pytest.mark.parametrize("kind", StakeholderKind)
def test_everybody_is_staff_or_from_outside_or_a_department(kind: StakeholderKind) -> None:
    person = somebody(kind)
    assert person.is_staff() is (kind in STAFF)
    assert person.is_external() is (kind in EXTERNAL)
    assert [person.is_staff(), person.is_external(), kind is K.DEPARTMENT].count(True) == 1


@pytest.mark.parametrize("kind", StakeholderKind)
def test_everybody_can_stay_what_they_are(kind: StakeholderKind) -> None:
    assert somebody(kind).can_become(kind)


def test_staff_become_managers_and_back() -> None:
    assert somebody(K.EMPLOYEE).can_become(K.MANAGER)
    assert somebody(K.MANAGER).can_become(K.EMPLOYEE)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [(K.EMPLOYEE, K.CUSTOMER), (K.CUSTOMER, K.PARTNER), (K.PARTNER, K.MANAGER), (K.MANAGER, K.DEPARTMENT)],
)
def test_nobody_changes_sides(was: StakeholderKind, becomes: StakeholderKind) -> None:
    assert not somebody(was).can_become(becomes)


def membership(*, ends_on: date | None = None, position_id: UUID | None = None) -> Membership:
    return Membership(
        organization_id=HOME,
        stakeholder_id=uuid4(),
        department_id=HOME,
        position_id=position_id,
        manager_id=HOME,
        title="Clerk",
        starts_on=date(2024, 1, 1),
        ends_on=ends_on,
    )


@pytest.mark.parametrize(
    ("day", "covered"),
    [(date(2023, 12, 31), False), (date(2024, 1, 1), True), (date(2024, 5, 31), True), (date(2024, 6, 1), False)],
)
def test_a_membership_covers_its_first_day_and_not_its_end(day: date, covered: bool) -> None:
    assert membership(ends_on=date(2024, 6, 1)).covers(day) is covered


def test_a_membership_without_an_end_covers_all_days_to_come() -> None:
    assert membership().covers(date(2999, 1, 1))


DAY = date(2025, 1, 1)


def test_what_a_move_does_not_name_stays() -> None:
    last = membership(position_id=HOME)
    moved = changed_place(last, DAY, ABSENT, ABSENT, ABSENT, ABSENT)
    assert moved == Place(DAY, HOME, HOME, HOME, "Clerk")


def test_the_title_follows_a_new_position() -> None:
    new = uuid4()
    assert changed_place(membership(), DAY, ABSENT, new, ABSENT, ABSENT) == Place(DAY, HOME, new, HOME, None)


def test_a_title_that_is_given_stands_beside_a_new_position() -> None:
    assert changed_place(membership(), DAY, ABSENT, uuid4(), ABSENT, "Boss").title == "Boss"


def test_the_title_stays_when_the_position_is_taken_away() -> None:
    assert changed_place(membership(position_id=HOME), DAY, ABSENT, None, ABSENT, ABSENT).title == "Clerk"


def test_null_takes_the_manager_away() -> None:
    assert changed_place(membership(), DAY, ABSENT, ABSENT, None, ABSENT).manager_id is None
