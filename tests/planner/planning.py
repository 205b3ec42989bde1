"""Plans a query without a server, as whoever asks."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from graphql.execution.values import VariableValues, get_variable_values

from app.access.actor import Actor, Anonymous, Held, Rights
from app.access.permissions import Role
from app.planner.catalog import Catalog
from app.planner.documents import Documents
from app.planner.plans import Operation, Plan, Plans, Values


def rights(*roles: Role) -> Rights:
    return Rights(tuple(Held(role) for role in sorted(roles, key=lambda role: role.name)))


def actor(*roles: Role, **given: Any) -> Actor:
    """Somebody new, with nothing in common with anybody but the roles."""
    held = given.get("rights", rights(*(roles or [Role.EMPLOYEE])))
    return Actor(
        **{
            "organization_id": uuid4(),
            "account_id": uuid4(),
            "stakeholder_id": uuid4(),
            "rights": held,
            "roots": tuple(((uuid4(), uuid4()), ()) for _ in held.held),
            "today": date(2024, 1, 1),
            **given,
        }
    )


@dataclass
class Planning:
    """A schema, and the plans that were made of it."""

    catalog: Catalog
    plans: Plans

    @classmethod
    def of(cls, catalog: Catalog, most: int = 100) -> "Planning":
        return cls(catalog, Plans(catalog, most))

    def operation(
        self, query: str, variables: dict[str, Any], name: str | None = None
    ) -> tuple[Operation, VariableValues]:
        document = Documents(self.catalog.graphql).understood(query)
        assert not document.errors, document.errors
        operation = document.operation(name)
        assert operation is not None
        definitions = operation.definition.variable_definitions or ()
        values = get_variable_values(self.catalog.graphql, definitions, variables)
        assert isinstance(values, VariableValues), values
        return operation, values

    def plan(self, query: str, who: Actor | Anonymous | None = None, /, **variables: Any) -> Plan:
        return self.filled(query, who, **variables)[0]

    def filled(self, query: str, who: Actor | Anonymous | None = None, /, **variables: Any) -> tuple[Plan, Values]:
        return self.plans.reading(*self.operation(query, variables), who or actor())
