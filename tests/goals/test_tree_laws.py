"""Laws of the tree of goals: whatever is done to it over HTTP, it keeps what a model of it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.database import Database
from app.goals.progress import Fed, Part, attainment, clamped, fed_by
from tests.builders import Caller, World
from tests.goals.changes import (
    ACTIVATE,
    ADD_KEY_RESULT,
    ARCHIVE,
    CANCEL,
    CHECK_IN,
    CORRECT,
    CREATE,
    MOVE,
    REMOVE_KEY_RESULT,
    RETURN,
    UPDATE,
    UPDATE_KEY_RESULT,
)
from tests.goals.trees import Kept, hold, trees
from tests.goals.works import Works, metric, works
from tests.laws import examples

START, TARGET = Decimal(100), Decimal(20)


@dataclass
class Measured:
    """A key result: what was told of it, in order; a correction stands in the place of what it corrects."""

    id: str
    weight: Decimal
    target: Decimal = TARGET
    told: list[tuple[str, Decimal]] = field(default_factory=list)

    def part(self) -> Part:
        current = self.told[-1][1] if self.told else START
        return Part(self.weight, clamped(attainment(START, self.target, current)))


@dataclass
class Node:
    id: str
    title: str
    above: "Node | None"
    weight: Decimal
    state: str = "DRAFT"
    outcome: str | None = None
    key_results: list[Measured] = field(default_factory=list)

    def counts(self) -> bool:
        return self.state != "DRAFT" and self.outcome != "CANCELLED"


@dataclass
class Model:
    """What each operation should do; `None` if it should be refused."""

    caller: Caller
    works: Works
    nodes: list[Node] = field(default_factory=list)

    def below(self, node: Node) -> list[Node]:
        return [each for each in self.nodes if each.above is node]

    def fed(self, node: Node) -> Fed:
        below = self.below(node)
        if below:
            return fed_by(Part(each.weight, self.fed(each).progress) for each in below if each.counts())
        return fed_by(each.part() for each in node.key_results)

    def is_within(self, node: Node | None, above: Node) -> bool:
        return node is not None and (node is above or self.is_within(node.above, above))

    def meant(self) -> list[tuple[str, Decimal, Decimal, Decimal | None]]:
        summed = sorted((node.title, self.fed(node)) for node in self.nodes)
        return [(title, fed.weight, fed.sum, fed.progress) for title, fed in summed]

    def takes_in(self, above: Node | None) -> bool:
        return above is None or (above.state in UNDER_WAY and not above.key_results)

    async def send(self, document: str, allowed: bool, **given_: Any) -> dict[str, Any]:
        (result,) = (await self.caller.ask(document, input=given_)).values()
        assert ("problems" not in result) is allowed, (result, given_)
        return dict(result)

    async def do(self, what: str, node: Node, other: Node, number: int, value: Decimal) -> None:
        await getattr(self, what)(node, other, number, value)

    # --- goals

    async def set(self, _: Node | None, above: Node | None, number: int, weight: Decimal) -> None:
        title, allowed = f"Goal {len(self.nodes):02}", self.takes_in(above)
        made = await self.send(
            CREATE,
            allowed,
            level="PERSON",
            title=title,
            ownerId=self.works.id_of("ada"),
            periodId=self.works.period,
            parentId=above and above.id,
            weight=str(weight),
            keyResults=[metric(str(each), START, TARGET, weight + each) for each in range(number % 3)],
        )
        if allowed:
            node = Node(made["id"], title, above, weight)
            node.key_results = [Measured(each["id"], weight + place) for place, each in enumerate(made["keyResults"])]
            self.nodes.append(node)

    async def move(self, node: Node, above: Node, number: int, _: Decimal) -> None:
        to = None if number == 0 else above
        fits = node.state in UNDER_WAY and self.takes_in(to) and not self.is_within(to, node)
        await self.send(MOVE, fits, id=node.id, parentId=to and to.id)
        if fits:
            node.above = to

    async def weigh(self, node: Node, _: Node, __: int, weight: Decimal) -> None:
        fits = node.state in UNDER_WAY
        await self.send(UPDATE, fits, id=node.id, weight=str(weight))
        if fits:
            node.weight = weight

    async def begin(self, node: Node, _: Node, __: int, ___: Decimal) -> None:
        fits = node.state == "DRAFT" and (node.above is None or node.above.state in UNDER_WAY)
        await self.send(ACTIVATE, fits, id=node.id)
        node.state = "ACTIVE" if fits else node.state

    async def cancel(self, node: Node, _: Node, number: int, ___: Decimal) -> None:
        if node.state == "CANCELLED" and number:
            await self.send(ARCHIVE, True, id=node.id)
            node.state = "ARCHIVED"
            return
        fits = node.state in UNDER_WAY and all(each.state != "ACTIVE" for each in self.below(node))
        await self.send(CANCEL, fits, id=node.id, reason="No money")
        if fits:
            node.state = node.outcome = "CANCELLED"

    async def give_back(self, node: Node, _: Node, __: int, ___: Decimal) -> None:
        await self.send(RETURN, False, id=node.id, reason="It was never proposed")

    # --- key results

    async def add(self, node: Node, _: Node, __: int, weight: Decimal) -> None:
        fits = node.state in UNDER_WAY and not self.below(node)
        made = await self.send(ADD_KEY_RESULT, fits, goalId=node.id, keyResult=metric("New", START, TARGET, weight))
        if fits:
            node.key_results.append(Measured(made["keyResults"][-1]["id"], weight))

    async def remove(self, node: Node, _: Node, number: int, __: Decimal) -> None:
        for measured in node.key_results[number : number + 1]:
            fits = node.state in UNDER_WAY and not measured.told
            await self.send(REMOVE_KEY_RESULT, fits, id=measured.id)
            node.key_results = [each for each in node.key_results if each is not measured or not fits]

    async def change(self, node: Node, _: Node, number: int, value: Decimal) -> None:
        for measured in node.key_results[number : number + 1]:
            fits, target = node.state in UNDER_WAY, START + value + 1
            changed = {"weight": str(value), "targetValue": str(target)}
            await self.send(UPDATE_KEY_RESULT, fits, id=measured.id, **changed)
            if fits:
                measured.weight, measured.target = value, target

    async def tell(self, node: Node, _: Node, number: int, value: Decimal) -> None:
        for measured in node.key_results[number : number + 1]:
            fits = node.state == "ACTIVE"
            told = {"goalId": node.id, "keyResultId": measured.id, "value": str(value)}
            made = await self.send(CHECK_IN, fits, **told)
            if fits:
                measured.told.append((made["id"], value))

    async def correct(self, node: Node, _: Node, number: int, value: Decimal) -> None:
        told = [(measured, place) for measured in node.key_results for place in range(len(measured.told))]
        for measured, place in told[number : number + 1]:
            fits = node.state == "ACTIVE" or node.state in UNDER_WAY
            made = await self.send(CORRECT, fits, id=measured.told[place][0], value=str(value))
            if fits:
                measured.told[place] = (made["id"], value)


UNDER_WAY = ("DRAFT", "PROPOSED", "ACTIVE")
OFTEN = ("set", "begin", "tell", "tell", "correct", "move", "add")
OPERATIONS = (*OFTEN, "weigh", "cancel", "remove", "change", "give_back")
operations = st.lists(
    st.tuples(
        st.sampled_from(OPERATIONS),
        st.integers(0, 99),
        st.integers(0, 99),
        st.integers(0, 2),
        st.decimals(0, 200, places=2),
    ),
    min_size=8,
    max_size=20,
)


async def model_of(database: Database, http: httpx.AsyncClient) -> Model:
    """Seven goals in three levels, under way, with two key results each below."""
    there = await works(await World.made(database, http))
    model = Model(there["admin"], there)
    root: Node | None = None
    for place in range(7):
        above = None if place == 0 else model.nodes[(place - 1) // 2]
        await model.set(root, above, 2 if place > 2 else 0, Decimal(place % 3))
        await model.begin(model.nodes[-1], model.nodes[-1], 0, START)
    return model


def summed(kept: Sequence[Kept]) -> list[tuple[str, Decimal, Decimal, Decimal | None]]:
    return [(title, weight, total, progress) for title, _, weight, total, progress in kept]


@settings(max_examples=examples(6), deadline=None)
@given(operations=operations)
async def test_whatever_is_done_the_tree_keeps_what_the_model_says(
    database: Database, http: httpx.AsyncClient, operations: Sequence[tuple[str, int, int, int, Decimal]]
) -> None:
    model = await model_of(database, http)
    for what, one, other, number, value in operations:
        nodes = model.nodes
        await model.do(what, nodes[one % len(nodes)], nodes[other % len(nodes)], number, value)
        kept = await hold(model.works.world)
        assert summed(kept.kept()) == model.meant(), what


@settings(max_examples=examples(3), deadline=None)
@given(values=st.lists(st.decimals(0, 100, places=2), min_size=4, max_size=4), place=st.integers(1, 6))
async def test_moving_a_subtree_keeps_every_other_total(
    database: Database, http: httpx.AsyncClient, values: Sequence[Decimal], place: int
) -> None:
    model = await model_of(database, http)
    for leaf, value in zip(model.nodes[3:], values, strict=True):
        await model.tell(leaf, leaf, 0, value)
    moved = model.nodes[place]
    around = {moved.title} | {each.title for each in model.nodes if model.is_within(moved, each)}
    before = (await trees(model.works.world)).kept()
    await model.move(moved, moved, 0, START)
    parted = (await hold(model.works.world)).kept()
    assert [each for each in parted if each[0] not in around - {moved.title}] == [
        each for each in before if each[0] not in around - {moved.title}
    ]
    home = model.nodes[(place - 1) // 2]
    await model.move(moved, home, 1, START)
    assert (await hold(model.works.world)).kept() == before, "there and back again"
