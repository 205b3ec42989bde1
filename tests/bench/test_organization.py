from datetime import date

from bench.organization import MANAGED, THIS_YEAR, Generated


def test_an_organization_is_the_same_each_time() -> None:
    assert Generated("north", 300, seed=1).rows() == Generated("north", 300, seed=1).rows()


def test_two_organizations_share_no_id() -> None:
    north, south = Generated("north", 300, seed=1), Generated("south", 300, seed=2)
    assert not {person.id for person in north.people} & {person.id for person in south.people}


def test_people_stand_in_one_tree_and_a_manager_has_a_team_of_the_wanted_size() -> None:
    made = Generated("north", 2_000, seed=1)
    top, *others = made.people
    assert len(made.people) == 2_000
    assert all(person.is_below(top) for person in others)
    assert abs(made.manager.count_below() - MANAGED) <= 15


def test_everybody_has_one_membership_that_is_not_over_and_a_history() -> None:
    made = Generated("north", 300, seed=1)
    columns, rows = made.rows()["memberships"]
    spells: dict[object, list[tuple[object, ...]]] = {}
    for row in rows:
        spells.setdefault(row[columns.index("stakeholder_id")], []).append(row)
    start, end = columns.index("starts_on"), columns.index("ends_on")
    for of_one in spells.values():
        latest, *before = of_one
        assert latest[end] in {None, date(THIS_YEAR + 10, 1, 1)}
        assert [row[end] for row in before] == [row[start] for row in of_one[:-1]]
    assert len(spells) == 300
