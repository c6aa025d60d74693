"""Mentions counted for a watch: by day, by hour, and by what they are about, of one brand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import counts_of, need

HOURS = 24


def watched_days(
    mentions: pd.DataFrame, *, brand: str, last: date, grave: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Return one row per day from the first mention of anybody to *last*: date_day, mentions, labelled, negatives,
    loud (negatives of loud voices), grave (negatives on a topic of *grave*).

    Columns: date_day, brand, sentiment, topic, loud (whether the voice has many followers); mentions where a row stands
    for several. A day without a mention counts zero: the tool was
    listening, since it heard of somebody before.
    """
    need(mentions, "date_day", "brand", "sentiment", "topic", "loud")
    if mentions.empty:
        return pd.DataFrame(columns=["date_day", "mentions", "labelled", "negatives", "loud", "grave"])
    ours = mentions[mentions["brand"] == brand]
    negative = (ours["sentiment"] == "negative").fillna(False)
    wide = ours["loud"].astype("boolean").fillna(False)
    counts = pd.DataFrame({
        "mentions": 1, "labelled": ours["sentiment"].notna(), "negatives": negative, "loud": negative & wide,
        "grave": negative & ours["topic"].isin(list(grave)),
    }).astype("int64").mul(counts_of(ours), axis=0)  # fmt: skip
    span = pd.date_range(mentions["date_day"].min(), pd.Timestamp(last), freq="D")
    found = counts.groupby(ours["date_day"]).sum().reindex(span, fill_value=0)
    return found.rename_axis("date_day").reset_index()


def watched_hours(mentions: pd.DataFrame, days: pd.DatetimeIndex, *, brand: str) -> np.ndarray:
    """Return the negatives of *brand* per day of *days* and hour of it (local_hour), days x 24."""
    ours = mentions[
        (mentions["brand"] == brand) & (mentions["sentiment"] == "negative") & mentions["local_hour"].notna()
    ]
    grid = np.zeros((len(days), HOURS), dtype="int64")
    at = days.get_indexer(pd.DatetimeIndex(ours["date_day"]))
    there = at >= 0
    np.add.at(grid, (at[there], ours["local_hour"].to_numpy(int)[there]), counts_of(ours).to_numpy()[there])
    return grid


def drivers(mentions: pd.DataFrame, by: str, *, brand: str, first: date, last: date, back: int = 56) -> pd.DataFrame:
    """Return where negatives of *brand* between *first* and *last* came from, by the column *by*, largest excess first.

    Returned: *by*, negatives, usual (what the *back* days before would make in as many days), excess, share (of all
    negatives then). Unlabelled values are left out.
    """
    ours = mentions[(mentions["brand"] == brand) & (mentions["sentiment"] == "negative")].dropna(subset=[by])
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    number = counts_of(ours)
    now = number[ours["date_day"].between(start, end)].groupby(ours[by]).sum()
    before = ours["date_day"].between(start - pd.Timedelta(days=back), start - pd.Timedelta(days=1))
    usual = number[before].groupby(ours[by]).sum() * (((end - start).days + 1) / back)
    found = pd.DataFrame({"negatives": now, "usual": usual}).fillna(0.0).rename_axis(by).reset_index()
    found["excess"] = found["negatives"] - found["usual"]
    total = found["negatives"].sum()
    found["share"] = found["negatives"] / total if total else np.nan
    return found.sort_values(["excess", by], ascending=[False, True], ignore_index=True)


def answers_to_negatives(mentions: pd.DataFrame, *, first: date, last: date) -> pd.DataFrame:
    """Return per brand: negatives, labelled, answered and the median minutes to the first public answer, NaN without one."""
    here = mentions[mentions["date_day"].between(pd.Timestamp(first), pd.Timestamp(last))]
    bad = here[here["sentiment"] == "negative"]
    wait = (bad["answered_at"] - bad["mentioned_at"]).dt.total_seconds() / 60
    found = pd.DataFrame({
        "labelled": here[here["sentiment"].notna()].groupby("brand").size(), "negatives": bad.groupby("brand").size(),
        "answered": wait.notna().groupby(bad["brand"]).sum(), "minutes": wait.groupby(bad["brand"]).median(),
    })  # fmt: skip
    counted = ["labelled", "negatives", "answered"]
    return (
        found.fillna(dict.fromkeys(counted, 0))
        .astype(dict.fromkeys(counted, "int64"))
        .rename_axis("brand")
        .reset_index()
    )
