"""One experiment with four metrics, from a DuckDB table and from moments: CPU of ours and of tea-tasting.

    python benchmarks/experiments.py [UNITS ...]        (1,000,000 and 10,000,000 by default)

Each size has a database file of its own in a temporary folder. A read-out is: from the table to the four comparisons,
with a share, a mean, the mean again after CUPED, and a ratio. Both sides read the same file, each in a process of its
own (tea-tasting with the peers' interpreter, `tea.py`), in turn, after a read-out that is not counted; the median of
the CPU times (all threads) is told, and the answers are held against each other.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
from peers import interpreter
from record import Record

from fanops_utils.experiments import Measure, compare_all, from_table

RUNS, SMALL_RUNS = 9, 300
MEASURES = (
    Measure("opened", "conversion", "opened"),
    Measure("revenue", "mean", "revenue"),
    Measure("rate", "ratio", "clicks", "views"),
)
ADJUSTED = (Measure("adjusted", "mean", "revenue", None, ("before",)),)
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


@contextmanager
def theirs(database: Path) -> Iterator[Callable[[], tuple[float, dict[str, float]]]]:
    """Give what asks tea-tasting for one read-out of *database*: its CPU milliseconds, the p-value of each metric."""
    command = [interpreter(), str(Path(__file__).with_name("tea.py")), str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdin and process.stdout

        def ask() -> tuple[float, dict[str, float]]:
            process.stdin.write("\n")
            process.stdin.flush()
            milliseconds, p_values = json.loads(process.stdout.readline())
            return milliseconds, p_values

        yield ask
        process.stdin.close()


def cpu(work: Callable[[], Any], runs: int) -> float:
    """Return the median of the CPU milliseconds of *runs* runs of *work*, all threads."""
    spent = []
    for _ in range(runs):
        start = time.process_time()
        work()
        spent.append(1_000 * (time.process_time() - start))
    return statistics.median(spent)


def written(units: int, folder: Path) -> Path:
    """Write a new table of *units* rows to a database file in *folder* and return its path."""
    path = folder / f"{units}.duckdb"
    connection = ibis.duckdb.connect(path)
    for statement in TABLE.format(units=units).split(";"):
        if statement.strip():
            connection.raw_sql(statement)
    connection.disconnect()
    return path


def measure(units: int, folder: Path) -> tuple[float, float, float]:
    """Return CPU ms of a read-out of *units* units by ours and by tea-tasting, and of ours from moments."""
    path = written(units, folder)
    connection = ibis.duckdb.connect(path, read_only=True)
    table = connection.table("units")
    with theirs(path) as ask:
        mine, (_, other) = ours(table), ask()
        for name, p_value in other.items():
            assert abs(mine[name] - p_value) < 0.02, f"{name}: {mine[name]} and {p_value}"
        rounds = [(cpu(lambda: ours(table), 1), ask()[0]) for _ in range(RUNS)]
    mine_ms, other_ms = (statistics.median(one) for one in zip(*rounds, strict=True))
    moments = from_table(table, metrics=(*MEASURES, *ADJUSTED))
    small = cpu(lambda: from_moments(moments), SMALL_RUNS)
    connection.disconnect()
    path.unlink()
    return mine_ms, other_ms, small


def main(sizes: list[int]) -> None:
    """Measure every size and record a table of them."""
    record, lines = Record(), []
    with tempfile.TemporaryDirectory() as folder:
        for units in sizes:
            mine, other, small = measure(units, Path(folder))
            lines.append((f"{units:,} units", f"{mine:.1f}", f"{other:.1f}", f"{mine / other:.2f}", f"{small:.2f}"))
            record.figure("read-out / tea-tasting", max(mine / other, record.figures.get("read-out / tea-tasting", 0)))
            record.figure("from moments", max(small, record.figures.get("from moments", 0)))
    head = ("", "ours, CPU ms", "tea-tasting, CPU ms", "ours / theirs", "ours from moments, CPU ms")
    record.table(head, lines, f"Four comparisons of one experiment, median of {RUNS} read-outs each, in turn")
    record.keep()


if __name__ == "__main__":
    main([int(one.replace(",", "").replace("_", "")) for one in sys.argv[1:]] or [1_000_000, 10_000_000])
