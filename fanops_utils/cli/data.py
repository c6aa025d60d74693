"""Verbs that make a workspace, choose it and say what it holds: sample, init, use, status."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say, shown
from fanops_utils.errors import counted, shorten

if TYPE_CHECKING:
    import pandas as pd


SHOWN_IN_QUARANTINE = 20


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
    from fanops_utils.data.privacy import key_folder
    from fanops_utils.workspace import current, init_workspace

    written, key = init_workspace(folder), key_folder() / f"{folder.name}.key"
    current.make_current(name)
    if as_json:
        emit({"workspace": folder, "files": written, "key": key})
    say.print(f"New workspace in {shown(folder)}: it is the current one")
    say.print(f"Next: edit {shown(folder / 'brand.yml')}, put exports into {shown(folder / 'raw')}, then")
    say.print(f"      fanops import {shown(folder / 'raw')} -w {name}")
    said = "is there already, and is taken" if key.exists() else "is made by the first import"
    say.print(f"The key for pseudonyms {said}: {key}. Keep a copy of it outside this machine")


@app.command()
def use(name: str, as_json: JsonOption = False) -> None:
    """Make a workspace the current one: what every verb works on where -w names no other."""
    from fanops_utils.workspace import current

    current.make_current(name)
    if as_json:
        emit({"workspace": name})
    say.print(f"{name} is the current workspace")
    say.print(f"Next: fanops import PATH -w {name}, or fanops status -w {name}")


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
    tables, aside = warehouse.status(store, on=datetime.now(UTC).date()), store.read("quarantine")
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
            f"{counted(file.rows, 'record')} of {Path(file.source).name} in {shown(file.path)}: "
            "as exported, with all they hold of people"
        )
    left = len(aside[["file", "source_row"]].drop_duplicates()) - sum(file.rows for file in written)
    if quarantine and left:
        say.print(
            f"{counted(left, 'record')} not written: the file is gone, too large or holds several tables; correct it there"
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
        first, count = int(rows["source_row"].iloc[0]), rows["source_row"].nunique()
        where = f"row {first}, {column}: {cell}" if count == 1 else f"{count} rows, {column}: {cell} in row {first}"
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
            words
            for name, words in (
                ("missing_days", f"{counted(row['missing_days'] or 0, 'day')} missing"),
                ("stale_days", f"{counted(row['stale_days'] or 0, 'day')} old"),
                ("quarantined", f"{row['quarantined'] or 0:,} in quarantine"),
            )
            if row[name]
        ]
        if told:
            say.print(f"      {', '.join(told)}")
    for row in tables:
        for series, missing in row["gaps"].items():
            say.print(f"gap         {row['table']}, {series}: {counted(missing, 'day')} missing")
        for change in row["breaks"]:
            say.print(f"break       {row['table']}, {change}")
