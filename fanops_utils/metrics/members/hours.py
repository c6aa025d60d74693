"""When members are there: hours of the market's own clock, by group, smoothed, drawn together, and whether groups differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.folds import acts_per_member
from fanops_utils.metrics.multiple import told_apart
from fanops_utils.metrics.shrinkage import shrink

if TYPE_CHECKING:
    import ibis

LEAST_ACTS = 5
WAVES = 4  # of a day, half a day, a third, a quarter
ANGLES = 2 * np.pi * np.outer(np.arange(24), np.arange(1, WAVES + 1)) / 24
BASIS = np.hstack([np.cos(ANGLES), np.sin(ANGLES)])
FEWEST_THERE = 30  # members of a group whose hours are told
HOUR_COLUMNS = ["hour", "share", "error", "n", "smooth", "apart"]


def hours_of(events: ibis.Table, members: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return when members of each value of *column* act: *column*, hour (0-23, the market's own clock), share, error
    (its standard error over members), n (members), smooth, apart.

    *events* (in the engine): member_key, minute_of_day. The share is of a member's own acts, averaged over members, so
    that the busiest do not speak for all; members with fewer than five acts are left out. smooth: the share by four waves of
    the day, each wave drawn to what all groups share (empirical Bayes), so that a small group does not show its luck. apart:
    whether the waves of the group clearly differ from those of all others (Hotelling's T, Holm over the groups).
    """
    table = acts_per_member(events, by="hour").reindex(columns=range(24), fill_value=0)
    table = table[table.sum(axis=1) >= LEAST_ACTS]
    shares = table.div(table.sum(axis=1), axis=0)
    group = members.drop_duplicates("member_key").set_index("member_key")[column].reindex(shares.index)
    parts = {name: part.to_numpy(float) for name, part in shares.groupby(group, observed=True) if len(part)}
    smooth, apart = _smoothed(parts), _apart(parts)
    rows = [
        pd.DataFrame({
            column: name, "hour": range(24), "share": part.mean(axis=0), "n": len(part), "smooth": smooth[name],
            "error": part.std(axis=0, ddof=1) / np.sqrt(len(part)) if len(part) > 1 else np.nan, "apart": apart[name],
        })
        for name, part in parts.items()
    ]  # fmt: skip
    if not rows:
        return pd.DataFrame(columns=[column, *HOUR_COLUMNS]).astype({"n": "int64", "apart": bool})
    return pd.concat(rows, ignore_index=True)[[column, *HOUR_COLUMNS]]


def hours_together(hours: pd.DataFrame) -> pd.DataFrame:
    """Return the groups of *hours* (`hours_of`) as one, by their members: hour, share, error, n."""
    weight = hours["n"].astype(float)
    rows = hours.assign(share=hours["share"] * weight, error=(hours["error"].fillna(0.0) * weight) ** 2)
    each = rows.groupby("hour").agg(share=("share", "sum"), error=("error", "sum"), n=("n", "sum"))
    both = each.assign(share=each["share"] / each["n"], error=np.sqrt(each["error"]) / each["n"])
    return both.reset_index()


def busy_hours(hours: pd.DataFrame) -> tuple[int, ...]:
    """Return the hours of *hours* (one group of `hours_of`) clearly above an hour on average, read together (Holm)."""
    if hours.empty:
        return ()
    above = hours["share"].to_numpy(float) - 1 / len(hours)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(hours["error"].to_numpy(float) > 0, above / hours["error"].to_numpy(float), np.nan)
    clear = told_apart(2 * stats.t.sf(np.abs(t), hours["n"].to_numpy(float) - 1), level=0.95)
    return tuple(sorted(int(hour) for hour in hours.loc[clear & (above > 0), "hour"]))


def _waves(shares: np.ndarray) -> np.ndarray:
    """Return the coefficients of the waves of each member's *shares*."""
    return shares @ BASIS / 12


def _smoothed(parts: dict[object, np.ndarray]) -> dict[object, np.ndarray]:
    names = list(parts)
    if not names:
        return {}
    waves = [_waves(parts[name]) for name in names]
    means = np.array([one.mean(axis=0) for one in waves])
    errors = np.array(
        [one.var(axis=0, ddof=1) / len(one) if len(one) > 1 else np.full(len(BASIS.T), np.nan) for one in waves]
    )
    drawn = np.column_stack([shrink(means[:, wave], errors[:, wave]) for wave in range(means.shape[1])])
    curves = np.clip(1 / 24 + drawn @ BASIS.T, 0, None)
    return dict(zip(names, curves, strict=True))


def _apart(parts: dict[object, np.ndarray]) -> dict[object, bool]:
    """Return of each group whether its waves clearly differ from those of all others."""
    p_values = []
    for name, part in parts.items():
        others = [one for other, one in parts.items() if other != name]
        p_values.append(_p(_waves(part), _waves(np.vstack(others))) if others else np.nan)
    return dict(zip(parts, map(bool, told_apart(np.array(p_values, dtype=float), level=0.95)), strict=True))


def _p(own: np.ndarray, others: np.ndarray) -> float:
    """Return the p-value of Hotelling's T of two means with their own covariances; NaN for too few members."""
    waves = own.shape[1]
    freedom = min(len(own), len(others)) - waves
    if freedom < 3:
        return float("nan")
    gap = own.mean(axis=0) - others.mean(axis=0)
    spread = np.cov(own, rowvar=False) / len(own) + np.cov(others, rowvar=False) / len(others)
    t2 = float(gap @ np.linalg.pinv(spread) @ gap)
    return float(stats.f.sf(t2 * freedom / (waves * (freedom + waves - 1)), waves, freedom))
