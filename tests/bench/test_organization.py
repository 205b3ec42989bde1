from datetime import date

from bench.organization import MANAGED, THIS_YEAR, Generated, Shape, Tables


def written(tables: Tables) -> dict[str, list[tuple[object, ...]]]:
    return {table: list(rows) for table, (_, rows) in tables.items()}


def test_an_organization_is_the_same_each_time() -> None:
    assert written(Generated("north", 300, seed=1).rows()) == written(Generated("north", 300, seed=1).rows())


def test_two_organizations_share_no_id() -> None:
    north, south = Generated("north", 300, seed=1), Generated("south", 300, seed=2)
    assert not {person.id for person in north.people} & {person.id for person in south.people}


def test_people_stand_in_one_tree_and_a_manager_has_a_team_of_the_wanted_size() -> None:
    made = Generated("north", 2_000, seed=1)
    top, *others = made.people
    assert len(made.people) == 2_000
    assert all(person.is_below(top) for person in others)
    assert abs(made.manager.count_below - MANAGED) <= 15


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


def test_only_some_departments_have_a_history_where_that_is_the_shape() -> None:
    made = Generated("north", 2_000, seed=1, shape=Shape(leading_depth=2, remembering=5))
    remembering = {person.department.number for person in made.people if person.spells > 1}
    assert made.manager.spells > 1
    assert 0 < len(remembering) < sum(person.leads for person in made.people) / 2


def test_a_person_counts_all_below() -> None:
    made = Generated("north", 300, seed=1)
    top = made.people[0]
    assert top.count_below == 299
    assert made.manager.count_below == sum(person.is_below(made.manager) for person in made.people)
