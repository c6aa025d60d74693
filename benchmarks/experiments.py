"""One experiment with four metrics, from a DuckDB table and from moments: CPU of ours and of tea-tasting.

    python benchmarks/experiments.py [UNITS ...]        (1,000,000 and 10,000,000 by default)

Each size has a database file of its own in a temporary folder. A run is: from the table to the four comparisons, with
a share, a mean, the mean again after CUPED, and a ratio. Both engines run in turn, in one process, after a run that is
not counted; the median of the CPU times (all threads) is told, and the answers are held against each other.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import tea_tasting as tt

from fanops_utils.experiments import Measure, compare_all, from_table

RUNS, SMALL_RUNS = 9, 300
MEASURES = (
    Measure("opened", "conversion", "opened"),
    Measure("revenue", "mean", "revenue"),
    Measure("rate", "ratio", "clicks", "views"),
)
ADJUSTED = (Measure("adjusted", "mean", "revenue", None, ("before",)),)
METRICS = {
    "opened": tt.Proportion("opened", correction=False),
    "revenue": tt.Mean("revenue"),
    "adjusted": tt.Mean("revenue", "before"),
    "rate": tt.RatioOfMeans("clicks", "views"),
}
TABLE = """
create table units as
select case when hash(i, 1) % 2 = 0 then 'control' else 'treatment' end as variant,
       (random() < 0.05)::integer as opened,
       case when random() < 0.1 then exp(3 * random()) else 0 end as before,
       0.0::double as revenue, (1 + 10 * random())::integer as views, 0 as clicks
from range({units}) t(i);
update units set revenue = 0.8 * before + case when random() < 0.1 then exp(3 * random()) else 0 end,
                 clicks = (views * 0.4 * random())::integer;
checkpoint;
"""


def ours(table: ibis.Table) -> dict[str, float]:
    """Return the p-value of each metric by this repository."""
    moments = from_table(table, metrics=(*MEASURES, *ADJUSTED))
    return from_moments(moments)


def from_moments(moments: Any) -> dict[str, float]:
    """Return the p-value of each metric from a table of moments."""
    found = compare_all(moments, control="control", covariates={"adjusted": ("before",)})
    return {one.metric: one.p_value for one in found}


def theirs(table: ibis.Table) -> dict[str, float]:
    """Return the p-value of each metric by tea-tasting."""
    found = tt.Experiment(METRICS, variant="variant").analyze(table, control="control")
    return {name: float(found[name].pvalue) for name in METRICS}


def cpu(work: Callable[[], Any], runs: int) -> list[float]:
    """Return the CPU milliseconds of *runs* runs of *work*, all threads."""
    found = []
    for _ in range(runs):
        start = time.process_time()
        work()
        found.append(1_000 * (time.process_time() - start))
    return found


def measure(units: int, folder: Path) -> None:
    """Measure both engines on a new table of *units* rows and print one line each."""
    connection = ibis.duckdb.connect(folder / f"{units}.duckdb")
    for statement in TABLE.format(units=units).split(";"):
        if statement.strip():
            connection.raw_sql(statement)
    table = connection.table("units")
    mine, other = ours(table), theirs(table)
    for name, p_value in other.items():
        assert abs(mine[name] - p_value) < 0.02, f"{name}: {mine[name]} and {p_value}"
    rounds = [(cpu(lambda: ours(table), 1)[0], cpu(lambda: theirs(table), 1)[0]) for _ in range(RUNS)]
    medians = [statistics.median(one) for one in zip(*rounds, strict=True)]
    mine_ms, other_ms = medians
    sys.stdout.write(
        f"{units:>12,} units: ours {mine_ms:.1f} ms CPU, tea-tasting {other_ms:.1f}: {mine_ms / other_ms:.2f}\n"
    )
    moments = from_table(table, metrics=(*MEASURES, *ADJUSTED))
    small = statistics.median(cpu(lambda: from_moments(moments), SMALL_RUNS))
    sys.stdout.write(f"{'':>12} from moments: {small:.2f} ms CPU for the four comparisons\n")
    connection.disconnect()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for size in [int(one.replace(",", "")) for one in sys.argv[1:]] or [1_000_000, 10_000_000]:
            measure(size, Path(name))
