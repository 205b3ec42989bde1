"""Values of the scalars that the generators do not know, and ids of things that are there."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Values = dict[str, st.SearchStrategy[Any]]


def scalars(nodes: Any, ids: Sequence[str]) -> Values:
    """`nodes` makes literals. Four ids of five are of something; a generator alone would never hit one."""
    known = st.sampled_from(ids)
    return {
        "ID": st.one_of(known, known, known, known, st.text(max_size=40)).map(nodes.String),
        "Date": st.dates().map(str).map(nodes.String),
        "DateTime": st.datetimes().map(lambda moment: f"{moment.isoformat()}Z").map(nodes.String),
        "Decimal": st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str).map(nodes.String),
        "JSON": st.text(max_size=20).map(nodes.String),
    }
