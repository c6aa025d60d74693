"""How fast a post fades: the time to half of its seven-day total, read off its snapshots, no curve assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need, numbers

WEEK, EQUAL, WIDEST = 168.0, 0.15, 8.0
FIRST_READING = 72.0  # hours: a first reading later than that says nothing of a half-life
FEWEST_POSTS = 10
POST_COLUMNS = ["half_life", "under", "share_at_72"]


@dataclass(frozen=True)
class Fading:
    """The posts of a group together: time to half of the seven-day total, and the share reached after 72 hours.

    `median` in hours with `ci_lower`, `ci_upper` (order statistics, 95 %); where half of the posts had their half
    before their first reading only `under` is known (the longest such first age) and the median is NaN. `n` posts with
    a half-life, known or below their first reading; `n_under` of these; `share_at_72`: median share of the seven-day
    total after 72 hours; `n_without`: posts without a reading at seven days, or too few.
    """

    median: float
    ci_lower: float
    ci_upper: float
    under: float
    n: int
    n_under: int
    share_at_72: float
    n_at_72: int
    n_without: int


def fading(readings: pd.DataFrame, *, count: str = "interactions") -> pd.DataFrame:
    """Return one row per post: post_id, half_life (hours), under (age of a first reading that held half already), share_at_72.

    Columns of *readings*, one row per post and snapshot: post_id, age_hours, *count* (so far). The seven-day total is
    the count at 168 hours within 15 %, else between two readings; a post without it, or
    first read after 72 hours, has no half-life. Between readings
    the count is linear in the log of the age, over a ratio of ages of at most 8.
    """
    need(readings, "post_id", "age_hours", count)
    rows = []
    for name, part in readings.dropna(subset=["age_hours", count]).groupby("post_id", sort=True):
        ordered = part.sort_values("age_hours")
        age, seen = numbers(ordered["age_hours"]), np.maximum.accumulate(numbers(ordered[count]))
        rows.append((name, *_of_post(age, seen)))
    return pd.DataFrame(rows, columns=["post_id", *POST_COLUMNS])


def count_at(age: np.ndarray, seen: np.ndarray, hours: float) -> float:
    """Return the count at *hours*: the reading within 15 %, else linear in log age between two; NaN where neither."""
    if not age.size:
        return np.nan
    near = int(np.argmin(np.abs(age - hours)))
    if abs(age[near] - hours) <= EQUAL * hours:
        return float(seen[near])
    after = int(np.searchsorted(age, hours))
    if after in (0, age.size) or age[after] / age[after - 1] > WIDEST:
        return np.nan
    return float(np.interp(np.log(hours), np.log(age[after - 1 : after + 1]), seen[after - 1 : after + 1]))


def summarise(posts: pd.DataFrame, *, level: float = 0.95) -> Fading:
    """Return the posts of one group (*posts*: rows of `fading`) together; no median below ten posts."""
    life, under = numbers(posts["half_life"]), numbers(posts["under"])
    censored = np.isfinite(under)
    n, at_72 = int((np.isfinite(life) | censored).sum()), numbers(posts["share_at_72"])
    at_72 = at_72[np.isfinite(at_72)]
    told: dict[str, Any] = {
        "n": n, "n_under": int(censored.sum()), "under": float(under[censored].max()) if censored.any() else np.nan,
        "share_at_72": float(np.median(at_72)) if at_72.size >= FEWEST_POSTS else np.nan, "n_at_72": int(at_72.size),
        "n_without": len(posts) - n,
    }  # fmt: skip
    if n < FEWEST_POSTS:
        return Fading(median=np.nan, ci_lower=np.nan, ci_upper=np.nan, **told)
    ordered = np.sort(np.where(censored, -np.inf, life)[np.isfinite(life) | censored])
    low = int(stats.binom.ppf((1 - level) / 2, n, 0.5))
    ends = [float(np.median(ordered)), float(ordered[max(low - 1, 0)]), float(ordered[min(n - low, n - 1)])]
    median, lower, upper = (value if np.isfinite(value) else np.nan for value in ends)
    return Fading(median=median, ci_lower=lower, ci_upper=upper, **told)


def _of_post(age: np.ndarray, seen: np.ndarray) -> tuple[float, float, float]:
    total = count_at(age, seen, WEEK)
    if not total > 0:
        return np.nan, np.nan, np.nan
    reached = count_at(age, seen, 72.0) / total
    half = total / 2
    if age[0] > FIRST_READING:
        return np.nan, np.nan, reached
    if seen[0] >= half:
        return np.nan, float(age[0]), reached
    after = int(np.argmax(seen >= half))
    if age[after] / age[after - 1] > WIDEST:
        return np.nan, np.nan, reached
    part = (half - seen[after - 1]) / (seen[after] - seen[after - 1])
    return float(np.exp(np.log(age[after - 1]) + part * np.log(age[after] / age[after - 1]))), np.nan, reached
