"""Which formats are posted more than before, and which earn more of the interactions?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need, numbers
from fanops_utils.metrics.intervals import wilson
from fanops_utils.metrics.social.engagement import interactions

SPAN = 182
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


def format_trend(
    posts: pd.DataFrame, *, until: pd.Timestamp, day: str = "created_local", level: float = 0.9
) -> pd.DataFrame:
    """Return each format's share of the posts and of the interactions in the half year to *until* and the one before.

    Columns: *day*, post_type and what `interactions` reads. Change of the share of posts by Newcombe 1998 (square and add), 90 %;
    moved (up, down, unclear) at that level over all formats together (Bonferroni). Empty under 20 posts in a half year.
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
    strict, rows = 1 - (1 - level) / len(kinds), []
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


def posts_to_read(posts: pd.DataFrame, *, denominator: str, each: int = 3) -> pd.DataFrame:
    """Return the posts that earned most and least against posts of their format: best first, then the worst.

    Columns: post_type, *denominator*, created_local, post_message, post_url and what `interactions` reads. Returned: those,
    rate, usual (median rate of the format), times (rate over usual), reach_times (denominator over the median of the format),
    kind (best, worst). Formats with fewer than ten posts are left out: what is usual there is not known.
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
    if len(frame) < 2 * each:
        return frame.iloc[:0].assign(kind="")
    return pd.concat([frame.head(each).assign(kind="best"), frame.tail(each).assign(kind="worst")], ignore_index=True)


def _newcombe(x1: int, n1: int, x2: int, n2: int, level: float) -> tuple[float, float, float]:
    one, other = wilson(x1, n1, level=level), wilson(x2, n2, level=level)
    change = x1 / n1 - x2 / n2
    low = change - float(np.hypot(x1 / n1 - one.ci_lower, other.ci_upper - x2 / n2))
    high = change + float(np.hypot(one.ci_upper - x1 / n1, x2 / n2 - other.ci_lower))
    return change, low, high
