"""A large export of a shop: what its import costs, and that its memory does not grow with the file.

    python benchmarks/exports.py [--mb 300] [--keep FOLDER]

Writes an export of Shopify's orders of that size and a third of it, imports each into a workspace of its own in a process
of its own, and fails where the larger one needs more than the memory in BOUND_MB.
"""

# ruff: noqa: T201  (a benchmark prints)

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path

from common import measured
from record import Record

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "tests" / "exports" / "shopify" / "orders_export_1.csv"
BOUND_MB = 1_500
BRAND = """name: Benchmark
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
accounts:
  - {platform: shopify, handle: shop}
"""


def generate(folder: Path, megabytes: int) -> Path:
    """Write an export of orders with one to three lines each, in the columns of the sample, of about that many MB."""
    path = folder / "raw" / "orders_export.csv"
    path.parent.mkdir(parents=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        header, first = rows.fieldnames or [], next(rows)
    on_first_line = [name for name in header if not name.startswith("Lineitem") and name != "Name"]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, header)
        out.writeheader()
        number = 0
        while file.tell() < megabytes * 1024**2:
            for _ in range(1_000):
                number += 1
                order = {**first, "Name": f"#{number}", "Id": str(5_000_000_000_000 + number),
                         "Email": f"buyer{number % 50_000}@example.com",
                         "Created at": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02} 10:00:00 +0200"}  # fmt: skip
                out.writerow(order)
                for line in range(number % 3):
                    out.writerow(order | dict.fromkeys(on_first_line, "") | {"Lineitem name": f"Article {line}"})
    return path


def imported(folder: str) -> None:
    """Import the workspace in *folder* and check that every record is accounted for."""
    from fanops_utils.data.warehouse import import_paths
    from fanops_utils.workspace import Workspace

    workspace = Workspace(Path(folder))
    (report,) = import_paths(workspace, [workspace.raw])
    if report.status != "loaded" or report.rows_quarantined or report.rows_loaded != report.rows_in:
        sys.exit(f"{report.status}: {report.rows_loaded:,} of {report.rows_in:,} rows, {report.error}")
    print(f"{report.rows_in:,} rows")


def main() -> None:
    """Measure both sizes and print what they cost."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--mb", type=int, default=300)
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="fanops-exports-"))
    costs = {}
    for size in (given.mb // 3, given.mb):
        generate(folder / str(size), size)
        costs[f"{size} MB of orders"] = measured(__file__, "import", folder / str(size))
    smaller, larger = costs
    record = Record()
    record.costs(costs, against=smaller)
    record.keep()
    if costs[larger].peak > BOUND_MB:
        sys.exit(f"{larger}: {costs[larger].peak:,.0f} MB at its peak, {BOUND_MB:,} are allowed")


if __name__ == "__main__":
    if sys.argv[1:2] == ["import"]:
        imported(sys.argv[2])
    else:
        main()
