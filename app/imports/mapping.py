"""Mapping files: YAML that is checked whole, key by key, before any data is read."""

import difflib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

MAX_BYTES = 1024 * 1024


class StrictModel(BaseModel):
    """A part of a mapping; a key that is not known is refused, for it may be a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(one_or_many)]
"""A list of texts, or one text that stands for a list of one."""

_IN_WORDS = {
    "missing": "is missing",
    "model_type": "has keys of its own, so a plain value is not enough",
    "mapping_type": "takes keys with values",
    "dict_type": "takes keys with values",
    "tuple_type": "takes a list",
    "string_type": "takes a text",
}

M = TypeVar("M", bound=StrictModel)


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """`key` is the way to the key, as in `sources.staff.people.name`; empty for the file as a whole."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.key}: {self.message}" if self.key else self.message


class BadMapping(Exception):
    def __init__(self, file: str, problems: Sequence[MappingProblem]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.file = file
        self.problems = tuple(problems)


def load_mapping(path: Path, model: type[M]) -> M:
    """Raises BadMapping with everything that is wrong with the file."""
    try:
        content = _content(_text(path))
    except yaml.MarkedYAMLError as error:
        raise BadMapping(path.name, [MappingProblem("", _yaml_message(error))]) from error
    except yaml.YAMLError as error:
        raise BadMapping(path.name, [MappingProblem("", f"not YAML: {error}")]) from error
    except RecursionError as error:
        raise BadMapping(path.name, [MappingProblem("", "nested too deeply")]) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise BadMapping(path.name, list(_problems(error, model))) from error


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadMapping(path.name, [MappingProblem("", f"cannot be read: {error.strerror}")]) from error
    if len(content) > MAX_BYTES:
        raise BadMapping(path.name, [MappingProblem("", f"larger than {MAX_BYTES:,} bytes")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise BadMapping(path.name, [MappingProblem("", f"line {row} is not UTF-8")]) from error


def _content(text: str) -> object:
    for token in yaml.scan(text, Loader=_PlainLoader):
        if isinstance(token, yaml.AliasToken):  # a few lines of them blow up to any size
            raise yaml.MarkedYAMLError(problem="aliases are not supported", problem_mark=token.start_mark)
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 -- makes text, lists and maps only


class _PlainLoader(yaml.BaseLoader):
    """Leaves every scalar the text that it is: `No`, `010` and `2011-03-31` are cells, not values of YAML.

    A key that is there twice is refused.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key “{key.value}” is there twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _yaml_message(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or error.context}"


def _problems(error: ValidationError, model: type[StrictModel]) -> Iterator[MappingProblem]:
    known = _all_keys(model)
    for each in error.errors():
        key = ".".join(str(part) for part in each["loc"])
        if each["type"] == "extra_forbidden":
            yield MappingProblem(key, _unknown_key(str(each["loc"][-1]), known))
        else:
            message = _IN_WORDS.get(each["type"]) or each["msg"].removeprefix("Value error, ")
            yield MappingProblem(key, message.replace("Input should", "should"))


def _unknown_key(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return f"unknown key; is “{near[0]}” meant?" if near and near[0] != name else "unknown key here"


def _all_keys(model: type[StrictModel]) -> set[str]:
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
