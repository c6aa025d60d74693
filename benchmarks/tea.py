"""tea-tasting's side of the benchmark of experiments: each line read asks for one read-out, each line written tells of it.

    python benchmarks/tea.py DATABASE      (with the peers' interpreter)

Reads the table `units`; tells, as JSON, the CPU milliseconds of all threads and the p-value of each metric.
"""

from __future__ import annotations

import json
import sys
import time

import ibis
import tea_tasting as tt

METRICS = {
    "opened": tt.Proportion("opened", correction=False),
    "revenue": tt.Mean("revenue"),
    "adjusted": tt.Mean("revenue", "before"),
    "rate": tt.RatioOfMeans("clicks", "views"),
}


def read_out(table: ibis.Table) -> tuple[float, dict[str, float]]:
    """Return the CPU milliseconds that one read-out of *table* took, and the p-value of each metric."""
    start = time.process_time()
    told = tt.Experiment(METRICS, variant="variant").analyze(table, control="control")
    return 1_000 * (time.process_time() - start), {name: float(told[name].pvalue) for name in METRICS}


def main() -> None:
    """Answer until nobody asks any more."""
    table = ibis.duckdb.connect(sys.argv[1], read_only=True).table("units")
    for _asked in sys.stdin:
        sys.stdout.write(json.dumps(read_out(table)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
