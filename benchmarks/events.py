"""Member events: import and roll-up, then seven questions by folds, against plain pandas on the raw file.

    python benchmarks/events.py [--rows 10_000_000] [--keep FOLDER]

Each side runs in a process of its own; the answers of both are compared.
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas as pd
from common import measured, table

ZONES = {"US": "America/New_York", "BR": "America/Sao_Paulo", "DE": "Europe/Berlin", "JP": "Asia/Tokyo"}
FIRST, DAYS, LAST_DAYS, WEEKS = "2025-01-01", 365, 28, 12
PANDAS = "plain pandas: read the file, seven questions"
FOLDS = "seven questions by folds"
MORE = "import of 1,000 rows more"
QUESTIONS = ("daily_actives", "monthly_actives", "retention", "tiers", "gaps", "hours", "spend")
BRAND = "name: Benchmark\nmarkets:\n" + "".join(
    f"  - {{code: {code}, name: {code}, language: en, time_zone: {zone}, currency: USD}}\n" for code, zone in ZONES.items()
) + "accounts:\n  - {platform: discord, handle: benchmark}\n"  # fmt: skip
MAPPING = """name: log
tables:
  member_events:
    columns: {member_key: member, event_timestamp: time, event_name: act, market: country, event_value: value}
    constants: {platform: discord}
"""


def generate(folder: Path, rows: int) -> Path:
    """Write *rows* acts of about rows / 25 members over a year, ordered in time, the same ones every time."""
    members = max(rows // 25, 10)
    path = folder / "raw" / "events.csv"
    path.parent.mkdir(parents=True)
    (folder / "mappings").mkdir()
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "mappings" / "log.yml").write_text(MAPPING, encoding="utf-8")
    engine = duckdb.connect()
    engine.execute("SET memory_limit = '2GB'")
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute(f"""
        COPY (
            SELECT 'm' || member AS member,
                strftime(TIMESTAMP '{FIRST}' + to_microseconds((number::DOUBLE * {DAYS * 86_400_000_000} / {rows})::BIGINT),
                    '%Y-%m-%dT%H:%M:%S.%fZ') AS time,
                ['visit', 'visit', 'like', 'comment', 'share', 'buy'][1 + (hash(number + 1) % 6)::INT] AS act,
                {list(ZONES)}[1 + (hash(member) % {len(ZONES)})::INT] AS country,
                CASE WHEN hash(number + 1) % 6 = 5 THEN 5 + hash(number + 2) % 40 END AS value
            FROM (SELECT range AS number,
                (hash(range) % {members} * (hash(range + 3) % 1000) / 1000)::BIGINT AS member FROM range({rows}))
        ) TO '{path}' (FORMAT csv, HEADER)""")  # noqa: S608
    return path


def load(folder: Path) -> None:
    """Import the events of the workspace *folder*, which rolls them up."""
    from fanops_utils.data.warehouse import import_paths
    from fanops_utils.workspace import Workspace

    (report,) = import_paths(Workspace(folder), [folder / "raw"])
    if report.status != "loaded" or report.rows_loaded != report.rows_in:
        raise SystemExit(str(report))


def load_more(folder: Path) -> None:
    """Import a thousand acts of one month into what the workspace *folder* holds."""
    os.environ.setdefault("FANOPS_KEYS", str(folder.with_name(f"{folder.name}-keys")))  # never beside the data
    from fanops_utils.data.warehouse import import_paths
    from fanops_utils.workspace import Workspace

    acts = [f"m{number},2025-12-{1 + number % 28:02d}T10:{number % 60:02d}:00Z,like,US," for number in range(1_000)]
    path = folder / "more" / "more.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["member,time,act,country,value", *acts]) + "\n", encoding="utf-8")
    (report,) = import_paths(Workspace(folder), [path])
    if report.rows_loaded != report.rows_in:
        raise SystemExit(str(report))


def ask_folds(folder: Path, answers: Path) -> None:
    """Answer the questions from the warehouse of *folder*: from the roll-up, the hours from the events themselves."""
    from fanops_utils.data.warehouse import Store
    from fanops_utils.metrics import folds
    from fanops_utils.workspace import Workspace

    store = Store(Workspace(folder))
    days = store.table("fan_day")
    start, last = (
        pd.Timestamp(one).date() for one in (days.date_day.min().to_pandas(), days.date_day.max().to_pandas())
    )
    joined = days.group_by("member_key").agg(date_day=days.date_day.min())
    often = folds.days_within(days, start=last - timedelta(days=LAST_DAYS - 1), end=last)
    months = days.group_by("market", month=days.date_day.truncate("M"))
    hours = folds.hour_by_weekday(store.table("member_events"))
    triangle = folds.cohort_triangle(joined, days, as_of=last, last=WEEKS)
    daily = folds.actives(days, start=start, end=last, by="market", windows={"members": 1})
    found = {
        "daily_actives": daily[daily["members"] > 0],
        "monthly_actives": months.agg(members=days.member_key.nunique()).to_pandas(),
        "retention": triangle[triangle["active"] > 0].rename(columns={"age": "week"})[["cohort", "week", "active"]],
        "tiers": often.value_counts().rename("members").rename_axis("days").reset_index(),
        "gaps": folds.gaps(days),
        "hours": hours[hours["n"] > 0],
        "spend": months.agg(spend=days.value.sum()).to_pandas(),
    }
    for name, frame in found.items():
        frame.to_parquet(answers / f"{name}.parquet")


def ask_pandas(folder: Path, answers: Path) -> None:
    """Answer the same questions from the raw file with pandas alone."""
    events = pd.read_csv(folder / "raw" / "events.csv", parse_dates=["time"])
    local = pd.Series(pd.NaT, index=events.index, dtype="datetime64[us]")
    for code, zone in ZONES.items():
        here = events["country"] == code
        local[here] = events.loc[here, "time"].dt.tz_convert(zone).dt.tz_localize(None)
    events["date_day"] = local.dt.normalize()
    slots = [local.dt.day_of_week.rename("weekday"), local.dt.hour.rename("hour")]
    hours = events.groupby(slots).size().rename("n")
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
        "daily_actives": days.groupby(["country", "date_day"]).size().rename("members"),
        "monthly_actives": days.groupby(["country", "month"])["member"].nunique().rename("members"),
        "retention": aged.groupby(["cohort", "week"])["member"].nunique().rename("active"),
        "tiers": often.value_counts().rename("members"),
        "gaps": gap.value_counts().rename("n").rename_axis("gap"),
        "hours": hours,
        "spend": events.groupby(["country", month.rename("month")])["value"].sum(min_count=1).rename("spend"),
    }
    for name, series in found.items():
        series.reset_index().rename(columns={"country": "market"}).to_parquet(answers / f"{name}.parquet")


def differing(left: Path, right: Path) -> list[str]:
    """Return the questions that the two folders of answers do not answer alike."""
    return [
        name for name in QUESTIONS if not _plain(left / f"{name}.parquet").equals(_plain(right / f"{name}.parquet"))
    ]


def _plain(path: Path) -> pd.DataFrame:
    frame = pd.read_parquet(path)
    for name in frame:
        if "date" in str(frame[name].dtype) or name in ("cohort", "month", "date_day"):
            frame[name] = pd.to_datetime(frame[name]).dt.strftime("%Y-%m-%d")
        elif name != "market":
            frame[name] = frame[name].astype("float64").round(6)
    frame = frame.astype({"market": "object"}) if "market" in frame else frame
    columns = sorted(frame.columns)
    return frame[columns].sort_values(columns, ignore_index=True)


def compare(folder: Path, rows: int) -> int:
    """Run both sides on *rows* events in *folder* and print what they cost; return 1 where they disagree."""
    os.environ["FANOPS_KEYS"] = str(folder.with_name(f"{folder.name}-keys"))  # never beside the data
    path = generate(folder, rows)
    print(f"{rows:,} events, {path.stat().st_size / 1e6:,.0f} MB as CSV\n")
    for side in ("pandas", "folds"):
        (folder / side).mkdir()
    sides = {
        "import and roll-up, once": "load",
        FOLDS: "folds",
        MORE: "more",
        PANDAS: "pandas",
    }
    costs = {}
    for name, step in sides.items():
        costs[name] = measured(__file__, "--step", step, "--keep", folder)
        print(f"{name}: {costs[name]}", file=sys.stderr)
    print(table(costs, against=PANDAS))
    wrong = differing(folder / "pandas", folder / "folds")
    print(f"\nDifferent answers: {', '.join(wrong)}" if wrong else "\nBoth sides give the same answers.")
    return 1 if wrong else 0


def main() -> int:
    """Read the command line and run the benchmark, or one step of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=10_000_000)
    parser.add_argument("--keep", type=Path, help="folder to work in and to leave; a temporary one where not given")
    parser.add_argument("--step", choices=("pandas", "load", "folds", "more"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    steps = {
        "load": lambda: load(given.keep), "more": lambda: load_more(given.keep),
        "pandas": lambda: ask_pandas(given.keep, given.keep / "pandas"),
        "folds": lambda: ask_folds(given.keep, given.keep / "folds"),
    }  # fmt: skip
    if given.step:
        steps[given.step]()
        return 0
    if given.keep:
        return compare(given.keep, given.rows)
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder) / "benchmark", given.rows)


if __name__ == "__main__":
    sys.exit(main())
