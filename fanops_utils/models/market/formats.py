"""Which formats are posted more than before, and which earn more of the interactions?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import wilson
from fanops_utils.metrics.social.engagement import interactions

SPAN = 182
FALSE = 0.05  # chance of any false move
FEWEST = 20
COLUMNS = [
    "post_type",
    "posts_before",
    "posts_after",
    "share_before",
    "share_after",
    "change",
    "ci_lower",
    "ci_upper",
    "moved",
    "earned_before",
    "earned_after",
]


def format_trends(posts: pd.DataFrame, *, until: pd.Timestamp, level: float = 0.9) -> pd.DataFrame:
    """Return `format_trend` of each platform by itself, with the column platform first; moves are read together over all.

    Columns of *posts*: platform and those of `format_trend`. A platform of one format has no rows: its mix cannot shift.
    """
    need(posts, "platform", "post_type")
    kinds = posts.groupby("platform")["post_type"].nunique()
    mixed = kinds[kinds > 1]
    parts = [
        format_trend(posts[posts["platform"] == name], until=until, level=level, together=int(mixed.sum())).assign(
            platform=str(name)
        )
        for name in mixed.index
    ]
    known = [part for part in parts if len(part)]
    columns = ["platform", *COLUMNS]
    return pd.concat(known, ignore_index=True)[columns] if known else pd.DataFrame(columns=columns)


def format_trend(
    posts: pd.DataFrame,
    *,
    until: pd.Timestamp,
    day: str = "created_local",
    level: float = 0.9,
    together: int | None = None,
) -> pd.DataFrame:
    """Return each format's share of the posts and of the interactions in the half year to *until* and the one before.

    Columns: *day*, post_type and what `interactions` reads. Change of the share of posts by Newcombe 1998 (square and add),
    90 %; moved (up, down, unclear): at most one false in twenty over all formats, or over *together* comparisons
    (Bonferroni). Empty under 20 posts in a half year.
    """
    need(posts, day, "post_type")
    back = (until - days(posts[day])).dt.days
    known = posts["post_type"].notna() & (back >= 0) & (back < 2 * SPAN)
    frame = pd.DataFrame(
        {"kind": posts["post_type"].astype("string"), "late": back < SPAN, "earned": numbers(interactions(posts))}
    )[known]
    late, early = frame[frame["late"]], frame[~frame["late"]]
    if min(len(late), len(early)) < FEWEST:
        return pd.DataFrame(columns=COLUMNS)
    kinds = sorted(frame["kind"].unique())
    strict, rows = 1 - FALSE / (together or len(kinds)), []
    for kind in kinds:
        one, other = int((early["kind"] == kind).sum()), int((late["kind"] == kind).sum())
        change, low, high = _newcombe(other, len(late), one, len(early), level)
        judged = _newcombe(other, len(late), one, len(early), strict)
        moved = "up" if judged[1] > 0 else "down" if judged[2] < 0 else "unclear"
        earned = [
            float(part.loc[part["kind"] == kind, "earned"].sum() / part["earned"].sum())
            if part["earned"].sum() > 0
            else np.nan
            for part in (early, late)
        ]
        rows.append((str(kind), one, other, one / len(early), other / len(late), change, low, high, moved, *earned))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("share_after", ascending=False, ignore_index=True)


def posts_to_read(
    posts: pd.DataFrame, *, denominator: str, since: pd.Timestamp | None = None, each: int = 3
) -> pd.DataFrame:
    """Return the posts from *since* on that earned most and least against all posts of their format: best first, then the worst.

    Columns: post_type, *denominator*, created_local, post_message, post_url and what `interactions` reads. Returned: those,
    rate, usual (median rate of the format), times (rate over usual), reach_times (denominator over the median of the format),
    kind (best, worst). Formats with fewer than ten posts are left out: what is usual there is not known. What is usual is
    read from all of *posts*: a few weeks have too few.
    """
    need(posts, "post_type", denominator, "created_local")
    base = numbers(posts[denominator])
    frame = posts.assign(rate=numbers(interactions(posts)) / np.where(base > 0, base, np.nan), base=base).dropna(
        subset=["rate"]
    )
    size = frame.groupby("post_type")["rate"].transform("size")
    frame = frame[size >= 10]
    grouped = frame.groupby("post_type")
    frame = frame.assign(usual=grouped["rate"].transform("median"), usual_base=grouped["base"].transform("median"))
    frame = frame.assign(times=frame["rate"] / frame["usual"], reach_times=frame["base"] / frame["usual_base"])
    frame = frame[np.isfinite(frame["times"])].sort_values("times", ascending=False)
    shown = frame if since is None else frame[frame["created_local"] >= since]
    number = min(each, len(shown) // 2)
    if not number:
        return shown.iloc[:0].assign(kind="")
    best, worst = shown.head(number).assign(kind="best"), shown.tail(number).assign(kind="worst")
    return pd.concat([best, worst], ignore_index=True)


def _newcombe(x1: int, n1: int, x2: int, n2: int, level: float) -> tuple[float, float, float]:
    one, other = wilson(x1, n1, level=level), wilson(x2, n2, level=level)
    change = x1 / n1 - x2 / n2
    low = change - float(np.hypot(x1 / n1 - one.ci_lower, other.ci_upper - x2 / n2))
    high = change + float(np.hypot(one.ci_upper - x1 / n1, x2 / n2 - other.ci_lower))
    return change, low, high
