"""Verbs that fill a workspace and say what it holds: sample, init, import, status."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, say, shown
from fanops_utils.errors import shorten
from fanops_utils.workspace import init_workspace, open_workspace, project_root

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
    as_json: JsonOption = False,
) -> None:
    """Import exports (files, archives, folders) into the warehouse of a workspace."""
    from fanops_utils.data.warehouse import FileReport, import_paths

    def line(report: FileReport) -> None:
        if report.status == "refused":
            say.print(f"refused    {report.error}")
        elif report.rows_quarantined:
            say.print(
                f"{report.status:10} {report.file}: {report.rows_quarantined} of {report.rows_in} rows in quarantine"
            )

    day = exported_on.date() if exported_on else None
    reports = import_paths(
        open_workspace(workspace), paths, account=account, exported_on=day, mapping=mapping, progress=line
    )
    if as_json:
        emit([report.__dict__ for report in reports])
    counts = {state: sum(one.status == state for one in reports) for state in ("loaded", "unchanged", "refused")}
    rows = sum(one.rows_loaded for one in reports)
    say.print(
        f"{counts['loaded']} files loaded ({rows:,} rows), {counts['unchanged']} unchanged, {counts['refused']} refused"
    )
    say.print(f"Next: fanops status -w {workspace}, then fanops run PLAN -w {workspace}")
    raise typer.Exit(1 if counts["refused"] else 0)


@app.command()
def status(workspace: WorkspaceOption = "sample", as_json: JsonOption = False) -> None:
    """Show what the warehouse of a workspace holds, and what lies in quarantine and why."""
    from fanops_utils.data import warehouse

    target = open_workspace(workspace)
    target.validate()
    store = warehouse.Store(target)
    tables, aside = warehouse.status(store), store.read("quarantine")
    if as_json:
        emit({"tables": tables, "quarantine": aside.astype(object).where(aside.notna(), None).to_dict("records")})
    grid = Grid("table", "rows", "first day", "last day", box=None)
    for row in tables:
        grid.add_row(row["table"], f"{row['rows']:,}", row["first"] or "", row["last"] or "")
    say.print(grid)
    for one in aside.head(SHOWN_IN_QUARANTINE).to_dict("records"):
        cell = shorten(one["value"])  # text of a platform: nothing in it may steer the terminal
        say.print(f"quarantine  {one['file']}, row {one['source_row']}, {one['column']}: {cell} {one['reason']}")
    if len(aside) > SHOWN_IN_QUARANTINE:
        say.print(f"quarantine  and {len(aside) - SHOWN_IN_QUARANTINE} more rows: fanops status -w {workspace} --json")
    say.print(f"Next: fanops run PLAN -w {workspace}" if tables else f"Next: fanops import PATH -w {workspace}")
