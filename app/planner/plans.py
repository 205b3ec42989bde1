"""A plan is SQL text and a way to fill it: compiled once per shape of request, kept in a bounded cache."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from uuid import UUID

from graphql import FieldNode, FragmentDefinitionNode, GraphQLError, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues
from sqlalchemy import ARRAY, Text, Uuid, cast, func, select

from app.errors import BadInput, DomainError
from app.planner.catalog import Catalog
from app.planner.compiled import compiled
from app.planner.compiler import Compiler, Details
from app.planner.derived import Derivation, filled
from app.planner.kept import Kept
from app.planner.lens import Edge, Shape
from app.planner.rows import Relation
from app.planner.shape import Binds, Facet, Filler, Leaves, Slot, key_of, mentioned, split

KEPT_PLANS = 2_000
PLAN_CHARACTERS = 10_000  # a plan with more SQL than that counts as several; all of them take some 80 MB

Values = list[Any]


class Viewer(Protocol):
    """Who reads. All that a relation can look at of a viewer is in `plan_key` or among the leaves."""

    @property
    def organization_id(self) -> UUID | None: ...

    @property
    def plan_key(self) -> Hashable: ...

    @property
    def leaves(self) -> Sequence[Any]: ...

    def symbolic(self, binds: Binds) -> Any:
        """An actor whose grants are those of `plan_key` and whose other traits are binds of `leaves`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, with what it takes to plan it."""

    source: str
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    @property
    def key(self) -> Hashable:
        return self.source, self.definition.name and self.definition.name.value

    def reads_only_planned(self, catalog: Catalog) -> bool:
        """Whether it is a query that one statement answers whole."""
        root = catalog.graphql.query_type
        if root is None or self.definition.operation is not OperationType.QUERY:
            return False
        return all(
            isinstance(selection, FieldNode)
            and (member := catalog.member(root, selection.name.value)) is not None
            and member.planned
            for selection in self.definition.selection_set.selections
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """`sql` yields one row with a JSON text per key. `fillers` fill its parameters, `checks` are of values that its
    text has no place for and that have to be right all the same. `required` are the keys for which null means
    NOT_FOUND; `order` are all keys asked for, `refused` those that cannot be answered."""

    sql: str
    keys: Sequence[str]
    fillers: Sequence[Filler]
    checks: Sequence[Filler] = ()
    derivations: Sequence[Derivation] = ()
    required: frozenset[str] = frozenset()
    refused: Mapping[str, DomainError] = field(default_factory=dict)
    order: Sequence[str] = ()

    def filled(self, leaves: Leaves) -> tuple[Values, dict[str, DomainError]]:
        """The values of the parameters, and the root fields that have a wrong one."""
        wrong: dict[str, DomainError] = {}
        values = []
        for filler in (*self.fillers, *self.checks):
            try:
                values.append(filler.fill(leaves))
            except DomainError as error:
                wrong.setdefault(filler.root or "", error)
        return values[: len(self.fillers)], wrong

    def finished(self, texts: Sequence[str | None], locale: str) -> dict[str, str | None]:
        """The JSON of each key; what it says in words is in the locale's language."""
        if self.derivations:
            texts = [text and filled(text, self.derivations, locale) for text in texts]
        return dict(zip(self.keys, texts, strict=True))


Build = Callable[[Compiler], Plan]


class Plans:
    """Two caches: what has to be known of the leaves of each shape of request, and the plans themselves."""

    def __init__(self, catalog: Catalog, most: int = KEPT_PLANS) -> None:
        self.catalog = catalog
        self._facets: Kept[Sequence[Facet]] = Kept(most)
        self._names: Kept[frozenset[str]] = Kept(most)
        self._plans: Kept[Plan] = Kept(most, lambda plan: 1 + len(plan.sql) // PLAN_CHARACTERS)

        self._whole: Kept[bool] = Kept(most)

    def __len__(self) -> int:
        return len(self._plans)

    def answer_whole(self, operation: Operation) -> bool:
        """Whether one statement answers an operation whole: the short way can take it."""
        whole = self._whole.get(operation.key)
        if whole is None:
            whole = operation.reads_only_planned(self.catalog)
            self._whole.put(operation.key, whole)
        return whole

    def reading(self, operation: Operation, variables: VariableValues, viewer: Viewer) -> tuple[Plan, Values]:
        """The plan for all planned root fields of an operation, and what fills it. A root field with a value that
        cannot be is refused, and the others are planned without it."""
        plan, values, wrong = self._roots_without(frozenset(), operation, variables, viewer)
        if wrong:
            plan, values, _ = self._roots_without(frozenset(wrong), operation, variables, viewer)
            plan = replace(plan, refused={**plan.refused, **wrong})
        return plan, values

    def _roots_without(
        self, wrong: frozenset[str], operation: Operation, variables: VariableValues, viewer: Viewer
    ) -> tuple[Plan, Values, dict[str, DomainError]]:
        leaves = list(viewer.leaves)
        name = (operation.key, wrong)
        plan = self._plan(name, operation, variables, viewer, leaves, lambda compiler: _roots(compiler, wrong))
        return plan, *plan.filled(leaves)

    def following(
        self,
        operation: Operation,
        variables: VariableValues,
        viewer: Viewer,
        place: tuple[Any, Details],
        ids: Sequence[UUID],
    ) -> tuple[Plan, Values]:
        """The plan for what is selected of referenced rows, and what fills it: its statement yields pairs of id and
        JSON. `place` is their type and the fields that select them. One row has a statement of its own: of a list
        PostgreSQL does not know how long it is, and plans anew each time.
        """
        type_, details = place
        single = len(ids) == 1
        leaves = [*viewer.leaves, ids[0] if single else list(ids)]
        slot = Slot(len(leaves) - 1)

        def build(compiler: Compiler) -> Plan:
            given = compiler.binds.value(slot, lambda ids: ids, Uuid() if single else ARRAY(Uuid()))
            found = compiler.referenced(type_, details, given if single else func.any(given))
            return _compiled(found, ["id", "node"], compiler)

        selected = [node.node for node in details]
        places = tuple(node.loc and node.loc.start for node in selected)
        names = self._mentioned((operation.key, type_.name, places), selected, operation)
        known = VariableValues(
            variables.sources, {name: value for name, value in variables.coerced.items() if name in names}
        )
        plan = self._plan((operation.key, type_.name, places, single), operation, known, viewer, leaves, build)
        values, wrong = plan.filled(leaves)
        for error in wrong.values():
            raise error
        return plan, values

    def _mentioned(self, name: Hashable, selected: list[FieldNode], operation: Operation) -> frozenset[str]:
        """The variables that a selection speaks of, looked for once."""
        names = self._names.get(name)
        if names is None:
            names = mentioned(selected, operation.fragments)
            self._names.put(name, names)
        return names

    def root_nodes(self, operation: Operation, variables: VariableValues) -> dict[str, list[FieldNode]]:
        """The keys that an operation's answer has, whether it can be planned or not, with what asks for them."""
        nobody, binds = None, Binds(())
        compiler = Compiler(self.catalog, operation.definition, operation.fragments, variables, nobody, binds)
        return {key: [each.node for each in details] for key, details in compiler.roots().items()}

    def _plan(
        self,
        name: Hashable,
        operation: Operation,
        variables: VariableValues,
        viewer: Viewer,
        leaves: list[Any],
        build: Build,
    ) -> Plan:
        """Appends the leaves of the variables to `leaves`."""
        shape = split(variables.coerced, leaves)
        key = (name, viewer.plan_key, key_of(shape))
        facets = self._facets.get(key)
        if facets is not None:
            plan = self._plans.get((key, _said(facets, leaves)))
            if plan is not None:
                return plan
        binds = Binds(leaves)
        symbolic = viewer.symbolic(binds)
        known = VariableValues(variables.sources, shape)
        plan = build(Compiler(self.catalog, operation.definition, operation.fragments, known, symbolic, binds))
        self._facets.put(key, tuple(binds.facets))
        self._plans.put((key, _said(binds.facets, leaves)), plan)
        return plan


def _said(facets: Sequence[Facet], leaves: Leaves) -> Hashable:
    return tuple(facet(leaves) for facet in facets)


def _roots(compiler: Compiler, wrong: frozenset[str]) -> Plan:
    found: dict[str, Any] = {}
    required: set[str] = set()
    refused: dict[str, DomainError] = {}
    asked = compiler.roots()
    for key, details in asked.items():
        member = compiler.catalog.member(compiler.root_type, details[0].node.name.value)
        if key in wrong or member is None or not isinstance(member.how, Edge):
            continue
        compiler.binds.root = key
        try:
            found[key] = compiler.root(details)
        except DomainError as error:
            refused[key] = error
        except GraphQLError as error:
            refused[key] = BadInput(error.message)
        if member.how.shape in {Shape.ONE, Shape.NODE}:
            required.add(key)
    statement = select(*(cast(expression, Text).label(f"root{i}") for i, expression in enumerate(found.values())))
    plan = _compiled(statement, list(found), compiler)
    return replace(plan, required=frozenset(required), refused=refused, order=list(asked))


def _compiled(statement: Relation, keys: Sequence[str], compiler: Compiler) -> Plan:
    sql, fillers, checks = compiled(statement, compiler.binds.fillers)
    return Plan(sql, keys, fillers, checks, tuple(compiler.derivations))
