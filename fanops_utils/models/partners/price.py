"""What a partner asks for its reach: the fee against what the others ask at the same size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need

FEWEST = 15
FEWEST_LINE = 6
FALSE = 0.04  # chance of any false flag among the partners: one in twenty with what the line itself errs
PRICES = ["partner", "size", "fee", "usual", "estimate", "mark"]


@dataclass(frozen=True)
class Prices:
    """`table`, dearest first: partner, size, fee (per delivery), usual (fee of others at that size), estimate (fraction above
    or below it), mark (dear, cheap or usual; "" below fifteen partners, where nothing is flagged). `slope`: what 1 % more
    size adds to the fee, in %; NaN below six partners.
    """

    table: pd.DataFrame
    slope: float
    flagged: bool


def price_for_reach(paid: pd.DataFrame, *, size: str = "followers") -> Prices:
    """Return each partner's mean fee against a line through all: log fee on log *size*, its slope free.

    Columns of *paid*: partner, fee, *size*. A partner is judged by a line without it (externally studentised residual); among
    all partners together a false flag comes at most once in twenty (Bonferroni). A plain fee per follower errs twice as
    much: fees do not grow as fast as followers.
    """
    need(paid, "partner", "fee", size)
    known = paid[paid[size].notna() & (paid[size] > 0)].assign(size=lambda one: one[size].astype(float))
    each = known.groupby("partner").agg(size=("size", "median"), fee=("fee", "mean")).reset_index()
    number = len(each)
    if number < FEWEST_LINE or each["size"].nunique() < 3:
        return Prices(each.assign(usual=np.nan, estimate=np.nan, mark="")[PRICES], np.nan, False)
    x = np.column_stack([np.ones(number), np.log(each["size"])])
    y = np.log(each["fee"].to_numpy())
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    rest, lever = y - x @ beta, np.einsum("ij,jk,ik->i", x, inverse, x)
    free = number - 3
    without = (rest @ rest - rest**2 / (1 - lever)) / free
    studentised = rest / np.sqrt(np.maximum(without, 1e-12) * (1 - lever))
    out = rest / (1 - lever)  # against the line of the others
    limit = float(stats.t.isf(FALSE / (2 * number), free))
    judged = number >= FEWEST
    mark = np.where(studentised > limit, "dear", np.where(studentised < -limit, "cheap", "usual")) if judged else ""
    table = each.assign(usual=np.exp(y - out), estimate=np.expm1(out), mark=mark)
    return Prices(table[PRICES].sort_values("estimate", ascending=False, ignore_index=True), float(beta[1]), judged)
