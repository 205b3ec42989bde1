"""Goals that are not written yet, growing as time goes by: what is told of them is rolled up as it will be later on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.goals.key_results import tell
from app.goals.models import Confidence, Goal, GoalFeed, GoalState, KeyResult
from app.goals.progress import Above, Part, fed_by, rolled_up
from app.goals.roll_up import part_of_key_result
from app.goals.state_actions import OUTCOMES


@dataclass(slots=True)
class GoalTree:
    """`history` has a goal's progress and confidence at the end of each day on which its progress changed."""

    history: dict[tuple[UUID, date], tuple[Decimal | None, Confidence | None]] = field(default_factory=dict)
    _ways: dict[UUID, tuple[Goal, ...]] = field(default_factory=dict)
    _sums: dict[UUID, Above] = field(default_factory=dict)

    def plant(self, goal: Goal, parent: Goal | None, key_results: Sequence[KeyResult]) -> None:
        """A draft with key results, or to be fed by goals."""
        self._ways[goal.id] = (goal, *(self._ways[parent.id] if parent else ()))
        fed = fed_by(part_of_key_result(each) for each in key_results)
        self._sums[goal.id] = Above(fed, goal.weight, goal.counts())
        goal.feed = GoalFeed.KEY_RESULTS if key_results else None
        if parent is not None:
            parent.feed = GoalFeed.GOALS

    def turn(self, goal: Goal, state: GoalState, day: date) -> None:
        """A move of the state machine."""
        was = self._sums[goal.id].part
        goal.state, goal.outcome = state, OUTCOMES.get(state, goal.outcome)
        becomes = replace(self._sums[goal.id], counts=goal.counts())
        self._sums[goal.id] = becomes
        for parent in self._ways[goal.id][1:2]:
            self._roll_up(parent, was, becomes.part, day)

    def tell(self, goal: Goal, key_result: KeyResult, value: Decimal, day: date) -> None:
        """A check-in that counts."""
        was = part_of_key_result(key_result)
        tell(key_result, value)
        self._roll_up(goal, was, part_of_key_result(key_result), day)

    def progress(self, goal: Goal) -> Decimal | None:
        return self._sums[goal.id].fed.progress

    def sum_up(self) -> None:
        """Enters in the goals what feeds them."""
        for goal, *_ in self._ways.values():
            fed = self._sums[goal.id].fed
            goal.fed_weight, goal.fed_sum, goal.progress = fed.weight, fed.sum, fed.progress

    def lines(self) -> Mapping[UUID, Sequence[UUID]]:
        """Each goal with itself and all above it, from the bottom to the top."""
        return {goal: [above.id for above in way] for goal, way in self._ways.items()}

    def _roll_up(self, goal: Goal, was: Part, becomes: Part, day: date) -> None:
        way = [(each, self._sums[each.id]) for each in self._ways[goal.id]]
        for (each, above), fed in zip(way, rolled_up([above for _, above in way], was, becomes), strict=False):
            self._sums[each.id] = replace(above, fed=fed)
            self.history[each.id, day] = fed.progress, each.confidence
