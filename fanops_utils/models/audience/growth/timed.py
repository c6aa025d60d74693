"""Does a reward for a time, or a ranking, bring more people? Weeks with it against weeks without, and the weeks to settle it.

Weeks switched on and off by lot (a switchback) prove an effect; weeks that somebody chose, or one stretch of them, show a
change with the trend taken out, which is no proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.models.audience.growth.inviting import first_accepted

KINDS = ("leaderboard", "timed_reward")  # kinds of activities that are one
WEEKS = 52
LEAST_WEEKS = 4  # with and without
MOST_OF_A_WEEK = 4  # days
HALF_MORE, POWER, LEVEL = 0.5, 0.8, 0.95
TENTH = 0.1


@dataclass(frozen=True)
class TimedRewards:
    """Weeks with and without a reward for a time or a ranking: on, off (how many), runs (stretches of weeks with it).

    `effect`: relative change of the people brought per member and week, with the trend taken out; NaN with fewer than four
    weeks of either kind. `top_on`, `top_off`: share of the brought that came through the busiest tenth of inviters. `needed`:
    weeks, half of them with it, drawn by lot, that would show half as many again in eight of ten cases (None: no history).
    `weeks`: date_day (Monday), brought, members, on.
    """

    on: int
    off: int
    runs: int
    effect: Interval
    top_on: float
    top_off: float
    needed: int | None
    weeks: pd.DataFrame = field(repr=False)


def timed_rewards(
    fans: pd.DataFrame, referrals: pd.DataFrame, periods: pd.DataFrame, *, as_of: pd.Timestamp
) -> TimedRewards:
    """Return what the weeks of *periods* (starts_on, ends_on) brought against those without, over the last 52 whole weeks.

    Columns of *fans*: joined_on, left_on; of *referrals*: inviter_key, invited_key, accepted_on. A week counts as one with it
    where four of its days lie in a period. A log-linear count by members, trend and week with it; the error is widened by how
    much weeks scatter beyond chance (quasi-Poisson), t interval.
    """
    taken = first_accepted(referrals)
    weeks = _weeks(fans, taken, periods, as_of)
    on = weeks["on"].to_numpy(bool)
    week_of = _monday(taken["accepted_on"])
    during = week_of.isin(weeks.loc[on, "date_day"])
    beside = week_of.isin(weeks.loc[~on, "date_day"])
    enough = min(int(on.sum()), int((~on).sum())) >= LEAST_WEEKS and weeks["brought"].sum() > 0
    spread, each = _scatter(weeks[~weeks["on"]])
    return TimedRewards(
        int(on.sum()), int((~on).sum()), _runs(weeks), _effect(weeks) if enough else NOTHING,
        _top(taken[during]), _top(taken[beside]), _needed(spread, each), weeks,
    )  # fmt: skip


def weeks_by_lot(first: date, *, weeks: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return *weeks* weeks from the Monday on or after *first*, in pairs of which one is drawn: date_day, on."""
    monday = first + timedelta(days=-first.weekday() % 7)
    pairs = max(1, -(-weeks // 2))
    leads = rng.random(pairs) < 0.5
    on = [side for lead in leads for side in (bool(lead), not lead)]
    return pd.DataFrame({"date_day": [monday + timedelta(days=7 * place) for place in range(len(on))], "on": on})


def _weeks(fans: pd.DataFrame, taken: pd.DataFrame, periods: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return the last whole weeks; of weeks switched on and off those from the one before the first to the one after the last."""
    last = _monday(pd.Series([as_of + pd.Timedelta(days=1)]))[0]  # a week that ends with *as_of* is whole
    mondays = pd.date_range(end=last - pd.Timedelta(days=7), periods=WEEKS, freq="7D")
    counts = _monday(taken["accepted_on"]).value_counts()
    held = _monday(pd.Series(_days(periods), dtype="datetime64[ns]")).value_counts()
    table = pd.DataFrame({"date_day": mondays, "brought": counts.reindex(mondays).fillna(0).astype("int64").to_numpy(),
                          "members": [_inside(fans, monday) for monday in mondays],
                          "on": held.reindex(mondays).fillna(0).to_numpy() >= MOST_OF_A_WEEK})  # fmt: skip
    begun = taken["accepted_on"].min()  # before it nobody could be brought
    table = table[(table["members"] > 0) & (table["date_day"] + pd.Timedelta(days=6) >= begun)].reset_index(drop=True)
    places = table.index[table["on"]]
    if _runs(table) < 2:
        return table
    return table.iloc[max(0, places[0] - 1) : places[-1] + 2].reset_index(drop=True)


def _monday(days: pd.Series) -> pd.Series:
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


def _days(periods: pd.DataFrame) -> list[pd.Timestamp]:
    """Return the days that lie in any of *periods*, each once."""
    spans = zip(periods["starts_on"], periods["ends_on"].fillna(periods["starts_on"]), strict=True)
    return sorted({day for first, last in spans for day in pd.date_range(first, last)})


def _inside(fans: pd.DataFrame, day: pd.Timestamp) -> int:
    return int(((fans["joined_on"] < day) & (fans["left_on"].isna() | (fans["left_on"] >= day))).sum())


def _runs(weeks: pd.DataFrame) -> int:
    return int((np.diff(np.concatenate([[0], weeks["on"].astype(int)])) == 1).sum())


def _fit(weeks: pd.DataFrame, *names: str) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return coefficients (trend and *names*), their errors, the scatter beyond chance and the degrees of freedom."""
    import statsmodels.api as sm

    design = np.column_stack([np.ones(len(weeks)), np.linspace(-1, 1, len(weeks)), *(weeks[name] for name in names)])
    model = sm.GLM(
        weeks["brought"], design.astype(float), family=sm.families.Poisson(), offset=np.log(weeks["members"])
    )
    fit = model.fit()
    df = len(weeks) - design.shape[1]
    scatter = max(1.0, float(fit.pearson_chi2) / df)
    return np.asarray(fit.params), np.asarray(fit.bse) * np.sqrt(scatter), scatter, float(df)


def _effect(weeks: pd.DataFrame) -> Interval:
    if weeks.groupby("on")["brought"].sum().min() == 0:
        return NOTHING
    beta, error, _, df = _fit(weeks, "on")
    half = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * error[2]
    effect, low, high = (float(np.expm1(beta[2] + side * half)) for side in (0, -1, 1))
    return Interval(effect, low, high, len(weeks))


def _scatter(weeks: pd.DataFrame) -> tuple[float, float]:
    """Return how much weeks without scatter beyond chance, and the people they bring on average."""
    if len(weeks) < 2 * LEAST_WEEKS or not weeks["brought"].sum():
        return np.nan, np.nan
    return _fit(weeks)[2], float(weeks["brought"].mean())


def _needed(scatter: float, each: float) -> int | None:
    if not each > 0:
        return None
    reach = stats.norm.ppf(0.5 + LEVEL / 2) + stats.norm.ppf(POWER)
    half = 1 + HALF_MORE / 2  # half of the weeks bring half as many again
    return int(2 * np.ceil(2 * scatter * float(reach) ** 2 / (each * half * np.log1p(HALF_MORE) ** 2)))


def _top(taken: pd.DataFrame) -> float:
    """Return the share of *taken* through the busiest tenth of those who brought anybody; NaN for fewer than ten of them."""
    counts = taken["inviter_key"].value_counts()
    if len(counts) < 10:
        return float("nan")
    return float(counts.head(max(1, round(TENTH * len(counts)))).sum() / counts.sum())
