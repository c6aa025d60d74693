"""Small cells: groups of so few people that a number about them is a number about somebody."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

SMALLEST = 10


def suppress(
    frame: pd.DataFrame,
    *,
    count: str = "n",
    k: int = SMALLEST,
    values: Sequence[str] | None = None,
    within: Sequence[str] = (),
) -> pd.DataFrame:
    """Return *frame* with groups of fewer than *k* people hidden: their numbers null, `is_hidden` true.

    *count* is the column of people; *values* are the columns to hide besides (by default all other numbers). Where one
    group alone of a whole (rows equal in the columns *within*) would be hidden, the next smallest is hidden too: else it
    follows from the total. Groups of nobody stay: zero tells of no one. Primary and complementary suppression as in
    Hundepool et al., Statistical Disclosure Control (2012), chapter 4.

    >>> table = pd.DataFrame({"tier": ["a", "b", "c"], "n": [3, 40, 12], "rate": [0.5, 0.2, 0.3]})
    >>> suppress(table)["n"].astype(object).where(lambda n: n.notna(), None).tolist()
    [None, 40, None]
    """
    people = frame[count].astype("Float64")
    small = (people > 0) & (people < k)
    hidden = small.fillna(value=True).astype(bool)
    whole = frame.groupby(list(within), dropna=False).ngroup() if within else pd.Series(0, index=frame.index)
    alone = hidden.groupby(whole).transform("sum") == 1
    next_smallest = people.where(~hidden & alone & (people > 0)).groupby(whole).rank(method="first") == 1
    hidden |= next_smallest.fillna(value=False).astype(bool)
    others = [name for name in frame.select_dtypes("number") if name != count and name not in within]
    shown = frame.copy()
    for name in [count, *(values if values is not None else others)]:
        shown[name] = shown[name].convert_dtypes().mask(hidden)
    return shown.assign(is_hidden=hidden)
