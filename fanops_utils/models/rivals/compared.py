"""Us against each rival, figure by figure, and which rival left its own usual range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from fanops_utils.metrics import Change, Interval, change, judged_together
from fanops_utils.metrics.columns import counts_of
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.metrics.multiple import chance_of, told_apart
from fanops_utils.models.rivals.growth import account_growth
from fanops_utils.models.rivals.shape import growth_shape

LESS_IS_BETTER, OF_ONE_WHOLE = frozenset({"negative"}), frozenset({"voice", "share"})
LEVEL, OF_95, HALF = 0.9, frozenset({"response", "answered"}), 0.5
BOUNDS = ["estimate", "ci_lower", "ci_upper"]
SHAPE_COLUMNS = ["shape", "at", "before", "after", "ceiling", "reached"]


def growth_of_brands(daily: pd.DataFrame, *, brands: Sequence[str]) -> pd.DataFrame:
    """Return `account_growth` and `growth_shape` of the brands, one row each: their largest account.

    *daily*: brand, handle, date_day, followers_total. Returned: brand, handle, code, estimate, ci_lower, ci_upper,
    with_jumps, jumps (a frame), step, n, followers, rounding, and shape, at, before, after, ceiling, reached.
    """
    rows = []
    for name in brands:
        mine = daily[(daily["brand"] == name) & daily["followers_total"].notna()]
        if mine.empty:
            continue
        handle = str(mine.groupby("handle")["followers_total"].max().idxmax())
        own = mine[mine["handle"] == handle]
        grown, shape = account_growth(own), growth_shape(own)
        told = {key: value for key, value in vars(grown).items() if key != "n_days"}
        rows.append({"brand": name, "handle": handle, **told, "shape": shape.code,
                     **{key: getattr(shape, key) for key in SHAPE_COLUMNS[1:]}})  # fmt: skip
    columns = ["brand", "handle", "code", "estimate", "ci_lower", "ci_upper", "with_jumps", "jumps", "step", "n", "followers",
               "rounding", *SHAPE_COLUMNS]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def moves(daily: pd.DataFrame, mentions: pd.DataFrame, *, brands: Sequence[str]) -> pd.DataFrame:
    """Return what left its own usual range in the last 28 days: brand, figure, change, swing, judgment (`metrics.change`).

    Figures: followers, posts, interactions (of *daily*), mentions; all judged together (Holm), so that in nine of ten
    quiet reports none stands out.
    """
    figures: dict[tuple[str, str], Change | None] = {}
    for name in brands:
        mine = daily[daily["brand"] == name]
        for figure, column, kind in (
            ("followers", "followers_total", "last"), ("posts", "posts_published", "sum"), ("interactions", "engagements", "sum"),
        ):  # fmt: skip
            if mine[column].notna().any():
                figures[name, figure] = change(mine.dropna(subset=[column]), value=column, kind=kind)  # type: ignore[arg-type]
        days = mentions.loc[mentions["brand"] == name, "date_day"]
        if len(days):
            span = pd.date_range(mentions["date_day"].min(), mentions["date_day"].max())
            counted = counts_of(mentions).loc[days.index].groupby(days).sum().reindex(span, fill_value=0)
            figures[name, "mentions"] = change(
                pd.DataFrame({"date_day": span, "n": counted.to_numpy(float)}), value="n"
            )
    told = judged_together({f"{at}": one for at, one in enumerate(figures.values())})
    keys = {f"{at}": key for at, key in enumerate(figures)}
    rows = [(*keys[name], one.value, one.change, one.swing, one.judgment) for name, one in told.items()]
    return pd.DataFrame(rows, columns=["brand", "figure", "value", "change", "swing", "judgment"])


def standings(tables: Mapping[str, pd.DataFrame], *, ours: str) -> pd.DataFrame:
    """Return us against each rival: brand, figure, own, own_lower, own_upper, theirs, their_lower, their_upper, verdict.

    *tables* by figure: brand, estimate, ci_lower, ci_upper (90 %; 95 % for response and answered). verdict: ahead, behind, or
    level where the difference is not clear at 90 %, all comparisons read together (Holm); unknown where one has no interval.
    Shares of voice and of interactions are parts of one whole: they are held against each other by the bounds of the pair
    (`weekly_shares`, `earnings`).
    """
    rows, gaps = [], []
    for figure, table in tables.items():
        known = table.dropna(subset=["estimate"]).set_index("brand")
        if ours not in known.index:
            continue
        own = pd.Series(known.loc[ours])
        for name in known.index.drop(ours):
            rows.append((name, figure, *own[BOUNDS].astype(float), *known.loc[name, BOUNDS].astype(float)))
            gaps.append(_gap(own, pd.Series(known.loc[name]), paired=figure in OF_ONE_WHOLE))
    columns = ["brand", "figure", "own", "own_lower", "own_upper", "theirs", "their_lower", "their_upper"]
    told = pd.DataFrame(rows, columns=columns)
    levels = [0.95 if figure in OF_95 else LEVEL for figure in told["figure"]]
    clear = told_apart([chance_of(gap, level=level) for gap, level in zip(gaps, levels, strict=True)], level=LEVEL)
    verdicts = [_verdict(*one) for one in zip(gaps, clear, told["figure"], strict=True)]
    return told.assign(verdict=pd.Series(verdicts, index=told.index, dtype=object))


def _gap(own: pd.Series, theirs: pd.Series, *, paired: bool) -> Interval:
    if paired and "pair_lower" in theirs.index:
        share = own["estimate"] / (own["estimate"] + theirs["estimate"])
        return Interval(share - HALF, theirs["pair_lower"] - HALF, theirs["pair_upper"] - HALF, 0)
    return difference_of({**own[BOUNDS], "n": 0}, {**theirs[BOUNDS], "n": 0})


def _verdict(gap: Interval, clear: bool, figure: str) -> str:
    if not np.isfinite([gap.ci_lower, gap.ci_upper]).all():
        return "unknown"
    return "level" if not clear else "ahead" if (gap.estimate > 0) != (figure in LESS_IS_BETTER) else "behind"
