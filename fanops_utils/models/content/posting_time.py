"""Posting time: which hours do better once format, weekday, account, age and reach are taken out.

Formats have their hours, so the best row of a table of averages is the hour of the best format. The effect of the
hour is a smooth curve around the clock; hours near which hardly anything was posted are not told at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.social.engagement import interactions
from fanops_utils.models.content.design import design

FEWEST_POSTS, FEWEST_HOURS = 60, 4
SUPPORT = 8  # posts within an hour either side
LEVEL, ALPHA, DRAWS = 0.9, 0.05, 2000
RATIOS = np.geomspace(0.001, 3.0, 14)
SLOTS = (np.arange(48) + 0.5) / 2  # half hours
PROVED = ("proved", "export_offset", "declared")


@dataclass(frozen=True)
class PostingTime:
    """What the hour of publication does to interactions, all else equal.

    `code`: "claimed" (some hours are shown to be better), "unclear", "few" (under 60 posts or 4 hours to compare),
    "no_times". `hours`: the smallest set of whole hours that holds the best one in 9 of 10 cases; empty unless claimed. `gain`,
    `gain_lower`, `gain_upper`: of the best hour over the average of the hours told, a fraction. `p_value`: F test of two
    daily waves. `curve`: hour (0-23), effect, ci_lower, ci_upper, n (posts in the hour), supported. `naive_hour`: the
    hour a table of averages names among those with ten posts. `per_arm`: posts each of two hours needs in a test by lot
    to show +20 % (power 0.8, 5 %); `n_dropped`: posts without a proved time, or without what the model needs.
    """

    code: Literal["claimed", "unclear", "few", "no_times"]
    hours: tuple[int, ...]
    gain: float
    gain_lower: float
    gain_upper: float
    p_value: float
    curve: pd.DataFrame
    naive: pd.DataFrame
    naive_hour: int | None
    per_arm: int | None
    n: int
    n_dropped: int


def posting_time(
    posts: pd.DataFrame, *, hour: str = "hour_local", size: str | None = "reach", factors: Sequence[str] = ("post_type",),
    numbers_of: Sequence[str] = (), seed: int = 0,
) -> PostingTime:  # fmt: skip
    """Return which hours of publication do better, on posts whose times are proved (column tz_source, where there).

    Columns: *hour* (0-24, local to the fans), what `metrics.interactions` reads, *size* (its log with a free slope)
    and what is held equal, as in `design`. Method: least squares plus a cyclic smooth over half hours (periodic kernel,
    width 0.8), its size integrated by restricted likelihood.
    """
    need(posts, hour)
    proved = posts[posts["tz_source"].isin(PROVED)] if "tz_source" in posts else posts
    laid = design(proved, need_columns=[hour], size=size, factors=factors, numbers_of=numbers_of)
    at, n, dropped = numbers(laid.used[hour]) % 24, len(laid.used), len(posts) - len(laid.used)
    curve = _counts(at)
    naive = _naive(laid.used, at, size)
    seen = naive[naive["n"] >= 10]
    name = None if seen.empty else int(seen["hour"].iloc[int(seen["effect"].argmax())])
    told: dict[str, Any] = {"curve": curve, "naive": naive, "naive_hour": name, "n": n, "n_dropped": dropped}
    nothing: dict[str, Any] = {
        "hours": (),
        "gain": np.nan,
        "gain_lower": np.nan,
        "gain_upper": np.nan,
        "p_value": np.nan,
        "per_arm": None,
    }
    if not n:
        return PostingTime(code="no_times", **told, **nothing)
    supported = curve["supported"].to_numpy(bool)
    if n < FEWEST_POSTS or supported.sum() < FEWEST_HOURS:
        return PostingTime(code="few", **told, **nothing)
    x = np.column_stack([np.ones(n), laid.beside])
    p_value, scatter = _two_waves(laid.y, x, at)
    effects = _smooth(laid.y, x, at, np.random.default_rng(seed))
    effects = effects - effects[:, supported].mean(axis=1, keepdims=True)
    middle, (low, high) = effects.mean(axis=0), np.quantile(effects, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    best = int(np.argmax(np.where(supported, middle, -np.inf)))
    clear = bool(p_value < ALPHA and low[best] > 0)
    shown = {"effect": middle, "ci_lower": low, "ci_upper": high}
    told["curve"] = curve.assign(**{key: np.where(supported, np.expm1(of), np.nan) for key, of in shown.items()})
    return PostingTime(
        code="claimed" if clear else "unclear", hours=_set(effects, supported) if clear else (), p_value=p_value,
        gain=float(np.expm1(middle[best])), gain_lower=float(np.expm1(low[best])), gain_upper=float(np.expm1(high[best])),
        per_arm=posts_per_arm(scatter), **told,
    )  # fmt: skip


def posts_per_arm(scatter: float, *, gain: float = 0.2, power: float = 0.8, alpha: float = 0.05) -> int:
    """Return how many posts each of two hours needs to show a gain of *gain* at a scatter (sd of the log) of *scatter*.

    >>> posts_per_arm(0.6)
    171
    """
    wanted = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    return int(np.ceil(2 * (wanted * scatter / np.log1p(gain)) ** 2))


def _counts(at: np.ndarray) -> pd.DataFrame:
    """Return the hours of the day with their posts, and whether eight lie within an hour of the hour's middle."""
    hours = np.arange(24)
    away = np.abs((at[None, :] - (hours[:, None] + 0.5) + 12) % 24 - 12)
    near = (away <= 1).sum(axis=1)
    count = np.bincount(np.floor(at).astype(int) % 24, minlength=24)
    return pd.DataFrame({"hour": hours, "effect": np.nan, "ci_lower": np.nan, "ci_upper": np.nan, "n": count,
                         "supported": near >= SUPPORT})  # fmt: skip


def _naive(used: pd.DataFrame, at: np.ndarray, size: str | None) -> pd.DataFrame:
    """Return what a table of averages says: mean rate of each hour against that of all posts."""
    rate = numbers(interactions(used)) / (numbers(used[size]) if size else 1.0)
    cells = pd.Series(rate).groupby(np.floor(at).astype(int) % 24).agg(["mean", "size"])
    effect = cells["mean"] / rate.mean() - 1 if len(rate) else cells["mean"]
    return pd.DataFrame({"hour": cells.index, "effect": effect.to_numpy(), "n": cells["size"].to_numpy()})


def _two_waves(y: np.ndarray, x: np.ndarray, at: np.ndarray) -> tuple[float, float]:
    """Return the p-value of two daily waves (F test) and the scatter around the model with them."""
    angle = 2 * np.pi * at / 24
    full = np.column_stack([x, np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])
    rest = [float(np.sum((y - of @ np.linalg.lstsq(of, y, rcond=None)[0]) ** 2)) for of in (x, full)]
    free = len(y) - np.linalg.matrix_rank(full)
    ratio = (rest[0] - rest[1]) / 4 / (rest[1] / free)
    return float(stats.f.sf(ratio, 4, free)), float(np.sqrt(rest[1] / free))


def _smooth(y: np.ndarray, x: np.ndarray, at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return draws of the effect of each whole hour: a cyclic smooth beside the columns *x*."""
    apart = SLOTS[:, None] - SLOTS[None, :]
    kernel = np.exp(-2 * np.sin(np.pi * apart / 24) ** 2 / 0.8**2)
    centre = np.eye(48) - 1 / 48
    values, vectors = np.linalg.eigh(centre @ kernel @ centre)
    kept = values > 1e-8
    root = vectors[:, kept] * np.sqrt(values[kept])
    basis, _ = np.linalg.qr(x)
    slot = np.minimum((at * 2).astype(int), 47)
    wide = root[slot]
    wide = wide - basis @ (basis.T @ wide)
    rest = y - basis @ (basis.T @ y)
    free, a, c = len(y) - x.shape[1], wide.T @ wide, wide.T @ rest
    solved = [np.linalg.inv(np.eye(len(a)) + ratio * a) for ratio in RATIOS]
    variance = [(rest @ rest - ratio * c @ inverse @ c) / free for ratio, inverse in zip(RATIOS, solved, strict=True)]
    shrunk = np.array([np.linalg.slogdet(inverse)[1] for inverse in solved])
    chance = shrunk - free * np.log(variance)
    chance = np.exp(0.5 * (chance - chance.max()))
    taken, parts = rng.multinomial(DRAWS, chance / chance.sum()), []
    for ratio, inverse, spread, number in zip(RATIOS, solved, variance, taken, strict=True):
        if number:
            cover = ratio * spread * (inverse + inverse.T) / 2
            noise = rng.multivariate_normal(np.zeros(len(a)), cover, number, method="svd")
            noise *= np.sqrt(free / rng.chisquare(free, number))[:, None]
            parts.append((noise + ratio * inverse @ c) @ root.T)
    by_slot = np.concatenate(parts)
    return (by_slot[:, 0::2] + by_slot[:, 1::2]) / 2


def _set(effects: np.ndarray, supported: np.ndarray) -> tuple[int, ...]:
    best = np.argmax(np.where(supported, effects, -np.inf), axis=1)
    share = np.bincount(best, minlength=24) / len(best)
    order = np.argsort(-share)
    before = np.cumsum(share[order]) - share[order]
    held = {int(hour) for hour in order[before < LEVEL] if share[hour] > 0}
    between = {hour for hour in range(24) if supported[hour] and {(hour - 1) % 24, (hour + 1) % 24} <= held}
    return tuple(sorted(held | between))  # an hour between two that may be best is not told to be worse
