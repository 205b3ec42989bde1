"""The ways to reach a stakeholder, which are given and replaced as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.checks import Checks
from app.errors import ProblemCode
from app.stakeholders import change_queries
from app.stakeholders.models import ContactKind, ContactPoint, Stakeholder

MOST_CONTACT_POINTS = 20


@dataclass(frozen=True, slots=True)
class Contact:
    kind: ContactKind
    value: str
    label: str | None = None


def checked_contacts(check: Checks, person: Stakeholder, contacts: Sequence[Contact]) -> list[ContactPoint]:
    if len(contacts) > MOST_CONTACT_POINTS:
        check.refuse(ProblemCode.TOO_MANY_ROWS, "contactPoints", most=MOST_CONTACT_POINTS)
    return [
        ContactPoint(
            organization_id=person.organization_id,
            stakeholder_id=person.id,
            kind=contact.kind,
            value=check.name(contact.value, "contactPoints", str(rank), "value"),
            label=check.optional_name(contact.label, "contactPoints", str(rank), "label"),
            rank=rank,
        )
        for rank, contact in enumerate(contacts)
    ]


async def replace_contacts(
    session: AsyncSession, person: Stakeholder, points: Sequence[ContactPoint]
) -> Sequence[ContactPoint] | None:
    """Returns those that were there before; None if they are the same, and stay."""
    old = await change_queries.contact_points_of(session, person)
    if told_contacts(old) == told_contacts(points):
        return None
    for point in old:
        await session.delete(point)
    session.add_all(points)
    return old


def told_contacts(points: Sequence[ContactPoint]) -> list[dict[str, object]]:
    """Contact points as the audit trail has them."""
    return [{"kind": point.kind, "value": point.value, "label": point.label} for point in points]
