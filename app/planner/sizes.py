"""How large a document is: measured once, and compared with what each caller may send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.language.ast import Token

from app.limits import Limits

LIMIT_EXCEEDED = {"code": "LIMIT_EXCEEDED"}


@dataclass(frozen=True, slots=True)
class Size:
    """`depth` counts the fields below one another, fragments followed; introspection is as deep as it needs to be."""

    depth: int
    aliases: int
    directives: int
    tokens: int
    characters: int

    def beyond(self, most: Limits) -> Sequence[GraphQLError]:
        """What is larger than it may be."""
        if (
            self.depth <= most.depth
            and self.aliases <= most.aliases
            and self.directives <= most.directives
            and self.tokens <= most.tokens
            and self.characters <= most.characters
        ):
            return ()
        return [GraphQLError(words, extensions=dict(LIMIT_EXCEEDED)) for words in self._complaints(most)]

    def _complaints(self, most: Limits) -> Iterator[str]:
        if self.depth > most.depth:
            yield f"The operation is {self.depth} fields deep; {most.depth} are served."
        for what in ("aliases", "directives", "tokens", "characters"):
            if getattr(self, what) > getattr(most, what):
                yield f"A document may have {getattr(most, what)} {what}."


def measured(source: str, parsed: DocumentNode) -> Size:
    """The size of a document, which need not be valid."""
    nodes = list(_nodes(parsed))
    operations = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    depths = _Depths(parsed)
    return Size(
        depth=max((depths.of(operation.selection_set, frozenset()) for operation in operations), default=0),
        aliases=sum(isinstance(node, FieldNode) and node.alias is not None for node in nodes),
        directives=sum(isinstance(node, DirectiveNode) for node in nodes),
        tokens=_tokens(parsed),
        characters=len(source),
    )


def _nodes(top: Node) -> Iterator[Node]:
    waiting = [top]
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            found = getattr(node, key, None)
            waiting += [each for each in found if isinstance(each, Node)] if isinstance(found, list | tuple) else ()
            if isinstance(found, Node):
                waiting.append(found)


def _tokens(parsed: DocumentNode) -> int:
    count = 0
    token: Token | None = parsed.loc.start_token.next if parsed.loc else None
    while token is not None:
        count += 1
        token = token.next
    return count - 1  # the end of the document is none


class _Depths:
    """How deep selections are; each fragment is looked into once."""

    def __init__(self, parsed: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in parsed.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[str, int] = {}

    def of(self, selections: SelectionSetNode | None, above: frozenset[str]) -> int:
        """One frame for each level: a document may be hundreds deep before anybody has said so."""
        depth = 0
        waiting: list[Any] = list(selections.selections) if selections else []
        while waiting:
            selection = waiting.pop()
            if isinstance(selection, FieldNode):
                if not selection.name.value.startswith("__"):
                    depth = max(depth, 1 + self.of(selection.selection_set, above))
            elif isinstance(selection, FragmentSpreadNode):
                depth = max(depth, self._spread(selection.name.value, above))
            else:
                waiting += selection.selection_set.selections
        return depth

    def _spread(self, name: str, above: frozenset[str]) -> int:
        fragment = self._fragments.get(name)
        if name in above or fragment is None:
            return 0  # a circle or an unknown name: a rule of validation says so
        if name not in self._known:
            self._known[name] = self.of(fragment.selection_set, above | {name})
        return self._known[name]
