"""Every field of every row, in every way it can be reached, as everybody."""

from collections.abc import Awaitable, Callable

import pytest

from tests.matrix import arguments, ways, writings
from tests.matrix.asking import Asking
from tests.matrix.conftest import Matrix, name_of, thorough_unless
from tests.matrix.ledger import Ledger
from tests.matrix.seats import MISPLACED, PLACED, Seat

Way = Callable[[Asking], Awaitable[None]]
WAYS: tuple[Way, ...] = (
    ways.by_root,
    ways.by_node,
    ways.by_page,
    ways.nested,
)
DEEP = [seat for seat in PLACED if seat.name in {"employee", "department-head"}]
"""Who sees much, and not all of it: what is shown of a row depends on the relation to it, however deep it lies."""

WRITINGS: tuple[Way, ...] = (
    writings.in_fragments,
    writings.under_other_names,
    writings.side_by_side,
    arguments.narrowed,
)
"""Another text for what the other ways ask: most of them are for `make test-thorough`."""

CASES = [
    *((way, seat) for way in WAYS for seat in PLACED),
    *(thorough_unless(seat in DEEP, way, seat) for way in WRITINGS for seat in PLACED),
    *((ways.by_node, seat) for seat in MISPLACED),
    *(thorough_unless(seat is DEEP[0], ways.onwards, seat) for seat in DEEP),
]


@pytest.mark.parametrize(("way", "seat"), CASES, ids=name_of)
async def test_what_is_shown_is_what_is_meant_to_be(matrix: Matrix, ledger: Ledger, way: Way, seat: Seat) -> None:
    await way(matrix.asking(seat, ledger))
    ledger.settle()
