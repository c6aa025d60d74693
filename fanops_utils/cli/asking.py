"""The verb that asks the warehouse in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, say, shown
from fanops_utils.errors import ParameterError, shorten
from fanops_utils.text.sheets import neutral

if TYPE_CHECKING:
    import pandas as pd

SHOWN_ROWS, CELL_WIDTH = 50, 40
ENDINGS = (".csv", ".parquet")


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

    rows = fetch(query_table(Store(open_workspace(workspace)), select))
    if out is not None:
        _write(rows, out)
        say.print(f"{len(rows):,} rows in {shown(out)}")
    if as_json:
        emit(rows.astype(object).where(rows.notna(), None).to_dict("records"))
    elif out is None:
        _show(rows)


def _write(rows: pd.DataFrame, path: Path) -> None:
    """Write *rows* to *path*, readable by its owner alone: they may be rows of people; no text of a CSV is a formula.

    The folder is made where it is not there; raises ParameterError where the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        if path.suffix == ".csv":
            rows.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell).to_csv(path, index=False)
        else:
            rows.to_parquet(path, index=False)
    except OSError as error:
        raise ParameterError(f"the rows cannot be written ({error.strerror or error})", file=path) from None


def _show(rows: pd.DataFrame) -> None:
    """Print the first *rows* as columns, and how many there are; nothing in a cell steers the terminal."""
    cells = [list(rows.columns), *rows.head(SHOWN_ROWS).astype(object).where(rows.notna(), None).to_numpy().tolist()]
    texts = [["" if cell is None else shorten(cell, CELL_WIDTH)[1:-1] for cell in line] for line in cells]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for line in texts:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    more = f", of which the first {SHOWN_ROWS} are shown; --out FILE.csv writes all" if len(rows) > SHOWN_ROWS else ""
    say.print(f"{len(rows):,} rows{more}")
