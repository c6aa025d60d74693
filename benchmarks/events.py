"""Member events: import and roll-up, then five questions from fan_day, against plain pandas on the raw file.

    python benchmarks/events.py [--rows 10_000_000] [--keep FOLDER]

Each side runs in a process of its own; the answers of both are compared.
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
from common import measured, table

ZONES = {"US": "America/New_York", "BR": "America/Sao_Paulo", "DE": "Europe/Berlin", "JP": "Asia/Tokyo"}
FIRST, DAYS, LAST_DAYS, WEEKS = "2025-01-01", 365, 28, 12
PANDAS = "plain pandas: read the file, five questions"
MORE = "import of 1,000 rows more"
QUESTIONS = ("daily_actives", "monthly_actives", "retention", "tiers", "spend")
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
    """Import a thousand acts of one month into what `load` brought."""
    from fanops_utils.data.warehouse import import_paths
    from fanops_utils.workspace import Workspace

    acts = [f"m{number},2025-12-{1 + number % 28:02d}T10:{number % 60:02d}:00Z,like,US," for number in range(1_000)]
    path = folder / "more" / "more.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["member,time,act,country,value", *acts]) + "\n", encoding="utf-8")
    (report,) = import_paths(Workspace(folder), [path])
    if report.rows_loaded != report.rows_in:
        raise SystemExit(str(report))


def ask_fan_day(folder: Path, answers: Path) -> None:
    """Answer the questions from the roll-up in the warehouse of *folder*."""
    from fanops_utils.data.warehouse import Store
    from fanops_utils.workspace import Workspace

    days = Store(Workspace(folder)).table("fan_day")
    last = days.date_day.max().to_pandas()
    first = days.group_by("member_key").agg(first=days.date_day.min())
    aged = days.inner_join(first, "member_key")
    week = aged.date_day.delta(aged["first"], unit="day") // 7
    cohorts = aged.mutate(cohort=aged["first"].truncate("M"), week=week)
    recent = days.filter(days.date_day > pd.Timestamp(last).date() - pd.Timedelta(days=LAST_DAYS))
    often = recent.group_by("member_key").agg(days=recent.count())
    found = {
        "daily_actives": days.group_by("market", "date_day").agg(members=days.count()),
        "monthly_actives": days.group_by("market", month=days.date_day.truncate("M")).agg(members=days.member_key.nunique()),
        "retention": cohorts.filter(cohorts.week <= WEEKS).group_by("cohort", "week").agg(
            members=cohorts.member_key.nunique()),
        "tiers": often.group_by("days").agg(members=often.count()),
        "spend": days.group_by("market", month=days.date_day.truncate("M")).agg(spend=days.value.sum()),
    }  # fmt: skip
    for name, expression in found.items():
        expression.to_pandas().to_parquet(answers / f"{name}.parquet")


def ask_pandas(folder: Path, answers: Path) -> None:
    """Answer the same questions from the raw file with pandas alone."""
    events = pd.read_csv(folder / "raw" / "events.csv", parse_dates=["time"])
    day = pd.Series(pd.NaT, index=events.index, dtype="datetime64[us]")
    for code, zone in ZONES.items():
        here = events["country"] == code
        day[here] = events.loc[here, "time"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    events["date_day"] = day
    days = events[["member", "country", "date_day"]].drop_duplicates()
    days = days.assign(month=days["date_day"].dt.to_period("M").dt.to_timestamp())
    first = days.groupby("member")["date_day"].transform("min")
    aged = days.assign(cohort=first.dt.to_period("M").dt.to_timestamp(), week=(days["date_day"] - first).dt.days // 7)
    aged = aged[aged["week"] <= WEEKS]
    recent = days[days["date_day"] > days["date_day"].max() - pd.Timedelta(days=LAST_DAYS)]
    often = recent.groupby("member").size().rename("days")
    month = events["date_day"].dt.to_period("M").dt.to_timestamp()
    found = {
        "daily_actives": days.groupby(["country", "date_day"]).size().rename("members"),
        "monthly_actives": days.groupby(["country", "month"])["member"].nunique().rename("members"),
        "retention": aged.groupby(["cohort", "week"])["member"].nunique().rename("members"),
        "tiers": often.value_counts().rename("members"),
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
    for side in ("pandas", "fan_day"):
        (folder / side).mkdir()
    sides = {
        "import and roll-up, once": "load",
        "five questions from fan_day": "fan_day",
        MORE: "more",
        PANDAS: "pandas",
    }
    costs = {}
    for name, step in sides.items():
        costs[name] = measured(__file__, "--step", step, "--keep", folder)
        print(f"{name}: {costs[name]}", file=sys.stderr)
    print(table(costs, against=PANDAS))
    wrong = differing(folder / "pandas", folder / "fan_day")
    print(f"\nDifferent answers: {', '.join(wrong)}" if wrong else "\nBoth sides give the same answers.")
    return 1 if wrong else 0


def main() -> int:
    """Read the command line and run the benchmark, or one step of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=10_000_000)
    parser.add_argument("--keep", type=Path, help="folder to work in and to leave; a temporary one where not given")
    parser.add_argument("--step", choices=("pandas", "load", "fan_day", "more"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    steps = {
        "load": lambda: load(given.keep), "more": lambda: load_more(given.keep),
        "pandas": lambda: ask_pandas(given.keep, given.keep / "pandas"),
        "fan_day": lambda: ask_fan_day(given.keep, given.keep / "fan_day"),
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
