"""Active days of some thousand members held as sorted numbers, to be asked again and again what was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days
from fanops_utils.metrics.folds.habits import MONTH, QUARTER

if TYPE_CHECKING:
    import ibis

Numbers = np.ndarray
EPOCH = pd.Timestamp("1970-01-01")


def _number(day: date) -> int:
    return (pd.Timestamp(day) - EPOCH).days


@dataclass(frozen=True)
class DayLog:
    """`keys` of the members in order; `who` and `day` (since 1970) of each active day, sorted; `log_gap` to the day before it."""

    keys: pd.Index
    who: Numbers
    day: Numbers
    log_gap: Numbers

    @classmethod
    def of(cls, active_days: pd.DataFrame | ibis.Table) -> DayLog:
        """Return the log of *active_days* (member_key, date_day; repeats do not count twice)."""
        if not isinstance(active_days, pd.DataFrame):
            active_days = active_days.select("member_key", "date_day").distinct().to_pandas()
        frame = pd.DataFrame({"key": active_days["member_key"].astype("string"), "day": days(active_days["date_day"])})
        frame = frame.dropna().drop_duplicates().sort_values(["key", "day"], ignore_index=True)
        who, keys = pd.factorize(frame["key"])
        day = (frame["day"] - EPOCH).dt.days.to_numpy("int64")
        same = np.concatenate([[False], who[1:] == who[:-1]]) if len(who) else np.zeros(0, bool)
        gap = np.diff(day, prepend=day[:1])
        return cls(pd.Index(keys), who, day, np.where(same, np.log(np.where(same, gap, 1)), np.nan))

    def habits(self, as_of: date) -> pd.DataFrame:
        """Return what `folds.habits_per_member` does: who was seen by *as_of*, how often, with which pauses."""
        now, size = _number(as_of), len(self.keys)
        inside = self.day <= now
        who, day, log_gap = self.who[inside], self.day[inside], self.log_gap[inside]
        total = np.bincount(who, minlength=size)
        seen = total > 0
        start = np.cumsum(total) - total
        pause = ~np.isnan(log_gap)
        pauses = np.bincount(who[pause], minlength=size)
        sums = np.bincount(who[pause], log_gap[pause], size)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = sums / np.where(pauses > 0, pauses, np.nan)
            squares = np.bincount(who[pause], (log_gap[pause] - mean[who[pause]]) ** 2, size)
            variance = squares / np.where(pauses > 1, pauses - 1, np.nan)
        last = np.maximum(start + total - 1, 0)
        table = pd.DataFrame(
            {
                "member_key": self.keys,
                "days_28": np.bincount(who[day > now - MONTH], minlength=size),
                "days_91": np.bincount(who[day > now - QUARTER], minlength=size),
                "days_total": total,
                "pauses": pauses,
                "log_mean": mean,
                "log_var": variance,
            }
        )[seen]
        first_day, last_day = day[start[seen]], day[last[seen]]
        return table.assign(
            first_active=EPOCH + pd.to_timedelta(first_day, unit="D"),
            last_active=EPOCH + pd.to_timedelta(last_day, unit="D"),
        ).reset_index(drop=True)

    def seen(self, first: date, last: date) -> pd.Index:
        """Return who was seen from *first* to *last*."""
        inside = (self.day >= _number(first)) & (self.day <= _number(last))
        return self.keys[np.unique(self.who[inside])]
