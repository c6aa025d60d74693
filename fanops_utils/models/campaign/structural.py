"""Structural time series where no verdict can be had: what a market's own past says it would have done.

A local level with a fixed weekly season, and covariates the campaign cannot touch, on the log scale
(`statsmodels.tsa.statespace.structural`); of weekly totals, a level alone. Whatever else happened in those weeks is in
the difference too, so the result is suggestive at most. The model's interval trusts the model: it is stretched, or
narrowed, by how far the same forecast missed in past windows, the model itself counting as four such windows, and as
wide as Student's t says of so few. So it can speak where no window was forecast, and `strength` says that none was. On
simulated markets that did nothing (walks, lasting steps twice a year, trends) the 90 % interval names a change in 0 to 13 %
by days (30 to 180 before 7 to 30 live ones), by weeks (26 to 104) in 8 to 18 %, and 24 % where six weeks hold a step:
a step is no chance, and no campaign either.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.models.reasons import Reason, ShortPast
from fanops_utils.text import say
from fanops_utils.workspace.register import Period

Suggestion = Literal["suggestive rise", "suggestive fall", "no clear effect", "cannot tell"]
Strength = Literal["tested", "little tested", "untested"]
FEWEST_DAYS, FEWEST_WEEKS = 28, 16  # every weekday four times; weeks enough to tell a level's steps from noise
FEWEST_BACKTESTS, MOST_BACKTESTS = 4, 10
PRIOR_WINDOWS = 4
WEEK = 7


@dataclass(frozen=True)
class StructuralEffect:
    """A forecast from a market's own past against what came; `effect` a fraction of the forecast.

    `verdict` never says worked or hurt; `reason`: why it is cannot tell. `days_left_out`: live days with events the
    past never had (weeks of weekly totals). `stretch`: factor by which past misses stretched the model's interval;
    `effect.n`: the past windows that were forecast. `daily`: date_day, actual, forecast, lower, upper (a single day;
    its week's first of weekly totals). `n_beside`: other series that the forecast follows.
    """

    verdict: Suggestion
    reason: Reason | None
    effect: Interval
    stretch: float
    daily: pd.DataFrame
    days_left_out: int = 0
    n_beside: int = 0

    @property
    def strength(self) -> Strength:
        """How often the forecast was held against the past: four windows or more, some, none (the model's own word)."""
        return "tested" if self.effect.n >= FEWEST_BACKTESTS else "little tested" if self.effect.n else "untested"


def structural_effect(
    total: pd.Series,
    *,
    live: Period,
    covariates: pd.DataFrame | None = None,
    level: float = 0.9,
    weekly: bool = False,
) -> StructuralEffect:
    """Return how *total* (daily, on a complete calendar, NaN where unknown) ran against its forecast in *live*.

    *covariates*: known on every day up to the end of *live*, and out of the campaign's reach (events, weather). A live
    day on which one of them does what it never did before, such as the first such holiday on record, is left out:
    nothing says what it brings. *weekly*: *total* and *covariates* are added up (averaged) by weeks that begin as
    *live* does. The model is fitted on what lies before *live*. Fewer than 28 such days (16 weeks), or fewer than
    *live* has, or missing live days: cannot tell. Raises DataError for a total that is not positive, or a covariate
    with a gap.
    """
    total, outside = _by_week(total, covariates, live) if weekly else (total, covariates)
    logs, outside = _prepared(total, live, outside, weekly=weekly)
    first, length = int((logs.index < pd.Timestamp(live.start)).sum()), live.days // (WEEK if weekly else 1)
    during, (_, new) = logs.iloc[first : first + length], _told(logs, outside, first, length)
    known, least = int((during.notna() & ~new).sum()), max(FEWEST_WEEKS if weekly else FEWEST_DAYS, length)
    if known < 0.8 * length or not length or logs.iloc[:first].notna().sum() < least:
        return _nothing(ShortPast(least * WEEK if weekly else least))
    season = 1 if weekly else WEEK
    params = _fitted(logs.iloc[:first], _told(logs, outside, first, length)[0], season)
    mean, spread, path = _miss(logs, outside, first, length, params, season)
    misses = [
        _miss(logs, outside, start, length, params, season)[:2]
        for start in range(first - length, max(least, first - MOST_BACKTESTS * length) - 1, -length)
        if (logs.iloc[start : start + length].notna() & ~_told(logs, outside, start, length)[1]).mean() >= 0.8
    ]
    squares = sum((miss / error) ** 2 for miss, error in misses)
    stretch = float(np.sqrt((PRIOR_WINDOWS + squares) / (PRIOR_WINDOWS + len(misses))))
    critical = float(stats.t.ppf(0.5 + level / 2, PRIOR_WINDOWS + len(misses))) * stretch
    half = critical * spread
    middle, low, high = np.expm1([mean, mean - half, mean + half])
    effect = Interval(float(middle), float(low), float(high), len(misses))
    daily = pd.DataFrame({
        "date_day": during.index, "actual": np.exp(during.to_numpy()), "forecast": np.exp(path[0]),
        "lower": np.exp(path[0] - critical * path[1]), "upper": np.exp(path[0] + critical * path[1]),
    })  # fmt: skip
    return StructuralEffect(_verdict(effect), None, effect, stretch, daily, int(new.sum()))


def _by_week(total: pd.Series, covariates: pd.DataFrame | None, live: Period) -> tuple[pd.Series, pd.DataFrame | None]:
    """Return sums and means of the weeks that begin as *live* does; a week that lacks a day is unknown, or left out."""
    sums = (
        total.astype(float)
        .groupby(_week_of(total, live))
        .agg(lambda days: days.sum(skipna=False) if len(days) == WEEK else np.nan)
    )
    sums = sums.loc[sums.first_valid_index() :]
    return sums, None if covariates is None else covariates.astype(float).groupby(_week_of(covariates, live)).mean()


def _week_of(days: pd.Series | pd.DataFrame, live: Period) -> pd.DatetimeIndex:
    """Return the first day of the week, counted from the first of *live*, that each row of *days* lies in."""
    start = pd.Timestamp(live.start)
    return start + pd.to_timedelta((pd.DatetimeIndex(days.index) - start).days // WEEK * WEEK, "D")


def _prepared(
    total: pd.Series, live: Period, covariates: pd.DataFrame | None, *, weekly: bool
) -> tuple[pd.Series, pd.DataFrame | None]:
    kept = total[total.index <= pd.Timestamp(live.end)].astype(float)
    if (kept <= 0).any():
        raise DataError(say("no logarithm of a total that is not positive"), value=kept[kept <= 0].index[0].date())
    kept = kept.reindex(pd.date_range(kept.index.min(), live.end, freq=f"{WEEK if weekly else 1}D"))
    if covariates is None:
        return kept.apply(np.log), None
    outside = covariates.reindex(kept.index).astype(float)
    if outside.isna().any(axis=None):
        column = str(outside.columns[outside.isna().any()][0])
        raise DataError(say("a covariate must be known on every day"), column=column)
    return kept.apply(np.log), outside


def _told(
    logs: pd.Series, outside: pd.DataFrame | None, start: int, length: int
) -> tuple[pd.DataFrame | None, np.ndarray]:
    """Return the covariates that varied before day *start*, and which of the *length* days from it no past day tells of.

    Such a day is one on which a covariate leaves the only value it ever had on a day with a known total.
    """
    if outside is None:
        return None, np.zeros(length, dtype=bool)
    past, ahead = outside[:start][logs.iloc[:start].notna()], outside.iloc[start : start + length]
    still = past.nunique() <= 1
    new = (ahead.loc[:, still] != past.loc[:, still].iloc[-1]).any(axis=1).to_numpy(bool)
    varied = outside.loc[:, ~still]
    return (varied if varied.shape[1] else None), new


def _model(logs: pd.Series, outside: pd.DataFrame | None, season: int = WEEK) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    exog = None if outside is None else outside.loc[logs.index].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return UnobservedComponents(
            logs.to_numpy(), level="llevel", seasonal=season if season > 1 else None, stochastic_seasonal=False,
            exog=exog, mle_regression=False,
        )  # fmt: skip


def _fitted(logs: pd.Series, outside: pd.DataFrame | None, season: int = WEEK) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance at zero stops the search early; the backtest judges the result
        return np.asarray(_model(logs, outside, season).fit(disp=False, maxiter=200, return_params=True))


def _miss(
    logs: pd.Series, outside: pd.DataFrame | None, start: int, length: int, params: np.ndarray, season: int = WEEK
) -> tuple[float, float, tuple[np.ndarray, np.ndarray]]:
    """Return mean miss of the forecast of *length* days from *start*, its standard error, and the path with its own."""
    outside, new = _told(logs, outside, start, length)
    filtered = _model(logs.iloc[:start], outside, season).filter(params, cov_type="none")
    ahead = logs.iloc[start : start + length]
    exog = None if outside is None else outside.loc[ahead.index].to_numpy()
    forecast = filtered.get_forecast(length, exog=exog)
    path, known = np.asarray(forecast.predicted_mean), ahead.notna().to_numpy() & ~new
    error = np.sqrt(_variance_of_sum(filtered, exog, known)) / known.sum()
    return float((ahead.to_numpy() - path)[known].mean()), float(error), (path, np.asarray(forecast.se_mean))


def _variance_of_sum(filtered: Any, exog: np.ndarray | None, known: np.ndarray) -> float:
    """Return the variance of the sum of the *known* days ahead: state at the end of the data, its shocks, noise."""
    space = filtered.model.ssm
    design = np.repeat(space["design"][:, :, -1] if space["design"].ndim == 3 else space["design"], len(known), axis=0)
    if exog is not None:
        design[:, -exog.shape[1] :] = exog  # the covariates' coefficients are the last states
    design = design * known[:, None]
    states = space["transition"].shape[0]
    transition, select = space["transition"].reshape(states, states), space["selection"].reshape(states, -1)
    shocks = select @ space["state_cov"].reshape(select.shape[1], -1) @ select.T
    variance, reach = float(np.squeeze(space["obs_cov"])) * known.sum(), np.zeros(transition.shape[0])
    for day in range(len(known) - 1, 0, -1):  # what a shock of the night before *day* adds to the sum
        reach = design[day] + reach @ transition
        variance += float(reach @ shocks @ reach)
    reach = design[0] + reach @ transition
    return variance + float(reach @ filtered.predicted_state_cov[:, :, -1] @ reach)


def _verdict(effect: Interval) -> Suggestion:
    if effect.ci_lower > 0:
        return "suggestive rise"
    return "suggestive fall" if effect.ci_upper < 0 else "no clear effect"


def _nothing(reason: Reason) -> StructuralEffect:
    daily = pd.DataFrame(columns=["date_day", "actual", "forecast", "lower", "upper"])
    return StructuralEffect("cannot tell", reason, NOTHING, np.nan, daily)
