"""The fields of a type, and how they are asked for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_leaf_type, is_list_type, is_non_null_type, is_object_type

from docs.matrix.all import RULES

MOST_TOKENS = 900  # a document may have 1,000
MOST_ALIASES = 15
TOKEN = re.compile(r"\w+|[^\s\w,]")


class Shape(Enum):
    LEAF = "leaf"
    ONE = "one"
    MANY = "many"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Field:
    """`target` is the type that an edge leads to, `scalar` what a leaf is made of. `text` asks for the field; of an
    edge, for where it leads: for ids, or for `below`, all of a row that has none."""

    type_name: str
    name: str
    shape: Shape
    target: str | None
    text: str
    scalar: str = ""
    below: Sequence["Field"] = ()

    def with_rows(self, spread: str) -> str:
        """Asks for the rows that the edge leads to."""
        if self.below:
            return self.text
        if self.shape is Shape.PAGE:
            return f"{self.name}(first: 100) {{ totalCount edges {{ node {{ {spread} }} }} }}"
        return f"{self.name} {{ {spread} }}"


@cache
def fields_of(schema: GraphQLSchema, type_name: str) -> Sequence[Field]:
    type_: Any = schema.get_type(type_name)
    return [_field(schema, type_name, name, field.type) for name, field in type_.fields.items()]


def _field(schema: GraphQLSchema, type_name: str, name: str, type_: Any) -> Field:
    named = get_named_type(type_)
    if named.name in RULES.types and "id" not in named.fields:
        text = f"{name} {{ {card(schema, named.name)} }}"
        return Field(type_name, name, Shape.ONE, named.name, text, below=fields_of(schema, named.name))
    if named.name in RULES.types:
        bare = type_.of_type if is_non_null_type(type_) else type_
        shape = Shape.MANY if is_list_type(bare) else Shape.ONE
        return Field(type_name, name, shape, named.name, f"{name} {{ id }}")
    if named.name.endswith("Connection"):
        text = f"{name}(first: 100) {{ totalCount nodes {{ id }} }}"
        return Field(type_name, name, Shape.PAGE, named.name.removesuffix("Connection"), text)
    text = name if is_leaf_type(named) else f"{name} {{ {_leaves(named)} }}"
    return Field(type_name, name, Shape.LEAF, None, text, named.name)


def _leaves(type_: Any) -> str:
    """All of a type that is read off no table."""
    shown = []
    for name, field in type_.fields.items():
        named = get_named_type(field.type)
        shown.append(f"{name} {{ {_leaves(named)} }}" if is_object_type(named) else name)
    return " ".join(shown)


def card(schema: GraphQLSchema, type_name: str) -> str:
    """Everything of a row, and the ids of the rows around it."""
    return " ".join(field.text for field in fields_of(schema, type_name))


def own(schema: GraphQLSchema, type_name: str) -> list[Field]:
    """What a row has of its own, without the rows around it."""
    return [field for field in fields_of(schema, type_name) if field.shape is Shape.LEAF]


def fragment(schema: GraphQLSchema, type_name: str) -> str:
    return f"fragment {type_name}Card on {type_name} {{ {card(schema, type_name)} }}"


def size(text: str) -> int:
    """Tokens of a document."""
    return len(TOKEN.findall(text))


def chunks(parts: Iterable[str], room: int) -> Iterator[list[str]]:
    """Parts of a document, as many together as there is room for."""
    chunk: list[str] = []
    for part in parts:
        if chunk and size(" ".join([*chunk, part])) > room:
            yield chunk
            chunk = []
        chunk.append(part)
    if chunk:
        yield chunk


def beside_one_another(schema: GraphQLSchema, types: Iterable[str]) -> list[list[str]]:
    """Types whose cards can stand in one selection: what has the same name in two of them is of the same type."""
    groups: list[tuple[list[str], dict[str, str], str]] = []
    for name in types:
        type_: Any = schema.get_type(name)
        taken = {key: str(field.type) for key, field in type_.fields.items()}
        text = fragment(schema, name)
        for place, (group, known, texts) in enumerate(groups):
            agree = all(known.get(key, taken[key]) == taken[key] for key in taken)
            if agree and size(texts + text) <= MOST_TOKENS - 150:
                groups[place] = ([*group, name], known | taken, texts + text)
                break
        else:
            groups.append(([name], taken, text))
    return [group for group, _, _ in groups]
