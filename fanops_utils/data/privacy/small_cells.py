"""Small cells: groups of so few people that a number about them is a number about somebody."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from fanops_utils.text.sentences.phrases import FEWEST_TOLD, is_few

SMALLEST = FEWEST_TOLD


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
    whole = frame.groupby(list(within), dropna=False).ngroup() if within else None
    hidden = hidden_parts(frame[count], k=k, whole=whole)
    others = [name for name in frame.select_dtypes("number") if name != count and name not in within]
    shown = frame.copy()
    for name in [count, *(values if values is not None else others)]:
        shown[name] = shown[name].convert_dtypes().mask(hidden)
    return shown.assign(is_hidden=hidden)


def hidden_parts(people: pd.Series, *, k: int = SMALLEST, whole: pd.Series | None = None) -> pd.Series:
    """Return which parts of a whole, with so many *people* each, are not shown: too small, or needed to hide such a one.

    Where one part alone of a whole would be hidden the next smallest is too; *whole* tells the wholes apart.

    >>> hidden_parts(pd.Series([3, 40, 12])).tolist(), hidden_parts(pd.Series([0, 40, 12])).tolist()
    ([True, False, True], [False, False, False])
    """
    counts = people.astype("Float64")
    hidden = ((counts > 0) & (counts < k)).fillna(value=True).astype(bool)
    whole = pd.Series(0, index=people.index) if whole is None else whole
    alone = hidden.groupby(whole).transform("sum") == 1
    next_smallest = counts.where(~hidden & alone & (counts > 0)).groupby(whole).rank(method="first") == 1
    return hidden | next_smallest.fillna(value=False).astype(bool)


def tells_few(parts: pd.Series) -> bool:
    """Return whether a total over *parts*, people each, would tell of few: where each part stands in a report of its own.

    There no second part can be hidden beside a small one, so the total is not told. Two small parts tell by their sum.
    """
    return bool(parts.map(is_few).any())
