"""Who was active when: distinct people in the days up to each day, counted without spreading a row over the days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import ibis


def trailing_distinct(rows: ibis.Table, *, person: Sequence[str], by: Sequence[str], days: int) -> pd.DataFrame:
    """Return date_day, *by* and value: distinct *person* with a row in *days* days up to each day, from the first full window.

    An active day counts a person for *days* days; where the next one falls within them they go on. So each stretch is a
    plus on its first day and a minus after its last, and the running sum is the count: two rows a stretch, whatever *days*.
    """
    import ibis

    acts = rows.select("date_day", *by, *person).distinct()
    own = ibis.window(group_by=[*by, *person], order_by="date_day")
    acts = acts.mutate(before=acts.date_day.lag().over(own), after=acts.date_day.lead().over(own))
    length = ibis.interval(days=days)
    comes = acts.filter(acts.before.isnull() | (acts.date_day >= acts.before + length))
    goes = acts.filter(acts.after.isnull() | (acts.after >= acts.date_day + length))
    plus = comes.group_by([*by, "date_day"]).agg(step=comes.count()).to_pandas()
    minus = goes.group_by([*by, "date_day"]).agg(step=goes.count()).to_pandas()
    for frame in (plus, minus):
        frame["date_day"] = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    minus = minus.assign(date_day=minus["date_day"] + pd.Timedelta(days=days), step=-minus["step"])
    return _running(pd.concat([plus, minus], ignore_index=True), list(by), first=plus["date_day"].min(),
                    last=minus["date_day"].max() - pd.Timedelta(days=days), days=days)  # fmt: skip


def _running(steps: pd.DataFrame, by: list[str], *, first: pd.Timestamp, last: pd.Timestamp, days: int) -> pd.DataFrame:
    columns = ["date_day", *by, "value"]
    if steps.empty:
        return pd.DataFrame(columns=columns).astype({"date_day": "datetime64[us]", "value": "float64"})
    span = pd.date_range(first, last, freq="D")
    wide = steps.pivot_table(
        index="date_day", columns=steps.groupby(by, dropna=False).ngroup(), values="step", aggfunc="sum"
    )
    filled = wide.reindex(pd.date_range(first, wide.index.max(), freq="D")).fillna(0).cumsum().reindex(span)
    names = steps.assign(group=steps.groupby(by, dropna=False).ngroup())[[*by, "group"]].drop_duplicates()
    long = filled.iloc[days - 1 :].rename_axis("date_day").reset_index()
    long = long.melt("date_day", var_name="group", value_name="value").astype({"group": "int64", "value": "float64"})
    found = long.merge(names, on="group")[columns]
    return found.assign(date_day=found["date_day"].astype("datetime64[us]"))


def running_total(rows: ibis.Table, *, by: Sequence[str]) -> pd.DataFrame:
    """Return date_day, *by* and joined: how many rows there are up to each day, from the first to the last one of all."""
    known = rows.filter(rows.date_day.notnull())
    counts = known.group_by([*by, "date_day"]).agg(step=known.count()).to_pandas()
    counts["date_day"] = pd.to_datetime(counts["date_day"]).astype("datetime64[us]")
    found = _running(counts, list(by), first=counts["date_day"].min(), last=counts["date_day"].max(), days=1)
    return found.rename(columns={"value": "joined"})


def with_total(days: pd.DataFrame, totals: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """Return *days* with the last known `joined` of *totals* up to each day; days before the first are left out."""
    keyed = [frame.assign(**{name: frame[name].astype("string").fillna("") for name in by}) for frame in (days, totals)]
    left, right = (frame.sort_values("date_day", ignore_index=True) for frame in keyed)
    joined = pd.merge_asof(left, right, on="date_day", by=list(by)).dropna(subset=["joined"])
    return joined.assign(**{name: joined[name].replace("", pd.NA) for name in by}).reset_index(drop=True)
