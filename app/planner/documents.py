"""Documents, parsed and validated once by graphql-core, and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from app.limits import MOST_ERRORS, Limits
from app.planner.kept import Kept
from app.planner.plans import Operation
from app.planner.sizes import Size, measured

MOST_TOKENS = Limits().tokens
KEPT_DOCUMENTS = 2_000
DOCUMENT_CHARACTERS = 500  # a longer document counts as several; all of them take some 100 MB


@dataclass(frozen=True, slots=True)
class Document:
    """`errors` are what validation found; a document that has some is never executed."""

    source: str
    parsed: DocumentNode | None
    errors: Sequence[GraphQLError] = ()
    size: Size | None = None
    _operations: dict[str | None, Operation] = field(default_factory=dict, compare=False, repr=False)

    def operation(self, name: str | None) -> Operation | None:
        """The operation of that name, or the only one; None if there is no telling which."""
        found = self._operations.get(name)
        if found is None:
            found = self._found(name)
            if found is not None:
                self._operations[name] = found
        return found

    def _found(self, name: str | None) -> Operation | None:
        if self.parsed is None:
            return None
        definition = get_operation_ast(self.parsed, name)
        if definition is None:
            return None
        fragments = {d.name.value: d for d in self.parsed.definitions if isinstance(d, FragmentDefinitionNode)}
        return Operation(self.source, definition, fragments)


class Documents:
    """`rules` are validation rules beside the specified ones; their classes are made once, because graphql-core
    keeps no result for a class it has not seen. What is larger than `most` is not even validated, whoever sends it."""

    def __init__(
        self,
        schema: GraphQLSchema,
        rules: Sequence[type[ASTValidationRule]] = (),
        *,
        hints: bool = True,
        most: Limits | None = None,
    ) -> None:
        self._schema, self._most = schema, most or Limits()
        self._hints = hints
        self._rules = [*specified_rules, *rules]
        self._kept: Kept[Document] = Kept(
            KEPT_DOCUMENTS, lambda document: 1 + len(document.source) // DOCUMENT_CHARACTERS
        )

    def understood(self, source: str) -> Document:
        document = self._kept.get(source)
        if document is None:
            document = self._read(source)
            self._kept.put(source, document)
        return document

    def _read(self, source: str) -> Document:
        try:
            parsed = parse(source, max_tokens=self._most.tokens, allow_empty_selection_sets=False)
        except GraphQLError as error:
            return Document(source, None, [error])
        size = measured(source, parsed)
        return Document(source, parsed, size.beyond(self._most) or self._errors(parsed), size)

    def _errors(self, parsed: DocumentNode) -> Sequence[GraphQLError]:
        return validate(self._schema, parsed, self._rules, max_errors=MOST_ERRORS, hide_suggestions=not self._hints)
