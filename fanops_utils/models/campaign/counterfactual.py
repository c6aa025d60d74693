"""Counterfactual day by day: what the treated markets would have done, and the gap as it adds up."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from fanops_utils.models.campaign.placebo import Placebos
from fanops_utils.models.panel.markets import Panel, middle_of
from fanops_utils.workspace.register import Period

POST_DAYS = 14


def counterfactual_daily(
    panel: Panel, baseline: Period, live: Period, *, placebos: Placebos, level: float
) -> pd.DataFrame:
    """Return actual and counterfactual total of the treated markets from the baseline to 14 days after the campaign.

    Columns: date_day; phase (baseline, between, live, after); actual; counterfactual; lower and upper (band for a
    single day); cumulative_gap, cumulative_lower and cumulative_upper (live days, NaN elsewhere). Scaled so that the
    live totals differ by the estimate and the baseline's agree: the mean of logs speaks for the typical day, not for
    the total. So the gap ends at the campaign's extra units. A rate is shown as the treated markets' mean, and does
    not add up: its cumulative columns are NaN. Days dropped are NaN.
    """
    shown = Period(start=baseline.start, end=live.end + timedelta(days=POST_DAYS))
    day = pd.DatetimeIndex(panel.values.index[panel.days_in(shown)])
    before, after = day <= pd.Timestamp(baseline.end), day > pd.Timestamp(live.end)
    is_live = (day >= pd.Timestamp(live.start)) & ~after
    phase = np.select([before, is_live, after], ["baseline", "live", "after"], "between")
    if panel.choice.scale == "difference":
        return _difference(panel, baseline, live, shown, day, phase, placebos, level)
    actual = _treated(panel, shown).sum(axis=1, skipna=False).to_numpy()
    expected = _expected(panel, baseline, shown)
    during = np.nansum(actual[is_live]) / np.exp(panel.effect(baseline, live)) / np.nansum(expected[is_live])
    expected *= np.where(before, np.nansum(actual[before]) / np.nansum(expected[before]), during)
    band = np.exp(placebos.day_half_width(level))
    frame = pd.DataFrame({
        "date_day": day, "phase": phase, "actual": actual, "counterfactual": expected,
        "lower": expected / band, "upper": expected * band,
    })  # fmt: skip
    return frame.join(_cumulative(frame[is_live], placebos, level))


def _treated(panel: Panel, shown: Period) -> pd.DataFrame:
    return panel.values[list(panel.treated)].iloc[panel.days_in(shown)]


def _difference(
    panel: Panel, baseline: Period, live: Period, shown: Period, day: pd.DatetimeIndex, phase: np.ndarray,
    placebos: Placebos, level: float,
) -> pd.DataFrame:  # fmt: skip
    actual = _treated(panel, shown).mean(axis=1, skipna=False).to_numpy()
    gap, half = panel.gap_residuals(baseline, shown), placebos.day_half_width(level)
    during = phase == "live"
    # The controls' median of all days shown is not that of the live days: the live gap is moved to the estimate.
    gap[during] += panel.effect(baseline, live) - np.nanmean(gap[during])
    expected = actual - gap
    return pd.DataFrame({
        "date_day": day, "phase": phase, "actual": actual, "counterfactual": expected,
        "lower": expected - half, "upper": expected + half,
        "cumulative_gap": np.nan, "cumulative_lower": np.nan, "cumulative_upper": np.nan,
    })  # fmt: skip


def _expected(panel: Panel, baseline: Period, shown: Period) -> np.ndarray:
    """Return what the controls say of the treated markets' total, each market on its own weekday level."""
    rows = panel.days_in(shown)
    if panel.choice.scale == "ratio":
        return _expected_ratio(panel, baseline, shown)
    scaled = panel.scaled
    common = middle_of(panel.residuals(scaled[list(panel.controls)].to_numpy(), baseline, shown))
    back = np.expm1 if panel.choice.scale == "log1p" else np.exp
    total = np.zeros(rows.stop - rows.start)
    for market in panel.treated:
        own = scaled[market].to_numpy()
        total += back(own[rows] - panel.residuals(own, baseline, shown) + common)
    return total


def _expected_ratio(panel: Panel, baseline: Period, shown: Period) -> np.ndarray:
    """Return the treated markets' usual total, moved as the controls' total moved over the seven days around."""
    rows = panel.days_in(shown)
    usual = {}
    for name, markets in (("treated", panel.treated), ("controls", panel.controls)):
        series = panel.values[list(markets)].sum(axis=1, skipna=False).to_numpy()
        usual[name] = series[rows] - panel.residuals(series, baseline, shown)
    controls = panel.values[list(panel.controls)].iloc[rows].sum(axis=1, skipna=False)
    week, usual_week = (
        one.rolling(7, center=True, min_periods=1).sum() + 0.5
        for one in (controls, pd.Series(usual["controls"], index=controls.index))
    )
    return usual["treated"] * (week / usual_week).to_numpy()


def _cumulative(live: pd.DataFrame, placebos: Placebos, level: float) -> pd.DataFrame:
    actual, expected = live["actual"].fillna(0).cumsum(), live["counterfactual"].fillna(0).cumsum()
    half = placebos.running_half_width(level)[: len(live)] if placebos.n else np.full(len(live), np.nan)
    return pd.DataFrame({
        "cumulative_gap": actual - expected,
        "cumulative_lower": actual - expected * np.exp(half),
        "cumulative_upper": actual - expected * np.exp(-half),
    })  # fmt: skip
