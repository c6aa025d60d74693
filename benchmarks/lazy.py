"""The questions of the benchmark of member events, answered by polars from the raw files: lazily, streaming.

python benchmarks/lazy.py FOLDER ANSWERS      (with the peers' interpreter)
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
from questions import LAST_DAYS, STEPS, WEEKS, WINDOWS, WITHIN, ZONES

WRITTEN = "%Y-%m-%dT%H:%M:%S%.fZ"
DAY, MEMBER = pl.col("date_day"), pl.col("member")


def answer(folder: Path, answers: Path) -> None:
    """Answer the ten questions from the raw files in *folder*; a Parquet file each in *answers*."""
    raw = folder / "raw"
    events = _events(raw / "events.csv")
    days = events.select("member", "country", "date_day").unique().collect(engine="streaming")
    # Names become numbers once: what follows compares and counts them far faster than strings.
    days = days.with_columns(MEMBER.rank("dense").cast(pl.UInt32)).lazy()
    asked = {
        "actives": _actives(days),
        "monthly_actives": days.group_by("country", month=DAY.dt.truncate("1mo")).agg(members=MEMBER.n_unique()),
        "retention": _retention(days),
        "tiers": days.filter(DAY.max() - DAY < timedelta(days=LAST_DAYS))
        .group_by("member").len("days").group_by("days").len("members"),
        "gaps": days.sort("member", "date_day")
        .select(gap=DAY.diff().over("member", mapping_strategy="explode").dt.total_days())
        .drop_nulls().group_by("gap").len("n"),
        "orders": _orders(pl.scan_csv(raw / "orders.csv")),
    }  # fmt: skip
    asked |= {"hours": _hours(events), "spend": _spend(events), "funnel": _funnel(events)}
    found = dict(zip(asked, pl.collect_all(list(asked.values()), engine="streaming"), strict=True))
    found["forest"] = _forest(pl.read_csv(raw / "invitations.csv", columns=["inviter", "invited"]))
    for name, frame in found.items():
        frame.rename({"country": "market"}, strict=False).write_parquet(answers / f"{name}.parquet")


def _events(path: Path) -> pl.LazyFrame:
    """Return the acts with their moment, and with the day and hour on the clock of their market."""
    time = pl.col("time")
    local = pl.coalesce(
        pl.when(pl.col("country") == code).then(time.dt.convert_time_zone(zone).dt.replace_time_zone(None))
        for code, zone in ZONES.items()
    )
    return (
        pl.scan_csv(path, schema_overrides={"value": pl.Float64})
        .with_columns(time.str.to_datetime(WRITTEN, time_unit="us", time_zone="UTC"))
        .with_columns(local=local)
        .with_columns(date_day=pl.col("local").dt.date())
    )


def _actives(days: pl.LazyFrame) -> pl.LazyFrame:
    """Return by country and day who was there on it and in the 7 and 28 days up to it."""
    every = days.select(date_day=pl.date_ranges(DAY.min(), DAY.max())).explode("date_day").unique()
    whole, ordered = every.join(pl.LazyFrame({"country": list(ZONES)}), how="cross"), days.sort("date_day")
    for name, length in WINDOWS.items():
        back = timedelta(days=length - 1)
        there = ordered.group_by_dynamic(
            "date_day", every="1d", period=f"{length}d", offset=f"-{length - 1}d", closed="left", group_by="country"
        ).agg(MEMBER.n_unique().alias(name))
        whole = whole.join(there.with_columns(DAY + back), on=["country", "date_day"], how="left")
    return whole.with_columns(pl.col(*WINDOWS).fill_null(0))


def _retention(days: pl.LazyFrame) -> pl.LazyFrame:
    """Return by month of the first act and week after it, that is over, how many were there."""
    last = days.select(last=DAY.max())
    aged = days.join(days.group_by("member").agg(first=DAY.min()), on="member").join(last, how="cross")
    lived = (pl.col("last") - pl.col("first")).dt.total_days()
    return (
        aged.with_columns(
            cohort=pl.col("first").dt.truncate("1mo"), week=(DAY - pl.col("first")).dt.total_days() // 7,
            over=(lived + 1) // 7 - 1,
        )
        .filter(pl.col("week") <= WEEKS, pl.col("week") <= pl.col("over"))
        .group_by("cohort", "week").agg(active=MEMBER.n_unique())
    )  # fmt: skip


def _hours(events: pl.LazyFrame) -> pl.LazyFrame:
    """Return how many acts fell on each hour of each weekday, Monday being 0."""
    local = pl.col("local")
    counts = events.group_by(weekday=(local.dt.weekday() - 1).cast(pl.Int64), hour=local.dt.hour().cast(pl.Int64)).len(
        "n"
    )
    weekdays, hours = pl.LazyFrame({"weekday": range(7)}), pl.LazyFrame({"hour": range(24)})
    return (
        weekdays.join(hours, how="cross")
        .join(counts, on=["weekday", "hour"], how="left")
        .with_columns(pl.col("n").fill_null(0))
    )


def _spend(events: pl.LazyFrame) -> pl.LazyFrame:
    """Return what was spent by country and month; missing where nobody spent."""
    value = pl.col("value")
    spent = pl.when(value.count() > 0).then(value.sum())
    return events.group_by("country", month=DAY.dt.truncate("1mo")).agg(spend=spent)


def _funnel(events: pl.LazyFrame) -> pl.LazyFrame:
    """Return how many members did each of STEPS after the one before it, WITHIN their first."""
    acts = events.select("member", "time", "act").filter(pl.col("act").is_in(STEPS))
    reached = acts.filter(pl.col("act") == STEPS[0]).group_by("member").agg(opened=pl.col("time").min())
    reached = reached.with_columns(at=pl.col("opened"))
    counts = [reached.select(step=pl.lit(1), members=pl.len())]
    for number, step in enumerate(STEPS[1:], start=2):
        reached = (
            acts.filter(pl.col("act") == step).join(reached, on="member")
            .filter(pl.col("time") >= pl.col("at"), pl.col("time") <= pl.col("opened") + WITHIN)
            .group_by("member").agg(pl.col("opened").first(), at=pl.col("time").min())
        )  # fmt: skip
        counts.append(reached.select(step=pl.lit(number), members=pl.len()))
    return pl.concat(counts)


def _orders(orders: pl.LazyFrame) -> pl.LazyFrame:
    """Return how many people placed so many orders, and what they paid."""
    each = (
        orders.filter(pl.col("cancelled").is_null())
        .group_by("customer")
        .agg(orders=pl.len(), total=pl.col("total").sum())
    )
    return each.group_by("orders").agg(people=pl.len(), total=pl.col("total").sum())


def _forest(invitations: pl.DataFrame) -> pl.DataFrame:
    """Return per generation people, inviters, invitations sent, and who joined through them."""
    sent = invitations.group_by("inviter").len("sent")
    parents = invitations.drop_nulls("invited")
    level = sent.select(person="inviter").join(parents, left_on="person", right_on="invited", how="anti")
    lines = []
    while level.height:
        own = level.join(sent, left_on="person", right_on="inviter")
        children = parents.join(level, left_on="inviter", right_on="person", how="semi").select(person="invited")
        lines.append((len(lines), level.height, own.height, own["sent"].sum(), children.height))
        level = children
    named = ["generation", "people", "inviters", "sent", "joined"]
    return pl.DataFrame(lines, schema=named, orient="row")


if __name__ == "__main__":
    answer(Path(sys.argv[1]), Path(sys.argv[2]))
