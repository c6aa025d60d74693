"""Planning a campaign: which markets to hold back, and how large an effect must be to be seen.

Nothing is assumed of the noise: lifts are put into past windows in which nothing happened, and counted is how often
the interval the retrospective would give finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import combinations

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.models.campaign.placebo import placebos_in_time
from fanops_utils.models.campaign.spread import moderated, stretches
from fanops_utils.models.campaign.verdicts import FEWEST_PLACEBOS
from fanops_utils.models.panel.markets import Panel, market_panel
from fanops_utils.models.panel.scale import Outcome
from fanops_utils.text import say
from fanops_utils.workspace.register import Period

LIVE_DAYS, BASELINE_DAYS = (7, 14, 21, 28, 42), (28, 56, 84)
LIFTS = tuple(np.round(np.arange(0.0, 1.005, 0.01), 2))
LEAST_CORRELATION, STEP = 0.2, 7
POWER_COLUMNS = ["live_days", "baseline_days", "n_windows", "n_tried", "detectable", "false_alarms"]


def propose_controls(
    daily: pd.DataFrame, *, treated: Sequence[str], candidates: Sequence[str], days: int = 182
) -> pd.DataFrame:
    """Return how well each candidate moved with the treated markets in the last *days*, best first.

    Columns: market; n_days; correlation (of the changes of weekly means of logs, with the treated markets' mean);
    scatter (standard deviation of the change of the weekly gap, log points); proposed (correlation of 0.2 or more).
    Only markets the campaign leaves alone may be candidates. Raises DataError for a market without data.
    """
    panel = market_panel(daily, treated=treated, controls=candidates, outcome="count")
    recent = panel.values.apply(np.log1p).tail(days)
    weeks = recent.groupby(np.arange(len(recent) - 1, -1, -1) // 7).mean().iloc[::-1].diff().dropna()
    own = weeks[list(treated)].mean(axis=1)
    rows = []
    for market in candidates:
        correlation = float(own.corr(weeks[market])) if len(weeks) > 2 else np.nan
        number, scatter = int(recent[market].notna().sum()), float((own - weeks[market]).std())
        rows.append((market, number, correlation, scatter, correlation >= LEAST_CORRELATION))
    frame = pd.DataFrame(rows, columns=["market", "n_days", "correlation", "scatter", "proposed"])
    return frame.sort_values("correlation", ascending=False, ignore_index=True)


def detectable_effects(
    daily: pd.DataFrame,
    *,
    treated: Sequence[str],
    controls: Sequence[str],
    live_days: Iterable[int] = LIVE_DAYS,
    baseline_days: Iterable[int] = BASELINE_DAYS,
    level: float = 0.9,
    power: float = 0.8,
    outcome: Outcome = "total",
) -> pd.DataFrame:
    """Return the smallest lift that would be found, per length of campaign and baseline, shortest campaign first.

    Columns of *daily*: date_day, market, value; leave days of earlier campaigns out. Returned: live_days;
    baseline_days; n_windows (past windows that share no day: the interval rests on them); n_tried (windows a week
    apart into which lifts were put); detectable (fraction, found in *power* of them; NaN where no lift up to +100 %
    is, or fewer than four windows are there); false_alarms (share found where nothing was put in).
    Raises DataError without controls: no effect can be detected then.
    """
    panel = _panel(daily, treated, controls, outcome)
    rows = []
    for length in live_days:
        for before in baseline_days:
            rows.append((length, before, *_detectable(panel, length, before, level, power)))
    return pd.DataFrame(rows, columns=POWER_COLUMNS).sort_values(["live_days", "baseline_days"], ignore_index=True)


def power_curve(
    daily: pd.DataFrame,
    *,
    treated: Sequence[str],
    controls: Sequence[str],
    live_days: int,
    baseline_days: int,
    level: float = 0.9,
    lifts: Sequence[float] = LIFTS,
    outcome: Outcome = "total",
) -> pd.DataFrame:
    """Return how often each lift would be found: lift (fraction), found (share of past windows), n (windows tried)."""
    effects, half = _windows(_panel(daily, treated, controls, outcome), live_days, baseline_days, level)
    return pd.DataFrame({"lift": list(lifts), "found": _found(effects, half, lifts), "n": len(effects)})


def market_choices(
    daily: pd.DataFrame,
    *,
    markets: Sequence[str],
    live_days: int,
    baseline_days: int,
    most_treated: int = 2,
    level: float = 0.9,
    power: float = 0.8,
    outcome: Outcome = "total",
) -> pd.DataFrame:
    """Return what would be detectable with each market, or pair, treated and all others held back; best first.

    Columns: treated (codes, joined by " + "), n_treated, n_controls, n_windows, detectable, false_alarms.
    """
    rows = []
    for size in range(1, min(most_treated, len(markets) - 1) + 1):
        for treated in combinations(markets, size):
            controls = [code for code in markets if code not in treated]
            panel = _panel(daily, treated, controls, outcome)
            windows, _, found, alarms = _detectable(panel, live_days, baseline_days, level, power)
            rows.append((" + ".join(treated), size, len(controls), windows, found, alarms))
    columns = ["treated", "n_treated", "n_controls", "n_windows", "detectable", "false_alarms"]
    return pd.DataFrame(rows, columns=columns).sort_values("detectable", ignore_index=True)


def _panel(daily: pd.DataFrame, treated: Sequence[str], controls: Sequence[str], outcome: Outcome) -> Panel:
    if not controls:
        raise DataError(
            say("without a control market no effect can be detected"), hint=say("Hold at least one market back")
        )
    if outcome == "rate":
        raise DataError(say("lifts are put into totals and counts; a rate has none"), value=outcome)
    return market_panel(daily, treated=treated, controls=controls, outcome=outcome)


def _periods(panel: Panel, live_days: int, baseline_days: int) -> tuple[Period, Period]:
    """Return baseline and live period of a campaign that starts the day after the data end."""
    last = pd.DatetimeIndex(panel.values.index)[-1].date()
    baseline = Period(start=last - timedelta(days=baseline_days - 1), end=last)
    return baseline, Period(start=last + timedelta(days=1), end=last + timedelta(days=live_days))


def _windows(panel: Panel, live_days: int, baseline_days: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the effects of past windows a week apart, and half the width that windows apart from each would give."""
    baseline, live = _periods(panel, live_days, baseline_days)
    placebos = placebos_in_time(panel, baseline, live, estimate=0.0)
    if placebos.n < FEWEST_PLACEBOS:
        return np.empty(0), np.empty(0)
    tried = panel.placebo_windows(baseline, live, step=STEP)
    effects = np.array([panel.effect(*window) for window in tried])
    past = panel.placebo_windows(baseline, live)
    apart = np.array([[not _share_a_day(target, other) for _, other in past] for _, target in tried], dtype=float)
    squares = np.square(np.array(placebos.effects))
    spread = np.sqrt(apart @ squares / np.maximum(apart.sum(axis=1), 1))
    own = moderated(spread, placebos.df, placebos.beside)
    return effects, placebos.critical(level) * own * stretches(panel, past, tried)


def _share_a_day(one: Period, other: Period) -> bool:
    return one.start <= other.end and other.start <= one.end


def _found(effects: np.ndarray, half: np.ndarray, lifts: Sequence[float]) -> np.ndarray:
    """Return per lift the share of windows in which the interval lies above zero; below it counts where nothing is."""
    logs = np.log1p(np.asarray(lifts, dtype=float))[:, None]
    above = effects + logs > half
    below = (effects + logs < -half) & (logs == 0)
    return (above | below).mean(axis=1) if effects.size else np.full(len(lifts), np.nan)


def _detectable(
    panel: Panel, live_days: int, baseline_days: int, level: float, power: float
) -> tuple[int, int, float, float]:
    effects, half = _windows(panel, live_days, baseline_days, level)
    windows = len(panel.placebo_windows(*_periods(panel, live_days, baseline_days)))
    if not effects.size:
        return windows, 0, np.nan, np.nan
    found = _found(effects, half, LIFTS)
    enough = np.flatnonzero(found[1:] >= power)
    return windows, len(effects), float(LIFTS[1 + enough[0]]) if enough.size else np.nan, float(found[0])
