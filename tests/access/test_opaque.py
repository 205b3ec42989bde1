"""Opaque tokens: what is written is read again, and nothing else is."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.access.opaque import SECRET_BYTES, Opaque

KINDS = st.sampled_from(["alr", "ali", "alk"])


@given(KINDS, st.uuids(), st.uuids(), st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_what_is_written_is_read_again(kind: str, organization_id: UUID, id_: UUID, secret: bytes) -> None:
    token = Opaque(kind, organization_id, id_, secret)
    assert Opaque.read(kind, token.text) == token
    assert token.text.startswith(f"{kind}_")
    assert token.proves(token.hash)


@given(KINDS, KINDS, st.uuids())
def test_a_token_of_another_kind_is_none(kind: str, other: str, id_: UUID) -> None:
    token = Opaque.made(kind, id_, id_)
    assert (Opaque.read(other, token.text) == token) is (kind == other)
    assert Opaque.read(kind, token.text.removeprefix(f"{kind}_")) is None


@given(st.uuids(), st.integers(0, 89), st.characters())
def test_a_token_with_another_character_proves_nothing(id_: UUID, at: int, character: str) -> None:
    token = Opaque.made("alr", id_, id_)
    text = token.text[:at] + character + token.text[at + 1 :]
    read = Opaque.read("alr", text)
    same = (token.organization_id, token.id, token.secret)
    assert text == token.text or read is None or (read.organization_id, read.id, read.secret) != same


@given(st.text(max_size=200))
def test_any_other_text_is_no_token(text: str) -> None:
    read = Opaque.read("alr", text)
    assert read is None or read.text == text


def test_no_two_have_the_same_secret() -> None:
    id_ = UUID(int=1)
    made = {Opaque.made("alr", id_, id_).secret for _ in range(100)}
    assert len(made) == 100
    assert not Opaque.made("alr", id_, id_).proves(Opaque.made("alr", id_, id_).hash)
