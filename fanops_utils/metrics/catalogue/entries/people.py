"""Who was active when: distinct people in the days up to each day, counted without spreading a row over the days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked

if TYPE_CHECKING:
    import ibis


def trailing_distinct(
    rows: ibis.Table, *, person: Sequence[str], by: Sequence[str], days: int, covered: pd.DataFrame
) -> pd.DataFrame:
    """Return date_day, *by* and value: distinct *person* with a row in *days* days up to each day, from the first full window.

    *covered* (*by*, first, last; of `Asked.covered`) are the days the table covers: one without anybody on them is a zero.

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
    plus = comes.group_by([*by, "date_day"]).agg(step=comes.count()).order_by(*by, "date_day").to_pandas()
    minus = goes.group_by([*by, "date_day"]).agg(step=goes.count()).order_by(*by, "date_day").to_pandas()
    for frame in (plus, minus):
        frame["date_day"] = pd.to_datetime(frame["date_day"]).astype("datetime64[us]")
    minus = minus.assign(date_day=minus["date_day"] + pd.Timedelta(days=days), step=-minus["step"])
    return _running(pd.concat([plus, minus], ignore_index=True), list(by), covered=covered, days=days)


def _running(steps: pd.DataFrame, by: list[str], *, covered: pd.DataFrame, days: int) -> pd.DataFrame:
    columns = ["date_day", *by, "value"]
    if steps.empty:
        return pd.DataFrame(columns=columns).astype({"date_day": "datetime64[us]", "value": "float64"})
    wide = steps.pivot_table(
        index="date_day", columns=steps.groupby(by, dropna=False).ngroup(), values="step", aggfunc="sum"
    )
    first, last = covered["first"].min(), max(covered["last"].max(), wide.index.max())
    filled = wide.reindex(pd.date_range(first, last, freq="D")).fillna(0).cumsum()
    names = steps.assign(group=steps.groupby(by, dropna=False).ngroup())[[*by, "group"]].drop_duplicates()
    names = names.merge(covered, on=by)
    long = filled.rename_axis("date_day").reset_index()
    long = long.melt("date_day", var_name="group", value_name="value").astype({"group": "int64", "value": "float64"})
    found = long.merge(names, on="group")
    whole = found["first"] + pd.Timedelta(days=days - 1)
    found = found.loc[found["date_day"].between(whole, found["last"]), columns].reset_index(drop=True)
    return found.assign(date_day=found["date_day"].astype("datetime64[us]"))


def running_total(rows: ibis.Table, *, by: Sequence[str], covered: pd.DataFrame) -> pd.DataFrame:
    """Return date_day, *by* and joined: how many rows there are up to each day of those *covered*."""
    known = rows.filter(rows.date_day.notnull())
    counts = known.group_by([*by, "date_day"]).agg(step=known.count()).order_by(*by, "date_day").to_pandas()
    counts["date_day"] = pd.to_datetime(counts["date_day"]).astype("datetime64[us]")
    found = _running(counts, list(by), covered=covered, days=1)
    return found.rename(columns={"value": "joined"})


def with_total(days: pd.DataFrame, totals: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """Return *days* with the last known `joined` of *totals* up to each day; days before the first are left out."""
    keyed = [frame.assign(**{name: frame[name].astype("string").fillna("") for name in by}) for frame in (days, totals)]
    left, right = (frame.sort_values("date_day", ignore_index=True) for frame in keyed)
    joined = pd.merge_asof(left, right, on="date_day", by=list(by)).dropna(subset=["joined"])
    return joined.assign(**{name: joined[name].replace("", pd.NA) for name in by}).reset_index(drop=True)


def days_asked(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Return the rows of *frame* (date_day) of the days asked for: what looks back is cut after it was counted."""
    kept = frame[frame["date_day"] >= pd.Timestamp(asked.start)] if asked.start else frame
    kept = kept[kept["date_day"] <= pd.Timestamp(asked.end)] if asked.end else kept
    return kept.reset_index(drop=True)
