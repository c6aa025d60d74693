"""What a job may ask of 20 million fan days: each fold and helper in a process of its own; none may hold 1 GB.

python benchmarks/fan_days.py [--rows 20_000_000] [--keep FOLDER] [QUESTION ...]
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from common import forked
from events import load_more
from population import make

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store
from fanops_utils.metrics import folds
from fanops_utils.metrics.members import community, growing
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.register import Period

MOST = 1024  # MB
END = date(2026, 12, 31)
START = END - timedelta(days=363)
MARKET = "US"
LIVE = Period(start=date(2026, 5, 4), end=date(2026, 5, 31))
MORE = "import of 1,000 acts more"


def questions(store: Store) -> dict[str, Callable[[], Any]]:
    """Return every fold and helper that reads members, their days, acts or orders, by name: a question to be asked."""
    days, fans = warehouse.fan_days(store), store.table("fans")
    here = warehouse.fan_days(store, market=MARKET)

    def members() -> Any:
        return warehouse.fan_members(store)

    return {
        "nothing asked": lambda: None,
        "actives": lambda: folds.actives(days, start=START, end=END, by="market"),
        "gaps": lambda: folds.gaps(days, end=END),
        "gaps by market": lambda: folds.gaps(days, by="market"),
        "per_member": lambda: folds.per_member(days, as_of=END),
        "cohort_triangle": lambda: folds.cohort_triangle(fans, days, as_of=END, by="market"),
        "funnel": lambda: folds.funnel(
            store.table("member_events"), ["visit", "like", "buy"], within=timedelta(days=7), by="market"),
        "hour_by_weekday": lambda: folds.hour_by_weekday(store.table("member_events")),
        "orders_per_person": lambda: folds.orders_per_person(store.table("orders")),
        "activity_gap": lambda: models.activity_gap(days),
        "member_activity": lambda: metrics.member_activity(members(), days, as_of=END),
        "retention_curve": lambda: metrics.retention_curve(members(), days, as_of=END, by="acquisition"),
        "pulse": lambda: community.pulse(days, start=START, end=END),
        "rhythm of the week": lambda: community.rhythm(store.table("member_events"), days, start=START, end=END),
        "members_by_source": lambda: growing.members_by_source(
            members().assign(screening=None).astype({"screening": "string"}), days, start=START, end=END),
        "member_changes": lambda: metrics.member_changes(members(), days, as_of=END),
        "rhythm and stages": lambda: models.stages(
            members(), days, as_of=END, rhythm=models.rhythm_of(days, as_of=END)),
        "newcomers": lambda: metrics.newcomers(
            warehouse.market_rows(store, "fans").rename(columns={"date_day": "joined_on"}), days,
            warehouse.order_table(store), pd.Series(dtype="string"), as_of=END),
        "campaign_audience": lambda: metrics.campaign_audience(members(), days, live=LIVE),
        "stayed": lambda: metrics.stayed(members(), days, live=LIVE, as_of=END),
        "hours_of": lambda: metrics.hours_of(
            warehouse.rows_of(store, "member_events", start=START), members(), "acquisition"),
        "one market's days": lambda: here.date_day.nunique().execute(),
    }  # fmt: skip


def ask(folder: Path, name: str) -> None:
    """Ask the question *name* of the workspace *folder*."""
    questions(Store(Workspace(folder)))[name]()


def compare(folder: Path, rows: int, names: list[str]) -> int:
    """Ask all questions (or those in *names*) of *rows* fan days in *folder*, and print what each took."""
    if not (folder / "brand.yml").exists():
        make(folder, rows)
    store = Store(Workspace(folder))
    print(", ".join(f"{entry.rows:,} {name}" for name, entry in store.manifest().items()), end="\n\n")
    print("| | wall s | CPU s | peak MB |\n|---|---|---|---|")
    worst = 0.0
    before = {name: set(entry.files) for name, entry in store.manifest().items()}
    for name in names or [*questions(store), MORE]:
        cost = forked(lambda name=name: load_more(folder) if name == MORE else ask(folder, name))
        worst = worst if name == MORE else max(worst, cost.peak)
        print(f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak:,.0f} |", flush=True)
    written = [f"{len(set(entry.files) - before[name])} of {len(entry.files)} {name}"
               for name, entry in store.manifest().items() if name in before]  # fmt: skip
    print(f"\nQuestions took at most {worst:,.0f} MB. Files written: {', '.join(written)}.")
    return 0 if worst < MOST else 1


def main() -> int:
    """Read the command line and ask, or ask one question."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="questions; all where none is given")
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=20_000_000)
    parser.add_argument("--keep", type=Path, help="folder to work in and to leave; a temporary one where not given")
    given = parser.parse_args()
    if given.keep:
        return compare(given.keep, given.rows, given.names)
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder) / "benchmark", given.rows, given.names)


if __name__ == "__main__":
    sys.exit(main())
