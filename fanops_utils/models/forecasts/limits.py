"""Signal or noise: each week against the four before it, in the light of how far earlier weeks strayed from theirs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

LEVEL_WEEKS, BACK, FEWEST = 4, 26, 8
CHANCE = 0.002  # of a usual week to lie outside


def control_limits(weeks: pd.Series) -> pd.DataFrame:
    """Return each week of *weeks* (indexed by Monday) with centre, lower, upper and alarm.

    Centre: mean of the four weeks before; limits: a t prediction from how far the 26 weeks before lay from the four before
    them, those that raised an alarm left out. Slow growth and memory from week to week are in that distance, so they raise
    no alarm by themselves. NaN before twelve weeks are known.
    """
    values = weeks.to_numpy(float)
    strayed, usable = np.full(len(values), np.nan), np.ones(len(values), dtype=bool)
    rows = []
    for at, value in enumerate(values):
        centre = float(values[at - LEVEL_WEEKS : at].mean()) if at >= LEVEL_WEEKS else np.nan
        strayed[at] = value - centre
        first = max(0, at - BACK)
        past = strayed[first:at][usable[first:at] & np.isfinite(strayed[first:at])]
        if len(past) < FEWEST:
            rows.append((value, np.nan, np.nan, np.nan, False))
            continue
        reach = float(stats.t.isf(CHANCE / 2, len(past) - 1) * past.std(ddof=1) * np.sqrt(1 + 1 / len(past)))
        alarm = bool(abs(strayed[at] - past.mean()) > reach)
        usable[at] = not alarm
        middle = centre + float(past.mean())
        rows.append((value, middle, middle - reach, middle + reach, alarm))
    frame = pd.DataFrame(rows, columns=["value", "centre", "lower", "upper", "alarm"])
    return frame.assign(date_day=pd.DatetimeIndex(weeks.index))
