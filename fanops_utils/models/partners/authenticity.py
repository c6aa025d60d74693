"""Signs that numbers of a partner were bought: questions to ask, never verdicts.

Growth that no post explains, views out of line for the followers, likes out of line for the views, comments that repeat.
Single bursts are seen; followers bought in small portions over weeks are not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need, numbers

SURE_GROWTH, SOME_GROWTH = 0.10, 0.05
JUMP_MAD, JUMP_SHARE, LOOK_BACK, STRONG_POST = 8.0, 0.01, 7, 3.0
LOW_VIEWS, ODD_LIKES = -2.5, 3.0
LEAST_SPREAD = 0.35  # log: honest creators differ by a third or more, however alike the few at hand are
REPEATED, REPEATED_MAD, FEWEST_COMMENTS, FEWEST_PEERS = 0.20, 4.0, 50, 5
SIGNS = ("growth", "views", "likes", "comments")
COLUMNS = ["partner", "days", "posts", "growth", "views", "likes", "comments", "signs", "state"]


def authenticity(daily: pd.DataFrame, posts: pd.DataFrame) -> pd.DataFrame:
    """Return which signs each watched partner shows; those with most first.

    *daily*: partner, date_day, followers_total; *posts*: partner, date_day, followers, views, likes, comments,
    repeated_comments. Returned: partner, days, posts, growth (share of today's followers that came on days no post explains),
    views (views per follower against others of its size) and likes (likes per view), both in robust standard deviations,
    comments (share that repeat); signs (those that show), state: question (growth of 10 % or more, or two of four), sign (one
    shows), none, unknown (nothing to look at). NaN: not known. Limits as tested on 600 honest creators: none questioned.
    """
    need(daily, "partner", "date_day", "followers_total")
    need(posts, "partner", "date_day", "followers", "views", "likes", "comments", "repeated_comments")
    names = sorted({*daily["partner"].astype(str), *posts["partner"].astype(str)})
    grown = {name: _unexplained(part, posts[posts["partner"] == name]) for name, part in daily.groupby("partner")}
    each = _per_partner(posts)
    views = _out_of_line(each["views_per_follower"], each["size"])
    likes = _out_of_line(each["likes_per_view"], each["size"])
    usual, spread = _middle(each["repeated"].dropna().to_numpy())
    limit = max(REPEATED, usual + REPEATED_MAD * spread) if np.isfinite(usual) else REPEATED
    rows = []
    for name in names:
        known = name in each.index
        growth = grown.get(name, np.nan)
        low, odd = (float(z.get(name, np.nan)) for z in (views, likes))
        repeated = float(each.loc[name, "repeated"]) if known else np.nan
        shown = {
            "growth": growth >= SOME_GROWTH,
            "views": low < LOW_VIEWS,
            "likes": abs(odd) > ODD_LIKES,
            "comments": repeated > limit,
        }
        signs = tuple(sign for sign in SIGNS if shown[sign])
        nothing = bool(np.isnan([growth, low, odd, repeated]).all())
        rows.append(
            (
                name,
                int((daily["partner"] == name).sum()),
                int((posts["partner"] == name).sum()),
                growth,
                low,
                odd,
                repeated,
                signs,
                "unknown" if nothing else _state(growth, signs),
            )
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["state"].map({"question": 0, "sign": 1, "none": 2, "unknown": 3})
    return (
        table.assign(order=order)
        .sort_values(["order", "growth"], ascending=[True, False])
        .drop(columns="order")
        .reset_index(drop=True)
    )


def _state(growth: float, signs: tuple[str, ...]) -> str:
    if growth >= SURE_GROWTH or len(signs) > 1:
        return "question"
    return "sign" if signs else "none"


def _unexplained(daily: pd.DataFrame, posts: pd.DataFrame) -> float:
    """Return the part of the last follower count that came in jumps without a strong post in the week before."""
    seen = daily.assign(day=days(daily["date_day"])).dropna(subset=["followers_total"]).sort_values("day")
    total = numbers(seen["followers_total"])
    if len(total) < 28:
        return np.nan
    gain, day = np.diff(total), seen["day"].to_numpy()[1:]
    middle, spread = _middle(gain)
    jump = (gain - middle > JUMP_MAD * max(spread, 1.0)) & (gain > JUMP_SHARE * total[:-1])
    watched = posts.dropna(subset=["views"])
    strong = (
        days(
            watched.loc[numbers(watched["views"]) > STRONG_POST * np.median(numbers(watched["views"])), "date_day"]
        ).to_numpy()
        if len(watched)
        else np.array([], dtype="datetime64[us]")
    )
    lone = [
        not (((at - strong) >= np.timedelta64(0)) & ((at - strong) <= np.timedelta64(LOOK_BACK, "D"))).any()
        for at in day[jump]
    ]
    return float(gain[jump][lone].sum() / total[-1]) if len(lone) else 0.0


def _per_partner(posts: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame(
        {name: numbers(posts[name]) for name in ("followers", "views", "likes", "comments", "repeated_comments")}
    )
    frame["partner"] = posts["partner"].astype(str).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        frame["views_per_follower"] = np.log(frame["views"] / frame["followers"])
        frame["likes_per_view"] = np.log(frame["likes"] / frame["views"])
    frame = frame.replace([np.inf, -np.inf], np.nan)
    frame["told"] = frame["repeated_comments"] * frame["comments"]
    grouped = frame.groupby("partner")
    each = grouped[["views_per_follower", "likes_per_view"]].median()
    each["size"] = np.log(grouped["followers"].median())
    told = frame.dropna(subset=["told"]).groupby("partner")[["told", "comments"]].sum()
    each["repeated"] = (told["told"] / told["comments"]).where(told["comments"] >= FEWEST_COMMENTS)
    return each


def _out_of_line(measure: pd.Series, size: pd.Series) -> pd.Series:
    """Return *measure* in robust standard deviations around the line of the partners by *size*; empty below five of them."""
    known = measure.notna() & size.notna()
    if known.sum() < FEWEST_PEERS:
        return pd.Series(dtype=float)
    y, x = measure[known].to_numpy(), size[known].to_numpy()
    one, other = np.triu_indices(len(x), 1)
    apart = np.abs(x[one] - x[other]) > 1e-9
    slope = np.median((y[one] - y[other])[apart] / (x[one] - x[other])[apart]) if apart.any() else 0.0  # Theil and Sen
    rest = y - slope * x
    middle, spread = _middle(rest)
    return pd.Series((rest - middle) / max(spread, LEAST_SPREAD), index=measure.index[known])


def _middle(values: np.ndarray) -> tuple[float, float]:
    """Return median and median absolute deviation, scaled to a standard deviation."""
    if not len(values):
        return np.nan, np.nan
    middle = float(np.median(values))
    return middle, 1.4826 * float(np.median(np.abs(values - middle)))
