"""Whether newcomers stay less than those before them, at the first day and in the long run."""

from __future__ import annotations

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

TESTED = (1, 30)
LEVEL = 0.05
NOBODY = {"retained": 0, "n": 0, "estimate": np.nan}


def retention_moved(cohorts: pd.DataFrame) -> pd.DataFrame:
    """Return per day: day, estimate, n (the recent), before, n_before, difference, ci_lower, ci_upper, falls, rises.

    *cohorts*: `metrics.new_against_old`. Newcombe intervals, at a level corrected for the two days that decide (1 and 30);
    NaN where a side is empty.
    """
    rows = []
    for _, part in cohorts.groupby("day"):
        sides = part.set_index("cohort").to_dict("index")
        new, old = sides.get("recent", NOBODY), sides.get("before", NOBODY)
        low = high = np.nan
        if new["n"] > 0 and old["n"] > 0:
            counts = int(new["retained"]), int(new["n"]), int(old["retained"]), int(old["n"])
            low, high = confint_proportions_2indep(*counts, method="newcomb", alpha=LEVEL / len(TESTED))
        rows.append(
            (
                int(part["day"].iloc[0]),
                new["estimate"],
                int(new["n"]),
                old["estimate"],
                int(old["n"]),
                new["estimate"] - old["estimate"],
                float(low),
                float(high),
            )
        )
    columns = ["day", "estimate", "n", "before", "n_before", "difference", "ci_lower", "ci_upper"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(falls=table["ci_upper"] < 0, rises=table["ci_lower"] > 0)
