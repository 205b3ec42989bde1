"""API keys as they are written, and the networks that they are taken from."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.keys import admits, ceiling_in, network_in, new_key, read_key, written_key
from app.access.permissions import Permission, Reach
from app.db.rows import new_id

FORM = re.compile(r"allround_[A-Za-z0-9_-]{92}")  # what a scanner looks for


def test_a_key_is_read_as_it_was_written() -> None:
    for _ in range(100):
        key = new_key(new_id(), new_id())
        text = written_key(key)
        assert FORM.fullmatch(text)
        read = read_key(text)
        assert read == key
        assert read is not None
        assert read.proves(key.hash)


def test_every_key_has_another_secret() -> None:
    organization_id, id_ = new_id(), new_id()
    assert len({new_key(organization_id, id_).secret for _ in range(100)}) == 100
    assert not new_key(organization_id, id_).proves(new_key(organization_id, id_).hash)


@given(place=st.integers(0, 100), character=st.characters(min_codepoint=33, max_codepoint=126))
def test_a_slip_in_a_key_is_seen_without_looking_it_up(place: int, character: str) -> None:
    text = written_key(new_key(new_id(), new_id()))
    wrong = text[:place] + character + text[place + 1 :]
    assert (read_key(wrong) is None) == (wrong != text)


@pytest.mark.parametrize("text", ["", "allround_", "allround_x", "x" * 101, "allround_" + "ä" * 92, "alr_" + "A" * 97])
def test_what_is_no_key_is_none(text: str) -> None:
    assert read_key(text) is None


# --- networks


@given(st.ip_addresses(v=4))
def test_an_address_is_in_its_own_network_however_it_is_seen(address: IPv4Address) -> None:
    for text in (str(address), f"::ffff:{address}"):
        assert admits([network_in(str(address))], text)
        assert admits([network_in(f"::ffff:{address}")], text)
        assert admits(["0.0.0.0/0"], text)
        assert not admits(["::/0"], text)


@given(network=st.ip_addresses(v=4), bits=st.integers(1, 32), other=st.ip_addresses(v=4))
def test_a_network_has_the_addresses_that_begin_like_it(network: IPv4Address, bits: int, other: IPv4Address) -> None:
    cidr = IPv4Network((network, bits), strict=False)
    same = int(network) >> (32 - bits) == int(other) >> (32 - bits)
    assert admits([network_in(str(cidr))], str(other)) is same
    mapped = IPv6Network((f"::ffff:{cidr.network_address}", 96 + bits))
    assert network_in(str(mapped)) == str(cidr)


@given(st.ip_addresses(v=6).filter(lambda address: isinstance(address, IPv6Address) and address.ipv4_mapped is None))
def test_the_other_kind_of_address_is_in_no_network_of_this_kind(address: IPv6Address) -> None:
    assert admits([network_in(str(address))], str(address))
    assert not admits(["0.0.0.0/0"], str(address))


@pytest.mark.parametrize("address", [None, "", "unix:", "testclient", "1.2.3", "1.2.3.4/32"])
def test_what_is_no_address_is_in_no_network_but_from_anywhere(address: str | None) -> None:
    assert not admits(["0.0.0.0/0", "::/0"], address)
    assert admits([], address)


@pytest.mark.parametrize("text", ["", "10.0.0.1/8", "10.0.0.0/33", "::1/129", "::ffff:10.0.0.1/104", "office", "1.2.3"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        network_in(text)


def test_networks_are_stored_in_one_form() -> None:
    assert network_in("2001:DB8:0::/32") == str(ip_network("2001:db8::/32"))
    assert network_in("10.1.2.3") == "10.1.2.3/32"


# --- permissions


def test_what_is_a_permission_no_more_gives_nothing() -> None:
    stored = {"stakeholders:read": "REPORTS", "teapots:brew": "ORGANIZATION"}
    assert ceiling_in(stored) == {Permission.STAKEHOLDERS_READ: Reach.REPORTS}
