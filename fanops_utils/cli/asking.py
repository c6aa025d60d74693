"""The verb that asks the warehouse in SQL."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say, shown
from fanops_utils.errors import ParameterError, counted, shorten
from fanops_utils.text.sheets import neutral

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS, CELL_WIDTH = 50, 40
ENDINGS = (".csv", ".parquet")
KEPT = {"raw", "warehouse", "reference"}  # folders below data/


@app.command()
def query(
    select: Annotated[str, typer.Argument(metavar="SELECT")],
    workspace: WorkspaceOption = "",
    out: Annotated[Path | None, typer.Option(help="write all rows to this .csv or .parquet file")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the warehouse one SELECT, read-only; its tables and columns stand in data/README.md."""
    if out is not None and out.suffix not in ENDINGS:
        raise ParameterError("rows are written as .csv or .parquet", value=out.name, choices=ENDINGS)
    from fanops_utils.data.warehouse import Store
    from fanops_utils.data.warehouse.asking.querying import fetch, query_table

    home = open_workspace(workspace)
    if out is not None:
        _refuse_place(out, project_root() / "data", home.path)
    rows = fetch(query_table(Store(home), select))
    if out is not None:
        _write(rows, out)
        say.print(f"{counted(len(rows), 'row')} in {shown(out)}")
    if as_json:
        emit(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    elif out is None:
        _show(rows)


def _refuse_place(path: Path, *homes: Path) -> None:
    """Raise ParameterError where *path* is a file that reports are made from, or would be one of them: below *homes*."""
    at = path.resolve()
    for home in homes:
        if not at.is_relative_to(home.resolve()):
            continue
        if at.exists() or KEPT & set(at.relative_to(home.resolve()).parts):
            hint = "Name a new file, or one outside data/"
            raise ParameterError("reports are made from what lies here: it is not written over", file=path, hint=hint)


def _write(rows: pd.DataFrame, path: Path) -> None:
    """Write *rows* to *path*, readable by its owner alone: they may be rows of people; no text of a CSV is a formula.

    The folder is made where it is not there. In one step: where the file cannot be written, ParameterError is raised and one of
    that name is as it was.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.touch(mode=0o600)
        unfinished.chmod(0o600)
        if path.suffix == ".csv":
            rows.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell).to_csv(unfinished, index=False)
        else:
            rows.to_parquet(unfinished, index=False)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise ParameterError(f"the rows cannot be written ({error.strerror or error})", file=path) from None


def _show(rows: pd.DataFrame) -> None:
    """Print the first *rows* as columns, and how many there are; nothing in a cell steers the terminal."""
    cells = [list(rows.columns), *rows.head(SHOWN_ROWS).astype(object).where(rows.notna(), None).to_numpy().tolist()]
    texts = [["" if cell is None else shorten(cell, CELL_WIDTH)[1:-1] for cell in line] for line in cells]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for line in texts:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    more = f", of which the first {SHOWN_ROWS} are shown; --out FILE.csv writes all" if len(rows) > SHOWN_ROWS else ""
    say.print(f"{counted(len(rows), 'row')}{more}")
