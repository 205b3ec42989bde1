"""How large a document may be, as rules of validation: checked once for each document, whoever sends it."""

from typing import Any

from graphql import (
    ASTValidationRule,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
)

DEEPEST = 10
MOST_ALIASES = 15
MOST_DIRECTIVES = 50


class SizeRule(ASTValidationRule):
    """Bounds the depth of an operation's fields, fragments followed, and the aliases and directives of a document.
    Introspection is as deep as it needs to be."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._aliases = 0
        self._directives = 0
        self._depths: dict[str, int] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        depth = self._depth(node.selection_set, frozenset())
        if depth > DEEPEST:
            self._refuse(f"The operation is {depth} fields deep; {DEEPEST} are served.", node)

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self._aliases += node.alias is not None
        if self._aliases == MOST_ALIASES + 1:
            self._refuse(f"A document may have {MOST_ALIASES} aliases.", node)

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        self._directives += 1
        if self._directives == MOST_DIRECTIVES + 1:
            self._refuse(f"A document may have {MOST_DIRECTIVES} directives.", node)

    def _depth(self, selections: SelectionSetNode | None, above: frozenset[str]) -> int:
        depth = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                if not selection.name.value.startswith("__"):
                    depth = max(depth, 1 + self._depth(selection.selection_set, above))
            elif isinstance(selection, FragmentSpreadNode):
                depth = max(depth, self._fragment_depth(selection.name.value, above))
            else:
                depth = max(depth, self._depth(getattr(selection, "selection_set", None), above))
        return depth

    def _fragment_depth(self, name: str, above: frozenset[str]) -> int:
        fragment = self.context.get_fragment(name)
        if name in above or not isinstance(fragment, FragmentDefinitionNode):
            return 0  # a circle or an unknown name: another rule says so
        if name not in self._depths:
            self._depths[name] = self._depth(fragment.selection_set, above | {name})
        return self._depths[name]

    def _refuse(self, message: str, node: Any) -> None:
        self.report_error(GraphQLError(message, node, extensions={"code": "LIMIT_EXCEEDED"}))
