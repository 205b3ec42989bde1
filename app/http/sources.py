"""Where the document of a request comes from: its text was sent, or it is known by an id."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from graphql import GraphQLError, GraphQLSchema, NoSchemaIntrospectionCustomRule, OperationType, build_schema

from app.http.persisted_queries import NOT_FOUND, NOT_SUPPORTED, PersistedQueries, is_hash_of
from app.http.reading import GraphQLRequest, Named, Refused
from app.http.trusted_documents import TrustedDocuments, read_trusted, same
from app.limits import Limits
from app.planner.deprecations import without_deprecated
from app.planner.documents import Document, Documents
from app.planner.plans import Operation
from app.settings import Settings

NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
ALLOWED = {"allow": "POST, OPTIONS"}


class Sources:
    """`documents` are kept apart for callers who may read the schema (True) and for the others. `future` makes those of
    the schema without what is deprecated, or None if nothing is. With `only`, nothing is executed but what is trusted,
    and nobody introspects."""

    def __init__(
        self,
        documents: Mapping[bool, Documents],
        trusted: TrustedDocuments | None = None,
        future: Callable[[], Documents | None] = lambda: None,
        *,
        only: bool = False,
    ) -> None:
        self._documents, self._make_future, self._only = documents, future, only
        self._trusted = trusted or TrustedDocuments()
        self._persisted = PersistedQueries()

    def document(self, asked: GraphQLRequest, *, may_introspect: bool, signed_in: bool) -> Document:
        """The document of a request, with what is wrong with it. Raises Refused if there is none for it."""
        documents = self._documents[may_introspect and not self._only]
        if asked.named is None and not self._only:
            document = documents.understood(asked.query)
        elif asked.named is not None and asked.named.automatic:
            document = self._automatic(asked, asked.named, documents, signed_in=signed_in)
        else:
            document = documents.understood(self._trusted_text(asked))
        return self._future_proof(document) if asked.future and not document.errors else document

    def _trusted_text(self, asked: GraphQLRequest) -> str:
        if asked.named is None:
            text = self._trusted.like(asked.query)
            if text is None:
                raise Refused(400, NOT_TRUSTED, "Only trusted documents are executed here, and this is none.")
            return text
        text = self._trusted.named(asked.named.id)
        if text is None:
            raise Refused(400, NOT_TRUSTED, "There is no trusted document of that id.")
        if asked.query and not same(asked.query, text):
            raise Refused(400, NOT_TRUSTED, "The trusted document of that id has another text.")
        return text

    def _automatic(self, asked: GraphQLRequest, named: Named, documents: Documents, *, signed_in: bool) -> Document:
        if self._trusted.named(named.id) is not None:
            return documents.understood(self._trusted_text(asked))
        if not asked.query:
            text = self._persisted.named(named.id)
            if text is not None:
                return documents.understood(text)
            return _failed(NOT_SUPPORTED if self._only else NOT_FOUND)
        if not is_hash_of(named.id, asked.query):
            raise Refused(400, "BAD_USER_INPUT", "'sha256Hash' is not the SHA-256 of the query.")
        if self._only:
            return documents.understood(self._trusted_text(replace(asked, named=None)))
        document = documents.understood(asked.query)
        if signed_in and not document.errors:
            self._persisted.keep(named.id, asked.query)
        return document

    def _future_proof(self, document: Document) -> Document:
        """The same document, or what would be wrong with it without what is deprecated."""
        future = self._future
        errors = future.understood(document.source).errors if future else ()
        return Document(document.source, None, errors) if errors else document

    @cached_property
    def _future(self) -> Documents | None:
        return self._make_future()


def documents_of(schema: GraphQLSchema, most: Limits | None = None) -> Mapping[bool, Documents]:
    """Those of callers who may read the schema, and those of the others, who get no introspection and no hints."""
    return {
        True: Documents(schema, most=most),
        False: Documents(schema, [NoSchemaIntrospectionCustomRule], hints=False, most=most),
    }


def sources_of(
    settings: Settings, sdl: Callable[[], str], documents: Mapping[bool, Documents], most: Limits | None = None
) -> Sources:
    """Raises BadManifest."""
    paths = [Path(each.strip()) for each in settings.trusted_documents.split(",") if each.strip()]
    only = settings.trusted_only

    def future() -> Documents | None:
        today = sdl()
        later = without_deprecated(today)
        return None if later == today else Documents(build_schema(later, no_location=True), hints=False, most=most)

    return Sources(documents, read_trusted(paths, documents[not only]), future, only=only)


def require_query(operation: Operation) -> None:
    """Raises Refused for what a request that is to change nothing may not ask for."""
    if operation.definition.operation is not OperationType.QUERY:
        raise Refused(405, "BAD_REQUEST", "A GET only reads: send this by POST.", ALLOWED)


def _failed(error: GraphQLError) -> Document:
    return Document("", None, [error])
