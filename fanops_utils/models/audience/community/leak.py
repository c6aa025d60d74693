"""The step of a funnel that loses most against a baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep, test_proportions_2indep

from fanops_utils.metrics.multiple import holm

LEAST = 30
LEVEL = 0.05


def leaks(own: pd.DataFrame, baseline: pd.DataFrame) -> pd.DataFrame:
    """Return the steps of *own* with how many go on, against *baseline*, and which step leaks.

    Both are folds of `funnel`: step, name, members, of the same steps. Returned per step from the second: step, name,
    before (members of the step before), members, rate, base_rate, difference, ci_lower, ci_upper (Newcombe),
    p_adjusted (Holm over the steps), leaks (clearly below: the corrected p under .05). NaN where a side has fewer
    than 30 in the step before.
    """
    rows = []
    for at in range(1, len(own)):
        before, through = int(own["members"].iloc[at - 1]), int(own["members"].iloc[at])
        base_before, base = int(baseline["members"].iloc[at - 1]), int(baseline["members"].iloc[at])
        row = {
            "step": at + 1,
            "name": own["name"].iloc[at],
            "before": before,
            "members": through,
            "rate": through / before if before else np.nan,
            "base_rate": base / base_before if base_before else np.nan,
            "ci_lower": np.nan,
            "ci_upper": np.nan,
            "p": np.nan,
        }
        if min(before, base_before) >= LEAST:
            low, high = confint_proportions_2indep(through, before, base, base_before, method="newcomb")
            row |= {"ci_lower": float(low), "ci_upper": float(high)}
            row["p"] = _p(through, before, base, base_before)
        rows.append(row)
    table = pd.DataFrame(rows)
    table["difference"] = table["rate"] - table["base_rate"]
    known = table["p"].notna()
    table["p_adjusted"] = np.nan
    if known.any():
        table.loc[known, "p_adjusted"] = holm(table.loc[known, "p"].tolist())
    return table.assign(leaks=(table["p_adjusted"] < LEVEL) & (table["difference"] < 0)).drop(columns="p")


def _p(hits: int, n: int, base_hits: int, base_n: int) -> float:
    """Return the p-value of the score test of two shares; 1 where both are all or nothing alike."""
    if hits + base_hits in (0, n + base_n):
        return 1.0
    return float(test_proportions_2indep(hits, n, base_hits, base_n, compare="diff", method="score").pvalue)
