"""Daily panel of markets on the scale of comparison: complete days only, and effects read from the gap to the controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.models.panel.scale import Outcome, ScaleChoice, Zeros, choose_scale
from fanops_utils.text import Day, say
from fanops_utils.workspace.register import Period

FEWEST_BASELINE_DAYS = 14
SHARE_OF_DAYS = 0.8


@dataclass(frozen=True)
class Panel:
    """Values per day (every day from first to last, NaN where a market is missing) and market."""

    values: pd.DataFrame
    treated: tuple[str, ...]
    controls: tuple[str, ...]
    choice: ScaleChoice

    @cached_property
    def first(self) -> date:
        """The first day of the panel."""
        return pd.DatetimeIndex(self.values.index)[0].date()

    @property
    def n_dropped(self) -> int:
        """Days from first to last on which a market is missing."""
        return int((~self.complete).sum())

    @cached_property
    def scaled(self) -> pd.DataFrame:
        """The values on the scale of comparison; as they are where totals are compared, or differences."""
        values = self.values.to_numpy()
        match self.choice.scale:
            case "log":
                values = np.log(values)
            case "log1p":
                values = np.log1p(values)
        return pd.DataFrame(values, index=self.values.index, columns=self.values.columns)

    # What every window asks of the panel, as arrays: taken out of the frames once, not once per window.
    @cached_property
    def _scaled_treated(self) -> np.ndarray:
        return self.scaled[list(self.treated)].to_numpy()

    @cached_property
    def _scaled_controls(self) -> np.ndarray:
        return self.scaled[list(self.controls)].to_numpy()

    @cached_property
    def _treated_total(self) -> np.ndarray:
        return self.values[list(self.treated)].sum(axis=1, skipna=False).to_numpy()

    @cached_property
    def _controls(self) -> np.ndarray:
        return self.values[list(self.controls)].to_numpy(float)

    @cached_property
    def complete(self) -> np.ndarray:
        """Whether every market has a value, per day."""
        return self.values.notna().all(axis=1).to_numpy()

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
        """Return *series* (days, or days x markets) on the days of *target* less its baseline mean on the same weekday."""
        return series[self.days_in(target)] - self.weekday_means(series, baseline)[self._weekday(target)]

    def weekday_means(self, series: np.ndarray, baseline: Period) -> np.ndarray:
        """Return the mean of *series* in the baseline for Monday to Sunday; NaN for a weekday never seen."""
        base, weekday = series[self.days_in(baseline)], self._weekday(baseline)
        known = ~np.isnan(base)
        day_is = (weekday == np.arange(7)[:, None]).astype(float)
        count, total = day_is @ known, day_is @ np.where(known, base, 0.0)
        return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)

    def gap_residuals(self, baseline: Period, target: Period) -> np.ndarray:
        """Return the effect on each day of *target* against the baseline, on the scale of comparison.

        The treated markets' mean change less the controls': the day's median of their changes, moved as a whole so
        that it lies, over the target, at the median of the controls' own mean changes. So a shock in one control
        moves nothing. For a ratio of totals: the day's surplus as a fraction of the mean expected day.
        """
        if self.choice.scale == "ratio":
            return self._ratio_residuals(baseline, target)
        own = self.residuals(self._scaled_treated, baseline, target).mean(axis=1)
        others = self.residuals(self._scaled_controls, baseline, target)
        return own - middle_of(others)

    def _ratio_residuals(self, baseline: Period, target: Period) -> np.ndarray:
        rows = self.days_in(target)
        treated, controls = self._treated_total, self._controls
        usual, usual_controls = (series[rows] - self.residuals(series, baseline, target)
                                 for series in (treated, controls))  # fmt: skip
        known = ~np.isnan(treated[rows] + usual + usual_controls.sum(axis=1))
        # Half a unit on either side keeps a period without any unit finite.
        changes = (controls[rows][known].sum(axis=0) + 0.5) / (usual_controls[known].sum(axis=0) + 0.5)
        moved = float(np.exp(np.median(np.log(changes))))
        mean = (usual[known].sum() + 0.5) / max(known.sum(), 1) * moved
        return (treated[rows] + 0.5 / max(known.sum(), 1)) / mean - (usual + 0.5 / max(known.sum(), 1)) * moved / mean

    def changes(self, baseline: Period, target: Period) -> np.ndarray:
        """Return each control's own change from baseline to *target*, on the scale of comparison (logs for a ratio)."""
        if self.choice.scale != "ratio":
            return _mean_of_days(self.residuals(self._scaled_controls, baseline, target))
        series, rows = self._controls, self.days_in(target)
        usual = series[rows] - self.residuals(series, baseline, target)
        return np.log((np.nansum(series[rows], axis=0) + 0.5) / (np.nansum(usual, axis=0) + 0.5))

    def effect(self, baseline: Period, target: Period) -> float:
        """Return the effect in *target* over its baseline; raise DataError where either has no day."""
        found = self.gap_residuals(baseline, target)
        if np.isnan(found).all():
            start, end = Day.of(target.start, form="iso"), Day.of(target.end, form="iso")
            message = say(
                "no day with data in every market from {start} to {end}, or its baseline", start=start, end=end
            )
            raise DataError(message)
        mean = float(np.nanmean(found))
        return float(np.log1p(mean)) if self.choice.scale == "ratio" else mean

    def placebo_windows(
        self, baseline: Period, target: Period, *, step: int | None = None
    ) -> list[tuple[Period, Period]]:
        """Return (baseline, target) stepped back, wholly before the baseline's end, newest first.

        By whole targets, so that no two targets share a day; by *step* days where given.
        """
        found, back = [], (target.end - baseline.end).days
        while baseline.start - timedelta(days=back) >= self.first:
            window = (_moved(baseline, back), _moved(target, back))
            if all(self.covers(period) for period in window):
                found.append(window)
            back += step or target.days
        return found

    def before_after(self, baseline: Period, live: Period) -> float:
        """Return the plain change of the treated markets' daily mean, as a fraction."""
        total = self._treated_total
        before, during = total[self.days_in(baseline)], total[self.days_in(live)]
        if np.isnan(before).all() or np.isnan(during).all():
            first, last, start, end = (
                Day.of(day, form="iso") for day in (baseline.start, baseline.end, live.start, live.end)
            )
            message = say(
                "no day with data from {first} to {last}, or {start} to {end}",
                first=first,
                last=last,
                start=start,
                end=end,
            )
            raise DataError(message)
        return float(np.nanmean(during) / np.nanmean(before) - 1)

    def with_controls(self, controls: Sequence[str], *, treated: Sequence[str] | None = None) -> Panel:
        """Return the panel with other *controls*, and *treated* where given."""
        return replace(self, controls=tuple(controls), treated=tuple(treated or self.treated))

    def _weekday(self, period: Period) -> np.ndarray:
        rows = self.days_in(period)
        return (np.arange(rows.start, max(rows.stop, rows.start)) + self.first.weekday()) % 7


def market_panel(
    daily: pd.DataFrame,
    *,
    treated: Sequence[str],
    controls: Sequence[str],
    zeros: Zeros = "refuse",
    outcome: Outcome = "total",
) -> Panel:
    """Return the panel of the markets named; the columns, zeros and errors are those of `campaign_effect`."""
    need(daily, "date_day", "market", "value")
    markets = [*treated, *controls]
    kept = daily[daily["market"].isin(markets)]
    for market in markets:
        if market not in set(kept["market"]):
            choices = sorted(str(code) for code in daily["market"].dropna().unique())
            raise DataError(say("no daily data of the market"), column="market", value=market, choices=choices)
    frame = pd.DataFrame({"day": days(kept["date_day"]), "market": kept["market"], "value": numbers(kept["value"])})
    if (twice := frame[frame.duplicated(["day", "market"])]).size:
        message = say("market {market} has the day twice", market=str(twice["market"].iloc[0]))
        raise DataError(message, value=twice["day"].iloc[0].date())
    wide = frame.pivot(index="day", columns="market", values="value")[markets]
    choice = choose_scale(wide, outcome=outcome, zeros=zeros)
    wide = wide.reindex(pd.date_range(wide.index.min(), wide.index.max(), freq="D"))
    wide.loc[wide.isna().any(axis=1)] = np.nan
    return Panel(wide, tuple(treated), tuple(controls), choice)


def middle_of(changes: np.ndarray) -> np.ndarray:
    """Return the median over markets of *changes* (days x markets) per day, its mean at the median of their means."""
    path = np.median(changes, axis=1)
    if not changes.size or np.isnan(path).all():
        return path
    return path - np.nanmean(path) + np.median(_mean_of_days(changes))


def _mean_of_days(changes: np.ndarray) -> np.ndarray:
    known = ~np.isnan(changes)
    count = known.sum(axis=0)
    total = np.where(known, changes, 0.0).sum(axis=0)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _moved(period: Period, back: int) -> Period:
    return Period(start=period.start - timedelta(days=back), end=period.end - timedelta(days=back))
