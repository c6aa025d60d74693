"""How often a market's own past suggests something where nothing was done, without any control beside it.

By days and by weeks, in markets that walk and markets that step; and where everything rose in the live days, campaign
or not, which no method can tell from an effect when there is no control.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import wilson
from fanops_utils.models.campaign.structural import WEEK, structural_effect
from fanops_utils.models.simulation.hard_worlds import WORLDS, WorldName, hard_markets
from fanops_utils.workspace.register import Period

COLUMNS = ["world", "by", "shock", "n", "found", "found_lower", "found_upper", "lifted"]
FIRST = date(2024, 1, 1)  # a Monday


class Cell(NamedTuple):
    """One kind of campaign without controls: its markets, days or weeks, and what else happened (a fraction)."""

    world: WorldName
    by: Literal["days", "weeks"]
    shock: float = 0.0


CELLS = (
    Cell("own_walks", "days"), Cell("steps", "days"), Cell("own_walks", "weeks"), Cell("steps", "weeks"),
    Cell("own_walks", "days", 0.2),
)  # fmt: skip
DAYS = {"days": (180, 28), "weeks": (52 * WEEK, 4 * WEEK)}  # before the start, live


def own_past_calibration(*, campaigns: int = 100, lift: float = 0.2, level: float = 0.9, seed: int = 7) -> pd.DataFrame:
    """Return how often `structural_effect` suggests a change where none was planted, and a rise where *lift* was.

    Columns: world; by (days, weeks); shock (what everything rose by in the live days, 0 for nothing); n; found with
    found_lower, found_upper (Wilson, 95 %); lifted (share of the same campaigns with a rise suggested, had they had the
    *lift*: the forecast is the past's, so it moves the estimate alone).
    """
    rows = []
    for place, cell in enumerate(CELLS):
        before, live = DAYS[cell.by]
        logs = hard_markets(
            WORLDS[cell.world], campaigns=campaigns, treated=1, controls=0, before=before, live=live, wild=1.0,
            rng=np.random.default_rng([seed, place]),
        )[..., 0]  # fmt: skip
        logs[:, before:] += np.log1p(cell.shock)
        low, high = np.array([_interval(one, before, live, cell.by == "weeks", level) for one in logs]).T
        found = wilson(int(((low > 0) | (high < 0)).sum()), campaigns)
        rows.append((*cell, campaigns, found.estimate, found.ci_lower, found.ci_upper,
                     float((low + np.log1p(lift) > 0).mean())))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _interval(logs: np.ndarray, before: int, live: int, weekly: bool, level: float) -> tuple[float, float]:
    start = FIRST + timedelta(days=before)
    total = pd.Series(np.exp(logs), index=pd.date_range(FIRST, periods=len(logs)))
    period = Period(start=start, end=start + timedelta(days=live - 1))
    one = structural_effect(total, live=period, level=level, weekly=weekly).effect
    return float(np.log1p(one.ci_lower)), float(np.log1p(one.ci_upper))
