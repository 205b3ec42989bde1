"""What a caller may ask for and spend, looked into before anything is executed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, OperationType
from graphql.execution.values import VariableValues

from app.access.actor import Actor, Anonymous
from app.db.buckets import Key
from app.http.buckets import Buckets, Callers, Spent
from app.http.call import RawHeaders
from app.http.limits import LimitsByRole
from app.limits import LARGEST_PAGE, Limits
from app.planner.cost import Costs
from app.planner.documents import Document
from app.planner.plans import Operation

MOST_ROWS = 250  # in a batch: a mutation refuses more by a problem of its own
BEYOND_A_SLIP = 4  # times as many are not looked at


@dataclass(frozen=True, slots=True)
class Demand:
    """What an operation costs, and whose bucket pays."""

    cost: int
    limits: Limits
    key: Key


class Limiter:
    def __init__(self, costs: Costs, by_role: LimitsByRole, callers: Callers, buckets: Buckets) -> None:
        self._costs, self._by_role, self._callers, self._buckets = costs, by_role, callers, buckets

    def limits_of(self, actor: Actor | Anonymous) -> Limits:
        return self._by_role.of(actor.rights)

    def demand(
        self,
        document: Document,
        operation: Operation,
        variables: VariableValues,
        actor: Actor | Anonymous,
        address: str | None,
    ) -> Demand | Sequence[GraphQLError]:
        """What an operation asks for, or what of it is too much."""
        limits = self.limits_of(actor)
        if document.size is not None:
            errors = document.size.beyond(limits)
            if errors:
                return errors
        requested = self._costs.of(operation).of(variables.coerced)
        if requested.cost > limits.cost:
            return [_refusal(f"The operation costs {requested.cost}", requested.cost, limits.cost)]
        if requested.rows > limits.nodes:
            return [_refusal(f"The answer could have {requested.rows} nodes", requested.rows, limits.nodes)]
        if limits.page < LARGEST_PAGE and requested.page > limits.page:
            return [_refusal(f"A page would have {requested.page} rows", requested.page, limits.page)]
        longest = _longest(variables.coerced, operation, limits)
        if longest > limits.items:
            return [_refusal(f"A list of the variables has {longest} items", longest, limits.items)]
        return Demand(requested.cost, limits, self._callers.key_of(actor, address))

    async def spend(self, demand: Demand) -> Spent:
        return await self._buckets.spend(demand.key, demand.limits, demand.cost)


def _refusal(what: str, requested: int, limit: int) -> GraphQLError:
    extensions = {"code": "LIMIT_EXCEEDED", "requested": requested, "limit": limit}
    return GraphQLError(f"{what}; {limit} are allowed.", extensions=extensions)


def _longest(values: Mapping[str, Any], operation: Operation, limits: Limits) -> int:
    """The longest list. The lists that a mutation's input has itself are left to it, which says more, unless the
    caller may have fewer items than it takes, or there are so many that it is no slip."""
    kept = operation.definition.operation is OperationType.MUTATION and limits.items >= MOST_ROWS
    longest = 0
    for value in values.values():
        if kept and isinstance(value, Mapping):
            for member in value.values():
                slip = isinstance(member, list) and len(member) <= BEYOND_A_SLIP * limits.items
                longest = max(longest, *map(_length, member if slip else [member]), 0)
        elif isinstance(value, list | Mapping):
            longest = max(longest, _length(value))
    return longest


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return max(map(_length, value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), max(map(_length, value), default=0))
    return 0


def told(spent: Spent) -> bytes:
    """The extension of an answer."""
    return b'"extensions":{"cost":{"requested":%d,"remaining":%d,"limit":%d}}' % (
        spent.requested,
        spent.left,
        spent.limits.capacity,
    )


def headers_of(spent: Spent) -> RawHeaders:
    made = [
        (b"ratelimit-limit", b"%d" % spent.limits.capacity),
        (b"ratelimit-remaining", b"%d" % spent.left),
        (b"ratelimit-reset", b"%d" % spent.reset),
    ]
    if spent.wait:
        made.append((b"retry-after", b"%d" % spent.wait))
    return made


def empty(spent: Spent) -> GraphQLError:
    """Why a caller has to wait."""
    message = f"This costs {spent.requested}, and {spent.left} are left: try again in {spent.wait} s."
    extensions = {"code": "LIMIT_EXCEEDED", "requested": spent.requested, "limit": spent.limits.capacity}
    return GraphQLError(message, extensions={**extensions, "remaining": spent.left, "retryAfter": spent.wait})
