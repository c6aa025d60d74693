"""What a job may ask of 20 million fan days: each fold and helper in a process of its own that may not hold more than 1 GB.

python benchmarks/fan_days.py [--rows 20_000_000] [--keep FOLDER] [QUESTION ...]
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from common import forked
from population import make

from fanops_utils import metrics, models
from fanops_utils.data import warehouse
from fanops_utils.data.warehouse import Store
from fanops_utils.metrics import folds
from fanops_utils.metrics.members import community, growing
from fanops_utils.workspace import Workspace

GIGABYTE = 1024**3
END = date(2026, 12, 31)
START = END - timedelta(days=363)
MARKET = "US"


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
        "one market's days": lambda: here.date_day.nunique().execute(),
    }  # fmt: skip


def ask(folder: Path, name: str) -> None:
    """Ask the question *name* of the workspace *folder*, in a process that may hold no more than a gigabyte."""
    held = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    reserved, resident = (int(held[name].split()[0]) * 1024 for name in ("VmData", "VmRSS"))
    most = reserved + GIGABYTE - resident  # libraries reserve more than they use: what comes on top is what counts
    if "FREE" not in __import__("os").environ:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    questions(Store(Workspace(folder)))[name]()


def compare(folder: Path, rows: int, names: list[str]) -> int:
    """Ask all questions (or those in *names*) of *rows* fan days in *folder*, and print what each took."""
    if not (folder / "brand.yml").exists():
        make(folder, rows)
    store = Store(Workspace(folder))
    print(", ".join(f"{entry.rows:,} {name}" for name, entry in store.manifest().items()), end="\n\n")
    print("| | wall s | CPU s | peak MB |\n|---|---|---|---|")
    worst = 0.0
    for name in names or list(questions(store)):
        cost = forked(lambda name=name: ask(folder, name))
        worst = max(worst, cost.peak)
        print(f"| {name} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak:,.0f} |", flush=True)
    print(f"\nAt most {worst:,.0f} MB.")
    return 0 if worst < GIGABYTE / 1024**2 else 1


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
