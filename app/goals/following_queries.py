"""Which goals an event is about: the one that it names, and those above it, which it may have fed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from app.db.database import Database
from app.db.outbox import Happened

ABOVE = """
select ancestor_id, descendant_id
from goal_lines
where organization_id = $1 and descendant_id = any($2::uuid[]) and ancestor_id = any($3::uuid[])
"""
OF_A_GOAL = "goal."
ITS_GOAL = "goal_id"
FURTHER = ("left_id", "parent_id")  # goals that a goal was taken away from, or asks to stand below


async def goals_concerned(
    database: Database, organization_id: UUID, events: Sequence[Happened], followed: Collection[UUID]
) -> Mapping[UUID, Sequence[Happened]]:
    """The goals that are followed, with the events that are about each."""
    told: defaultdict[UUID, list[Happened]] = defaultdict(list)
    for event in events:
        for goal_id in named_goals(event):
            told[goal_id].append(event)
    if not told:
        return {}
    pairs = await database.rows(organization_id, ABOVE, [organization_id, list(told), list(followed)])
    found: defaultdict[UUID, list[Happened]] = defaultdict(list)
    for above, below in pairs:
        found[above] += told[below]
    return found


def named_goals(event: Happened) -> set[UUID]:
    """The goals that an event names; none if it is about something else."""
    own = event.payload.get(ITS_GOAL)
    if own is None and not event.name.startswith(OF_A_GOAL):
        return set()
    further = (event.payload.get(name) for name in FURTHER)
    return {event.subject_id if own is None else UUID(own), *(UUID(each) for each in further if each)}
