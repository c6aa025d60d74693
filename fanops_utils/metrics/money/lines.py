"""Budget lines by category: planned, approved, spent so far, and what will have been spent at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need
from fanops_utils.metrics.money.costs import budget_shares, one_currency

FEWEST_MONTHS, TOLERANCE = 3, 0.05
COLUMNS = [
    "category", "planned", "approved", "booked_plan", "spent", "pace", "forecast", "lower", "upper", "low", "high",
    "planned_share", "planned_reading", "actual_share", "actual_reading", "code",
]  # fmt: skip


def budget_course(
    lines: pd.DataFrame, *, on: date, bands: Mapping[str, tuple[float, float]] | None = None, level: float = 0.9
) -> pd.DataFrame:
    """Return each category of *lines* (table budget_lines) as it stands: plan, spending, forecast at completion, bands.

    Periods that ended before *on* and carry a spending are booked; booked_plan is what was planned for them. The periods
    to come cost what they are planned at, times spent over planned so far; its interval at *level* is t from the scatter of
    that ratio over booked periods, NaN below three. code: over or under where
    the interval lies more than 5 % beyond the plan, on_plan, or cannot_tell. Raises DataError for several currencies.
    """
    need(lines, "category", "period_start", "period_end", "planned", "approved", "spent", "currency")
    if lines.empty:
        return pd.DataFrame(columns=COLUMNS)
    one_currency(lines)
    over = (pd.to_datetime(lines["period_end"]) < pd.Timestamp(on)) & lines["spent"].notna()
    found = pd.DataFrame(
        [_category(str(name), part, over[part.index], level) for name, part in lines.groupby("category")]
    )
    for kind, column in (("planned", "planned"), ("actual", "spent")):
        amounts = {str(name): float(sum_) for name, sum_ in zip(found["category"], found[column], strict=True)}
        told = (budget_shares(amounts, bands=bands) if bands else budget_shares(amounts)).set_index("category")
        found[f"{kind}_share"] = found["category"].map(told["share"])
        found[f"{kind}_reading"] = found["category"].map(told["reading"])
    found["low"], found["high"] = found["category"].map(told["low"]), found["category"].map(told["high"])
    return found[COLUMNS].sort_values("planned", ascending=False, ignore_index=True)


def _category(name: str, part: pd.DataFrame, booked: pd.Series, level: float) -> dict[str, object]:
    seen, ahead = part[booked], part[~booked]
    planned, spent = float(seen["planned"].sum()), float(seen["spent"].sum())
    to_come, whole = float(ahead["planned"].sum()), float(part["planned"].sum())
    told: dict[str, object] = {
        "category": name, "planned": whole, "approved": float(part["approved"].fillna(0).sum()), "booked_plan": planned,
        "spent": spent, "pace": spent / planned if planned > 0 else np.nan,
    }  # fmt: skip
    if planned <= 0 or len(seen) < FEWEST_MONTHS:
        return {**told, "forecast": np.nan, "lower": np.nan, "upper": np.nan, "code": "cannot_tell"}
    ratio = spent / planned
    left = seen["spent"].to_numpy(float) - ratio * seen["planned"].to_numpy(float)
    spread, months = float(left.std(ddof=1)), len(seen)
    scale = to_come / (planned / months)
    half = float(stats.t.ppf(0.5 + level / 2, months - 1)) * spread * np.sqrt(len(ahead) + scale**2 / months)
    end = spent + ratio * to_come
    code = (
        "over"
        if end - half > whole * (1 + TOLERANCE)
        else "under"
        if end + half < whole * (1 - TOLERANCE)
        else "on_plan"
    )
    return {**told, "forecast": end, "lower": max(end - half, spent), "upper": end + half, "code": code}
