"""Budget lines by month, planned and spent: one line runs over, the others keep to their plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("budget/lines.csv",)


@dataclass(frozen=True)
class BudgetTruth:
    """The plan of a year in euros, its shares by category, and what is spent of it."""

    first_month: str = "2026-01"
    year: float = 600_000.0
    shares: tuple[tuple[str, float], ...] = (("content", 0.47), ("people", 0.32), ("tools", 0.13), ("reserve", 0.08))
    spent: tuple[tuple[str, float], ...] = (("content", 1.18), ("people", 1.0), ("tools", 1.0), ("reserve", 0.25))
    noise: float = 0.04  # sd of the log of what a month spends
    season: tuple[float, ...] = (0.8, 0.8, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8, 1.1, 1.2, 1.2, 1.2)


def budget_files(setting: Setting) -> list[RawFile]:
    """Return the lines of the year; months after the last day are planned and not spent."""
    truth, rng = setting.truths.budget, setting.rng("budget")
    months = pd.period_range(truth.first_month, periods=12, freq="M")
    weight = np.array(truth.season) / sum(truth.season)
    rows = []
    for category, share in truth.shares:
        for month, part in zip(months, weight, strict=True):
            planned = round(truth.year * share * part / 10) * 10
            spent = planned * dict(truth.spent)[category] * rng.lognormal(0, truth.noise)
            over = month.end_time < calendar()[-1] + pd.Timedelta(days=1)
            rows.append({
                "Line": category, "Category": category, "Team": "People" if category == "people" else "Social",
                "From": f"{month.start_time:%Y-%m-%d}", "To": f"{month.end_time:%Y-%m-%d}", "Planned": f"{planned:.2f}",
                "Approved": f"{planned:.2f}", "Spent": f"{spent:.2f}" if over else "", "Currency": "EUR",
                "Approved on": f"{truth.first_month}-05T09:00:00+00:00",
            })  # fmt: skip
    return [raw_file("budget/lines.csv", "budget", pd.DataFrame(rows), plain_csv)]
