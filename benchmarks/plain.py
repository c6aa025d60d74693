"""The questions of the benchmark of member events, answered by plain pandas from the raw files.

python benchmarks/plain.py FOLDER ANSWERS      (with the peers' interpreter)
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from questions import LAST_DAYS, STEPS, WEEKS, WINDOWS, WITHIN, ZONES


def answer(folder: Path, answers: Path) -> None:
    """Answer the same questions from the raw file with pandas alone."""
    events = pd.read_csv(folder / "raw" / "events.csv", parse_dates=["time"])
    local = pd.Series(pd.NaT, index=events.index, dtype="datetime64[us]")
    for code, zone in ZONES.items():
        here = events["country"] == code
        local[here] = events.loc[here, "time"].dt.tz_convert(zone).dt.tz_localize(None)
    events["date_day"] = local.dt.normalize()
    slots = [local.dt.day_of_week.rename("weekday"), local.dt.hour.rename("hour")]
    hours = (
        events.groupby(slots).size().unstack(fill_value=0).reindex(range(7)).reindex(columns=range(24), fill_value=0)
    )
    days = events[["member", "country", "date_day"]].drop_duplicates()
    days = days.assign(month=days["date_day"].dt.to_period("M").dt.to_timestamp())
    first = days.groupby("member")["date_day"].transform("min")
    aged = days.assign(cohort=first.dt.to_period("M").dt.to_timestamp(), week=(days["date_day"] - first).dt.days // 7)
    over = ((days["date_day"].max() - first).dt.days + 1) // 7 - 1  # the oldest week that is over
    aged = aged[(aged["week"] <= WEEKS) & (aged["week"] <= over)]
    gap = days.sort_values(["member", "date_day"]).groupby("member")["date_day"].diff().dt.days.dropna().astype("int64")
    recent = days[days["date_day"] > days["date_day"].max() - pd.Timedelta(days=LAST_DAYS)]
    often = recent.groupby("member").size().rename("days")
    month = events["date_day"].dt.to_period("M").dt.to_timestamp()
    found = {
        "actives": _actives(days),
        "monthly_actives": days.groupby(["country", "month"])["member"].nunique().rename("members"),
        "retention": aged.groupby(["cohort", "week"])["member"].nunique().rename("active"),
        "tiers": often.value_counts().rename("members"),
        "gaps": gap.value_counts().rename("n").rename_axis("gap"),
        "hours": hours.fillna(0).stack().rename("n"),
        "spend": events.groupby(["country", month.rename("month")])["value"].sum(min_count=1).rename("spend"),
        "funnel": _funnel(events),
        "orders": _orders(pd.read_csv(folder / "raw" / "orders.csv")),
        "forest": _forest(pd.read_csv(folder / "raw" / "invitations.csv")),
    }
    for name, counts in found.items():
        counts.reset_index().rename(columns={"country": "market"}).to_parquet(answers / f"{name}.parquet")


def _actives(days: pd.DataFrame) -> pd.DataFrame:
    """Return by country and day who was there on it and in the 7 and 28 days up to it."""
    seen = days.assign(member=pd.factorize(days["member"])[0]).sort_values("date_day", ignore_index=True)
    every, found = pd.date_range(seen["date_day"].min(), seen["date_day"].max()), {}
    for day in every:
        last = seen["date_day"].searchsorted(day, side="right")
        for name, length in WINDOWS.items():
            first = seen["date_day"].searchsorted(day - pd.Timedelta(days=length), side="right")
            found[name, day] = seen.iloc[first:last].drop_duplicates(["country", "member"])["country"].value_counts()
    counts = pd.concat(found, names=["window", "date_day"]).unstack("window")
    whole = pd.MultiIndex.from_product([every, sorted(ZONES)], names=["date_day", "country"])
    return counts.reindex(whole).fillna(0)


def _funnel(events: pd.DataFrame) -> pd.Series:
    """Return how many members did each of STEPS after the one before it, WITHIN their first."""
    opened = at = events.loc[events["act"] == STEPS[0]].groupby("member")["time"].min()
    members = {1: len(at)}
    for number, step in enumerate(STEPS[1:], start=2):
        acts = events.loc[events["act"] == step, ["member", "time"]]
        after, first = acts["member"].map(at), acts["member"].map(opened)
        at = acts[(acts["time"] >= after) & (acts["time"] <= first + WITHIN)].groupby("member")["time"].min()
        members[number] = len(at)
    return pd.Series(members, name="members").rename_axis("step")


def _orders(orders: pd.DataFrame) -> pd.DataFrame:
    """Return how many people placed so many orders, and what they paid."""
    each = orders[orders["cancelled"].isna()].groupby("customer").agg(orders=("order", "size"), total=("total", "sum"))
    return each.groupby("orders").agg(people=("total", "size"), total=("total", "sum"))


def _forest(invitations: pd.DataFrame) -> pd.DataFrame:
    """Return per generation people, inviters, invitations sent, and who joined through them."""
    sent = invitations.groupby("inviter").size()
    parents = invitations.dropna(subset=["invited"]).set_index("invited")["inviter"]
    level, lines = sent.index.difference(parents.index), []
    while len(level):
        own, children = sent.reindex(level).dropna(), parents.index[parents.isin(level)]
        lines.append((len(lines), len(level), len(own), own.sum(), len(children)))
        level = children
    named = ["generation", "people", "inviters", "sent", "joined"]
    return pd.DataFrame(lines, columns=named).set_index("generation")


if __name__ == "__main__":
    answer(Path(sys.argv[1]), Path(sys.argv[2]))
