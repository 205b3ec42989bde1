"""The laws of the chain, without a database: whoever changes anything in it is found out."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audits.chain import GENESIS, Break, Damage, Head, Seal, SealedEvent, Walk, content_digest, link

Link = tuple[Seal, SealedEvent | None]
WRITING = st.text(st.characters(codec="utf-8"), max_size=8)


def chain(events: Sequence[tuple[str, str]]) -> list[Link]:
    """Seals with their events, made of metadata and contents."""
    made: list[Link] = []
    previous = GENESIS
    for place, (metadata, content) in enumerate(events, start=1):
        event = SealedEvent(f"{place} {metadata}", content, UUID(int=1000 + place), UUID(int=place))
        digest = content_digest(UUID(int=1000 + place), content)
        previous = link(previous, event.metadata, digest)
        made.append((Seal(place, UUID(int=place), digest, previous), event))
    return made


CHAINS = st.lists(st.tuples(WRITING, WRITING), min_size=2, max_size=8).map(chain)


def breaks(links: Sequence[Link], head: Head | None = None, anchors: Sequence[Head] = ()) -> list[Break]:
    """`head` is the last seal's unless it is given."""
    walk = Walk(anchors)
    for seal, event in links:
        walk.follow(seal, event)
    walk.end(head or walk.last)
    return walk.breaks


def head(links: Sequence[Link]) -> Head:
    return Head(links[-1][0].sequence, links[-1][0].hash)


@given(CHAINS)
def test_a_chain_that_nobody_touched_is_whole(links: list[Link]) -> None:
    anchors = [head(links[:place]) for place in range(1, len(links) + 1)]
    assert breaks(links, head(links), anchors) == []


def test_a_chain_without_an_event_is_whole() -> None:
    walk = Walk()
    walk.end(None)
    assert walk.breaks == []


@given(CHAINS, st.data())
def test_another_event_in_the_place_of_one_is_found(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    seal, event = links[place]
    assert event is not None
    links[place] = seal, replace(event, metadata=f"{event.metadata}!")
    assert breaks(links) == [Break(Damage.BROKEN_LINK, seal.sequence, seal.event_id)]


@given(CHAINS, st.data())
def test_another_content_is_found(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    seal, event = links[place]
    assert event is not None
    changed = data.draw(
        st.sampled_from(
            [
                replace(event, content=f"{event.content}!"),
                replace(event, salt=UUID(int=7)),
                replace(event, salt=None),
                replace(event, content=None),
            ]
        )
    )
    links[place] = seal, changed
    assert breaks(links) == [Break(Damage.CONTENT_CHANGED, seal.sequence, seal.event_id)]


@given(CHAINS, st.data())
def test_whatever_is_sealed_anew_no_longer_goes_together_with_what_follows(
    links: list[Link], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(links) - 2))
    seal, event = links[place]
    assert event is not None
    changed = replace(event, metadata=f"{event.metadata}!")
    previous = links[place - 1][0].hash if place else GENESIS
    links[place] = replace(seal, hash=link(previous, changed.metadata, seal.content_digest)), changed
    follower = links[place + 1][0]
    assert breaks(links) == [Break(Damage.BROKEN_LINK, follower.sequence, follower.event_id)]


@given(CHAINS, st.data())
def test_what_is_taken_out_leaves_a_gap(links: list[Link], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(links) - 2))
    last = data.draw(st.integers(first, len(links) - 2))
    kept = links[:first] + links[last + 1 :]
    assert breaks(kept) == [Break(Damage.MISSING_SEAL, first + 1, until=last + 1)]


@given(CHAINS, st.data())
def test_an_event_that_is_missing_is_named_and_the_chain_goes_on(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    seal, _ = links[place]
    links[place] = seal, None
    assert breaks(links) == [Break(Damage.MISSING_EVENT, seal.sequence, seal.event_id)]


@given(CHAINS, st.data())
def test_a_seal_that_is_there_twice_is_named(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    links.insert(place, links[place])
    assert breaks(links) == [Break(Damage.DUPLICATE_SEAL, place + 1)]


@given(CHAINS, st.data())
def test_an_end_that_was_cut_off_disagrees_with_the_head_and_with_anchors(
    links: list[Link], data: st.DataObject
) -> None:
    end = data.draw(st.integers(0, len(links) - 1))
    noted = head(links)
    cut = links[:end]
    assert breaks(cut, noted) == [Break(Damage.HEAD_DISAGREES, end)]
    if cut:
        assert breaks(cut, head(cut)) == []
        assert breaks(cut, head(cut), [noted]) == [Break(Damage.CUT_OFF, end, until=noted.sequence)]


@given(CHAINS, CHAINS)
def test_a_chain_that_was_written_anew_disagrees_with_anchors(links: list[Link], others: list[Link]) -> None:
    noted = head(links)
    if len(others) >= noted.sequence and others[noted.sequence - 1][0].hash != noted.hash:
        assert breaks(others, head(others), [noted]) == [Break(Damage.ANCHOR_DISAGREES, noted.sequence)]


def erasure(of: Sequence[int]) -> tuple[str, str]:
    return "", orjson.dumps([None, {"subjects": [str(UUID(int=place)) for place in of]}]).decode()


def erased(links: list[Link], place: int) -> None:
    seal, event = links[place - 1]
    assert event is not None
    links[place - 1] = seal, replace(event, content=None, salt=None)


def with_erasure(events: Sequence[tuple[str, str]], place: int) -> list[Link]:
    links = chain(events)
    seal, event = links[place - 1]
    assert event is not None
    links[place - 1] = seal, replace(event, is_erasure=True)
    return links


def test_content_that_is_gone_is_accounted_for_by_a_later_erasure_of_its_subject() -> None:
    links = with_erasure([("", "a"), ("", "b"), erasure([1])], 3)
    erased(links, 1)
    assert breaks(links) == []
    erased(links, 2)
    assert breaks(links) == [Break(Damage.CONTENT_GONE, 2, UUID(int=2))]


def test_an_erasure_does_not_account_for_what_came_after_it() -> None:
    links = with_erasure([erasure([2]), ("", "a")], 1)
    erased(links, 2)
    assert breaks(links) == [Break(Damage.CONTENT_GONE, 2, UUID(int=2))]


def test_what_only_looks_like_an_erasure_accounts_for_nothing() -> None:
    links = chain([("", "a"), erasure([1])])
    erased(links, 1)
    assert breaks(links) == [Break(Damage.CONTENT_GONE, 1, UUID(int=1))]


def test_an_erasure_that_was_changed_accounts_for_nothing() -> None:
    links = with_erasure([("", "a"), erasure([])], 2)
    erased(links, 1)
    seal, event = links[1]
    assert event is not None
    links[1] = seal, replace(event, content=erasure([1])[1])
    assert [found.damage for found in breaks(links)] == [Damage.CONTENT_CHANGED, Damage.CONTENT_GONE]


def test_what_has_no_seal_or_several_is_named() -> None:
    walk = Walk()
    walk.end(None, [UUID(int=1)], [UUID(int=2)])
    assert [(found.damage, found.event_id) for found in walk.breaks] == [
        (Damage.UNSEALED_EVENT, UUID(int=1)),
        (Damage.SEALED_TWICE, UUID(int=2)),
    ]


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_head_is_read_as_it_is_written(sequence: int, hash_: bytes) -> None:
    assert Head.parse(str(Head(sequence, hash_))) == Head(sequence, hash_)


@pytest.mark.parametrize(
    "text", ["", "1", "1:", "0:" + "ab" * 32, "1:" + "ab" * 31, "1:" + "zz" * 32, "x:" + "ab" * 32]
)
def test_a_head_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="SEQUENCE:HASH"):
        Head.parse(text)


@pytest.mark.parametrize("damage", Damage)
def test_every_damage_is_told_in_words(damage: Damage) -> None:
    told = str(Break(damage, 3, UUID(int=5), 4))
    assert told.endswith(".")
    assert "{" not in told
