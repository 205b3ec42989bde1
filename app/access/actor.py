"""Who asks, and how far each permission of theirs reaches."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, literal

from app.access.permissions import (
    ANYBODY,
    GRANTS,
    NEVER_LENT,
    WITHOUT_ROLE,
    Given,
    Permission,
    Reach,
    Role,
    given_to_all,
)
from app.errors import Forbidden, Unauthenticated
from app.messages import Locale
from app.planner.shape import Binds

Ceiling = frozenset[tuple[Permission, Reach]]
KEPT_RIGHTS = 10_000  # of permissions: keys have ceilings of their own
LEAVES_OF_HELD = 6  # before it are the organization, the account, the stakeholder, the day, the lender and the session


@dataclass(frozen=True, slots=True)
class Held:
    """A role as somebody holds it: what it gives beyond what everybody has goes no further than `limit`; with that,
    `named` ones reach nobody but the stakeholders that the grant names, and `rooted` ones nothing outside of the
    department that it names."""

    role: Role
    limit: Reach = Reach.ORGANIZATION
    named: bool = False
    rooted: bool = False


def held_by(role: Role, reach: Reach | None, *, rooted: bool, named: bool) -> Held:
    """How a grant makes somebody hold its role; `rooted` in a department, or `named` if it names stakeholders."""
    return Held(role, reach or (Reach.DEPARTMENT if rooted else Reach.ORGANIZATION), named, rooted)


@dataclass(frozen=True, slots=True)
class Rights:
    """What an actor holds, whoever that is: a plan's key. `lent` is for somebody who acts for another; nothing goes
    further than the `ceiling` of a key; `anonymous` is nobody's."""

    held: tuple[Held, ...] = ()
    lent: bool = False
    ceiling: Ceiling | None = None
    anonymous: bool = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.held, self.lent, self.ceiling, self.anonymous)))

    def __hash__(self) -> int:
        return self._hash  # it is asked for several times in each request

    @property
    def without_role(self) -> Given:
        return ANYBODY if self.anonymous or self.lent or self.ceiling is not None else WITHOUT_ROLE


@lru_cache(maxsize=KEPT_RIGHTS)
def reach_of(rights: Rights, permission: Permission) -> Reach:
    """The widest reach that any of the held roles gives. Named stakeholders count for no more than oneself: they are
    never all of a kind."""
    reaches = [
        min(reach_of_held(rights, held, permission), Reach.OWN if _names(held, permission) else Reach.ORGANIZATION)
        for held in rights.held
    ]
    return max(reaches, default=rights.without_role.get(permission, Reach.NONE))


@lru_cache(maxsize=KEPT_RIGHTS)
def reach_of_held(rights: Rights, held: Held, permission: Permission) -> Reach:
    """Figures stay figures: AGGREGATE is less than any reach that yields rows."""
    if permission in NEVER_LENT and (rights.lent or rights.ceiling is not None):
        return Reach.NONE
    most = Reach.ORGANIZATION if rights.ceiling is None else dict(rights.ceiling).get(permission, Reach.NONE)
    return min(max(_limited(held, permission), given_to_all(held.role).get(permission, Reach.NONE)), most)


def _limited(held: Held, permission: Permission) -> Reach:
    return min(GRANTS[held.role].get(permission, Reach.NONE), held.limit)


def _is_everybodys(held: Held, permission: Permission) -> bool:
    """Whether the role adds nothing to what everybody has, which is not limited to a department or to some people."""
    return _limited(held, permission) <= given_to_all(held.role).get(permission, Reach.NONE)


def _names(held: Held, permission: Permission) -> bool:
    return held.named and not _is_everybodys(held, permission)


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a permission goes by one of the held roles. `departments` are what a reach of DEPARTMENT is about: those
    that the grant names if it is `rooted`, and then nothing outside of them is reached, otherwise those that are
    headed. `subjects` are the only ones it reaches if there are any, and `line` is whose reporting line it follows:
    the actor's own, or that of whoever lent the role. All three are values or binds."""

    reach: Reach
    line: Any
    departments: Any
    subjects: Any | None
    lent: bool
    rooted: bool


class _Granted(ABC):
    """What an actor and its symbolic double have in common: rights, and nothing that tells one person from another."""

    rights: Rights

    @property
    def signed_in(self) -> bool:
        return True

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.rights.held)

    def reach(self, permission: Permission) -> Reach:
        return reach_of(self.rights, permission)

    def scopes(self, permission: Permission) -> tuple[Scope, ...]:
        """Where the permission reaches rows; none if it reaches figures only, or nothing."""
        found = []
        for place, held in enumerate(self.rights.held):
            reach = reach_of_held(self.rights, held, permission)
            if reach > Reach.AGGREGATE:
                departments, subjects = self._roots(place)
                named = subjects if _names(held, permission) else None
                rooted = held.rooted and not _is_everybodys(held, permission)
                found.append(Scope(reach, self._line, departments, named, self.rights.lent, rooted))
        return tuple(found)

    @property
    @abstractmethod
    def _line(self) -> Any:
        """Whose reporting line the roles follow."""

    @abstractmethod
    def _roots(self, place: int) -> tuple[Any, Any]:
        """The departments and the subjects of a held role."""

    def require(self, permission: Permission) -> None:
        """Raises Unauthenticated or Forbidden unless the permission reaches anything at all."""
        if self.reach(permission) is not Reach.NONE:
            return
        if not self.signed_in:
            raise Unauthenticated
        raise Forbidden(permission.value)


@dataclass(frozen=True, slots=True)
class Actor(_Granted):
    """`roots` are, for each role of `rights`, its departments and its subjects; `today` is the day it is for the
    organization. `on_behalf_of_id` is the stakeholder whose delegated role is used, `session_id` what the actor signed
    in with, unless it was a key or another's token."""

    organization_id: UUID
    account_id: UUID
    stakeholder_id: UUID
    rights: Rights
    roots: tuple[tuple[tuple[UUID, ...], tuple[UUID, ...]], ...]
    today: date
    locale: str | None = None
    organization_locale: str = Locale.EN.value
    on_behalf_of_id: UUID | None = None
    session_id: UUID | None = None
    key_id: UUID | None = None

    @property
    def plan_key(self) -> Hashable:
        return self.rights

    @property
    def leaves(self) -> Sequence[Any]:
        own = (self.organization_id, self.account_id, self.stakeholder_id, self.today)
        return *own, self.on_behalf_of_id, self.session_id, *(list(ids) for pair in self.roots for ids in pair)

    @property
    def _line(self) -> Any:
        return self.on_behalf_of_id or self.stakeholder_id

    def _roots(self, place: int) -> tuple[Any, Any]:
        departments, subjects = self.roots[place]
        return literal(list(departments), ARRAY(Uuid())), literal(list(subjects), ARRAY(Uuid()))

    def symbolic(self, binds: Binds) -> "SymbolicActor":
        return SymbolicActor(self.rights, binds)


class SymbolicActor(_Granted):
    """An actor while a plan is made. It has the rights, which are the plan's key, and binds, which no code can look
    into; so a plan cannot depend on who asks."""

    __slots__ = ("_binds", "_signed_in", "rights")

    def __init__(self, rights: Rights, binds: Binds, *, signed_in: bool = True) -> None:
        self.rights = rights
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
    def session_id(self) -> Any:
        return self._binds.leaf(5, Uuid())

    @property
    def _line(self) -> Any:
        return self._binds.leaf(4, Uuid()) if self.rights.lent else self.stakeholder_id

    def _roots(self, place: int) -> tuple[Any, Any]:
        first = LEAVES_OF_HELD + 2 * place
        return self._binds.leaf(first, ARRAY(Uuid())), self._binds.leaf(first + 1, ARRAY(Uuid()))


@dataclass(frozen=True, slots=True)
class Anonymous(_Granted):
    """Nobody signed in: no role, no organization, no row."""

    organization_id: None = None
    rights: Rights = Rights(anonymous=True)
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
        return (None,) * LEAVES_OF_HELD

    @property
    def _line(self) -> Any:
        return None

    def _roots(self, _: int) -> tuple[Any, Any]:
        return None, None

    def symbolic(self, binds: Binds) -> SymbolicActor:
        return SymbolicActor(self.rights, binds, signed_in=False)


def ceiling_of(permissions: Mapping[Permission, Reach]) -> Ceiling:
    return frozenset(permissions.items())
