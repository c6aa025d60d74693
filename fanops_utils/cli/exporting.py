"""The verb `export`: a report as PDF, as a workbook, as CSV."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say, shown


class Kind(StrEnum):
    """What a report is exported as."""

    pdf = "pdf"
    xlsx = "xlsx"
    csv = "csv"


@app.command()
def export(
    report: Annotated[str, typer.Argument(help="as the address of its page ends: growth_referral-US")],
    kind: Annotated[
        Kind, typer.Option("--as", help="pdf (by Chromium), xlsx (all tables in one file), csv (a file each)")
    ],
    workspace: WorkspaceOption = "",
    to: Annotated[
        Path | None, typer.Option("--to", help="file, or folder for csv; by default named as the page, here")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="the first of brand.yml by default")] = "",
    reports: Annotated[Path | None, typer.Option("--reports", help="where reports lie; reports/ by default")] = None,
    as_json: JsonOption = False,
) -> None:
    """Take the newest report of that name out of its run, as PDF, workbook or CSV."""
    from fanops_utils.reports.beside import export as exporting

    brand = open_workspace(workspace)
    found = exporting.find_report((reports or project_root() / "reports") / brand.name, report)
    chosen = language or brand.brand.languages[0]
    target = to or Path.cwd() / exporting.target_name(found, kind, chosen)
    if kind is Kind.csv:
        written = exporting.export_csv(found, target, chosen)
    else:
        write = exporting.export_pdf if kind is Kind.pdf else exporting.export_xlsx
        written = [write(found, target, chosen)]
    if as_json:
        emit([str(path) for path in written])
    for path in written:
        say.print(shown(path))
    say.print(f"Made by the run {found.run.name}. Next: fanops open -w {brand.name}")
