"""What an identity provider's claims say of somebody."""

from typing import Any
from uuid import uuid4

import pytest

from app.identities.models import IdentityProvider
from app.identities.vouched import vouched_by

PROVIDER = IdentityProvider(
    organization_id=uuid4(), name="Works", slug="works", issuer="https://id.example", client_id="allround"
)


def email_of(**claims: Any) -> str | None:
    return vouched_by(PROVIDER, {"sub": "1", "email_verified": True, **claims}).email


def test_a_verified_address_is_told_in_small_letters() -> None:
    assert email_of(email="Ada@Works.example") == "ada@works.example"


@pytest.mark.parametrize("email", ["mi\u212ae@works.example", "mike@wor\u212as.example", "m\u0131ke@works.example"])
def test_letters_that_become_others_in_small_do_not_make_somebody_elses_address(email: str) -> None:
    assert email_of(email=email) is None


def test_an_address_that_nobody_verified_is_none() -> None:
    assert email_of(email="ada@works.example", email_verified=False) is None
