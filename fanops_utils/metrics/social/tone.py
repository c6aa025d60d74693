"""The tone of what is said: the share of negative mentions in stretches of days that are to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd

from fanops_utils.metrics.columns import counts_of, days, need
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
        inside = ours[day.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
        number, label = counts_of(inside), inside["sentiment"]
        whole, known = int(number.sum()), int(number[label.notna()].sum())
        negative = int(number[(label == "negative").fillna(False)].sum())
        rows.append((name, period.start, period.end, known, whole - known, whole / period.days, negative))
    table = pd.DataFrame(rows, columns=["window", "start", "end", "mentions", "unlabelled", "per_day", "negatives"])
    return table.join(wilson_frame(table["negatives"], table["mentions"], level=level))


def tone_windows(campaign: Campaign) -> dict[str, Period]:
    """Return the stretches whose tone is compared: baseline, live, and the four weeks after."""
    end = campaign.live.end
    after = Period(start=end + timedelta(days=1), end=end + timedelta(days=AFTER_DAYS))
    return {"baseline": campaign.baseline, "live": campaign.live, "after": after}
