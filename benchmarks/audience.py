"""The four reports on members, each of one market of 50 million active days: none may hold 4 GB, all must come out whole.

python benchmarks/audience.py [--rows 50_000_000] [--keep FOLDER] [NOTEBOOK ...]
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from common import Cost, forked
from population import make
from record import COSTS, Record

from fanops_utils.reports.planning.plan import single
from fanops_utils.reports.running.context import Limits
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace

MOST = 4096  # MB
ROOT = Path(__file__).parents[1]
NOTEBOOKS = ("community_health", "audience_personas", "growth_referral", "commercialisation")


def prepared(root: Path, rows: int) -> Workspace:
    """Return a workspace of *rows* active days below *root*, beside the notebooks and what is known from outside."""
    if not (root / "notebooks").exists():
        root.mkdir(parents=True, exist_ok=True)
        (root / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
        shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    folder = root / "data" / "members"
    if not (folder / "brand.yml").is_file():
        forked(lambda: make(folder, rows))
    return Workspace(folder)


def report(root: Path, workspace: Workspace, name: str) -> None:
    """Make the report *name* of the United States; raise where it does not succeed, or a section of it fails."""
    jobs = single(f"research/{name}", {"market": "US"}, workspace, root)
    run = run_jobs(
        jobs, workspace, plan="members", root=root, reports=root / "reports", workers=1, force=True,
        limits=Limits(memory_mb=MOST, retries=0),
    )  # fmt: skip
    (outcome,) = run.outcomes
    if outcome.status != "succeeded" or outcome.failed_sections:
        raise SystemExit(f"{name}: {outcome.status}, {outcome.error}, {outcome.failed_sections}")


def main() -> None:
    """Make each report in a process of its own, and print what it cost, that of its kernel included."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help=f"of {', '.join(NOTEBOOKS)}; all by default")
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--keep", type=Path, help="where the tables are, or are to stay")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = told.keep or Path(folder)
        workspace = prepared(root, told.rows)
        record, costs = Record(), dict[str, Cost]()
        for name in told.notebooks or NOTEBOOKS:
            costs[name] = forked(lambda name=name: report(root, workspace, name))  # type: ignore[misc]
            sys.stderr.write(f"{name}: {costs[name]}\n")
        record.table(COSTS, [(name, *cost.told()) for name, cost in costs.items()], f"{told.rows:,} active days")
        record.keep()


if __name__ == "__main__":
    main()
