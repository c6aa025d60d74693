"""Who is talked about, and why the tone turned: shares over time, concentration, and the topic behind a week of criticism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import counts_of, cross_table, days, need

WEEKS = 12
LEVEL = 0.9
FALSE = 0.05  # chance of any false move among the brands
CHANCE = 0.01
TOPIC_LEAST = 5
VOICES = [
    "brand",
    "is_ours",
    "mentions",
    "share",
    "ci_lower",
    "ci_upper",
    "before",
    "year",
    "change",
    "change_lower",
    "change_upper",
    "moved",
]


@dataclass(frozen=True)
class Conversation:
    """`table`, loudest first: brand, is_ours, mentions, share (of the last 12 weeks) with bounds, before (the 12 weeks
    before), year
    (a year before; NaN unknown), change (points, share less before) with bounds, moved (up, down, unclear). `weekly`:
    week_start, brand, share. `hhi`: sum of the squared shares, `cr4`: of the four loudest; of brands followed, no market shares.
    """

    table: pd.DataFrame
    weekly: pd.DataFrame
    hhi: float
    cr4: float
    n_weeks: int


@dataclass(frozen=True)
class Cause:
    """What a week of criticism was about: `topic` whose negatives exceed its usual week most, with `seen` of `negatives`, `usual`
    (mean of the weeks before) and `share` of what was beyond the usual; `source`: network of most of them. `topic` is empty
    where no topic stands out.
    """

    topic: str
    seen: int
    negatives: int
    usual: float
    share: float
    source: str
    source_share: float


def conversation(mentions: pd.DataFrame, *, brand: str, rivals: Sequence[str], until: pd.Timestamp) -> Conversation:
    """Return how loud *brand* and *rivals* are in the 12 weeks to *until*, against the 12 before and those a year before.

    Columns of *mentions*: date_day, brand. Weeks are blocks of seven days that end with *until*: they are the units, for news
    makes hundreds of mentions at once. Interval: difference of weekly shares, Welch, t; shares by weeks, t; 90 %. Moves: at
    most one false in twenty over the brands together (Bonferroni).
    """
    need(mentions, "date_day", "brand")
    listed = [brand, *(name for name in rivals if name != brand)]
    kept = mentions[mentions["brand"].isin(listed)]
    back = (until - days(kept["date_day"])).dt.days
    kept, block = kept[back >= 0], (back[back >= 0] // 7)
    counts = cross_table(kept, block, kept["brand"]).reindex(columns=listed, fill_value=0)
    whole = int((back.max() + 1) // 7) if len(kept) else 0
    counts = counts.reindex(range(whole), fill_value=0)
    total = counts.sum(axis=1)
    share = counts.div(total.where(total > 0), axis=0)
    windows = {"now": range(WEEKS), "before": range(WEEKS, 2 * WEEKS), "year": range(52, 52 + WEEKS)}
    rows = []
    for name in listed:
        parts = {
            key: share.loc[share.index.isin(list(span)), name].dropna().to_numpy() for key, span in windows.items()
        }
        pooled = {key: _pooled(counts, total, name, span) for key, span in windows.items()}
        low, high = _bounds(parts["now"], pooled["now"])
        change = pooled["now"] - pooled["before"]
        half = _welch(parts["now"], parts["before"], LEVEL)
        judged = _welch(parts["now"], parts["before"], 1 - FALSE / len(listed))
        moved = "unclear" if not abs(change) > judged else "up" if change > 0 else "down"
        heard = int(counts.loc[counts.index.isin(list(windows["now"])), name].sum())
        rows.append(
            (
                name,
                name == brand,
                heard,
                pooled["now"],
                low,
                high,
                pooled["before"],
                pooled["year"],
                change,
                change - half,
                change + half,
                moved,
            )
        )
    table = pd.DataFrame(rows, columns=VOICES).sort_values("share", ascending=False, ignore_index=True)
    shares = table["share"].to_numpy(float)
    weekly = share.iloc[:52].rename_axis("block").reset_index().melt("block", var_name="brand", value_name="share")
    weekly["week_start"] = until - pd.to_timedelta(weekly["block"] * 7 + 6, unit="D")
    known = bool(len(kept)) and np.isfinite(shares).any()
    return Conversation(
        table,
        weekly[["week_start", "brand", "share"]].sort_values(["brand", "week_start"], ignore_index=True),
        float(np.nansum(shares**2)) if known else np.nan,
        float(np.nansum(np.sort(shares)[::-1][:4])) if known else np.nan,
        min(whole, WEEKS),
    )


def cause_of(mentions: pd.DataFrame, *, brand: str, week_start: pd.Timestamp) -> Cause | None:
    """Return what the negative mentions of *brand* in the week from *week_start* were about; None where there are none.

    Columns: date_day, brand, sentiment, topic, platform. A topic stands out where its negatives exceed the mean of its 12 weeks
    before (Poisson tail below 0.01 over the topics together) and make up the largest part of what was beyond the usual.
    """
    need(mentions, "date_day", "brand", "sentiment", "topic", "platform")
    mine = mentions[(mentions["brand"] == brand) & (mentions["sentiment"] == "negative").fillna(False)]
    day = days(mine["date_day"])
    now = mine[day.between(week_start, week_start + pd.Timedelta(days=6))]
    past = mine[day.between(week_start - pd.Timedelta(weeks=WEEKS), week_start - pd.Timedelta(days=1))]
    if now.empty:
        return None
    total = int(counts_of(now).sum())
    source, seen = _by(now, "platform"), _by(now, "topic")
    usual = _by(past, "topic").reindex(seen.index, fill_value=0) / WEEKS
    beyond = seen - usual
    chance = stats.poisson.sf(seen - 1, usual + 1 / WEEKS) * len(seen)
    clear = beyond[(chance < CHANCE) & (seen >= TOPIC_LEAST)]
    told = str(source.index[0]), float(source.iloc[0] / total)
    if clear.empty:
        return Cause("", 0, total, np.nan, np.nan, *told)
    name = clear.idxmax()
    share = float(clear[name] / beyond.clip(lower=0).sum())
    return Cause(str(name), int(seen[name]), total, float(usual[name]), share, *told)


def _by(mentions: pd.DataFrame, column: str) -> pd.Series:
    """Return how many of *mentions* have each value of *column*, most first."""
    return counts_of(mentions).groupby(mentions[column]).sum().sort_values(ascending=False, kind="stable")


def _pooled(counts: pd.DataFrame, total: pd.Series, name: str, span: range) -> float:
    inside = counts.index.isin(list(span))
    whole = float(total[inside].sum())
    return float(counts.loc[inside, name].sum()) / whole if inside.sum() == len(span) and whole > 0 else np.nan


def _bounds(weekly: np.ndarray, share: float) -> tuple[float, float]:
    if len(weekly) < 4 or not np.isfinite(share):
        return np.nan, np.nan
    half = float(stats.t.ppf(0.5 + LEVEL / 2, len(weekly) - 1)) * weekly.std(ddof=1) / np.sqrt(len(weekly))
    return max(0.0, share - half), min(1.0, share + half)


def _welch(one: np.ndarray, other: np.ndarray, level: float) -> float:
    if min(len(one), len(other)) < 4:
        return np.nan
    parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    if not parts.sum() > 0:
        return 0.0
    freedom = parts.sum() ** 2 / (parts**2 / (np.array([len(one), len(other)]) - 1)).sum()
    return float(stats.t.ppf(0.5 + level / 2, freedom) * np.sqrt(parts.sum()))
