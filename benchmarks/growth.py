"""How reports grow: with rows, with the jobs of a plan, with the markets of a brand, with the languages of its pages.

    python benchmarks/growth.py [--full] [DIMENSION ...]        (rows, jobs, markets, languages)

Each size is one run of `run_jobs` in a process of its own, two jobs at a time; its CPU time is that of all its processes,
its peak that of the largest job. To each dimension a straight line is fitted, and a power of the size.
Rows are those of `population.py`, markets those of `many_markets.py`; jobs and languages are measured on the simulated
brand (`fanops sample`, `fanops import` first).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import many_markets
import population
from common import Cost, forked
from fits import drawn, fitted
from record import COSTS, Record

from fanops_utils.reports.planning.matrix import PlanJob
from fanops_utils.reports.planning.plan import Job, Plan, expand
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace, open_workspace

ROOT, AT_ONCE = Path(__file__).parents[1], 2
SAMPLE_DAYS = 112_000  # active days of the simulated brand's members
Asked = tuple[Workspace, list[Job], tuple[str, ...]]


@dataclass(frozen=True)
class Dimension:
    """What grows: its sizes (quick, full), what a size is counted in, and what is made at a size in a folder."""

    title: str
    unit: str
    quick: tuple[int, ...]
    full: tuple[int, ...]
    asked: Callable[[Path, int], Asked]
    per: float = 1.0  # of these a unit is


def _jobs(workspace: Workspace, *entries: PlanJob) -> list[Job]:
    return expand(Plan(name="growth", workspace=workspace.name, jobs=entries), workspace, ROOT)


def rows(folder: Path, size: int) -> Asked:
    """Return one report on the members of the United States, from *size* active days of all markets."""
    forked(lambda: population.make(folder / "members", size))
    workspace = Workspace(folder / "members")
    entry = PlanJob(notebook="research/community_health", parameters={"market": "US"})
    return workspace, _jobs(workspace, entry), ("en",)


def jobs(_folder: Path, size: int) -> Asked:
    """Return *size* jobs of one notebook on the simulated brand, each with a level of its own."""
    workspace = open_workspace("sample", root=ROOT)
    levels = [f"{0.6 + 0.38 * number / size:.4f}" for number in range(size)]
    entry = PlanJob(notebook="campaigns/campaign_league", matrix={"level": levels})
    return workspace, _jobs(workspace, entry), workspace.brand.languages


def markets(folder: Path, size: int) -> Asked:
    """Return one report on the United States, from a brand of *size* markets."""
    forked(lambda: many_markets.make(folder / "many", size))
    workspace = Workspace(folder / "many")
    entry = PlanJob(notebook="research/market_analysis", parameters={"market": "US"})
    return workspace, _jobs(workspace, entry), ("en",)


def languages(_folder: Path, size: int) -> Asked:
    """Return four reports on the simulated brand, in the first *size* of its languages."""
    workspace = open_workspace("sample", root=ROOT)
    entry = PlanJob(notebook="research/market_analysis", matrix={"market": ["US", "BR", "DE", "JP"]})
    return workspace, _jobs(workspace, entry), workspace.brand.languages[:size]


DIMENSIONS = {
    "rows": Dimension(
        "rows: a report on members", "million active days", (SAMPLE_DAYS, 4 * SAMPLE_DAYS, 16 * SAMPLE_DAYS),
        (SAMPLE_DAYS, 4 * SAMPLE_DAYS, 16 * SAMPLE_DAYS, 64 * SAMPLE_DAYS), rows, per=1e6),
    "jobs": Dimension("jobs: a plan of one notebook", "job", (4, 16, 64), (10, 40, 160), jobs),
    "markets": Dimension("markets: a report on one of them", "market", (1, 2, 4, 8), (1, 2, 4, 8, 16), markets),
    "languages": Dimension("languages: four reports in each", "language", (1, 2), (1, 2), languages),
}  # fmt: skip


def made(asked: Asked, folder: Path) -> None:
    """Make the reports of *asked* in *folder* and leave the peak of the largest job; raise where one is not whole."""
    workspace, planned, spoken = asked
    run = run_jobs(
        planned,
        workspace,
        plan="growth",
        root=ROOT,
        reports=folder / "reports",
        workers=AT_ONCE,
        force=True,
        languages=spoken,
    )
    for outcome in run.outcomes:
        if outcome.status != "succeeded" or outcome.failed_sections:
            raise SystemExit(f"{outcome.job.slug}: {outcome.status}, {outcome.error}, {outcome.failed_sections}")
    peak = max(outcome.peak_memory or 0 for outcome in run.outcomes)
    (folder / "peak.json").write_text(json.dumps(peak / 1e6), encoding="utf-8")


def measured_at(dimension: Dimension, size: int) -> Cost:
    """Return what the reports of *dimension* cost at *size*."""
    with tempfile.TemporaryDirectory(prefix="fanops-growth-") as name:
        folder = Path(name)
        asked = dimension.asked(folder, size)
        cost = forked(partial(made, asked, folder))
        return Cost(cost.wall, cost.cpu, json.loads((folder / "peak.json").read_text(encoding="utf-8")))


def tell(record: Record, dimension: Dimension, costs: dict[int, Cost]) -> None:
    """Record the *costs* by size, the fits and the chart."""
    sizes = [size / dimension.per for size in costs]
    told = [f"{size:,.3g}" if dimension.per > 1 else f"{size:,.0f}" for size in sizes]
    lines = [(one, *cost.told()) for one, cost in zip(told, costs.values(), strict=True)]
    record.table((dimension.unit, *COSTS[1:]), lines, f"Growth with {dimension.title}")
    cpu = fitted(sizes, [cost.cpu for cost in costs.values()])
    peak = fitted(sizes, [cost.peak for cost in costs.values()])
    seconds, megabytes = cpu.told(f"a {dimension.unit}"), peak.told(f"a {dimension.unit}", 0)
    record.note(f"With {dimension.title}. CPU seconds: {seconds}. MB of the largest job: {megabytes}.")
    measured = ", ".join(f"{cost.cpu:.1f} s at {one}" for one, cost in zip(told, costs.values(), strict=True))
    record.draw(
        drawn(sizes, [cost.cpu for cost in costs.values()], cpu, title=f"Growth with {dimension.title}", axis="CPU seconds",
              x_axis=dimension.unit, alt=f"CPU seconds by {dimension.unit}: {measured}; the straight line is {cpu.told('each')}"),
        f"CPU seconds by {dimension.unit}: {measured}. Straight line: {cpu.told('each')}.",
    )  # fmt: skip


def main() -> None:
    """Measure the dimensions asked for, and record them."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("dimensions", nargs="*", metavar="DIMENSION", help=f"of {', '.join(DIMENSIONS)}; all by default")
    asked.add_argument("--full", action="store_true", help="larger sizes")
    given = asked.parse_args()
    record = Record()
    for name in given.dimensions or DIMENSIONS:
        dimension = DIMENSIONS[name]
        sizes = dimension.full if given.full else dimension.quick
        tell(record, dimension, {size: measured_at(dimension, size) for size in sizes})
    record.keep()


if __name__ == "__main__":
    main()
