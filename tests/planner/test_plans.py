"""Plans are made once for each shape of request and role, and never know who asks, or for what."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import BindParameter

from app.access.actor import Actor, Anonymous, Rights, SymbolicActor
from app.access.permissions import Permission, Reach, Role
from app.errors import Forbidden, Unauthenticated
from app.planner.catalog import Catalog
from app.planner.kept import Kept
from app.planner.lens import PlanInfo
from app.planner.plans import PLAN_CHARACTERS
from app.planner.shape import Binds
from schema.root import build as build_product
from tests.builders import unknown_id
from tests.planner.planning import Planning, actor, rights
from tests.planner.schema_of_tests import build as build_museum

FILTERED = "query ($f: ExhibitFilter) { exhibits(filter: $f) { nodes { title } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(build_museum())


@pytest.fixture
def planning(catalog: Catalog) -> Planning:
    return Planning.of(catalog)


# --- one plan for what is alike


@pytest.mark.parametrize(
    ("query", "one", "other"),
    [
        ("query ($t: String) { text(value: $t) }", {"t": "a"}, {"t": "it's $1"}),
        ("query ($n: Int!) { number(value: $n) }", {"n": 1}, {"n": 2}),
        (NODES, {"ids": [unknown_id("Room")]}, {"ids": [unknown_id("Room"), "x", unknown_id("Room")]}),
        (FILTERED, {"f": {"text": "a"}}, {"f": {"text": "b"}}),
        (FILTERED, {"f": {"ids": ["a"]}}, {"f": {"ids": ["a", "b", None]}}),
        (FILTERED, {"f": {"anyPrice": [{"least": 1}]}}, {"f": {"anyPrice": [{"least": 2}]}}),
        ("query ($id: ID!) { node(id: $id) { id } }", {"id": unknown_id("Room")}, {"id": unknown_id("Room")}),
        ("query ($n: Int) { rooms(first: $n) { totalCount } }", {"n": 5}, {"n": 6}),
    ],
)
def test_requests_that_differ_in_values_alone_have_one_plan(
    planning: Planning, query: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first = planning.plan(query, **one)
    assert planning.plan(query, **other).sql == first.sql
    assert planning.plan(query, **one) is first
    assert len(planning.plans) <= 2


@pytest.mark.parametrize(
    ("query", "one", "other"),
    [
        (FILTERED, {}, {"f": None}),
        (FILTERED, {"f": {"text": None}}, {"f": {"text": "a"}}),
        (FILTERED, {"f": {"kinds": ["PAINTING"]}}, {"f": {"kinds": ["SCULPTURE"]}}),
        (FILTERED, {"f": {"kinds": ["PAINTING", "SCULPTURE"]}}, {"f": {"kinds": ["PAINTING"]}}),
        (FILTERED, {"f": {"signed": True}}, {"f": {"signed": False}}),
        (FILTERED, {"f": {"anyPrice": [{"least": 1}]}}, {"f": {"anyPrice": [{"most": 1}]}}),
        ("query ($n: Int) { rooms(first: $n) { totalCount } }", {"n": None}, {"n": 5}),
        (NODES, {"ids": [unknown_id("Room")]}, {"ids": [unknown_id("Exhibit")]}),
        (NODES, {"ids": [unknown_id("Room")]}, {"ids": ["x"]}),
        ("query ($id: ID!) { node(id: $id) { id } }", {"id": unknown_id("Room")}, {"id": "x"}),
    ],
)
def test_requests_that_differ_in_shape_or_facet_have_plans_of_their_own(
    planning: Planning, query: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = planning.plan(query, **one), planning.plan(query, **other)
    assert len(planning.plans) == 2
    assert planning.plan(query, **one) is first
    assert planning.plan(query, **other) is second


def test_a_literal_makes_a_plan_for_each_text_and_is_bound_all_the_same(planning: Planning) -> None:
    one, of_one = planning.filled('{ text(value: "it\'s a") }')
    other, of_other = planning.filled('{ text(value: "it\'s b") }')
    assert len(planning.plans) == 2
    assert one.sql == other.sql
    assert (of_one, of_other) == (["it's a"], ["it's b"])


def test_operations_of_one_document_have_plans_of_their_own(planning: Planning) -> None:
    document = "query A { rooms { totalCount } } query B { exhibits { totalCount } }"
    keys = [planning.plans.reading(*planning.operation(document, {}, name), actor())[0].keys for name in ("A", "B")]
    assert keys == [["rooms"], ["exhibits"]]


# --- the caches are bounded


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    kept: Kept[str] = Kept(2)
    kept.put("a", "1")
    kept.put("b", "2")
    assert kept.get("a") == "1"
    kept.put("c", "3")
    assert [kept.get(key) for key in "abc"] == ["1", None, "3"]
    kept.put("a", "4")
    kept.put("d", "5")
    assert [kept.get(key) for key in "acd"] == ["4", None, "5"]
    assert len(kept) == 2


def test_what_weighs_more_counts_for_more() -> None:
    kept: Kept[str] = Kept(5, len)
    for key, value in (("a", "1"), ("b", "22"), ("c", "333")):
        kept.put(key, value)
    assert [kept.get(key) for key in "abc"] == [None, "22", "333"]
    kept.put("b", "2")
    kept.put("d", "4")
    assert [kept.get(key) for key in "bcd"] == ["2", "333", "4"]
    kept.put("e", "666666")
    assert len(kept) == 0


def test_a_plan_of_much_sql_counts_as_several(catalog: Catalog) -> None:
    planning = Planning.of(catalog, most=4)
    short = [planning.plan(f"{{ a{number}: number }}") for number in range(3)]
    fields = " ".join(f"a{number}: exhibits {{ nodes {{ title room {{ name }} }} }}" for number in range(10))
    long = planning.plan(f"{{ rooms {{ nodes {{ {fields} }} }} }}")
    assert PLAN_CHARACTERS < len(long.sql) < 2 * PLAN_CHARACTERS
    assert planning.plan("{ a2: number }") is short[2]
    assert planning.plan("{ a0: number }") is not short[0]


def test_plans_are_forgotten_in_the_order_they_were_last_used(catalog: Catalog) -> None:
    planning = Planning.of(catalog, most=2)
    a, b, c = (f"{{ {name}: rooms {{ totalCount }} }}" for name in "abc")
    first = planning.plan(a)
    planning.plan(b)
    assert planning.plan(a) is first
    planning.plan(c)
    assert planning.plan(a) is first
    assert len(planning.plans) == 2


def test_new_facets_do_not_let_the_cache_grow(catalog: Catalog) -> None:
    planning = Planning.of(catalog, most=3)
    for ids in (["x"], [unknown_id("Room")], [unknown_id("Exhibit")], [unknown_id("Room"), unknown_id("Exhibit")]):
        planning.plan(NODES, ids=ids)
    assert len(planning.plans) == 3
    for number in range(10):
        planning.plan(NODES, ids=[unknown_id(f"Table{number}")])
    assert len(planning.plans) == 3


# --- nothing of an actor but the roles gets into a plan


QUERIES = [
    "{ rooms { totalCount nodes { name notes alarm exhibits { nodes { title } } } } manages }",
    "{ pieces { ... on Exhibit { title label } } managedRooms { totalCount } }",
    "query ($ids: [ID!]! = []) { nodes(ids: $ids) { id } }",
]
PRODUCT = [
    "{ viewer { roles stakeholder { name locale } } organization { name headcount } }",
    """{ stakeholders(filter: {text: "a"}) { totalCount nodes { name email locale joinedOn title
        contactPoints { value } manager { name } department { name headcount } memberships { nodes { title } }
        reports(depth: null) { totalCount } heads { name } company { name } } } }""",
    "{ departments { nodes { name headcount members(includeSubdepartments: true) { nodes { name } } } } }",
]


@pytest.fixture(scope="module")
def product() -> Catalog:
    return Catalog(build_product())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("query", QUERIES)
def test_two_actors_of_the_same_roles_have_the_same_plan(catalog: Catalog, query: str, role: Role) -> None:
    planned_alike(catalog, query, role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("query", PRODUCT)
def test_two_actors_of_the_same_roles_have_the_same_plan_of_the_product(
    product: Catalog, query: str, role: Role
) -> None:
    planned_alike(product, query, role)


def planned_alike(catalog: Catalog, query: str, role: Role) -> None:
    """Planned apart, on another day, in another organization: the text is the same, and so is what is refused."""
    one, other = actor(role), actor(role, today=date(1999, 9, 9), roots=(((), ()),), locale="zh-CN")
    first, second = Planning.of(catalog).plan(query, one), Planning.of(catalog).plan(query, other)
    assert first.sql == second.sql
    assert (first.keys, first.required, first.order) == (second.keys, second.required, second.order)
    assert {key: str(error) for key, error in first.refused.items()} == {
        key: str(error) for key, error in second.refused.items()
    }
    for value in (one.organization_id, one.account_id, one.stakeholder_id, *one.roots[0][0]):
        assert str(value) not in first.sql
        assert value.hex not in first.sql


def test_a_plan_of_one_actor_is_filled_for_another(planning: Planning) -> None:
    query = "{ rooms { nodes { name alarm } } }"
    one, other = actor(), actor()
    plan, values = planning.filled(query, one)
    again, others = planning.filled(query, other)
    assert again is plan
    assert one.organization_id in values
    assert other.organization_id in others
    assert not {one.organization_id, one.stakeholder_id} & set(others)


def test_actors_of_other_roles_have_plans_of_their_own(planning: Planning) -> None:
    query = "{ rooms { nodes { notes } } manages }"
    plans = [planning.plan(query, actor(*roles)) for roles in ([Role.EMPLOYEE], [Role.ORGANIZATION_ADMIN])]
    assert plans[0].sql != plans[1].sql
    both = planning.plan(query, actor(Role.EMPLOYEE, Role.ORGANIZATION_ADMIN))
    assert both is not plans[1]
    assert both.sql == plans[1].sql
    assert planning.plan(query, actor(Role.ORGANIZATION_ADMIN, Role.EMPLOYEE)) is both
    assert len(planning.plans) == 3


def test_nobody_has_plans_of_their_own(planning: Planning) -> None:
    plan = planning.plan("{ managedRooms { totalCount } rooms { totalCount } }", Anonymous())
    assert list(plan.refused) == ["managedRooms"]
    assert list(plan.keys) == ["rooms"]


def test_nobody_and_somebody_without_a_role_are_refused_each_in_their_way(planning: Planning) -> None:
    query = "{ managedRooms { totalCount } }"
    refusals = [planning.plan(query, who).refused["managedRooms"] for who in (Anonymous(), actor(rights=Rights()))]
    assert list(map(type, refusals)) == [Unauthenticated, Forbidden]


def test_a_symbolic_actor_has_nothing_but_its_roles_and_binds() -> None:
    """Whatever code looks at while planning is in the plan's key, or cannot be looked into."""
    whole = actor(Role.MANAGER)
    binds = Binds(whole.leaves)
    symbolic = whole.symbolic(binds)
    known = {"rights", "roles", "signed_in", "reach", "scopes", "require"}  # the rights, and what follows from them
    traits = {name for name in dir(symbolic) if not name.startswith("_")} - known
    assert traits == {"organization_id", "account_id", "stakeholder_id", "session_id", "today"}
    (scope,) = symbolic.scopes(Permission.STAKEHOLDERS_READ)
    for bind in (*(getattr(symbolic, name) for name in traits), scope.departments, scope.line):
        assert isinstance(bind, BindParameter)
        assert bind.value is None
        with pytest.raises(TypeError):
            bool(bind)
        with pytest.raises(TypeError):
            bool(bind > date(2024, 1, 1))
    assert {str(filler.fill(whole.leaves)) for filler in binds.fillers.values()} <= {str(leaf) for leaf in whole.leaves}
    assert not hasattr(symbolic, "locale")


@pytest.mark.parametrize("role", Role)
def test_a_symbolic_actor_may_what_the_actor_may(role: Role) -> None:
    whole = actor(role)
    symbolic: SymbolicActor = whole.symbolic(Binds(whole.leaves))
    for permission in Permission:
        assert symbolic.reach(permission) is whole.reach(permission)
        if whole.reach(permission) is Reach.NONE:
            with pytest.raises(Forbidden):
                symbolic.require(permission)
        else:
            symbolic.require(permission)


def test_a_relation_is_told_of_the_request_who_asks_and_nothing_else() -> None:
    info = PlanInfo(actor())
    assert vars(info) == {"actor": info.actor, "holds": info.holds}
    with pytest.raises(RuntimeError, match="no parent"):
        info.holds(lambda *_: True)
    for name in ("context", "variable_values", "root_value", "operation", "selected_fields", "path"):
        with pytest.raises(AttributeError):
            getattr(info, name)


def test_every_trait_that_a_plan_can_depend_on_is_in_its_key_or_bound() -> None:
    """A trait added to Actor has to be one or the other, or this fails."""
    one = actor(Role.MANAGER)
    unread = {"locale", "organization_locale", "key_id"}  # of messages and of the trail, which no plan has
    for name in set(Actor.__dataclass_fields__) - unread:
        other = replace(one, **{name: _another(name)})
        assert (one.plan_key, list(one.leaves)) != (other.plan_key, list(other.leaves)), name


def _another(name: str) -> Any:
    known = {"rights": rights(Role.CUSTOMER), "roots": (((uuid4(),), ()),), "today": date(1999, 9, 9)}
    return known.get(name) or uuid4()
