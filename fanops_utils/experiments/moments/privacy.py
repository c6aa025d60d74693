"""Aggregate-only mode: staff who may see no unit get the moments, without the cells that would show single people."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.text import say

KEYS = ("variant", "metric", "kind", "clustered", "suppressed")


def suppress(moments: pd.DataFrame, *, least: int, by: Sequence[str] = ()) -> pd.DataFrame:
    """Return *moments* with every cell of fewer than *least* units emptied and marked `suppressed`.

    A share with fewer than *least* units on either side of it is a small cell too. Where a single cell of a total would
    be emptied, the next smallest goes with it: the total would give it away. The total is that of the metric or, with
    *by*, that of the arm, which the read-out shows. Emptied cells keep their keys; n, units and missing become 0, the
    rest NaN.
    """
    if least < 1:
        raise DataError(say("the smallest cell has at least one unit"), value=least)
    share = moments["kind"].isin(["conversion", "retention"]) & ~moments["clustered"]
    hits = (moments["mean"] * moments["n"]).round()
    few = (hits > 0) & (hits < least) | (moments["n"] - hits > 0) & (moments["n"] - hits < least)
    small = (moments["units"] < least) | (share & few)
    for _, part in moments.groupby(["metric", "variant"] if by else ["metric"], sort=False):
        if small[part.index].sum() == 1 and len(part) > 1:
            small.loc[moments.loc[part.index[~small[part.index]], "units"].idxmin()] = True
    emptied = moments.copy()
    emptied["suppressed"] = emptied["suppressed"] | small
    emptied.loc[small, ["n", "units", "missing"]] = 0
    numeric = [name for name in moments.columns if name not in {*KEYS, *by, "n", "units", "missing"}]
    emptied.loc[small, numeric] = np.nan
    return emptied
