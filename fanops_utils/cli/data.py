"""Verbs that fill a workspace and say what it holds: sample, init, import, status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say, shown
from fanops_utils.errors import ImportRefused, shorten

if TYPE_CHECKING:
    import pandas as pd

    from fanops_utils.data.warehouse import FileReport, Watch

SHOWN_IN_QUARANTINE = 20
SHOWN_OF_IMPORT = 30


@app.command()
def sample(
    workspace: Annotated[str, typer.Option("--workspace", "-w", help="where to make it")] = "sample",
    seed: int = 20261122,
    as_json: JsonOption = False,
) -> None:
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
    """Write a new commented workspace data/NAME, which becomes the current one."""
    folder = Path(name) if len(Path(name).parts) > 1 else project_root() / "data" / name
    from fanops_utils.workspace import current, init_workspace

    written = init_workspace(folder)
    current.make_current(name)
    if as_json:
        emit({"workspace": folder, "files": written})
    say.print(f"New workspace in {shown(folder)}: it is the current one")
    say.print(f"Next: edit {shown(folder / 'brand.yml')}, put exports into {shown(folder / 'raw')}, then")
    say.print(f"      fanops import {shown(folder / 'raw')} -w {name}")


@app.command()
def use(name: str, as_json: JsonOption = False) -> None:
    """Make a workspace the current one: what every verb works on where -w names no other."""
    from fanops_utils.workspace import current

    current.make_current(name)
    if as_json:
        emit({"workspace": name})
    say.print(f"{name} is the current workspace")
    say.print(f"Next: fanops import PATH -w {name}, or fanops status -w {name}")


@app.command("import")
def import_(
    paths: Annotated[list[Path] | None, typer.Argument()] = None,
    workspace: WorkspaceOption = "",
    account: Annotated[str | None, typer.Option(help="handle or id of the account the files belong to")] = None,
    exported_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day the files were exported")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="mapping file to read the files by")] = None,
    database: Annotated[
        str | None, typer.Option("--from", help="mapping whose database is read (its name, or its file)")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="take the last import back; reads no files")] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="seconds to wait for another import into the same warehouse")
    ] = 600,
    as_json: JsonOption = False,
) -> None:
    """Import exports (files, archives, folders) into the warehouse of a workspace."""
    from fanops_utils.data.warehouse import import_paths

    if undo or not (paths or database):
        _undone(workspace, undo=undo and not (paths or database), wait=wait, as_json=as_json)
        return
    day = exported_on.date() if exported_on else None
    target = open_workspace(workspace)
    with _watched() as watch:
        reports = import_paths(
            target,
            paths or [],
            account=account,
            exported_on=day,
            mapping=mapping,
            database=database,
            watch=watch,
            wait=wait,
        )
    if as_json:
        emit([report.__dict__ for report in reports])
    say.print(f"Into the workspace {target.name} ({target.brand.name})")
    lines = told_of(reports)
    for line in lines[:SHOWN_OF_IMPORT]:
        say.print(line)
    if len(lines) > SHOWN_OF_IMPORT:
        say.print(f"note       and {len(lines) - SHOWN_OF_IMPORT} more: with --json, or in table import_log")
    counts = {state: sum(one.status == state for one in reports) for state in ("loaded", "unchanged", "refused")}
    rows = sum(one.rows_loaded for one in reports)
    say.print(
        f"{counts['loaded']} files loaded ({rows:,} rows), {counts['unchanged']} unchanged, {counts['refused']} refused"
    )
    aside = any(one.rows_quarantined for one in reports)
    correct = f", or correct what is in quarantine: fanops status -w {workspace} --quarantine FILE.csv" if aside else ""
    say.print(f"Next: fanops status -w {workspace}, then fanops run PLAN -w {workspace}{correct}")
    raise typer.Exit(1 if counts["refused"] else 0)


def _undone(workspace: str, *, undo: bool, wait: float, as_json: bool) -> None:
    if not undo:
        raise ImportRefused("name the files to import, or take the last import back with --undo alone")
    from fanops_utils.data.warehouse import Store, undo_import

    files = undo_import(Store(open_workspace(workspace)), wait=wait)
    if as_json:
        emit({"workspace": workspace, "undone": files})
    say.print(f"The last import into {workspace} is taken back: {len(files)} files")
    say.print(f"Next: fanops status -w {workspace}")


def told_of(reports: Iterable[FileReport]) -> list[str]:
    """Return what there is to say of an import, each thing once, with the files it is about (or their number).

    Warnings; the columns that nothing was read from, per report; the files whose age only their date on disk says.
    """
    said: dict[str, list[str]] = {}
    for one in reports:
        if one.status != "loaded":
            continue
        for warning in one.warnings:
            said.setdefault(f"note       {warning}", []).append(one.file)
        if one.unread:
            unread = ", ".join(map(shorten, one.unread[:8])) + (
                f" and {len(one.unread) - 8} more" if one.unread[8:] else ""
            )
            said.setdefault(f"not read   columns {unread} of {one.source} {one.report_type}", []).append(one.file)
        if one.age_from == "file date":
            said.setdefault("age        known only by the date of the file (--exported-on tells it)", []).append(
                one.file
            )
    return [f"{text}: {files[0] if len(files) == 1 else f'{len(files)} files'}" for text, files in said.items()]


@contextmanager
def _watched() -> Iterator[Watch]:
    """Yield who is told of an import: a line per file that needs attention and, on a terminal, a bar of the bytes read."""
    from fanops_utils.data.warehouse import Watch

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
    workspace: WorkspaceOption = "",
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
    lines = _grouped(aside)
    for line in lines[:SHOWN_IN_QUARANTINE]:
        say.print(line)
    if len(lines) > SHOWN_IN_QUARANTINE:
        say.print(f"quarantine  and {len(lines) - SHOWN_IN_QUARANTINE} more: fanops status -w {workspace} --json")
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


def _grouped(aside: pd.DataFrame) -> list[str]:
    """Return a line per file, column and reason: the row and its cell, or how many rows and the first of them."""
    lines = []
    for (file, column, reason), rows in aside.groupby(["file", "column", "reason"], sort=False, dropna=False):
        cell = shorten(rows["value"].iloc[0])  # text of a platform: nothing in it may steer the terminal
        first = int(rows["source_row"].iloc[0])
        where = (
            f"row {first}, {column}: {cell}" if len(rows) == 1 else f"{len(rows)} rows, {column}: {cell} in row {first}"
        )
        lines.append(f"quarantine  {file}, {where} {reason}")
    return lines


def _show_tables(tables: list[dict[str, Any]]) -> None:
    """Print the tables in 80 columns: names and days whole, the figures that are there on a second line."""
    width = max((len(row["table"]) for row in tables), default=5)
    say.print(f"  {'table':{width}} {'rows':>12}  {'first day':10}  {'last day':10}")
    for row in tables:
        say.print(
            f"  {row['table']:{width}} {row['rows']:>12,}  {row['first'] or '':10}  {row['last'] or '':10}".rstrip()
        )
        told = [
            f"{row[name]:,} {words}"
            for name, words in (
                ("missing_days", "days missing"),
                ("stale_days", "days old"),
                ("quarantined", "in quarantine"),
            )
            if row[name]
        ]
        if told:
            say.print(f"  {'':{width}}   {', '.join(told)}")
    for row in tables:
        for series, missing in row["gaps"].items():
            say.print(f"gap         {row['table']}, {series}: {missing} days are missing")
        for change in row["breaks"]:
            say.print(f"break       {row['table']}, {change}")
