"""Is a campaign that did nothing taken for one that did something while it still runs, and how much do looks add?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import wilson
from fanops_utils.models.campaign.placebo import placebos_in_time
from fanops_utils.models.simulation.calibration import World, panel_of, simulate
from fanops_utils.workspace.register import Period

SEEN = (7, 14, 21, 28)
RUNNING_WORLD = World(days_before=240, live_days=28, baseline_days=56)
ONCE = "any"


def running_calibration(
    *,
    seen: tuple[int, ...] = SEEN,
    campaigns: int = 200,
    level: float = 0.9,
    seed: int = 7,
    world: World = RUNNING_WORLD,
) -> pd.DataFrame:
    """Return how often the default's interval misses zero after each number of live days, where nothing was planted.

    Each look reads the days *seen* alone, as the report of a running campaign does: placebo windows of that length.
    Columns: look ("single", last "any": at one of them at least in the same campaign); days (NaN for the last); n;
    found with found_lower, found_upper (Wilson, 95 %); width (mean, log points; NaN for the last).
    """
    empty = World(**{**vars(world), "lift": 0.0})
    logs = simulate(empty, campaigns=campaigns, rng=np.random.default_rng([seed, 1]))
    looks = np.array([[_look(one, empty, days, level) for days in seen] for one in logs])
    missed = np.abs(looks[:, :, 0]) > looks[:, :, 1]
    rows = [
        ("single", float(days), *_share(missed[:, place]), float(2 * looks[:, place, 1].mean()))
        for place, days in enumerate(seen)
    ]
    rows.append((ONCE, np.nan, *_share(missed.any(axis=1)), np.nan))
    return pd.DataFrame(rows, columns=["look", "days", "n", "found", "found_lower", "found_upper", "width"])


def _look(logs: np.ndarray, world: World, days: int, level: float) -> tuple[float, float]:
    panel, baseline, live = panel_of(logs, world)
    so_far = Period(start=live.start, end=live.start + timedelta(days=days - 1))
    estimate = panel.effect(baseline, so_far)
    return estimate, placebos_in_time(panel, baseline, so_far, estimate=estimate).half_width(level)


def _share(missed: np.ndarray) -> tuple[int, float, float, float]:
    found = wilson(int(missed.sum()), len(missed))
    return len(missed), found.estimate, found.ci_lower, found.ci_upper
