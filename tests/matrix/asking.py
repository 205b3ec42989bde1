"""One caller who asks, and the pieces that the ways of asking are made of."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLSchema

from docs.matrix.all import RULES
from docs.matrix.relations import Relation
from tests.builders import Caller
from tests.matrix.documents import Field, fields_of
from tests.matrix.ledger import Ledger
from tests.matrix.organization import elsewhere
from tests.matrix.sight import LONGEST_PAGE, Sight, gid
from tests.matrix.truth import Row, Truth

MALFORMED = "bm90IGFuIGlk"
REFUSALS = {"FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"}


@dataclass(frozen=True)
class Answer:
    """`codes` are those of the errors, by the root field they are about."""

    data: Mapping[str, Any]
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Asking:
    schema: GraphQLSchema
    caller: Caller
    sight: Sight
    ledger: Ledger

    @property
    def truth(self) -> Truth:
        return self.sight.truth

    async def answer(self, way: str, document: str, **variables: Any) -> Answer:
        return self.read(way, document, (await self.caller.post(document, **variables)).text)

    def read(self, way: str, document: str, text: str) -> Answer:
        """Fields may be refused or not found; anything else that goes wrong fails."""
        self.ledger.body(way, self.sight, text)
        body = json.loads(text)
        errors = body.get("errors", [])
        codes = {error["path"][0]: error["extensions"]["code"] for error in errors if error.get("path")}
        assert len(codes) == len(errors), (errors, document)
        assert set(codes.values()) <= REFUSALS, (errors, document)
        return Answer((body.get("data") or {}) if codes else body["data"], codes)

    async def nodes(self, way: str, document: str, ids: Sequence[str], **variables: Any) -> list[Any]:
        """What `nodes` answers, a page at a time; nulls if it is refused."""
        found: list[Any] = []
        for start in range(0, len(ids), LONGEST_PAGE):
            part = ids[start : start + LONGEST_PAGE]
            answer = await self.answer(way, document, ids=part, **variables)
            found += answer.data["nodes"] or [None] * len(part)
        return found

    async def of_rows(self, way: str, type_name: str, text: str) -> tuple[Sequence[Row], Sequence[Any]]:
        """A row of a type for each relation, and what is answered of each; of a type without ids the only one."""
        if type_name in self.node_types():
            rows = self.samples(type_name)
            document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ {text} }} }} }}"
            return rows, await self.nodes(way, document, [gid(type_name, row.id) for row in rows])
        root = next(name for name, field in self.roots().items() if getattr(field.type, "name", "") == type_name)
        return [self.own(type_name)], [(await self.answer(way, f"{{ {root} {{ {text} }} }}")).data[root]]

    def fields(self, type_name: str) -> Sequence[Field]:
        return fields_of(self.schema, type_name)

    def roots(self) -> Mapping[str, GraphQLField]:
        query = self.schema.query_type
        assert query is not None
        return {**query.fields}

    def subscriptions(self) -> Mapping[str, GraphQLField]:
        subscription = self.schema.subscription_type
        assert subscription is not None
        return {**subscription.fields}

    def node_types(self) -> Iterator[str]:
        """The types whose rows have a global id."""
        return (name for name in RULES.types if any(field.name == "id" for field in self.fields(name)))

    def samples(self, type_name: str) -> Sequence[Row]:
        """A row for each relation and each aspect: the one that has the most in it, which comes first."""
        found: dict[tuple[Relation, str], Row] = {}
        for row in self.truth.rows[type_name].values():
            found.setdefault((self.sight.relation(row), self.sight.aspect(row)), row)
        return list(found.values())

    def one_of_ones_own(self, type_name: str, fits: Callable[[Row], bool] = lambda _: True) -> Row:
        """Or any, if there is none."""
        fitting = [row for row in self.truth.rows[type_name].values() if fits(row)]
        own = (row for row in fitting if self.sight.relation(row) in {Relation.SELF, Relation.SHARED})
        return next(own, fitting[0])

    def own(self, type_name: str) -> Row:
        """The row of which there is one for whoever asks."""
        rows = self.truth.rows[type_name]
        account_id = self.sight.account_id
        return rows[account_id] if account_id in rows else next(iter(rows.values()))

    def all_ids(self, types: Iterable[str]) -> list[tuple[str, Row | None]]:
        """The ids of the samples of types, each followed by that of the same row elsewhere, and at the end one that is
        malformed; with the rows they name, as far as there are any here."""
        ids: list[tuple[str, Row | None]] = []
        for type_name in types:
            for row in self.samples(type_name):
                ids += [(gid(type_name, row.id), row), (gid(type_name, elsewhere(row.id)), None)]
        return [*ids, (MALFORMED, None)]

    def refused(self, way: str, root: str, code: str | None, *, shown: bool) -> None:
        """Whoever may not ask at all is told so; what is not seen is not found."""
        expected = self.refusal(may=self.sight.may_ask(root), shown=shown)
        self.ledger.case(way, self.sight, Relation.HERE, f"Query.{root}", expected, code)

    def refusal(self, *, may: bool, shown: bool) -> str | None:
        """The code that is told instead of a row."""
        if not may:
            return "UNAUTHENTICATED" if self.sight.person_id is None else "FORBIDDEN"
        return None if shown else "NOT_FOUND"
