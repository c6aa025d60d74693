"""Member events, orders and invitations: import and roll-up, then ten questions by folds, against pandas and polars.

    python benchmarks/events.py [--rows 10_000_000 ...] [--keep FOLDER]

Each side runs in a process of its own, pandas and polars with the peers' interpreter; the answers of all are compared.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pandas as pd
from common import measured
from event_files import generate
from peers import interpreter
from questions import LAST_DAYS, QUESTIONS, STEPS, WEEKS, WINDOWS, WITHIN
from record import Record

LOAD, FOLDS, MORE = "import and roll-up, once", "ten questions by folds", "import of 1,000 rows more"
PANDAS, POLARS = "pandas: read the files, ten questions", "polars: scan the files, ten questions"
PEERS = {PANDAS: "plain.py", POLARS: "lazy.py"}


def load(folder: Path) -> None:
    """Import the files of the workspace *folder*; the events are rolled up."""
    from fanops_utils.data.warehouse import import_paths
    from fanops_utils.workspace import Workspace

    for report in import_paths(Workspace(folder), [folder / "raw"]):
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
    triangle = folds.cohort_triangle(joined, days, as_of=last, last=WEEKS)
    events = store.table("member_events")
    found = {
        "actives": folds.actives(days, start=start, end=last, by="market", windows=WINDOWS),
        "monthly_actives": months.agg(members=days.member_key.nunique()).to_pandas(),
        "retention": triangle[triangle["active"] > 0].rename(columns={"age": "week"})[["cohort", "week", "active"]],
        "tiers": often.value_counts().rename("members").rename_axis("days").reset_index(),
        "gaps": folds.gaps(days),
        "hours": folds.hour_by_weekday(events),
        "spend": months.agg(spend=days.value.sum()).to_pandas(),
        "funnel": folds.funnel(events, STEPS, within=WITHIN)[["step", "members"]],
        "orders": folds.orders_per_person(store.table("orders")),
        "forest": folds.invitation_forest(store.table("referrals")),
    }
    for name, frame in found.items():
        frame.to_parquet(answers / f"{name}.parquet")


def differing(left: Path, right: Path) -> list[str]:
    """Return the questions that the two folders of answers do not answer alike, or to which the left one has no answer."""
    found = {name: [_plain(side / f"{name}.parquet") for side in (left, right)] for name in QUESTIONS}
    return [name for name, (mine, other) in found.items() if mine.empty or not mine.equals(other)]


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


def compare(folder: Path, rows: int, record: Record) -> list[str]:
    """Run all sides on *rows* events in *folder* and record what they cost; return what they disagree on."""
    os.environ["FANOPS_KEYS"] = str(folder.with_name(f"{folder.name}-keys"))  # never beside the data
    python, here = interpreter(), Path(__file__)
    path = generate(folder, rows)
    whole = sum(file.stat().st_size for file in path.parent.iterdir())
    for side in ("folds", *PEERS.values()):
        (folder / side).mkdir()
    costs = {}
    for name, step in {LOAD: "load", FOLDS: "folds", MORE: "more"}.items():
        costs[name] = measured(here, "--step", step, "--keep", folder)
    for name, script in PEERS.items():
        costs[name] = measured(here.with_name(script), folder, folder / script, python=python)
    record.costs(
        costs, against=PANDAS, caption=f"{rows:,} events, with orders and invitations {whole / 1e6:,.0f} MB as CSV"
    )
    record.table(
        ("", "CPU ratio", "peak ratio"),
        [(f"{name}, against polars", *costs[name].ratios(costs[POLARS])[1:]) for name in (LOAD, FOLDS, MORE)],
    )
    return [
        f"{name} by {script} at {rows:,} events"
        for script in PEERS.values()
        for name in differing(folder / script, folder / "folds")
    ]


def main() -> int:
    """Read the command line and run the benchmark, or one step of it; return 1 where sides disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), nargs="+", default=[10_000_000])
    parser.add_argument("--keep", type=Path, help="folder to work in and to leave; a temporary one where not given")
    parser.add_argument("--step", choices=("load", "folds", "more"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    steps = {
        "load": lambda: load(given.keep), "more": lambda: load_more(given.keep),
        "folds": lambda: ask_folds(given.keep, given.keep / "folds"),
    }  # fmt: skip
    if given.step:
        steps[given.step]()
        return 0
    record, wrong = Record(), []
    for rows in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            wrong += compare((given.keep or Path(folder)) / f"{rows}", rows, record)
    record.note(
        f"Different answers: {', '.join(wrong)}."
        if wrong
        else "The ten answers of pandas, polars and the folds are the same."
    )
    record.keep()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
