"""Does the verdict keep its word? Simulated campaigns of known effect, read by the default and by before/after.

Data: ten markets, one of them treated, 120 days before and 21 live, log daily totals: two random walks common to all
markets with unequal loadings, a weekly season, noise with a memory of half a day (6 % in all).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from scipy import signal, stats

from fanops_utils.metrics.intervals import wilson
from fanops_utils.models.campaign.placebo import FEWEST_RANKED, placebos_in_space, placebos_in_time
from fanops_utils.models.panel.markets import Panel
from fanops_utils.models.panel.scale import ScaleChoice
from fanops_utils.workspace.register import Period

Method = Literal["did_in_time", "did_in_space", "before_after"]
METHODS: tuple[Method, ...] = (
    "did_in_time",
    "did_in_space",
    "before_after",
)  # placebos in time (the default), in space
FIRST_DAY = date(2026, 1, 5)


@dataclass(frozen=True)
class World:
    """The simulated markets; standard deviations in log points, *lift* a fraction (0.2 = +20 %)."""

    lift: float = 0.0
    n_markets: int = 10
    days_before: int = 120
    live_days: int = 21
    baseline_days: int = 28
    factor_sd: float = 0.015
    noise_sd: float = 0.06
    noise_persistence: float = 0.5
    season_sd: float = 0.05


def simulate(world: World, *, campaigns: int, rng: np.random.Generator) -> np.ndarray:
    """Return log daily totals, campaigns x days x markets; the first market is treated on the last live days."""
    days = world.days_before + world.live_days
    shape = (campaigns, days, world.n_markets)
    factors = np.cumsum(rng.normal(0, world.factor_sd, (campaigns, days, 2)), axis=1)
    common = factors @ rng.uniform(0.5, 1.5, (campaigns, 2, world.n_markets))
    shocks = rng.normal(0, world.noise_sd * np.sqrt(1 - world.noise_persistence**2), shape)
    noise = signal.lfilter([1.0], [1.0, -world.noise_persistence], shocks, axis=1)
    week = rng.normal(0, world.season_sd, (campaigns, 7, world.n_markets))[:, np.arange(days) % 7]
    logs = 7 + common + noise + week
    logs[:, -world.live_days :, 0] += np.log1p(world.lift)
    return logs


def calibration(
    *,
    lifts: tuple[float, ...] = (0.0, 0.2),
    campaigns: int = 200,
    level: float = 0.9,
    seed: int = 7,
    world: World | None = None,
) -> pd.DataFrame:
    """Return how each method fares on *campaigns* simulated campaigns per lift.

    Columns: lift; method; n; found (share called an effect: false where the lift is 0) with found_lower, found_upper
    (Wilson, 95 %); coverage (share of intervals that hold the truth) with coverage_lower, coverage_upper; bias and
    rmse (log points); width (mean, log points). Same campaigns for every method.
    """
    rows = []
    for lift in lifts:
        found_world = World(**{**vars(world or World()), "lift": lift})
        logs = simulate(found_world, campaigns=campaigns, rng=np.random.default_rng([seed, round(lift * 1e6)]))
        results = np.array([_read(one, found_world, level) for one in logs])
        for place, method in enumerate(METHODS):
            rows.append({"lift": lift, "method": method, **fared(results[:, place], float(np.log1p(lift)))})
    return pd.DataFrame(rows)


def fared(results: np.ndarray, truth: float) -> dict[str, float]:
    """Return n, found, coverage (with Wilson bounds), bias, rmse and width of *results*: estimate, half width."""
    estimate, half = results.T
    low, high = estimate - half, estimate + half
    found = wilson(int(((low > 0) | (high < 0)).sum()), len(results))
    covered = wilson(int(((low <= truth) & (truth <= high)).sum()), len(results))
    return {
        "n": len(results),
        "found": found.estimate,
        "found_lower": found.ci_lower,
        "found_upper": found.ci_upper,
        "coverage": covered.estimate,
        "coverage_lower": covered.ci_lower,
        "coverage_upper": covered.ci_upper,
        "bias": float(np.mean(estimate - truth)),
        "rmse": float(np.sqrt(np.mean((estimate - truth) ** 2))),
        "width": float(np.mean(2 * half)),
    }


def _read(logs: np.ndarray, world: World, level: float) -> list[tuple[float, float]]:
    """Return estimate and half width of every method, on the log scale."""
    panel, baseline, live = panel_of(logs, world)
    estimate = panel.effect(baseline, live)
    in_time = placebos_in_time(panel, baseline, live, estimate=estimate)
    in_space = placebos_in_space(panel, baseline, live, estimate=estimate)
    across = in_space.half_width(level) if in_space and in_space.n >= FEWEST_RANKED else np.nan
    return [(estimate, in_time.half_width(level)), (estimate, across), _before_after(logs[:, 0], world, level)]


def panel_of(logs: np.ndarray, world: World) -> tuple[Panel, Period, Period]:
    """Return one simulated campaign (days x markets) as a panel, with its baseline and its live days."""
    names = [f"M{number}" for number in range(world.n_markets)]
    frame = pd.DataFrame(np.exp(logs), index=pd.date_range(FIRST_DAY, periods=len(logs), freq="D"), columns=names)
    panel = Panel(frame, (names[0],), tuple(names[1:]), ScaleChoice("log"))
    start = FIRST_DAY + timedelta(days=world.days_before)
    live = Period(start=start, end=start + timedelta(days=world.live_days - 1))
    baseline = Period(start=start - timedelta(days=world.baseline_days), end=start - timedelta(days=1))
    return panel, baseline, live


def _before_after(logs: np.ndarray, world: World, level: float) -> tuple[float, float]:
    """Return the difference of the means and half its t interval, as if days were independent draws."""
    during, before = logs[-world.live_days :], logs[-world.live_days - world.baseline_days : -world.live_days]
    interval = stats.ttest_ind(during, before, equal_var=False).confidence_interval(level)
    return float(during.mean() - before.mean()), float(interval.high - interval.low) / 2
