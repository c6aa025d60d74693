"""Verbs that fill a workspace and say what it holds: sample, init, import, status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say, shown
from fanops_utils.errors import shorten

if TYPE_CHECKING:
    from fanops_utils.data.warehouse import Watch

SHOWN_IN_QUARANTINE = 20


@app.command()
def sample(workspace: WorkspaceOption = "sample", seed: int = 20261122, as_json: JsonOption = False) -> None:
    """Make the simulated brand's exports in data/sample/raw, in the platforms' own formats."""
    from fanops_utils.data.sample import write_sample

    target = open_workspace(workspace)
    summary = write_sample(target, seed=seed)
    if as_json:
        emit({"workspace": target.name, "raw": target.raw, "files": len(summary.files), "rows": summary.rows})
    say.print(f"{len(summary.files)} export files in {target.raw}")
    say.print(f"Next: fanops import {shown(target.raw)} -w {workspace}")


@app.command()
def init(name: str, as_json: JsonOption = False) -> None:
    """Write a new commented workspace data/NAME."""
    folder = Path(name) if len(Path(name).parts) > 1 else project_root() / "data" / name
    from fanops_utils.workspace import init_workspace

    written = init_workspace(folder)
    if as_json:
        emit({"workspace": folder, "files": written})
    say.print(f"New workspace in {shown(folder)}")
    say.print(f"Next: edit {shown(folder / 'brand.yml')}, put exports into {shown(folder / 'raw')}, then fanops import")


@app.command("import")
def import_(
    paths: list[Path],
    workspace: WorkspaceOption = "sample",
    account: Annotated[str | None, typer.Option(help="handle or id of the account the files belong to")] = None,
    exported_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day the files were exported")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="mapping file to read the files by")] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="seconds to wait for another import into the same warehouse")
    ] = 600,
    as_json: JsonOption = False,
) -> None:
    """Import exports (files, archives, folders) into the warehouse of a workspace."""
    from fanops_utils.data.warehouse import import_paths

    day = exported_on.date() if exported_on else None
    with _watched() as watch:
        reports = import_paths(
            open_workspace(workspace), paths, account=account, exported_on=day, mapping=mapping, watch=watch, wait=wait
        )
    if as_json:
        emit([report.__dict__ for report in reports])
    counts = {state: sum(one.status == state for one in reports) for state in ("loaded", "unchanged", "refused")}
    rows = sum(one.rows_loaded for one in reports)
    say.print(
        f"{counts['loaded']} files loaded ({rows:,} rows), {counts['unchanged']} unchanged, {counts['refused']} refused"
    )
    aside = any(one.rows_quarantined for one in reports)
    correct = f", or correct what is in quarantine: fanops status -w {workspace} --quarantine FILE.csv" if aside else ""
    say.print(f"Next: fanops status -w {workspace}, then fanops run PLAN -w {workspace}{correct}")
    raise typer.Exit(1 if counts["refused"] else 0)


@contextmanager
def _watched() -> Iterator[Watch]:
    """Yield who is told of an import: a line per file that needs attention and, on a terminal, a bar of the bytes read."""
    from fanops_utils.data.warehouse import FileReport, Watch

    def line(report: FileReport) -> None:
        if report.status == "refused":
            say.print(f"refused    {report.error}")
        elif report.rows_quarantined:
            aside = f"{report.rows_quarantined} of {report.rows_in} rows in quarantine"
            say.print(f"{report.status:10} {report.file}: {aside}")

    def waiting() -> None:
        say.print("Another import is writing this warehouse: waiting for it to end")

    if not say.is_terminal:
        yield Watch(report=line, waiting=waiting)
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    fields = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*fields, console=say, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def read(done: int, total: int) -> None:
            words = "reading" if done < total else "writing"
            bar.update(task, completed=done, total=total, description=words)

        yield Watch(report=line, read=read, waiting=waiting)


@app.command()
def status(
    workspace: WorkspaceOption = "sample",
    quarantine: Annotated[
        Path | None,
        typer.Option(help="write the records in quarantine to this CSV, to be corrected and imported again"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the warehouse of a workspace holds, and what lies in quarantine and why."""
    from fanops_utils.data import warehouse

    target = open_workspace(workspace)
    target.validate()
    store = warehouse.Store(target)
    tables, aside = warehouse.status(store), store.read("quarantine")
    written = warehouse.write_quarantine(store, quarantine) if quarantine else []
    if as_json:
        emit({"tables": tables, "quarantine": aside.astype(object).where(aside.notna(), None).to_dict("records")})
    _show_tables(tables)
    for one in aside.head(SHOWN_IN_QUARANTINE).to_dict("records"):
        cell = shorten(one["value"])  # text of a platform: nothing in it may steer the terminal
        say.print(f"quarantine  {one['file']}, row {one['source_row']}, {one['column']}: {cell} {one['reason']}")
    if len(aside) > SHOWN_IN_QUARANTINE:
        say.print(f"quarantine  and {len(aside) - SHOWN_IN_QUARANTINE} more rows: fanops status -w {workspace} --json")
    for file in written:
        say.print(
            f"{file.rows} records of {file.source} in {shown(file.path)}: as exported, with all they hold of people"
        )
    left = len(aside[["file", "source_row"]].drop_duplicates()) - sum(file.rows for file in written)
    if quarantine and left:
        say.print(
            f"{left} records are not written: their files are gone, too large or hold several tables; correct those files"
        )
    if written:
        say.print(f"Next: correct them there, then fanops import {shown(written[0].path)} -w {workspace}")
    else:
        say.print(f"Next: fanops run PLAN -w {workspace}" if tables else f"Next: fanops import PATH -w {workspace}")


def _show_tables(tables: list[dict[str, Any]]) -> None:
    from rich.table import Table as Grid

    grid = Grid("table", "rows", "first day", "last day", "days missing", "days old", "in quarantine", box=None)
    for row in tables:
        counts = [row["missing_days"], row["stale_days"], row["quarantined"] or None]
        figures = ["" if count is None else f"{count:,}" for count in counts]
        grid.add_row(row["table"], f"{row['rows']:,}", row["first"] or "", row["last"] or "", *figures)
    say.print(grid)
    for row in tables:
        for series, missing in row["gaps"].items():
            say.print(f"gap         {row['table']}, {series}: {missing} days are missing")
        for change in row["breaks"]:
            say.print(f"break       {row['table']}, {change}")
