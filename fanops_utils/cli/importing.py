"""The verbs that take exports in: import, rebuild, map."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, say, shown
from fanops_utils.cli.import_lines import told_of, watched
from fanops_utils.errors import ImportRefused, counted

if TYPE_CHECKING:
    from fanops_utils.workspace import Workspace

SHOWN_OF_IMPORT = 30
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


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
    """Import exports (files, archives, folders) into the warehouse of a workspace; raw/ keeps a copy of each."""
    from fanops_utils.data.protection.returning import leave_out_returned
    from fanops_utils.data.warehouse import import_kept

    if undo or not (paths or database):
        _undone(workspace, undo=undo and not (paths or database), wait=wait, as_json=as_json)
        return
    day = exported_on.date() if exported_on else None
    target = open_workspace(workspace)
    with watched() as watch:
        reports = import_kept(
            target,
            paths or [],
            on=datetime.now(UTC).date(),
            account=account,
            exported_on=day,
            mapping=mapping,
            database=database,
            watch=watch,
            wait=wait,
        )
        returned = leave_out_returned(target, [one.file for one in reports if one.rows_quarantined])
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
        f"{counted(counts['loaded'], 'file')} loaded ({counted(rows, 'row')}), {counts['unchanged']} unchanged, "
        f"{counts['refused']} refused"
    )
    for label in returned.mended:
        say.print(f"mended     {label}: records of people who were erased were taken out of the copy, too")
    for label in returned.left:
        say.print(f"still there  {label}: it brings back somebody who was erased; take them out by hand")
    _tell_next(target, workspace, loaded=counts["loaded"] > 0, aside=any(one.rows_quarantined for one in reports))
    raise typer.Exit(1 if counts["refused"] or returned.left else 0)


def _tell_next(target: Workspace, workspace: str, *, loaded: bool, aside: bool) -> None:
    """Say what to do after an import that *loaded* files, or set rows *aside*."""
    from fanops_utils.workspace.opening import untouched

    correct = f", or correct what is in quarantine: fanops status -w {workspace} --quarantine FILE.csv" if aside else ""
    if untouched(target.path):
        back = f"take this back (fanops import --undo -w {workspace}) and " if loaded else ""
        say.print(f"Next: edit {shown(target.path / 'brand.yml')}, which is still the example; then {back}import again")
    else:
        say.print(f"Next: fanops status -w {workspace}, then fanops run PLAN -w {workspace}{correct}")


@app.command()
def rebuild(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Make the warehouse again from all that raw/ keeps."""
    from fanops_utils.data import warehouse
    from fanops_utils.data.protection.returning import leave_out_returned

    with watched() as watch:
        target = open_workspace(workspace)
        reports = warehouse.rebuild(target, watch=watch)
        leave_out_returned(target, [one.file for one in reports if one.rows_quarantined])
    if as_json:
        emit([report.__dict__ for report in reports])
    refused = sum(one.status == "refused" for one in reports)
    say.print(f"Made again from {counted(len(reports), 'file')}, {refused} refused")
    say.print(f"Next: fanops status -w {workspace}")
    raise typer.Exit(1 if refused else 0)


@app.command("map")
def map_(
    file: Path,
    workspace: WorkspaceOption = "",
    name: Annotated[str, typer.Option(help="of the mapping; that of the file by default")] = "",
    table: Annotated[str | None, typer.Option(help="canonical table; the one the file fills best by default")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a draft mapping for a FILE that fanops does not know, from its columns, to be corrected by hand."""
    from fanops_utils.data.sources.drafting import as_yaml, draft
    from fanops_utils.data.sources.files.reading import exports_in, read_grid

    target = open_workspace(workspace)
    if not file.is_file():
        raise ImportRefused("no such file", file=file)
    if name and not NAME.fullmatch(name):
        raise ImportRefused("a mapping is named by small letters, digits, _ and -", value=name)
    called = name or re.sub(r"[^a-z0-9_-]+", "_", file.stem.casefold()).strip("_") or "draft"
    path = target.path / "mappings" / f"{called}.yml"
    if path.exists():
        raise ImportRefused("this mapping exists already: give the draft another --name", file=path)
    found = draft(read_grid(next(exports_in(file, label=file.name))), table=table)
    path.parent.mkdir(exist_ok=True)
    path.write_text(as_yaml(found, name=called, file=file.name), encoding="utf-8")
    if as_json:
        emit(
            {
                "mapping": path,
                "table": found.table,
                "columns": dict(found.columns),
                "needed": found.lacking,
                "not_read": found.unread,
            }
        )
    say.print(f"{shown(path)}: {counted(len(found.columns), 'column')} of table {found.table}")
    for column in found.lacking:
        say.print(f"needed     {column}: no column of the file looks like it")
    if found.unread:
        say.print(f"not read   {', '.join(found.unread)}")
    say.print(f"Next: correct it, then {shlex.join(['fanops', 'import', shown(file), '-w', workspace])}")


def _undone(workspace: str, *, undo: bool, wait: float, as_json: bool) -> None:
    if not undo:
        raise ImportRefused("name the files to import, or take the last import back with --undo alone")
    from fanops_utils.data.warehouse import take_back

    done = take_back(open_workspace(workspace), wait=wait)
    if as_json:
        emit({"workspace": workspace, "at": done.at, "undone": list(done.files), "rows": sum(done.brought.values())})
    rows = counted(sum(done.brought.values()), "new row")
    brought = f"{len(done.brought)} of its {counted(len(done.files), 'file')} had brought {rows}"
    say.print(f"The import of {done.at} into {workspace} is taken back: {brought}")
    say.print(f"Next: fanops status -w {workspace}")
