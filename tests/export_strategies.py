"""What people write and platforms count, for tests that write an export and read it back."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

PIECES = (",", '"', "'", "\n", ";", "🍁", "日本語", "=SUM(1,1)", "+1", "-x", "@fan ", "#tag", " ", "N/A", "0")
CAPTIONS = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12),
    ),
    max_size=6,
).map("".join)
COUNTS = st.one_of(st.none(), st.just(0), st.integers(0, 10**9))
SIGNED = st.one_of(st.none(), st.just(0), st.integers(-(10**6), 10**6))
MINUTES = st.datetimes(datetime(2016, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(second=0, microsecond=0))


def cell(value: object) -> str:
    """Return how an export prints *value*: nothing for what is not known."""
    return "" if value is None else str(value)


def same(found: object, expected: object) -> bool:
    """Return whether a cell read back is what was written; missing equals only missing."""
    import pandas as pd

    if expected is None or (isinstance(expected, str) and not expected.strip()):
        return bool(pd.isna(found))
    return not pd.isna(found) and bool(found == expected)
