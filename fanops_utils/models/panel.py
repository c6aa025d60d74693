"""Daily panel of markets on the log scale: complete days only, and effects read from its gap to the controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.workspace.register import Period

Zeros = Literal["refuse", "log1p"]
FEWEST_BASELINE_DAYS = 14
SHARE_OF_DAYS = 0.8


@dataclass(frozen=True)
class LogPanel:
    """Values per day (every day from first to last, NaN where a market is missing) and market."""

    values: pd.DataFrame
    treated: tuple[str, ...]
    controls: tuple[str, ...]
    zeros: Zeros = "refuse"

    @cached_property
    def first(self) -> date:
        """The first day of the panel."""
        return pd.DatetimeIndex(self.values.index)[0].date()

    @property
    def n_dropped(self) -> int:
        """Days from first to last on which a market is missing."""
        return int((~self.complete).sum())

    @cached_property
    def logs(self) -> pd.DataFrame:
        """The values on the log scale."""
        values = self.values.to_numpy()
        logs = np.log1p(values) if self.zeros == "log1p" else np.log(values)
        return pd.DataFrame(logs, index=self.values.index, columns=self.values.columns)

    @cached_property
    def complete(self) -> np.ndarray:
        """Whether every market has a value, per day."""
        return self.values.notna().all(axis=1).to_numpy()

    @cached_property
    def gap(self) -> np.ndarray:
        """Mean log of the treated less mean log of the controls, per day."""
        treated = self.logs[list(self.treated)].to_numpy().mean(axis=1)
        return treated - self.logs[list(self.controls)].to_numpy().mean(axis=1)

    def days_in(self, period: Period) -> slice:
        """Return the rows of *period*, cut to the days the panel has."""
        start = (period.start - self.first).days
        return slice(max(start, 0), max(min(start + period.days, len(self.values)), 0))

    def seen(self, period: Period) -> int:
        """Return the number of days of *period* on which every market has a value."""
        return int(self.complete[self.days_in(period)].sum())

    def covers(self, period: Period) -> bool:
        """Return whether enough days of *period* (80 %) are there to speak for it."""
        return self.seen(period) >= SHARE_OF_DAYS * period.days

    def residuals(self, series: np.ndarray, baseline: Period, target: Period) -> np.ndarray:
        """Return *series* on the days of *target* less its baseline mean on the same weekday."""
        return series[self.days_in(target)] - self.weekday_means(series, baseline)[self._weekday(target)]

    def weekday_means(self, series: np.ndarray, baseline: Period) -> np.ndarray:
        """Return the mean of *series* in the baseline for Monday to Sunday; NaN for a weekday never seen."""
        base, weekday = series[self.days_in(baseline)], self._weekday(baseline)
        known = ~np.isnan(base)
        count = np.bincount(weekday[known], minlength=7)
        total = np.bincount(weekday[known], weights=base[known], minlength=7)
        return np.divide(total, count, out=np.full(7, np.nan), where=count > 0)

    def effect(self, baseline: Period, target: Period) -> float:
        """Return the mean gap of *target* over its baseline; raise DataError where either has no day."""
        found = self.residuals(self.gap, baseline, target)
        if np.isnan(found).all():
            raise DataError(f"no day with data in every market from {target.start} to {target.end}, or its baseline")
        return float(np.nanmean(found))

    def placebo_windows(self, baseline: Period, target: Period) -> list[tuple[Period, Period]]:
        """Return (baseline, target) stepped back by whole targets, wholly before the baseline's end, newest first."""
        found, back = [], (target.end - baseline.end).days
        while baseline.start - timedelta(days=back) >= self.first:
            window = (_moved(baseline, back), _moved(target, back))
            if all(self.covers(period) for period in window):
                found.append(window)
            back += target.days
        return found

    def before_after(self, baseline: Period, live: Period) -> float:
        """Return the plain change of the treated markets' daily mean, as a fraction."""
        total = self.values[list(self.treated)].sum(axis=1, skipna=False).to_numpy()
        before, during = total[self.days_in(baseline)], total[self.days_in(live)]
        if np.isnan(before).all() or np.isnan(during).all():
            raise DataError(f"no day with data from {baseline.start} to {baseline.end}, or {live.start} to {live.end}")
        return float(np.nanmean(during) / np.nanmean(before) - 1)

    def with_controls(self, controls: Sequence[str], *, treated: Sequence[str] | None = None) -> LogPanel:
        """Return the panel with other *controls*, and *treated* where given."""
        return replace(self, controls=tuple(controls), treated=tuple(treated or self.treated))

    def _weekday(self, period: Period) -> np.ndarray:
        rows = self.days_in(period)
        return (np.arange(rows.start, max(rows.stop, rows.start)) + self.first.weekday()) % 7


def log_panel(daily: pd.DataFrame, *, treated: Sequence[str], controls: Sequence[str], zeros: Zeros) -> LogPanel:
    """Return the panel of the markets named; the columns, zeros and errors are those of `campaign_effect`."""
    need(daily, "date_day", "market", "value")
    markets = [*treated, *controls]
    kept = daily[daily["market"].isin(markets)]
    for market in markets:
        if market not in set(kept["market"]):
            choices = sorted(str(code) for code in daily["market"].dropna().unique())
            raise DataError("no daily data of the market", column="market", value=market, choices=choices)
    frame = pd.DataFrame({"day": days(kept["date_day"]), "market": kept["market"], "value": numbers(kept["value"])})
    if (twice := frame[frame.duplicated(["day", "market"])]).size:
        raise DataError(f"market {twice['market'].iloc[0]} has the day twice", value=twice["day"].iloc[0].date())
    _refuse_zeros(frame, zeros)
    wide = frame.pivot(index="day", columns="market", values="value")[markets]
    wide = wide.reindex(pd.date_range(wide.index.min(), wide.index.max(), freq="D"))
    wide.loc[wide.isna().any(axis=1)] = np.nan
    return LogPanel(wide, tuple(treated), tuple(controls), zeros)


def _refuse_zeros(frame: pd.DataFrame, zeros: Zeros) -> None:
    bad = frame[(frame["value"] <= 0) if zeros == "refuse" else (frame["value"] < 0)]
    if not bad.empty:
        worst = bad.iloc[0]
        hint = 'Is it missing? Leave the day out; a true zero needs zeros="log1p"'
        raise DataError(
            f"no logarithm of {worst['value']:g}: market {worst['market']} on {worst['day'].date()}",
            column="value",
            hint=hint if worst["value"] == 0 else "",
        )


def _moved(period: Period, back: int) -> Period:
    return Period(start=period.start - timedelta(days=back), end=period.end - timedelta(days=back))
