"""From what was added up day by day to an estimate with its interval, one row per key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import numbers
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.metrics.money.roas import roas

Code = Literal["total", "last", "last_share", "mean_of_days", "share", "ratio", "balance", "cost", "returned"]
RESULT = ["estimate", "ci_lower", "ci_upper", "n"]
NEEDED = ("value", "top", "base", "weight")  # what of a day has to be known for it to count


@dataclass(frozen=True)
class Estimator:
    """How pieces become estimates: the `columns` that are added up, what is made of the sums, times `factor`.

    `interval` names the source of the interval; empty where the count is complete and there is none.
    """

    code: Code
    columns: tuple[str, ...]
    make: Callable[[pd.DataFrame, list[str], float], pd.DataFrame]
    interval: str = ""
    factor: float = 1.0

    def known(self, pieces: pd.DataFrame) -> pd.Series:
        """Return which *pieces* hold a number: a day that is not known counts neither as a zero nor as a day."""
        needed = [name for name in self.columns if name in NEEDED]
        return pieces[needed].notna().all(axis=1)


def summed(pieces: pd.DataFrame, keys: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Return the sums of *columns* by *keys* (which may be null); a sum without any known value is NaN."""
    ready = pieces[[*keys, *columns]].astype(dict.fromkeys(columns, "float64"))
    return ready.groupby(list(keys), dropna=False, observed=True)[list(columns)].sum(min_count=1)


def _plain(sums: pd.DataFrame, estimate: pd.Series | np.ndarray, n: pd.Series | np.ndarray) -> pd.DataFrame:
    frame = pd.DataFrame({"estimate": estimate, "ci_lower": np.nan, "ci_upper": np.nan}, index=sums.index, dtype=float)
    return frame.assign(n=np.nan_to_num(np.asarray(n, dtype=float)).astype("int64"))


def _total(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:  # noqa: ARG001
    sums = summed(pieces, keys, ["value", "n"])
    return _plain(sums, sums["value"], sums["n"])


def _last(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:  # noqa: ARG001
    ready = pieces.astype({"value": "float64", "n": "float64"}).sort_values("date_day")
    found = ready.groupby(keys, dropna=False, observed=True)[["value", "n"]].last()
    return _plain(found, found["value"], found["n"])


def _mean_of_days(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:  # noqa: ARG001
    ready = pieces.astype({"value": "float64"})
    found = ready.groupby(keys, dropna=False, observed=True)["value"].agg(["mean", "count"])
    return _plain(found, found["mean"], found["count"])


def _share(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    return _part_of_whole(summed(pieces, keys, ["top", "base"]), level)


def _part_of_whole(sums: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return top of base row by row; where the part is more than the whole the files contradict themselves: no number."""
    known = sums.where(sums["top"] <= sums["base"]).fillna(0.0)
    return wilson_frame(known["top"].round(), known["base"].round(), level=level)


def _last_share(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    """Return the share of the last day: windows that overlap hold the same people and are not added up."""
    ready = pieces.astype({"top": "float64", "base": "float64"}).sort_values("date_day")
    return _part_of_whole(ready.groupby(keys, dropna=False, observed=True)[["top", "base"]].last(), level)


def _ratio(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    """Return `_signed_ratio` of what is counted: it is not negative, so neither is a bound."""
    found = _signed_ratio(pieces, keys, level)
    return found.assign(ci_lower=found["ci_lower"].clip(lower=0.0))


def _signed_ratio(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    """Return sum(top) / sum(base) with its delta-method interval from moments, as `ratio_of_sums` gives it from pairs.

    Fewer than FEWEST units have no interval: the method counts on their number, and two posts would be said to lie
    between less than nothing and everything.
    """
    sums = summed(pieces, keys, ["n", "top", "base", "top2", "base2", "cross"])
    n, top, base = (sums[name].to_numpy(float) for name in ("n", "top", "base"))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(base > 0, top / base, np.nan)
        squares = sums["top2"] - 2 * ratio * sums["cross"] + ratio**2 * sums["base2"]
        spread = np.sqrt(n / (n - 1) * np.maximum(squares.to_numpy(float), 0)) / base
        half = np.where(n >= FEWEST, stats.t.ppf(0.5 + level / 2, np.maximum(n - 1, 1)) * spread, np.nan)
    frame = pd.DataFrame({"estimate": ratio, "ci_lower": ratio - half, "ci_upper": ratio + half}, index=sums.index)
    return frame.assign(n=np.where(np.isnan(ratio), 0, np.nan_to_num(n)).astype("int64"))


def _balance(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    """Return (plus - minus) / n of weighted answers; the interval is the closed form on counts 3/4 higher (Rocks 2016)."""
    sums = summed(pieces, keys, ["n", "weight", "weight2", "plus", "minus"]).fillna(0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = sums["weight"] ** 2 / sums["weight2"]  # as many answers as the weighted ones are worth (Kish)
        plus, minus = sums["plus"] / sums["weight"], sums["minus"] / sums["weight"]
        more, less = (plus * size + 0.75) / (size + 3), (minus * size + 0.75) / (size + 3)
        half = stats.norm.ppf(0.5 + level / 2) * np.sqrt((more + less - (more - less) ** 2) / (size + 3))
        middle, estimate = more - less, plus - minus
    low = np.minimum(np.maximum(middle - half, -1.0), estimate)
    high = np.maximum(np.minimum(middle + half, 1.0), estimate)
    frame = pd.DataFrame({"estimate": estimate, "ci_lower": low, "ci_upper": high}, index=sums.index)
    return frame.assign(n=sums["n"].astype("int64"))


def _cost(factor: float) -> Callable[[pd.DataFrame, list[str], float], pd.DataFrame]:
    def make(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
        """Return money per unit: the units a Poisson count, the money known (`metrics.cost_per`, row by row)."""
        sums = summed(pieces, keys, ["top", "base"])
        money, units = sums["top"].to_numpy(float) * factor, sums["base"].to_numpy(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            low = stats.chi2.ppf(0.5 - level / 2, 2 * units) / 2
            high = stats.chi2.ppf(0.5 + level / 2, 2 * units + 2) / 2
            estimate = np.where(units > 0, money / units, np.nan)
            bounds = {"ci_lower": money / high, "ci_upper": np.where(units > 0, money / low, np.inf)}
        frame = pd.DataFrame({"estimate": estimate, **bounds}, index=sums.index)
        frame.loc[np.isnan(money) | np.isnan(units)] = np.nan
        return frame.assign(n=np.nan_to_num(units).astype("int64"))

    return make


def _returned(pieces: pd.DataFrame, keys: list[str], level: float) -> pd.DataFrame:
    rows, index = [], []
    for key, part in pieces.groupby(keys, dropna=False, observed=True):
        value, spend, hits = (numbers(part[name]) for name in ("top", "base", "hits"))
        found = roas(value, spend, conversions=hits, days=part["date_day"], level=level)
        rows.append((found.estimate, found.ci_lower, found.ci_upper, found.n))
        index.append(key if isinstance(key, tuple) else (key,))
    return pd.DataFrame(rows, columns=RESULT, index=pd.MultiIndex.from_tuples(index, names=keys))


FEWEST = 5  # units (posts, orders, days) below which a ratio of sums has no interval
RATIO_COLUMNS = ("n", "top", "base", "top2", "base2", "cross")
TOTAL = Estimator("total", ("value", "n"), _total)
LAST = Estimator("last", ("value", "n"), _last)
MEAN_OF_DAYS = Estimator("mean_of_days", ("value", "n"), _mean_of_days)
SHARE = Estimator("share", ("top", "base"), _share, "Wilson 1927")
LAST_SHARE = Estimator("last_share", ("top", "base"), _last_share, "Wilson 1927")
RATIO = Estimator("ratio", RATIO_COLUMNS, _ratio, "delta method")
SIGNED_RATIO = Estimator("ratio", RATIO_COLUMNS, _signed_ratio, "delta method")  # of a net number
BALANCE = Estimator("balance", ("n", "weight", "weight2", "plus", "minus"), _balance, "Rocks 2016")
COST = Estimator("cost", ("top", "base"), _cost(1.0), "Garwood 1936")
PER_THOUSAND = Estimator("cost", ("top", "base"), _cost(1000.0), "Garwood 1936", 1000.0)
RETURNED = Estimator("returned", ("top", "base", "hits"), _returned, "Fay and Feuer 1997")
