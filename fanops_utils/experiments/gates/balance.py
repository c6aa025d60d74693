"""Balance: did the arms look alike before the test? A covariate that differs says the assignment was not by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fanops_utils.experiments.gates.gate import Gate, Imbalance, Status
from fanops_utils.experiments.gates.ratios import SEVERE
from fanops_utils.experiments.statistics.means import welch
from fanops_utils.experiments.statistics.multiple import adjusted_p

COLUMNS = ["covariate", "treatment", "control_mean", "treatment_mean", "standardised", "p_value", "p_adjusted"]


def balance(moments: pd.DataFrame, *, control: str, covariates: Sequence[str]) -> pd.DataFrame:
    """Return how far each covariate differs between each treatment and *control*, before anything was done.

    Read from the moments of the first metric. `standardised` is the difference in standard deviations of all units
    within arms, `p_adjusted` corrected by Holm over all rows. Clusters are compared by their means, each counting once.
    """
    first = moments[moments["metric"] == moments["metric"].iloc[0]].set_index("variant")
    rows = []
    for name in covariates:
        spread = first[f"cov[{name},{name}]"]
        mean, error = first[f"mean[{name}]"], spread / first["n"]
        typical = np.sqrt(np.average(error * first["n"], weights=first["n"]))
        for arm in first.index.drop(control):
            gap = float(mean[arm] - mean[control])
            p_value, *_ = welch(gap, error[arm], first.at[arm, "n"], error[control], first.at[control, "n"])
            scaled = gap / typical if typical > 0 else 0.0
            rows.append((name, arm, float(mean[control]), float(mean[arm]), scaled, float(p_value)))
    frame = pd.DataFrame(rows, columns=COLUMNS[:-1])
    return frame.assign(p_adjusted=adjusted_p(frame["p_value"].to_numpy(dtype=float), method="holm"))


def balance_gate(table: pd.DataFrame, *, gate: float) -> Gate:
    """Return the gate on *table* of `balance`: FAIL below 0.001 (or *gate*, where that is less) after Holm, REVIEW below
    *gate*.

    Without `seen` the covariates do not vary, and balance cannot be told.
    """
    if table.empty or table["p_adjusted"].isna().all():
        return Gate("balance", "REVIEW")
    worst = table.iloc[int(np.nanargmin(table["p_adjusted"].to_numpy()))]
    p_value = float(worst["p_adjusted"])
    seen = Imbalance(str(worst["treatment"]), float(worst["standardised"]))
    status: Status = "FAIL" if p_value < min(SEVERE, gate) else "REVIEW" if p_value < gate else "PASS"
    return Gate("balance", status, str(worst["covariate"]), p_value=p_value, seen=seen, level=gate)
