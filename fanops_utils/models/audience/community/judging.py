"""Whether one moderator's decisions are taken back more often than those of the others, and groups drawn to their mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.multiple import holm
from fanops_utils.metrics.shrinkage import shrink

LEVEL = 0.05
FEWEST = 10


def taken_back_more(decided: pd.DataFrame) -> pd.DataFrame:
    """Return *decided* (`metrics.decided`) with rest (share taken back of all others' decisions), p_adjusted and more.

    Fisher's exact test, one-sided, of each with ten decisions or more against all others; Holm; more where p < .05.
    """
    table = decided.assign(rest=np.nan, p_adjusted=np.nan)
    total = table[["decisions", "reversed"]].sum()
    tested, p = [], []
    for index, decisions, reverted in zip(
        table.index, table["decisions"].tolist(), table["reversed"].tolist(), strict=True
    ):
        others = int(total["decisions"] - decisions)
        if decisions < FEWEST or others < FEWEST:
            continue
        back = int(total["reversed"] - reverted)
        cells = [[reverted, decisions - reverted], [back, others - back]]
        tested.append(index)
        p.append(float(stats.fisher_exact(cells, alternative="greater").pvalue))
        table.loc[index, "rest"] = back / others
    if tested:
        table.loc[tested, "p_adjusted"] = holm(p)
    return table.assign(more=table["p_adjusted"] < LEVEL)


def drawn_groups(groups: pd.DataFrame) -> pd.DataFrame:
    """Return *groups* (`metrics.group_table`) with shrunk: messages per active member drawn to the mean of all
    groups.

    Sampling variance taken from the counts (messages ÷ active²), ten times as large as chance alone gives: members of
    a group differ among themselves. Groups without active members stay NaN.
    """
    active = groups["active"].where(groups["active"] > 0).to_numpy(dtype=float)
    variance = 10 * np.maximum(groups["messages"].to_numpy(dtype=float), 1) / active**2
    drawn = shrink(groups["each"].to_numpy(dtype=float), variance)
    return groups.assign(shrunk=drawn, silent_share=groups["inactive"] / groups["members"].where(groups["members"] > 0))
