"""Recency, frequency, money and engagement in fifths within a platform, and who is core, potential or silent by them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import days, need

PARTS = ("core", "potential", "silent")
FIFTHS, HIGH, SEEN = 5, 4.0, 28


def rfme(
    members: pd.DataFrame, habits: pd.DataFrame, acts: pd.Series, *, as_of: date, silent_days: int = 60
) -> pd.DataFrame:
    """Return *members* with days_away, days_91, acts, r, f, m, e (fifths, 5 the best) and part: core, potential or silent.

    *members*: platform, member_key, joined_on, spend (null: no linked account, not zero), of one market; *habits*:
    `folds.habits_per_member`; *acts*: acts other than visits in 91 days, by member_key. Fifths are within a platform; equal
    values share the middle of their places. m is 1 for a linked member who bought nothing, a fifth of the buyers else, null
    where the account is not linked. silent: not seen for *silent_days* or more. core: seen within 28 days, and f and e in
    the upper two fifths on average, or m in them. The others are potential.
    """
    need(members, "platform", "member_key", "joined_on", "spend")
    known = habits.set_index("member_key").reindex(members["member_key"].astype("string"))
    joined = pd.Series(days(members["joined_on"]).to_numpy(), index=known.index)
    away = (pd.Timestamp(as_of) - known["last_active"].fillna(joined)).dt.days.clip(lower=0)
    rows = members.assign(
        days_away=away.to_numpy(),
        days_91=known["days_91"].fillna(0).to_numpy("int64"),
        acts=members["member_key"].astype("string").map(acts).fillna(0).to_numpy("int64"),
    )
    spent = rows["spend"].astype(float)
    by = rows["platform"].astype("string")
    rows = rows.assign(
        r=_fifth(-rows["days_away"], by), f=_fifth(rows["days_91"], by), e=_fifth(rows["acts"], by),
        m=_fifth(spent.where(spent > 0), by).where(~(spent <= 0), 1.0),
    )  # fmt: skip
    silent = rows["days_away"] >= silent_days
    core = (rows["days_away"] < SEEN) & (((rows["f"] + rows["e"]) / 2 >= HIGH) | (rows["m"] >= HIGH))
    part = np.select([silent, core], ["silent", "core"], "potential")
    return rows.assign(part=pd.Categorical(part, categories=PARTS, ordered=True))


def _fifth(values: pd.Series, by: pd.Series) -> pd.Series:
    """Return the fifth of each of *values* among those of the same platform, 5 for the highest; null stays null."""
    return np.ceil(FIFTHS * values.groupby(by).rank(pct=True)).clip(1, FIFTHS)
