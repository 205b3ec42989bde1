"""Looks up what the roster of the demonstration organization has become."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.stakeholders.models import Department, Membership, Position, Stakeholder


async def people_by_key(session: AsyncSession) -> Mapping[str, Stakeholder]:
    rows = select(Stakeholder).where(col(Stakeholder.external_id).is_not(None))
    return {str(row.external_id): row for row in (await session.execute(rows)).scalars()}


async def departments_by_key(session: AsyncSession) -> Mapping[str, Department]:
    rows = select(Department).where(col(Department.external_id).is_not(None))
    return {str(row.external_id): row for row in (await session.execute(rows)).scalars()}


async def positions_by_key(session: AsyncSession) -> Mapping[str, UUID]:
    rows = select(Position).where(col(Position.external_id).is_not(None))
    return {str(row.external_id): row.id for row in (await session.execute(rows)).scalars()}


async def open_memberships(session: AsyncSession) -> Mapping[UUID, Membership]:
    rows = select(Membership).where(col(Membership.ends_on).is_(None))
    return {row.stakeholder_id: row for row in (await session.execute(rows)).scalars()}
