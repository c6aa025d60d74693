"""The tree of key figures: a total as base times rate, its change told apart into both, adding up to the difference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fanops_utils.metrics.intervals import Interval

IDENTITIES: dict[str, str] = {  # a total and what it is told by: total = base x (total / base)
    "revenue": "orders", "engagements": "views", "negative_mentions": "mentions", "site_page_views": "site_sessions",
}  # fmt: skip
COLUMNS = ["total", "base", "now", "before", "change", "by_base", "by_rate", "base_now", "base_before", "leads"]


def reconciled(now: Mapping[str, Interval | None], before: Mapping[str, Interval | None]) -> pd.DataFrame:
    """Return per identity what the total was, its change (relative), and how much of the difference base and rate made.

    by_base + by_rate = now - before exactly (logarithmic mean, Ang 2005). leads: base or rate, whichever made more. What is
    not known both times is left out.
    """
    rows = []
    for total, base in IDENTITIES.items():
        numbers = [
            told.estimate if (told := side.get(name)) else np.nan for side in (now, before) for name in (total, base)
        ]
        if not all(np.isfinite(one) and one > 0 for one in numbers):
            continue
        total_now, base_now, total_before, base_before = numbers
        mean = total_now if np.isclose(total_now, total_before) else (
            (total_now - total_before) / np.log(total_now / total_before))  # fmt: skip
        by_base = mean * np.log(base_now / base_before)
        by_rate = mean * np.log((total_now / base_now) / (total_before / base_before))
        leads = "base" if abs(by_base) >= abs(by_rate) else "rate"
        rows.append((total, base, total_now, total_before, total_now / total_before - 1, by_base, by_rate, base_now,
                     base_before, leads))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
