"""A metric told by platform as one number, where it may be: shares by their counts, totals by their sums."""

from __future__ import annotations

import pandas as pd

from fanops_utils.metrics.catalogue.series import MetricSeries
from fanops_utils.metrics.intervals import wilson_frame

KEPT = ["date_day", "estimate", "ci_lower", "ci_upper", "n", "days", "of_days"]


def together(series: MetricSeries) -> pd.DataFrame | None:
    """Return one row per period of *series*: date_day, estimate, ci_lower, ci_upper, n, days, of_days; newest stretch only.

    Shares and totals of several platforms are pooled where the metric may be; None where it has no single number then.
    """
    metric, rows = series.metric, series.table
    if rows.empty:
        return rows.reindex(columns=KEPT)
    keys = [name for name in series.keys if rows[name].nunique(dropna=False) > 1]
    if not keys:
        return rows[rows["stretch"] == rows["stretch"].max()][KEPT].reset_index(drop=True)
    if set(keys) & {*metric.apart, "currency", "acquisition"} or metric.estimator.code not in ("share", "total"):
        return None
    spans = rows.groupby("date_day")[["days", "of_days"]].max()
    if metric.estimator.code == "total":
        sums = rows.groupby("date_day").agg(estimate=("estimate", lambda one: one.sum(skipna=False)), n=("n", "sum"))
        return sums.assign(ci_lower=sums["estimate"], ci_upper=sums["estimate"]).join(spans).reset_index()[KEPT]
    parts = rows.assign(top=rows["estimate"].fillna(0.0) * rows["n"]).groupby("date_day")[["top", "n"]].sum()
    shares = wilson_frame(parts["top"].round(), parts["n"])
    return shares.join(spans).reset_index()[KEPT]
