"""Our engagement against a published figure: only where both divide by the same thing and average alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from fanops_utils.metrics import Interval, interactions, mean_t, median_bootstrap
from fanops_utils.metrics.columns import numbers
from fanops_utils.models.rivals.posts import per_follower

AIM = 1.5


@dataclass(frozen=True)
class AgainstBenchmark:
    """Our rate over that of a benchmark: `times` with `lower` and `upper` (95 %, of our rate alone: the benchmark has none).

    `code`: "reached" (the interval lies at 1.5 or above), "missed" (below), "unclear", "no_rate" (we have no ten posts
    with the benchmark's denominator), "other_platform", "none" (no such benchmark). `row`: the benchmark.
    """

    code: Literal["reached", "missed", "unclear", "no_rate", "other_platform", "none"]
    times: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    rate: float = np.nan
    n: int = 0
    row: dict[str, Any] | None = None


def against_benchmark(
    posts: pd.DataFrame,
    watched: pd.DataFrame,
    benchmarks: pd.DataFrame,
    *,
    benchmark: str,
    platform: str,
    brand: str,
    seed: int = 0,
) -> AgainstBenchmark:
    """Return our posts against the row *benchmark* (id) of *benchmarks* (`reference.benchmarks`).

    *posts*: own posts (`warehouse.post_table`), for rates by reach, views, impressions; *watched*:
    `warehouse.brand_posts`, whose rows of *brand* have followers. Mean of posts (t) or their median (bootstrap), as the
    benchmark averages.
    """
    found = benchmarks[benchmarks["id"] == benchmark]
    if found.empty:
        return AgainstBenchmark("none")
    row = {str(key): value for key, value in found.iloc[0].items()}
    if row["platform"] != platform:
        return AgainstBenchmark("other_platform", row=row)
    rates = _rates(posts, watched[watched["brand"] == brand], str(row["denominator"]))
    ours: Interval = (
        mean_t(rates) if row["statistic"] == "mean" else median_bootstrap(rates, rng=np.random.default_rng(seed))
    )
    if ours.n < 10 or not np.isfinite(ours.ci_lower):
        return AgainstBenchmark("no_rate", n=ours.n, row=row)
    times, lower, upper = (value / float(row["value"]) for value in (ours.estimate, ours.ci_lower, ours.ci_upper))
    code: Literal["reached", "missed", "unclear"] = (
        "reached" if lower >= AIM else "missed" if upper < AIM else "unclear"
    )
    return AgainstBenchmark(code, times, lower, upper, ours.estimate, ours.n, row)


def _rates(posts: pd.DataFrame, own: pd.DataFrame, denominator: str) -> np.ndarray:
    if denominator == "followers":
        rates = per_follower(own).to_numpy(float)
    else:
        base = numbers(posts[denominator])
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = np.where(base > 0, numbers(interactions(posts)) / base, np.nan)
    return rates[np.isfinite(rates)]
