"""Laws of progress: attainments, weights, and what goes up a tree."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.goals.models import GoalOutcome, GoalState, counts
from app.goals.progress import (
    NOTHING,
    ONE,
    ZERO,
    Above,
    Fed,
    Part,
    attainment,
    clamped,
    fed_by,
    milestones_reached,
    rolled_up,
)
from tests.laws import examples

MILLIONTH = Fraction(1, 1_000_000)
HALF_A_PLACE = MILLIONTH / 2

values = st.decimals(Decimal(-(10**18)) + 1, Decimal(10**18) - 1, places=6)
small = st.decimals(-1_000, 1_000, places=2)
weights = st.decimals(0, 10_000, places=4)
shares = st.decimals(0, 1, places=6)
parts = st.builds(Part, weights, st.none() | shares)
many = st.lists(parts, max_size=8)


def law(count: int = 60) -> settings:
    return settings(max_examples=examples(count), deadline=None)


# --- attainments


@law()
@given(start=values, target=values)
def test_the_start_is_0_and_the_target_is_1(start: Decimal, target: Decimal) -> None:
    assume(start != target)
    assert attainment(start, target, start) == ZERO
    assert attainment(start, target, target) == ONE


@law()
@given(start=values, target=values, current=values)
def test_an_attainment_is_the_share_of_the_way_to_six_places(start: Decimal, target: Decimal, current: Decimal) -> None:
    assume(start != target)
    share = (Fraction(current) - Fraction(start)) / (Fraction(target) - Fraction(start))
    assert abs(Fraction(attainment(start, target, current)) - share) <= HALF_A_PLACE


@law()
@given(start=values, target=values, current=values)
def test_a_target_below_the_start_mirrors_one_above_it(start: Decimal, target: Decimal, current: Decimal) -> None:
    assume(start != target)
    assert attainment(-start, -target, -current) == attainment(start, target, current)


@law()
@given(start=small, way=small, one=small, other=small)
def test_nearer_to_the_target_is_never_less(start: Decimal, way: Decimal, one: Decimal, other: Decimal) -> None:
    assume(way != 0)
    near, far = sorted((one, other), reverse=way > 0)
    assert attainment(start, start + way, near) >= attainment(start, start + way, far)


def test_an_attainment_is_kept_raw_on_both_sides() -> None:
    assert attainment(Decimal(0), Decimal(10), Decimal(25)) == Decimal("2.5")
    assert attainment(Decimal(0), Decimal(10), Decimal(-5)) == Decimal("-0.5")
    assert attainment(Decimal(30), Decimal(10), Decimal(5)) == Decimal("1.25")
    assert attainment(Decimal(30), Decimal(10), Decimal(40)) == Decimal("-0.5")


def test_the_furthest_values_give_an_attainment_that_can_be_stored() -> None:
    most, least = Decimal(10**18) - Decimal("0.000001"), Decimal("0.000001")
    assert attainment(-most, -most + least, most) == 2 * (10**24 - 1)


@law()
@given(share=st.decimals(-10, 10, places=6))
def test_what_is_rolled_up_is_0_to_1(share: Decimal) -> None:
    assert ZERO <= clamped(share) <= ONE
    assert clamped(share) == share or not ZERO <= share <= ONE


# --- milestones

steps = st.lists(st.tuples(weights, st.booleans()), min_size=1, max_size=8).filter(lambda all_: any(w for w, _ in all_))


@law()
@given(steps=steps)
def test_no_step_is_0_all_steps_are_1_and_one_more_is_never_less(steps: Sequence[tuple[Decimal, bool]]) -> None:
    assert milestones_reached((weight, False) for weight, _ in steps) == ZERO
    assert milestones_reached((weight, True) for weight, _ in steps) == ONE
    reached = [
        milestones_reached((w, is_reached and i < n) for i, (w, is_reached) in enumerate(steps)) for n in range(9)
    ]
    assert reached == sorted(reached)
    assert milestones_reached(reversed(steps)) == milestones_reached(steps)


# --- what feeds a goal


@law()
@given(parts=many)
def test_progress_is_bounded_by_what_counts(parts: Sequence[Part]) -> None:
    counted = [part.share for part in parts if part.share is not None and part.weight > 0]
    progress = fed_by(parts).progress
    assert (progress is None) is (not counted)
    assert progress is None or min(counted) <= progress <= max(counted)


@law()
@given(parts=st.lists(st.builds(Part, st.just(ZERO), st.none() | shares), max_size=4))
def test_nothing_counted_is_no_progress_and_not_0(parts: Sequence[Part]) -> None:
    assert fed_by(parts).progress is None


@law()
@given(parts=many, share=shares)
def test_what_has_no_weight_changes_nothing(parts: Sequence[Part], share: Decimal) -> None:
    assert fed_by([*parts, Part(ZERO, share)]) == fed_by(parts)


@law()
@given(parts=many, goal=st.builds(Above, st.builds(Fed, weights, shares), weights, st.just(False)))
def test_what_does_not_count_changes_nothing(parts: Sequence[Part], goal: Above) -> None:
    assert fed_by([*parts, goal.part]) == fed_by(parts)


def test_only_drafts_and_what_was_cancelled_do_not_count() -> None:
    ends = {
        GoalState.ACHIEVED: (GoalOutcome.ACHIEVED,),
        GoalState.MISSED: (GoalOutcome.MISSED,),
        GoalState.CANCELLED: (GoalOutcome.CANCELLED,),
        GoalState.ARCHIVED: tuple(GoalOutcome),
    }
    counting = {(state, end) for state in GoalState for end in ends.get(state, (None,)) if counts(state, end)}
    assert counting == {
        (GoalState.PROPOSED, None),
        (GoalState.ACTIVE, None),
        (GoalState.ACHIEVED, GoalOutcome.ACHIEVED),
        (GoalState.MISSED, GoalOutcome.MISSED),
        (GoalState.ARCHIVED, GoalOutcome.ACHIEVED),
        (GoalState.ARCHIVED, GoalOutcome.MISSED),
    }


@law()
@given(parts=many, factor=st.integers(1, 1_000))
def test_only_the_proportions_of_the_weights_matter(parts: Sequence[Part], factor: int) -> None:
    scaled = [replace(part, weight=part.weight * factor) for part in parts]
    assert fed_by(scaled).progress == fed_by(parts).progress


@law()
@given(both=many.flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_the_order_does_not_matter(both: tuple[Sequence[Part], Sequence[Part]]) -> None:
    one, other = both
    assert fed_by(one) == fed_by(other)


@law()
@given(before=many, after=many)
def test_changing_part_after_part_is_the_same_as_summing_up(before: Sequence[Part], after: Sequence[Part]) -> None:
    fed = fed_by(before)
    for place in range(max(len(before), len(after))):
        was = before[place] if place < len(before) else NOTHING
        becomes = after[place] if place < len(after) else NOTHING
        fed = fed.with_change(was, becomes)
    assert fed == fed_by(after)


# --- up the tree


@dataclass
class Node:
    """A goal of a tree, which hangs below an earlier one. What feeds it is kept as it was told on the way up."""

    above: int | None
    weight: Decimal
    counts: bool
    key_results: list[Part] = field(default_factory=list)
    fed: Fed = field(default_factory=Fed)

    @property
    def told(self) -> Above:
        return Above(self.fed, self.weight, self.counts)


def grown(places: Sequence[tuple[int, Decimal, bool, Sequence[Part]]]) -> list[Node]:
    nodes: list[Node] = []
    for number, (above, weight, counting, key_results) in enumerate(places):
        nodes.append(Node(above % number if number else None, weight, counting, list(key_results)))
    inner = {node.above for node in nodes}
    for number, node in enumerate(nodes):
        if number in inner:
            node.key_results = []
    return nodes


def recomputed(nodes: Sequence[Node], number: int) -> Fed:
    """What feeds a goal, from the leaves."""
    below = [
        Part(node.weight, recomputed(nodes, place).progress) if node.counts else NOTHING
        for place, node in enumerate(nodes)
        if node.above == number
    ]
    return fed_by(below or nodes[number].key_results)


def way_up(nodes: Sequence[Node], number: int | None) -> list[Node]:
    return [] if number is None else [nodes[number], *way_up(nodes, nodes[number].above)]


def tell(nodes: Sequence[Node], number: int | None, was: Part, becomes: Part) -> None:
    way = way_up(nodes, number)
    for node, fed in zip(way, rolled_up([node.told for node in way], was, becomes), strict=False):
        node.fed = fed


trees = st.lists(
    st.tuples(st.integers(0, 100), weights, st.booleans(), st.lists(parts, max_size=3)), min_size=1, max_size=10
).map(grown)


@law(80)
@given(
    nodes=trees,
    changes=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 2), parts, weights, st.booleans()), max_size=8),
)
def test_what_goes_up_is_what_the_leaves_add_up_to(
    nodes: list[Node], changes: Sequence[tuple[int, int, Part, Decimal, bool]]
) -> None:
    for number in reversed(range(len(nodes))):
        nodes[number].fed = recomputed(nodes, number)
    for place, which, part, weight, counting in changes:
        node = nodes[place % len(nodes)]
        if which < len(node.key_results):
            was, node.key_results[which] = node.key_results[which], part
            tell(nodes, place % len(nodes), was, part)
        else:
            before, node.weight, node.counts = node.told.part, weight, counting
            tell(nodes, node.above, before, node.told.part)
        assert [each.fed for each in nodes] == [recomputed(nodes, number) for number in range(len(nodes))]


@law()
@given(nodes=trees, part=parts, place=st.integers(0, 100))
def test_a_change_and_its_undoing_leave_what_was(nodes: list[Node], part: Part, place: int) -> None:
    for number in reversed(range(len(nodes))):
        nodes[number].fed = recomputed(nodes, number)
    before = [node.fed for node in nodes]
    tell(nodes, place % len(nodes), NOTHING, part)
    tell(nodes, place % len(nodes), part, NOTHING)
    assert [node.fed for node in nodes] == before


@law()
@given(nodes=trees, one=parts, other=parts, places=st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_of_two_changes_it_does_not_matter_which_is_first(
    nodes: list[Node], one: Part, other: Part, places: tuple[int, int]
) -> None:
    told = [(place % len(nodes), part) for place, part in zip(places, (one, other), strict=True)]
    outcomes = []
    for order in (told, told[::-1]):
        tree = [replace(node) for node in nodes]
        for place, part in order:
            tell(tree, place, NOTHING, part)
        outcomes.append([node.fed for node in tree])
    assert outcomes[0] == outcomes[1]
