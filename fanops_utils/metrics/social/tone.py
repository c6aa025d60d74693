"""The tone of what is said: the share of negative mentions in stretches of days that are to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.workspace.register import Period
from fanops_utils.workspace.registers.campaign import Campaign

AFTER_DAYS = 28


def tone(mentions: pd.DataFrame, windows: Mapping[str, Period], *, brand: str, level: float = 0.95) -> pd.DataFrame:
    """Return the share of negative mentions of *brand* in each of *windows*, with how many there were a day.

    Columns of *mentions*: date_day, brand, sentiment. Returned: window, start, end, mentions (labelled ones),
    unlabelled, per_day, negatives, estimate, ci_lower, ci_upper (share of the labelled ones; Wilson), n. The
    interval treats mentions as independent: bursts of copies make it too narrow.
    """
    need(mentions, "date_day", "brand", "sentiment")
    ours = mentions[mentions["brand"] == brand]
    day, rows = days(ours["date_day"]), []
    for name, period in windows.items():
        label = ours.loc[day.between(pd.Timestamp(period.start), pd.Timestamp(period.end)), "sentiment"]
        known = label.dropna()
        rows.append((name, period.start, period.end, len(known), len(label) - len(known), len(label) / period.days,
                     int((known == "negative").sum())))  # fmt: skip
    table = pd.DataFrame(rows, columns=["window", "start", "end", "mentions", "unlabelled", "per_day", "negatives"])
    return table.join(wilson_frame(table["negatives"], table["mentions"], level=level))


def tone_windows(campaign: Campaign) -> dict[str, Period]:
    """Return the stretches whose tone is compared: baseline, live, and the four weeks after."""
    end = campaign.live.end
    after = Period(start=end + timedelta(days=1), end=end + timedelta(days=AFTER_DAYS))
    return {"baseline": campaign.baseline, "live": campaign.live, "after": after}
