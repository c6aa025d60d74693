"""Which attributes of people go with buying: associated with it, never its cause."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from fanops_utils.metrics.columns import need
from fanops_utils.metrics.intervals import wilson_frame

LEAST = 10
OVERALL = ["attribute", "strength", "p", "q", "clear", "values", "n"]


def associations(people: pd.DataFrame, attributes: Sequence[str], *, outcome: str, rate: float = 0.05) -> pd.DataFrame:
    """Return how strongly each of *attributes* goes with *outcome* (true or false), strongest first.

    Values held by fewer than ten people are left out. Returned: attribute, strength (Cramer's V, bias-corrected), p (chi
    square), q and clear (Benjamini-Hochberg over all attributes at *rate*), values, n.
    """
    need(people, outcome, *attributes)
    rows = []
    for name in attributes:
        known = people[[name, outcome]].dropna()
        sizes = known[name].value_counts()
        known = known[known[name].isin(sizes.index[sizes >= LEAST])]
        table = pd.crosstab(known[name], known[outcome]).to_numpy()
        if min(table.shape) < 2:
            continue
        chi, p = (float(value) for value in stats.chi2_contingency(table, correction=False)[:2])
        rows.append((name, _cramer(chi, table), p, len(table), int(table.sum())))
    frame = pd.DataFrame(rows, columns=["attribute", "strength", "p", "values", "n"])
    if frame.empty:
        return pd.DataFrame(columns=OVERALL)
    clear, q, *_ = multipletests(frame["p"], alpha=rate, method="fdr_bh")
    return frame.assign(q=q, clear=clear).sort_values("strength", ascending=False, ignore_index=True)[OVERALL]


def outcome_by(people: pd.DataFrame, attribute: str, *, outcome: str) -> pd.DataFrame:
    """Return the share with *outcome* by value of *attribute*: value, hits, estimate, ci_lower, ci_upper (Wilson), n."""
    known = people[[attribute, outcome]].dropna()
    each = known.groupby(attribute)[outcome].agg(["sum", "size"])
    table = wilson_frame(each["sum"].astype("int64"), each["size"])
    table.insert(0, "hits", each["sum"].astype("int64"))
    table = table[table["n"] >= LEAST].sort_values("estimate", ascending=False)
    return table.rename_axis("value").reset_index()


def _cramer(chi: float, table: np.ndarray) -> float:
    """Return Cramer's V without its bias. Source: Bergsma 2013."""
    n, (rows, columns) = table.sum(), table.shape
    phi = max(0.0, chi / n - (rows - 1) * (columns - 1) / (n - 1))
    least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(np.sqrt(phi / least)) if least > 0 else 0.0
