"""Counterfactual day by day: what the treated markets would have done, and the gap as it adds up."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from fanops_utils.models.panel import LogPanel
from fanops_utils.models.placebo import Placebos
from fanops_utils.workspace.register import Period

POST_DAYS = 14


def counterfactual_daily(
    panel: LogPanel, baseline: Period, live: Period, *, placebos: Placebos, level: float
) -> pd.DataFrame:
    """Return actual and counterfactual total of the treated markets from the baseline to 14 days after the campaign.

    Columns: date_day; phase (baseline, between, live, after); actual; counterfactual; lower and upper (band for a
    single day); cumulative_gap, cumulative_lower and cumulative_upper (live days, NaN elsewhere). Scaled so that the
    live totals differ by the estimate and the baseline's agree: the mean of logs speaks for the typical day, not for
    the total. So the gap ends at the campaign's extra units. Days dropped are NaN.
    """
    shown = Period(start=baseline.start, end=live.end + timedelta(days=POST_DAYS))
    rows = panel.days_in(shown)
    day = pd.DatetimeIndex(panel.values.index[rows])
    before, after = day <= pd.Timestamp(baseline.end), day > pd.Timestamp(live.end)
    is_live = (day >= pd.Timestamp(live.start)) & ~after
    actual = panel.values[list(panel.treated)].iloc[rows].sum(axis=1, skipna=False).to_numpy()
    expected = _expected(panel, baseline, shown)
    during = np.nansum(actual[is_live]) / np.exp(panel.effect(baseline, live)) / np.nansum(expected[is_live])
    expected *= np.where(before, np.nansum(actual[before]) / np.nansum(expected[before]), during)
    band = np.exp(placebos.day_half_width(level))
    frame = pd.DataFrame({
        "date_day": day,
        "phase": np.select([before, is_live, after], ["baseline", "live", "after"], "between"),
        "actual": actual,
        "counterfactual": expected,
        "lower": expected / band,
        "upper": expected * band,
    })  # fmt: skip
    return frame.join(_cumulative(frame[is_live], placebos, level))


def _expected(panel: LogPanel, baseline: Period, shown: Period) -> np.ndarray:
    """Return what the controls say of the treated markets' total, each market on its own weekday level."""
    logs, rows = panel.logs, panel.days_in(shown)
    common = logs[list(panel.controls)].to_numpy().mean(axis=1)
    back = np.expm1 if panel.zeros == "log1p" else np.exp
    total = np.zeros(rows.stop - rows.start)
    for market in panel.treated:
        own = logs[market].to_numpy()
        total += back(own[rows] - panel.residuals(own - common, baseline, shown))
    return total


def _cumulative(live: pd.DataFrame, placebos: Placebos, level: float) -> pd.DataFrame:
    actual, expected = live["actual"].fillna(0).cumsum(), live["counterfactual"].fillna(0).cumsum()
    half = placebos.running_half_width(level)[: len(live)] if placebos.n else np.full(len(live), np.nan)
    return pd.DataFrame({
        "cumulative_gap": actual - expected,
        "cumulative_lower": actual - expected * np.exp(half),
        "cumulative_upper": actual - expected * np.exp(-half),
    })  # fmt: skip
