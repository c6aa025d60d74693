"""Share of mentions: share of voice, and the weekly share and number of negative ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import counts_of, cross_table, days, need
from fanops_utils.metrics.intervals import wilson_frame

BASELINE_WEEKS, FEWEST_BASELINE_WEEKS = 12, 6
FEWEST_NEGATIVES = 10
ALARM_P = 0.01
VOICE_COLUMNS = ["brand", "is_ours", "mentions", "estimate", "ci_lower", "ci_upper", "n"]
WEEK_COLUMNS = [
    "week_start", "complete", "mentions", "unlabelled", "negatives", "estimate", "ci_lower", "ci_upper", "n",
    "expected", "ratio", "p_value", "alarm",
]  # fmt: skip


def share_of_voice(
    mentions: pd.DataFrame,
    *,
    brand: str,
    rivals: Sequence[str] | None = None,
    by: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return each brand's part of all mentions of *brand* and *rivals*, within each value of the column *by*.

    Columns: brand, and *by*; a row per mention, or rows that stand for several: `mentions`. Without *rivals*, all brands in
    the data count: fix the list to compare periods.
    Returned: [by,] brand, is_ours, mentions, estimate, ci_lower, ci_upper (Wilson), n; largest share first. The
    interval treats mentions as independent: bursts of copies make it too narrow. Where *brand* has no mention among
    others the frame is empty: whether nobody spoke of it, or the tool knows it by another name, the data do not say.
    """
    need(mentions, "brand", *([by] if by else []))
    if not (mentions["brand"] == brand).any():
        return pd.DataFrame(columns=[*([by] if by else []), *VOICE_COLUMNS])
    listed = [brand, *(rivals if rivals is not None else (name for name in _brands(mentions) if name != brand))]
    kept = mentions[mentions["brand"].isin(listed)]
    group = kept[by] if by else pd.Series("all", index=kept.index)
    counts = cross_table(kept, group, kept["brand"]).reindex(columns=listed, fill_value=0)
    long = (
        counts.rename_axis("group")
        .rename_axis("brand", axis=1)
        .melt(ignore_index=False, value_name="mentions")
        .reset_index()
    )
    total = long.groupby("group")["mentions"].transform("sum")
    frame = pd.concat([long, wilson_frame(long["mentions"], total, level=level)], axis=1)
    frame.insert(2, "is_ours", frame["brand"] == brand)
    frame = frame.sort_values(["group", "estimate"], ascending=[True, False], ignore_index=True)
    return frame.rename(columns={"group": str(by)}) if by else frame.drop(columns="group")


def weekly_negative(
    mentions: pd.DataFrame, *, brand: str, as_of: date | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Return the negative mentions of *brand* per week: their share, and an alarm where their number jumps.

    Columns: date_day (weeks start on Monday), brand, sentiment. Returned, one row per week
    from first to last: week_start, complete (the week is wholly in the data, which ends with *as_of*, by default
    the last mention), mentions (labelled ones), unlabelled, negatives, estimate, ci_lower, ci_upper (share of
    negatives, Wilson), n; expected (mean of the previous 12 complete weeks without alarm), ratio, p_value, alarm.
    p_value: t prediction from those weeks on the square-root scale (Anscombe 1948), Poisson scatter at least; NaN
    below six weeks. alarm: p below 0.01 and at least 10 negatives: about one false alarm a year. A week without any
    mention counts zero negatives. Without a mention of the brand the frame is empty.
    """
    need(mentions, "date_day", "brand", "sentiment")
    ours = mentions[(mentions["brand"] == brand) & mentions["date_day"].notna()]
    if ours.empty:
        return pd.DataFrame(columns=WEEK_COLUMNS)
    weeks = _weeks(ours, as_of)
    shares = wilson_frame(weeks["negatives"], weeks["mentions"], level=level)
    return pd.concat([weeks, shares, _spikes(weeks["negatives"], weeks["complete"])], axis=1)


def _brands(mentions: pd.DataFrame) -> list[str]:
    return sorted(str(name) for name in mentions["brand"].dropna().unique())


def _weeks(ours: pd.DataFrame, as_of: date | None) -> pd.DataFrame:
    day, number = days(ours["date_day"]), counts_of(ours)
    monday = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    span = pd.date_range(monday.min(), monday.max(), freq="7D")
    label = ours["sentiment"]
    counts = pd.DataFrame(
        {"mentions": label.notna(), "unlabelled": label.isna(), "negatives": (label == "negative").fillna(False)}
    )
    frame = counts.astype("int64").mul(number, axis=0).groupby(monday).sum().reindex(span, fill_value=0).astype("int64")
    last = pd.Timestamp(as_of) if as_of else day.max()
    complete = (span >= day.min()) & (span + pd.Timedelta(days=6) <= last)
    frame.insert(0, "complete", complete)
    return frame.rename_axis("week_start").reset_index()


def _spikes(negatives: pd.Series, complete: pd.Series) -> pd.DataFrame:
    counts, usable = negatives.to_numpy(float), complete.to_numpy(bool).copy()
    rows = []
    for week, count in enumerate(counts):
        history = counts[:week][usable[:week]][-BASELINE_WEEKS:]
        expected = float(history.mean()) if history.size else np.nan
        p_value = _upper_tail(count, history) if history.size >= FEWEST_BASELINE_WEEKS else np.nan
        alarm = bool(p_value < ALARM_P and count >= FEWEST_NEGATIVES)
        usable[week] &= not alarm  # an alarm must not raise the bar for the next one
        rows.append((expected, count / expected if expected > 0 else np.nan, p_value, alarm))
    return pd.DataFrame(rows, columns=["expected", "ratio", "p_value", "alarm"], index=negatives.index)


def _upper_tail(count: float, history: np.ndarray) -> float:
    """Return the chance of *count* or more after the weeks *history*: t on square roots, which level the variance."""
    roots = 2 * np.sqrt(history + 0.375)
    spread = max(1.0, float(roots.std(ddof=1))) * np.sqrt(1 + 1 / roots.size)  # 1: counts scatter at least as Poisson
    return float(stats.t.sf((2 * np.sqrt(count + 0.375) - roots.mean()) / spread, roots.size - 1))
