"""Who asks, and how far each permission of theirs reaches."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid

from app.access.permissions import GRANTS, Permission, Reach, Role
from app.errors import Forbidden, Unauthenticated
from app.messages import Locale
from app.planner.shape import Binds

Roles = frozenset[Role]


@cache
def reach_of(roles: Roles, permission: Permission) -> Reach:
    """The widest reach that any of the roles gives."""
    return max((GRANTS[role].get(permission, Reach.NONE) for role in roles), default=Reach.NONE)


class _Granted:
    """What an actor and its symbolic double have in common: grants, and nothing that tells one person from another."""

    roles: Roles

    @property
    def signed_in(self) -> bool:
        return True

    def reach(self, permission: Permission) -> Reach:
        return reach_of(self.roles, permission)

    def require(self, permission: Permission) -> None:
        """Raises Unauthenticated or Forbidden unless the permission reaches anything at all."""
        if not self.signed_in:
            raise Unauthenticated
        if self.reach(permission) is Reach.NONE:
            raise Forbidden(permission.value)


@dataclass(frozen=True, slots=True)
class Actor(_Granted):
    """`department_ids` root the reach of DEPARTMENT; `today` is the day it is for the organization."""

    organization_id: UUID
    account_id: UUID
    stakeholder_id: UUID
    roles: Roles
    department_ids: tuple[UUID, ...]
    today: date
    locale: str | None = None
    organization_locale: str = Locale.EN.value

    @property
    def plan_key(self) -> Hashable:
        return self.roles

    @property
    def leaves(self) -> Sequence[Any]:
        return self.organization_id, self.account_id, self.stakeholder_id, self.today, list(self.department_ids)

    def symbolic(self, binds: Binds) -> "SymbolicActor":
        return SymbolicActor(self.roles, binds)


class SymbolicActor(_Granted):
    """An actor while a plan is made. It has the roles, which are the plan's key, and binds, which no code can look
    into; so a plan cannot depend on who asks."""

    __slots__ = ("_binds", "_signed_in", "roles")

    def __init__(self, roles: Roles, binds: Binds, *, signed_in: bool = True) -> None:
        self.roles = roles
        self._binds = binds
        self._signed_in = signed_in

    @property
    def signed_in(self) -> bool:
        return self._signed_in

    @property
    def organization_id(self) -> Any:
        return self._binds.leaf(0, Uuid())

    @property
    def account_id(self) -> Any:
        return self._binds.leaf(1, Uuid())

    @property
    def stakeholder_id(self) -> Any:
        return self._binds.leaf(2, Uuid())

    @property
    def today(self) -> Any:
        return self._binds.leaf(3, Date())

    @property
    def department_ids(self) -> Any:
        return self._binds.leaf(4, ARRAY(Uuid()))


@dataclass(frozen=True, slots=True)
class Anonymous(_Granted):
    """Nobody signed in: no role, no organization, no row."""

    organization_id: None = None
    roles: Roles = frozenset()
    locale: None = None
    organization_locale: str = Locale.EN.value

    @property
    def signed_in(self) -> bool:
        return False

    @property
    def plan_key(self) -> Hashable:
        return None

    @property
    def leaves(self) -> Sequence[Any]:
        return None, None, None, None, []

    def symbolic(self, binds: Binds) -> SymbolicActor:
        return SymbolicActor(self.roles, binds, signed_in=False)
