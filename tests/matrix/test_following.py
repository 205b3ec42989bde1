"""What the streams of subscriptions begin with, as everybody."""

import pytest

from tests.matrix.conftest import Matrix
from tests.matrix.following import followed
from tests.matrix.ledger import Ledger
from tests.matrix.seats import SEATS, Seat


@pytest.mark.parametrize("seat", SEATS, ids=str)
async def test_a_stream_begins_with_what_is_meant_to_be_seen(matrix: Matrix, ledger: Ledger, seat: Seat) -> None:
    await followed(matrix.asking(seat, ledger))
    ledger.settle()
