"""Filters: what the database finds is what the resources match, whatever is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scim2_models import Path, Resource, ScimFilter

from app.db.database import Database
from app.provisioning import group_queries, user_queries
from app.provisioning.filters import condition
from app.provisioning.reading import asked
from app.provisioning.rendering import group_resource, user_resource
from app.provisioning.resources import Group, Person
from app.provisioning.searching import search
from tests.builders import World
from tests.laws import examples
from tests.provisioning.cast import BASE, Cast

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
COMPARED = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")
TEXTS = [
    *("ada", "ADA", "ada@birch.example", "Ben@BIRCH.example", "x-1", "X-1", "birch", ".example", "Head", "e1", "E1"),
    *("Ada Byron", "ÄRMEL", "ärmel", "王伟", "王", "O'Neil", 'Say "hi" \\ 100%_', "%", "_", "100%_", "\\", '"', ""),
    *("Employee", "manager", "Partner", "en", "zh-cn", "Works", "sales", "work", "HOME", "home", "mobile", "+49 1"),
    *("b@home.example", "p@home.example", "Everybody", "every", "direct", "g-1", "User", "Group", "nobody"),
    *("' or 1=1 --", CORE, ENTERPRISE.upper()),
]
DAYS = ["2020-01-01T00:00:00Z", "2999-01-01T00:00:00+02:00"]


@dataclass(frozen=True)
class Searched:
    """Attributes by what they hold, and the sub-attributes of those that hold several values."""

    texts: Sequence[str]
    truths: Sequence[str]
    instants: Sequence[str]
    others: Sequence[str]
    many: Mapping[str, Sequence[str]]


USERS = Searched(
    texts=(
        *("id", "externalId", "userName", "displayName", "name.formatted", "name.givenName", "name.familyName"),
        *("name.middleName", "title", "userType", "preferredLanguage", f"{ENTERPRISE}:employeeNumber", "department"),
        *(f"{ENTERPRISE}:manager.value", "manager", f"{CORE}:USERNAME", "meta.resourceType", "schemas", "emails"),
        *("emails.value", "emails.type", "phoneNumbers.type", "groups", "groups.display", "groups.type"),
        f"{ENTERPRISE}:manager.displayName",
    ),
    truths=("active", "emails.primary"),
    instants=("meta.created", "META.lastModified"),
    others=("name", f"{ENTERPRISE}:manager", "meta"),
    many={"emails": ("value", "type"), "phoneNumbers": ("value", "TYPE"), "groups": ("value", "display")},
)
GROUPS = Searched(
    texts=("id", "externalId", "displayName", "members", "members.display", "members.type", "schemas"),
    truths=(),
    instants=("meta.created",),
    others=("meta",),
    many={"members": ("value", "display", "type")},
)


def quoted(value: Any) -> str:
    return ScimFilter.quote(value)


class Filters:
    """Strategies for filters that hold together; the ids are those of rows that are there."""

    def __init__(self, searched: Searched, ids: Sequence[str]) -> None:
        self._searched = searched
        self._texts = st.sampled_from([*TEXTS, *ids, *(id_.upper() for id_ in ids), *(id_[:9] for id_ in ids)])

    def all(self) -> st.SearchStrategy[str]:
        return st.recursive(self._leaf(), self._joined, max_leaves=6)

    def _leaf(self) -> st.SearchStrategy[str]:
        searched = self._searched
        anything = (*searched.texts, *searched.truths, *searched.instants, *searched.others, *searched.many)
        leaves = [
            self._compared(searched.texts),
            st.builds("{} {} {}".format, st.sampled_from(searched.instants), _instant_operator, _instants),
            st.builds("{} pr".format, st.sampled_from(anything)),
            st.sampled_from(sorted(searched.many)).flatmap(self._selected),
        ]
        if searched.truths:
            leaves.append(
                st.builds(
                    "{} {} {}".format,
                    st.sampled_from(searched.truths),
                    st.sampled_from(["eq", "ne"]),
                    st.sampled_from(["true", "FALSE", '"True"', "null"]),
                )
            )
        return st.one_of(leaves)

    def _compared(self, attributes: Sequence[str]) -> st.SearchStrategy[str]:
        values = self._texts.map(quoted) | st.just("null")
        return st.builds("{} {} {}".format, st.sampled_from(attributes), st.sampled_from(COMPARED), values)

    def _selected(self, attribute: str) -> st.SearchStrategy[str]:
        inside = self._compared(self._searched.many[attribute])
        present = st.sampled_from(self._searched.many[attribute]).map("{} pr".format)
        return st.recursive(inside | present, self._joined, max_leaves=3).map(f"{attribute}[{{}}]".format)

    @staticmethod
    def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("not ({})".format, parts),
            st.builds("({}) {} ({})".format, parts, st.sampled_from(["and", "OR"]), parts),
        )


_instants = st.sampled_from(DAYS).map(quoted) | st.just("null")
_instant_operator = st.sampled_from(COMPARED)


class Known:
    """The cast with its resources as they are shown."""

    def __init__(self, cast: Cast, users: Sequence[Person], groups: Sequence[Group]) -> None:
        self.cast, self.users, self.groups = cast, users, groups
        self.ids = [str(row.id) for row in (*cast.accounts.values(), *cast.groups.values())]

    async def found(self, model: Any, texts: Sequence[str]) -> dict[str, set[str]]:
        """The ids that each filter finds in the database, by one statement."""
        seen, attributes = {
            Person: (user_queries.users_seen_by, user_queries.USER_ATTRIBUTES),
            Group: (group_queries.groups_seen_by, group_queries.GROUP_ATTRIBUTES),
        }[model]
        conditions = [condition(_wanted(model, text), attributes) for text in texts]
        labelled = (holds.label(f"f{place}") for place, holds in enumerate(conditions))
        asking = seen(self.cast.actor).with_only_columns(attributes.single["id"], *labelled)
        async with self.cast.world.database.transaction(self.cast.actor.organization_id) as session:
            answers = (await session.execute(asking)).all()
        assert all(isinstance(each, bool) for answer in answers for each in answer[1:]), "a condition is never null"
        return {text: {str(answer[0]) for answer in answers if answer[place]} for place, text in enumerate(texts, 1)}


@pytest.fixture(scope="module")
async def known(database: Database, http: httpx.AsyncClient) -> Known:
    cast = await Cast.of(await World.made(database, http))
    actor = cast.actor
    async with database.transaction(actor.organization_id) as session:
        _, users = await user_queries.users(session, actor, _search(Person, "id pr", user_queries.USER_ATTRIBUTES))
        _, groups = await group_queries.groups(session, actor, _search(Group, "id pr", group_queries.GROUP_ATTRIBUTES))
        members = await group_queries.members(session, actor, [group.id for group in groups])
    return Known(
        cast,
        [user_resource(user, BASE) for user in users],
        [group_resource(group, members[group.id], BASE) for group in groups],
    )


def _search(model: Any, text: str, attributes: Any) -> Any:
    return search(asked(model, {"filter": text}), model, attributes)


def matched(model: Any, resources: Sequence[Resource[Any]], texts: Sequence[str]) -> dict[str, set[str]]:
    """The same as the library matches resources in Python."""
    return {text: {str(each.id) for each in resources if _wanted(model, text).match(each)} for text in texts}


def _wanted(model: Any, text: str) -> ScimFilter[Any]:
    filter_ = asked(model, {"filter": text}).filter
    assert filter_ is not None
    return filter_


def _values(model: Any, resources: Sequence[Resource[Any]], attribute: str) -> set[str]:
    """What an attribute has, in other cases and composed otherwise as well, what that begins and ends with, and what
    it has not."""
    path = Path.__class_getitem__(model)(attribute)
    held = [path.get(each, strict=False) for each in resources]
    texts = {value for each in held for value in (each if isinstance(each, list) else [each]) if isinstance(value, str)}
    texts |= {normalize("NFC", text) for text in texts} | {"", "zz"}
    return {form for text in texts for form in (text, text.upper(), text[:3], text[-3:].lower(), text[1:])}


@pytest.mark.parametrize("model", [Person, Group])
async def test_every_comparison_of_every_text_finds_what_matches(known: Known, model: Any) -> None:
    searched = {Person: USERS, Group: GROUPS}[model]
    resources: Sequence[Resource[Any]] = {Person: known.users, Group: known.groups}[model]
    for attribute in searched.texts:
        values = sorted(_values(model, resources, attribute))
        texts = [f"{attribute} {operator} {quoted(value)}" for operator in COMPARED for value in values]
        assert await known.found(model, texts) == matched(model, resources, texts)


LAW = settings(max_examples=examples(20), deadline=None)


@LAW
@given(data=st.data())
async def test_users_are_found_as_their_resources_match(known: Known, data: st.DataObject) -> None:
    texts = data.draw(st.lists(Filters(USERS, known.ids).all(), min_size=1, max_size=8))
    assert await known.found(Person, texts) == matched(Person, known.users, texts)


@LAW
@given(data=st.data())
async def test_groups_are_found_as_their_resources_match(known: Known, data: st.DataObject) -> None:
    texts = data.draw(st.lists(Filters(GROUPS, known.ids).all(), min_size=1, max_size=8))
    assert await known.found(Group, texts) == matched(Group, known.groups, texts)
