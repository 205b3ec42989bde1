"""ETags, and whether a client has what they stand for; without a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.caching import etag_of, is_known

ETAG = etag_of(b'{"data":null}', "application/json")


@pytest.mark.parametrize("header", [ETAG, f"W/{ETAG}", f'"x", {ETAG}', f'"x",W/{ETAG} ,"y"', "*", " * "])
def test_what_the_client_has_is_known(header: str) -> None:
    assert is_known(ETAG, header)


@pytest.mark.parametrize("header", ["", '""', '"x"', ETAG.strip('"'), ETAG[:-2] + '"', f"w/{ETAG}", "**", ","])
def test_what_the_client_has_not_is_not_known(header: str) -> None:
    assert not is_known(ETAG, header)


@given(st.binary(), st.binary())
def test_an_etag_is_quoted_and_belongs_to_one_answer_of_one_type(body: bytes, other: bytes) -> None:
    etag = etag_of(body, "application/json")
    assert etag[0] == etag[-1] == '"'
    assert etag[1:-1].isalnum()
    assert (etag == etag_of(other, "application/json")) == (body == other)
    assert etag != etag_of(body, "application/graphql-response+json")
