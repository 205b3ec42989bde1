"""The rows of the demonstration organization's goals, with all that was ever told of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlmodel import SQLModel

from app.db.record import Event
from app.db.rows import new_id
from app.demo.goal_plans import CADENCE_DAYS, DEPARTMENT, Ending, GoalPlan, Year, plans, years
from app.demo.goal_stories import Telling, tellings
from app.demo.goal_templates import templates
from app.demo.goal_texts import joint_goal, notes
from app.demo.goal_tree import GoalTree
from app.demo.posts import chance
from app.goals import events
from app.goals.key_results import made_of, value_of_steps
from app.goals.models import (
    AgreementState,
    AlignmentRequest,
    CheckIn,
    CheckInDecision,
    Goal,
    GoalCoOwner,
    GoalLevel,
    GoalPeriod,
    GoalState,
    JointAgreement,
    KeyResult,
    Milestone,
)
from app.goals.template_models import GoalTemplate

ACHIEVED_FROM = Decimal("0.8")
ARCHIVED_PERCENT = 60
ASKED = ("this/service-31/2", "this/service-29")
"""A goal, and the one that it is to stand below."""
MORNING = time(8, 30, tzinfo=UTC)
Row: TypeAlias = dict[str, Any]
_ENDINGS = {Ending.CANCELLED: "cancelled", Ending.LEFT: "left"}


class Sprout(NamedTuple):
    """A plan, and the rows it has become."""

    plan: GoalPlan
    goal: Goal
    key_results: Sequence[KeyResult]
    steps: Sequence[Sequence[Milestone]]


class Happening(NamedTuple):
    """Something that comes true on a day; of those of a day the lower rank first."""

    on: date
    rank: int
    come_true: Callable[[], None]


@dataclass(slots=True)
class GoalRows:
    """`people` are the ids of people, and of what speaks for departments, by the keys that plans name owners with.
    `told` are the rows that the audit trail tells of."""

    organization_id: UUID
    people: Mapping[str, UUID]
    positions: Mapping[str, UUID]
    today: date
    templates: dict[str, GoalTemplate] = field(default_factory=dict)
    periods: dict[Year, GoalPeriod] = field(default_factory=dict)
    sprouts: dict[str, Sprout] = field(default_factory=dict)
    co_owners: list[GoalCoOwner] = field(default_factory=list)
    check_ins: list[Row] = field(default_factory=list)
    decisions: list[CheckInDecision] = field(default_factory=list)
    agreements: list[JointAgreement] = field(default_factory=list)
    requests: list[AlignmentRequest] = field(default_factory=list)
    told: list[tuple[Event, type[SQLModel], Row]] = field(default_factory=list)
    tree: GoalTree = field(default_factory=GoalTree)

    def grow(self) -> None:
        """Lets two years go by."""
        self.periods = {year: self._period(year) for year in years(self.today)}
        self.templates = templates(self.organization_id, self.positions)
        for template in self.templates.values():
            self._tell(events.GoalTemplateCreated(template.id), template)
        for plan in plans(self.today):
            self._plant(plan)
        self._ask()
        happenings = [each for sprout in self.sprouts.values() for each in self._happenings(sprout)]
        for happening in sorted(happenings, key=lambda each: (each.on, each.rank)):
            happening.come_true()
        self.tree.sum_up()
        for sprout in self.sprouts.values():
            self._close(sprout)
            self._tell(events.GoalCreated(sprout.goal.id, sprout.goal.owner_id, sprout.plan.level.name), sprout.goal)

    # --- what is planted

    def _period(self, year: Year) -> GoalPeriod:
        period = GoalPeriod(
            organization_id=self.organization_id,
            name=year.name,
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            cadence_days=CADENCE_DAYS,
            created_at=_at(year.starts_on - timedelta(days=30)),
        )
        self._tell(events.GoalPeriodCreated(period.id), period)
        return period

    def _plant(self, plan: GoalPlan) -> None:
        parent = self.sprouts[plan.parent].goal if plan.parent else None
        goal = self._goal(plan, parent)
        measured = [made_of(goal, rank, measure) for rank, measure in enumerate(plan.measures)]
        sprout = Sprout(plan, goal, [made for made, _ in measured], [steps for _, steps in measured])
        self.sprouts[plan.key] = sprout
        self.tree.plant(goal, parent, sprout.key_results)
        for key in plan.co_owners:
            self.co_owners.append(
                GoalCoOwner(organization_id=self.organization_id, goal_id=goal.id, stakeholder_id=self.people[key])
            )
        if plan.level is GoalLevel.JOINT:
            self._agree(sprout)

    def _goal(self, plan: GoalPlan, parent: Goal | None) -> Goal:
        returned = plan.state is GoalState.DRAFT and chance(f"{plan.key} returned", 2) == 0
        return Goal(
            organization_id=self.organization_id,
            level=plan.level,
            commitment=plan.commitment,
            visibility=plan.visibility,
            title=plan.title,
            description=plan.description,
            owner_id=self.people[plan.owner],
            parent_id=parent.id if parent else None,
            period_id=self.periods[plan.year].id,
            template_id=self.templates[plan.template].id if plan.template else None,
            weight=plan.weight,
            state_reason=notes().said["returned"][plan.locale] if returned else None,
            starts_on=plan.starts_on,
            ends_on=plan.year.ends_on,
            cadence_days=plan.cadence_days,
            created_at=_at(plan.starts_on - timedelta(days=chance(f"{plan.key} created", 20))),
        )

    def _agree(self, sprout: Sprout) -> None:
        joint = joint_goal()
        partner = self.people[joint.partner]
        agreement = JointAgreement(
            organization_id=self.organization_id,
            goal_id=sprout.goal.id,
            partner_id=partner,
            terms=joint.terms,
            own_share=joint.own_share,
            partner_share=100 - joint.own_share,
            state=AgreementState.ACCEPTED,
            proposed_by_id=sprout.goal.owner_id,
            decided_by_id=partner,
            created_at=_at(sprout.plan.starts_on),
        )
        self.agreements.append(agreement)
        self._tell(events.JointAgreementProposed(agreement.id, sprout.goal.id, partner), agreement)

    def _ask(self) -> None:
        """Somebody would like what they learn to count for the team."""
        goal, parent = (self.sprouts[key].goal for key in ASKED)
        request = AlignmentRequest(
            organization_id=self.organization_id,
            goal_id=goal.id,
            parent_id=parent.id,
            weight=goal.weight,
            note=notes().said["asked"][self.sprouts[ASKED[0]].plan.locale],
            asked_by_id=goal.owner_id,
            created_at=_at(self.today - timedelta(days=2)),
        )
        self.requests.append(request)
        self._tell(events.AlignmentRequested(request.id, goal.id, parent.id), request)

    # --- what happens

    def _happenings(self, sprout: Sprout) -> Iterator[Happening]:
        plan = sprout.plan
        if plan.state is GoalState.DRAFT:
            return
        yield Happening(plan.starts_on, 0, partial(self.tree.turn, sprout.goal, plan.state, plan.starts_on))
        for telling in tellings(plan, self.today):
            check_in = self._made(sprout, telling)
            yield Happening(telling.on, 1, partial(self._hear, sprout, telling, check_in))
            if telling.decided_on is not None:
                yield Happening(telling.decided_on, 1, partial(self._decide, sprout, telling, check_in))
        if plan.ends_early_on is not None:
            yield Happening(plan.ends_early_on, 2, partial(self._end, sprout, plan.ends_early_on))

    def _made(self, sprout: Sprout, telling: Telling) -> Row:
        """The check-in, to be numbered: a plain row, for there are thousands."""
        goal = sprout.goal
        made: Row = {
            "organization_id": self.organization_id,
            "id": new_id(),
            "goal_id": goal.id,
            "key_result_id": sprout.key_results[telling.measure].id,
            "number": 0,
            "author_id": self.people[joint_goal().partner] if telling.by_partner else self._speaker(sprout),
            "told_on": telling.on,
            "created_at": _at(telling.on, chance(f"{sprout.plan.key} {telling.on}", 540)),
            "value": telling.value,
            "milestones": None,
            "confidence": telling.confidence,
            "note": telling.note,
            "corrects_id": None,
            "awaits_confirmation": goal.level is GoalLevel.JOINT,
            "progress": None,
        }
        if telling.reached is not None:
            steps = sprout.steps[telling.measure]
            reached = [step.id for step in steps[: telling.reached]]
            made |= {
                "milestones": [str(step) for step in reached],
                "value": value_of_steps(steps, frozenset(reached)),
            }
        return made

    def _speaker(self, sprout: Sprout) -> UUID:
        """For a department its head checks in."""
        owner = sprout.plan.owner
        return self.people[f"{owner.removeprefix(DEPARTMENT)}-01" if owner.startswith(DEPARTMENT) else owner]

    def _hear(self, sprout: Sprout, telling: Telling, check_in: Row) -> None:
        goal = sprout.goal
        if telling.corrects_the_one_before:
            corrected = self.check_ins[-1]
            check_in |= {"number": corrected["number"], "corrects_id": corrected["id"]}
        else:
            goal.check_in_count += 1
            check_in["number"] = goal.check_in_count
        if not check_in["awaits_confirmation"]:
            self._count(sprout, telling, check_in, telling.on)
        check_in["progress"] = self.tree.progress(goal)
        self.check_ins.append(check_in)
        self.told.append((events.GoalCheckedIn(check_in["id"], goal.id, check_in["progress"]), CheckIn, check_in))

    def _decide(self, sprout: Sprout, telling: Telling, check_in: Row) -> None:
        decider = sprout.goal.owner_id if telling.by_partner else self.people[joint_goal().partner]
        decision = CheckInDecision(
            organization_id=self.organization_id,
            check_in_id=check_in["id"],
            decided_by_id=decider,
            decided_at=_at(telling.decided_on or telling.on),
            confirmed=not telling.declined,
            reason=notes().said["declined"][sprout.plan.locale] if telling.declined else None,
        )
        self.decisions.append(decision)
        event: Event = events.CheckInDeclined(check_in["id"], sprout.goal.id)
        if not telling.declined:
            self._count(sprout, telling, check_in, telling.decided_on or telling.on)
            event = events.CheckInConfirmed(check_in["id"], sprout.goal.id, self.tree.progress(sprout.goal))
        said = {"confirmed": decision.confirmed, "reason": decision.reason}
        self.told.append((event, CheckIn, said))

    def _count(self, sprout: Sprout, telling: Telling, check_in: Row, day: date) -> None:
        goal = sprout.goal
        goal.checked_in_on, goal.confidence = telling.on, telling.confidence or goal.confidence
        self.tree.tell(goal, sprout.key_results[telling.measure], check_in["value"], day)
        for place, step in enumerate(sprout.steps[telling.measure]):
            if place < (telling.reached or 0) and step.reached_on is None:
                step.reached_on = telling.on

    # --- how it ends

    def _end(self, sprout: Sprout, day: date) -> None:
        sprout.goal.state_reason = notes().said[_ENDINGS[sprout.plan.ending]][sprout.plan.locale]
        self.tree.turn(sprout.goal, GoalState.CANCELLED, day)

    def _close(self, sprout: Sprout) -> None:
        """What is left of a year that is over is reached or not; most of what is the teams' and the people's is put
        away since."""
        goal, year = sprout.goal, sprout.plan.year
        if not year.is_over:
            return
        if goal.state is GoalState.ACTIVE:
            reached = goal.progress is not None and goal.progress >= ACHIEVED_FROM
            self.tree.turn(goal, GoalState.ACHIEVED if reached else GoalState.MISSED, year.ends_on)
        small = goal.level in {GoalLevel.TEAM, GoalLevel.PERSON}
        if small and chance(f"{sprout.plan.key} archived", 100) < ARCHIVED_PERCENT:
            self.tree.turn(goal, GoalState.ARCHIVED, year.ends_on)

    def _tell(self, event: Event, row: SQLModel) -> None:
        self.told.append((event, type(row), row.model_dump()))


def _at(day: date, minutes: int = 0) -> datetime:
    return datetime.combine(day, MORNING) + timedelta(minutes=minutes)
