"""Trusted documents: those that the front ends of an installation were built with, read at start from their manifests.

Three forms are read, each as its tool writes it: `{"<hash>": "<document>"}` of GraphQL Code Generator's client preset
and of Relay's compiler, and the operation manifest of Apollo Client.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from graphql import GraphQLError
from graphql.utilities import strip_ignored_characters

from app.planner.documents import Documents

APOLLO_FORMAT = "apollo-persisted-query-manifest"
SHA256 = "sha256:"


class BadManifest(Exception):
    """Everything that is wrong with the manifests, a line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class TrustedDocuments:
    """Texts by id: the one in the manifest, and the SHA-256 of the text, which whoever has the text can know."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self._by_id = dict(texts or {})
        self._by_form = {_form(text): text for text in self._by_id.values()}
        for text in list(self._by_id.values()):
            self._by_id.setdefault(sha256(text.encode()).hexdigest(), text)

    def __len__(self) -> int:
        return len(self._by_form)

    def named(self, id_: str) -> str | None:
        return self._by_id.get(id_.removeprefix(SHA256))

    def like(self, text: str) -> str | None:
        """The document that a text is, however it is set out."""
        return self._by_form.get(_form(text))


def same(text: str, other: str) -> bool:
    """Whether two texts are one document, however they are set out."""
    return text == other or _form(text) == _form(other)


def _form(text: str) -> str:
    try:
        return strip_ignored_characters(text)
    except GraphQLError:
        return text


def read_trusted(paths: Iterable[Path], documents: Documents) -> TrustedDocuments:
    """The documents of manifests, which are files or folders of them, understood and kept in `documents`. Raises
    BadManifest if anything is wrong with any of them."""
    texts: dict[str, str] = {}
    problems: list[str] = []
    for file in _files(paths, problems):
        for id_, text in _read(file, problems):
            if texts.setdefault(id_, text) != text:
                problems.append(f"{file}: {id_}: another document has this id as well.")
            problems += (f"{file}: {id_}: {each}" for each in _wrong(text, documents))
    if problems:
        raise BadManifest(problems)
    return TrustedDocuments(texts)


def _files(paths: Iterable[Path], problems: list[str]) -> Iterator[Path]:
    for path in paths:
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            problems.append(f"{path}: there is no manifest in this folder.")
        yield from found


def _read(file: Path, problems: list[str]) -> Iterable[tuple[str, str]]:
    try:
        manifest = orjson.loads(file.read_bytes())
    except OSError as error:
        problems.append(f"{file}: {error.strerror}.")
        return ()
    except orjson.JSONDecodeError as error:
        problems.append(f"{file}: this is not JSON: {error}.")
        return ()
    found = _entries(manifest)
    if found is None or not all(isinstance(id_, str) and id_ and isinstance(text, str) for id_, text in found):
        problems.append(f"{file}: this is no manifest of GraphQL Code Generator, Relay or Apollo Client.")
        return ()
    return found


def _entries(manifest: Any) -> list[tuple[Any, Any]] | None:
    if not isinstance(manifest, dict):
        return None
    if "format" not in manifest:
        return list(manifest.items())
    operations = manifest.get("operations")
    if manifest["format"] != APOLLO_FORMAT or manifest.get("version") != 1 or not isinstance(operations, list):
        return None
    if not all(isinstance(operation, dict) for operation in operations):
        return None
    return [(operation.get("id"), operation.get("body")) for operation in operations]


def _wrong(text: str, documents: Documents) -> Iterator[str]:
    for error in documents.understood(text).errors:
        places = ", ".join(f"{place.line}:{place.column}" for place in error.locations or ())
        yield f"{places}: {error.message}" if places else error.message
