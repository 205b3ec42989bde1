"""What each caller may ask for: of all their roles the widest."""

from functools import lru_cache

from app.access.actor import KEPT_RIGHTS, Rights
from app.access.permissions import Role
from app.limits import ANONYMOUS, DEFAULT, Given, Limits, limits_by_role, widest


class LimitsByRole:
    """Raises ValueError if a role is named that there is not."""

    def __init__(self, given: Given) -> None:
        unknown = set(given) - {DEFAULT, ANONYMOUS, *(role.name for role in Role)}
        if unknown:
            raise ValueError(f"ALLROUND_LIMITS names {', '.join(sorted(unknown))}, which is no role.")
        self._by_role = limits_by_role(given)
        self.of = lru_cache(maxsize=KEPT_RIGHTS)(self._of)

    def _of(self, rights: Rights) -> Limits:
        if rights.anonymous:
            return self._by_role[ANONYMOUS]
        names = {held.role.name for held in rights.held} or {DEFAULT}
        return widest(self._by_role.get(name, self._by_role[DEFAULT]) for name in names)

    @property
    def widest(self) -> Limits:
        """What nobody may exceed."""
        return widest(self._by_role.values())
