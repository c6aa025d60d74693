"""The table of docs/engines.md, made by asking: every question of the notebooks compiled for every engine, and run where it can be.

    PYTHONPATH=.:tests python tests/engines_table.py [--of NOTEBOOK …] [--spark sc://HOST:PORT] [--write]

The simulated brand must be imported (`fanops sample`, `fanops import data/sample/raw -w sample`). Asked are
the questions of the notebooks named by --of, all by default; of engines that are not here none is run. Without --spark a
cluster is started; the one named holds the tables already, in its schema `sample`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import ibis
from engine_questions import asked_elsewhere, catching, difference, is_ordered, run_cells
from foreign_worlds import into_duckdb, into_postgres, reading_from
from postgres_server import OWNER, OWNER_PASSWORD, programs, running_server
from spark_cluster import absent, into_spark, running_cluster

from fanops_utils.data.warehouse import Store
from fanops_utils.data.warehouse.foreign.door import portable
from fanops_utils.reports.planning.plan import expand, read_plan
from fanops_utils.workspace import Workspace, open_workspace

ROOT = Path(__file__).parents[1]
START, END = "<!-- engines: written by tests/engines_table.py -->", "<!-- end of engines -->"
DIALECTS = {
    "duckdb": "duckdb", "postgres": "postgres", "spark": "pyspark", "bigquery": "bigquery", "snowflake": "snowflake",
    "databricks": "databricks", "clickhouse": "clickhouse", "trino": "trino",
}  # fmt: skip
NAMES = {
    "duckdb": "DuckDB", "postgres": "PostgreSQL", "spark": "Spark", "bigquery": "BigQuery", "snowflake": "Snowflake",
    "databricks": "Databricks", "clickhouse": "ClickHouse", "trino": "Trino",
}  # fmt: skip
SNAPSHOTS = {
    "duckdb": "file of the database", "spark": "files of a Parquet table; Delta, Iceberg: not run",
    "bigquery": "last change of a table: not run", "databricks": "version of a Delta table: not run",
}  # fmt: skip
POSTGRES = "FANOPS_TABLE_POSTGRES"  # variable that holds the server's address: a password never stands in a register
SKIPPED = ("methods/validation",)  # minutes of simulation, not one question


@dataclass
class Line:
    """What is known of one engine: questions that compile, that were run, and that came out the same."""

    compiled: int = 0
    run: int = 0
    same: int = 0
    apart: list[str] = field(default_factory=list)


def asked(home: Workspace, on: date, *, of: Sequence[str]) -> dict[str, tuple[str, Any, Any]]:
    """Return every question that the notebooks *of* the demo plan ask of *home*: SQL: (notebook, expression, answer)."""
    found: dict[str, tuple[str, Any, Any]] = {}
    seen: set[str] = set(SKIPPED)
    for job in expand(read_plan(ROOT / "notebooks" / "plans" / "demo.yml"), home, ROOT, as_of=on):
        if job.notebook in seen or (of and job.notebook not in of):
            continue
        seen.add(job.notebook)
        with catching() as questions:
            run_cells(job, home.path)
        for text, (expr, answer) in questions.asked.items():
            found.setdefault(text, (job.notebook, expr, answer))
    return found


def compiles(expr: Any, dialect: str) -> bool:
    """Return whether Ibis writes *expr* for *dialect*; no connection is made."""
    try:
        return bool(ibis.to_sql(portable(expr.as_table()).unbind(), dialect=dialect))
    except Exception:
        return False


@contextmanager
def running(home: Workspace, *, spark: str) -> Iterator[dict[str, Store]]:
    """Yield the engines that are here, filled with the tables of *home*."""
    with ExitStack() as stack:
        folder, ours = Path(stack.enter_context(tempfile.TemporaryDirectory())), Store(home)
        into_duckdb(ours, folder / "theirs.duckdb")
        urls = {"duckdb": f"duckdb://{folder}/theirs.duckdb"}
        if programs():
            os.environ[POSTGRES] = stack.enter_context(running_server()).url(OWNER, OWNER_PASSWORD.replace(" ", "%20"))
            into_postgres(ours, os.environ[POSTGRES])
            urls["postgres"] = f"${{{POSTGRES}}}"
        if spark:
            urls["spark"] = spark
        elif not absent():
            cluster = stack.enter_context(running_cluster())
            into_spark(ours, cluster, schema="sample")
            urls["spark"] = cluster.url
        schemas = {"spark": {"schema": "sample"}}
        yield {
            kind: Store(reading_from(home, folder / kind, kind=kind, url=url, **schemas.get(kind, {})))
            for kind, url in urls.items()
        }


def answer_of(expr: Any, answer: Any, theirs: Store) -> str:
    """Return how what *theirs* answers to *expr* differs from *answer*; empty where it does not."""
    try:
        told = difference(answer, asked_elsewhere(expr, theirs).execute())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:200]}"
    return "" if told == "order" and not is_ordered(expr) else told


def table(lines: dict[str, Line], questions: int) -> str:
    """Return the table as Markdown."""
    rows = ["| engine | compiled | run here | the same | named by |", "|---|---|---|---|---|"]
    for kind, line in lines.items():
        run = str(line.run) if line.run else "compiled only"
        same = str(line.same) if line.run else ""
        rows.append(
            f"| {NAMES[kind]} | {line.compiled} of {questions} | {run} | {same} | {SNAPSHOTS.get(kind, 'nothing')} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Ask, and print the table or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", nargs="*", default=[], help="notebooks whose questions are asked; all by default")
    parser.add_argument("--spark", default="", help="address of a cluster that holds the tables already")
    parser.add_argument("--write", action="store_true", help="write the table into docs/engines.md")
    told = parser.parse_args()
    home = open_workspace("sample", root=ROOT)
    questions = asked(home, date(2026, 6, 30), of=told.of)
    lines = {kind: Line() for kind in DIALECTS}
    if not absent():
        _ = ibis.pyspark  # which makes known the options its compiler asks for
    for kind, dialect in DIALECTS.items():
        lines[kind].compiled = sum(compiles(expr, dialect) for _, expr, _ in questions.values())
    with running(home, spark=told.spark) as stores:
        for kind, theirs in stores.items():
            for notebook, expr, answer in questions.values():
                how = answer_of(expr, answer, theirs)
                lines[kind].run += 1
                lines[kind].same += not how
                lines[kind].apart += [f"{notebook}: {how}"] if how else []
    made = table(lines, len(questions))
    print(made, *(one for line in lines.values() for one in line.apart), sep="\n")  # noqa: T201  (a script)
    if told.write:
        page = ROOT / "docs" / "engines.md"
        text = page.read_text(encoding="utf-8")
        before, after = text.split(START)[0], text.split(END)[1]
        page.write_text(f"{before}{START}\n{made}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
