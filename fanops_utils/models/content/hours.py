"""Posting time: the hour's own effect on engagement, adjusted for what was posted, on which day and when.

Formats are posted at their own hours, so the best cell of a table of averages is the hour of the best format. The
model: a negative binomial regression of interactions on format, weekday, trend and one daily wave (sine and cosine of
the hour), with log reach as offset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.errors import DataError
from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import Interval
from fanops_utils.metrics.social.engagement import interactions
from fanops_utils.text import say

FEWEST_POSTS, FEWEST_POSTS_AT_PEAK = 60, 5
WAVE = 2 * np.pi / 24


@dataclass(frozen=True)
class HourEffect:
    """The hour's effect on engagement per reach.

    `best_hour`: top of the wave, hours 0-24 local, by the delta method (bounds may pass midnight); `gain`: how
    far it stands above the average hour, a fraction; both None unless `enough`. `p_value`: Wald test that the hour
    matters not. `supported`: five posts or more within 90 minutes of the best hour. `curve`: hour, effect,
    ci_lower, ci_upper (fraction above or below the average hour), n (posts in that hour; 0 = read from the wave
    alone). `naive`, for contrast: hour, effect (mean rate of the hour's posts against that of all), n.
    `n_dropped`: posts without hour, reach, format or interactions.
    """

    enough: bool
    best_hour: Interval | None
    gain: Interval | None
    p_value: float
    supported: bool
    curve: pd.DataFrame
    naive: pd.DataFrame
    dispersion: float
    n: int
    n_dropped: int

    @property
    def naive_hour(self) -> int | None:
        """The hour a plain table of averages would name, among those with ten posts."""
        seen = self.naive[self.naive["n"] >= 10]
        return None if seen.empty else int(seen["hour"].iloc[int(seen["effect"].argmax())])

    @property
    def evident(self) -> bool:
        """Whether the data show that the hour matters (p below 0.05)."""
        return self.enough and self.p_value < 0.05


def hour_effect(
    posts: pd.DataFrame,
    *,
    hour: str = "hour_local",
    post_type: str = "post_type",
    reach: str = "reach",
    weekday: str | None = None,
    published: str | None = None,
    level: float = 0.95,
    min_posts: int = FEWEST_POSTS,
) -> HourEffect:
    """Return the effect of the hour of publication on interactions per reach, adjusted for format.

    Columns: *hour* (0-24, fractions allowed, the audience's local time), *post_type*, *reach* and what
    `interactions` reads; *weekday* and *published* (a date, for a linear trend) adjust for more where named. Below
    *min_posts* usable posts nothing is estimated. Errors scaled by the Pearson statistic, t reference. Posts of
    unequal age are not comparable: leave young ones out. Raises DataError for a missing column or an hour outside
    0-24.
    """
    optional = [name for name in (weekday, published) if name]
    need(posts, hour, post_type, reach, *optional)
    used = _usable(posts, hour=hour, post_type=post_type, reach=reach, optional=optional)
    naive = _naive(used, hour, reach)
    if len(used) < min_posts:
        return HourEffect(
            enough=False, best_hour=None, gain=None, p_value=np.nan, supported=False, naive=naive,
            curve=_curve(np.zeros(2), np.full((2, 2), np.nan), used[hour], np.nan).iloc[:0],
            dispersion=np.nan, n=len(used), n_dropped=len(posts) - len(used),
        )  # fmt: skip
    design = _design(used, hour=hour, post_type=post_type, weekday=weekday, published=published)
    wave, covariance, dispersion = _fit(used["interactions"].to_numpy(float), design, numbers(used[reach]))
    df = len(used) - design.shape[1]
    critical = float(stats.t.ppf(0.5 + level / 2, df))
    best = _best_hour(wave, covariance, critical, len(used))
    away = np.abs((numbers(used[hour]) - best.estimate + 12) % 24 - 12)
    return HourEffect(
        enough=True,
        best_hour=best,
        gain=_gain(wave, covariance, critical, len(used)),
        p_value=float(stats.f.sf(wave @ np.linalg.solve(covariance, wave) / 2, 2, df)),
        supported=int((away <= 1.5).sum()) >= FEWEST_POSTS_AT_PEAK,
        naive=naive,
        curve=_curve(wave, covariance, used[hour], critical),
        dispersion=dispersion,
        n=len(used),
        n_dropped=len(posts) - len(used),
    )


def _usable(posts: pd.DataFrame, *, hour: str, post_type: str, reach: str, optional: list[str]) -> pd.DataFrame:
    frame = posts[[hour, post_type, reach, *optional]].assign(interactions=interactions(posts))
    used = frame.dropna()
    used = used[used[reach] > 0]
    outside = used[(used[hour] < 0) | (used[hour] > 24)]
    if not outside.empty:
        raise DataError(say("an hour lies between 0 and 24"), column=hour, value=outside[hour].iloc[0])
    return used


def _design(used: pd.DataFrame, *, hour: str, post_type: str, weekday: str | None, published: str | None) -> np.ndarray:
    """Return the columns of the model: sine, cosine, constant, then the adjustments that vary."""
    angle = WAVE * numbers(used[hour])
    columns = [np.sin(angle), np.cos(angle), np.ones(len(used))]
    for name in (post_type, weekday):
        if name:
            dummies = pd.get_dummies(used[name].astype(str), drop_first=True, dtype=float)
            columns.extend(dummies.to_numpy().T)
    if published:
        day = pd.to_datetime(used[published]).astype("int64").to_numpy(float)
        if day.std() > 0:
            columns.append((day - day.mean()) / day.std())
    return np.column_stack(columns)


def _fit(count: np.ndarray, design: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the wave's two coefficients, their covariance and the dispersion (moments after a Poisson fit)."""
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    offset = np.log(reach)
    mean = GLM(count, design, family=Poisson(), offset=offset).fit().mu
    free = max(len(count) - design.shape[1], 1)
    dispersion = max(float(np.sum(((count - mean) ** 2 - mean) / mean**2) / free), 1e-6)
    model = GLM(count, design, family=NegativeBinomial(alpha=dispersion), offset=offset)
    fitted = model.fit(scale="X2")
    return fitted.params[:2], fitted.cov_params()[:2, :2], dispersion


def _best_hour(wave: np.ndarray, covariance: np.ndarray, critical: float, n: int) -> Interval:
    sine, cosine = wave
    hour = float(np.arctan2(sine, cosine) / WAVE % 24)
    slope = np.array([cosine, -sine]) / (sine**2 + cosine**2) / WAVE
    half = min(critical * float(np.sqrt(slope @ covariance @ slope)), 12.0)
    return Interval(hour, hour - half, hour + half, n)


def _gain(wave: np.ndarray, covariance: np.ndarray, critical: float, n: int) -> Interval:
    height = float(np.hypot(*wave))
    half = critical * float(np.sqrt(wave @ covariance @ wave)) / height
    return Interval(
        float(np.expm1(height)), float(np.expm1(max(height - half, 0.0))), float(np.expm1(height + half)), n
    )


def _curve(wave: np.ndarray, covariance: np.ndarray, hours: pd.Series, critical: float) -> pd.DataFrame:
    grid = np.arange(24)
    rows = np.column_stack([np.sin(WAVE * grid), np.cos(WAVE * grid)])
    middle = rows @ wave
    half = critical * np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
    count = np.bincount(np.floor(numbers(hours)).astype(int) % 24, minlength=24)
    return pd.DataFrame({
        "hour": grid,
        "effect": np.expm1(middle),
        "ci_lower": np.expm1(middle - half),
        "ci_upper": np.expm1(middle + half),
        "n": count,
    })  # fmt: skip


def _naive(used: pd.DataFrame, hour: str, reach: str) -> pd.DataFrame:
    rate = pd.Series(numbers(used["interactions"]) / numbers(used[reach]), name="effect")
    cells = rate.groupby(np.floor(numbers(used[hour])).astype(int) % 24).agg(["mean", "size"])
    effect = cells["mean"] / rate.mean() - 1
    return pd.DataFrame({"hour": cells.index, "effect": effect.to_numpy(), "n": cells["size"].to_numpy()})
