"""Growth of the follower count: a log rate with an interval that knows days are not independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.text import say

PERIOD_DAYS = 28
FEWEST_STEPS = 14


@dataclass(frozen=True)
class Growth:
    """Log growth of a net count per 28 days; `percent` is the same as a fraction, 0.05 = +5 %.

    `n` counts the steps between days seen, `n_days` the days, `n_missing` the days between first and last without
    a count. The bounds are NaN below 14 steps.
    """

    estimate: float
    ci_lower: float
    ci_upper: float
    n: int
    n_days: int
    n_missing: int
    first: pd.Timestamp
    last: pd.Timestamp
    followers_first: float
    followers_last: float

    @property
    def percent(self) -> tuple[float, float, float]:
        """Return estimate, ci_lower and ci_upper as fractions of growth per 28 days."""
        return tuple(float(np.expm1(value)) for value in (self.estimate, self.ci_lower, self.ci_upper))  # type: ignore[return-value]


def growth_rate(daily: pd.DataFrame, *, level: float = 0.95) -> Growth:
    """Return the log growth of `followers_total` per 28 days over the days of *daily*.

    Columns: date_day, followers_total (net: gains and losses inside a day are unseen). Days without a count are
    counted, not filled: a step over a gap weighs as many days as it spans. Interval: Newey and West 1987, lags
    by their rule 4 (n / 100)^(2/9), at least a week. Raises DataError for a day that stands twice, a count of zero
    or less, or fewer than two days.
    """
    need(daily, "date_day", "followers_total")
    seen = _seen(daily)
    log, when = np.log(seen.to_numpy()), pd.DatetimeIndex(seen.index)
    span = np.diff(when.to_numpy()).astype("timedelta64[D]").astype(float)
    rate, spread = _newey_west(np.diff(log), span)
    steps = span.size
    half = float(stats.t.ppf(0.5 + level / 2, steps - 1)) * spread if steps >= FEWEST_STEPS else np.nan
    return Growth(
        estimate=PERIOD_DAYS * rate,
        ci_lower=PERIOD_DAYS * (rate - half),
        ci_upper=PERIOD_DAYS * (rate + half),
        n=steps,
        n_days=len(seen),
        n_missing=int(span.sum()) + 1 - len(seen),
        first=when[0],
        last=when[-1],
        followers_first=float(seen.iloc[0]),
        followers_last=float(seen.iloc[-1]),
    )


def _seen(daily: pd.DataFrame) -> pd.Series:
    series = pd.Series(numbers(daily["followers_total"]), index=pd.DatetimeIndex(days(daily["date_day"]))).dropna()
    series = series.sort_index()
    if len(series) < 2:
        raise DataError(
            say("growth needs two days with a follower count, not {n}", n=len(series)), column="followers_total"
        )
    if (twice := series.index[series.index.duplicated()]).size:
        raise DataError(say("the day stands twice: choose one account"), column="date_day", value=twice[0].date())
    if (bad := series.index[series <= 0]).size:
        raise DataError(
            say("no growth rate from a count of zero or less"), column="followers_total", value=bad[0].date()
        )
    return series


def _newey_west(step: np.ndarray, span: np.ndarray) -> tuple[float, float]:
    """Return growth per day, and its standard error; a step over several days is their sum, so it weighs as many."""
    from statsmodels.regression.linear_model import OLS

    lags = min(max(7, int(4 * (step.size / 100) ** (2 / 9))), step.size - 1)
    weight = np.sqrt(span)
    model = OLS(step / weight, weight)
    if step.size < FEWEST_STEPS:
        return float(model.fit().params[0]), np.nan
    fitted = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
    return float(fitted.params[0]), float(fitted.bse[0])


def growth_by(daily: pd.DataFrame, *, by: str, level: float = 0.95) -> pd.DataFrame:
    """Return `growth_rate` for each value of the column *by*, as fractions per 28 days, fastest first.

    Columns as in `growth_rate`, and *by*. Returned: *by*, estimate, ci_lower, ci_upper, n (days seen), n_missing,
    followers_last. Groups seen on fewer than two days are left out.
    """
    rows = []
    for name, part in daily.dropna(subset=["followers_total"]).groupby(by):
        if part["date_day"].nunique() > 1:
            found = growth_rate(part, level=level)
            rows.append((name, *found.percent, found.n_days, found.n_missing, found.followers_last))
    names = [by, "estimate", "ci_lower", "ci_upper", "n", "n_missing", "followers_last"]
    return pd.DataFrame(rows, columns=names).sort_values("estimate", ascending=False, ignore_index=True)
