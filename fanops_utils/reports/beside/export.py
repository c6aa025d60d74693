"""A report taken out of its run: as PDF, as one workbook, as a CSV for each table."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from nbformat import NotebookNode, read

from fanops_utils.errors import PlanError
from fanops_utils.reports.beside.listing import csv_bytes
from fanops_utils.reports.beside.sheets import sheets_of
from fanops_utils.reports.beside.values import spoken
from fanops_utils.reports.beside.workbook import workbook_bytes
from fanops_utils.reports.page.text import slug as anchor
from fanops_utils.reports.reuse.archive import GOOD, entries_of, runs_of
from fanops_utils.reports.reuse.files import write_bytes
from fanops_utils.text import said

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PATIENCE = 120  # seconds a browser has to print
LONGEST = 60  # characters of the name of a table's file


class Found(NamedTuple):
    """A report on disk: the folder of its run, and what the manifest says of it."""

    run: Path
    entry: Mapping[str, Any]

    def page(self, language: str) -> Path:
        """Return its page in *language*; raise PlanError where it has none."""
        pages = self.entry.get("pages") or {}
        if language not in pages:
            raise PlanError("the report has no page in this language", value=language, choices=pages)
        return self.run / str(pages[language])

    @property
    def notebook(self) -> NotebookNode:
        """The executed notebook; raise PlanError where it is gone."""
        path = self.run / "executed" / f"{self.entry['slug']}.ipynb"
        try:
            return read(path, as_version=4)
        except (OSError, ValueError):
            raise PlanError("the executed notebook is not there: run the plan again", file=path) from None


def find_report(home: Path, named: str) -> Found:
    """Return the newest good report in the reports folder *home* of a workspace that is called *named*.

    A report is called as the address of its page ends: growth_referral-US, with or without .html and its language. Raises
    PlanError for a name that no report has, with the nearest.
    """
    wanted, found = Path(named).name, dict[str, tuple[str, Found]]()
    for plan in sorted(one for one in home.glob("*") if one.is_dir()) if home.is_dir() else ():
        for run in runs_of(plan):
            for entry in entries_of(run):
                slug = str(entry.get("slug"))
                newest = found.get(slug, ("",))[0]
                if entry.get("status") in GOOD and entry.get("report") and run.name > newest:
                    found[slug] = run.name, Found(run, entry)
    for _, one in found.values():
        if wanted in (one.entry["slug"], *(one.entry.get("pages") or {}).values()):
            return one
    hint = "" if found else "Run a plan first: fanops run"
    raise PlanError("no such report", value=named, choices=sorted(found), hint=hint)


def export_pdf(found: Found, target: Path, language: str) -> Path:
    """Print the page of a report in *language* to *target* (.pdf); raise PlanError where no Chromium is present or it fails."""
    page, browser = found.page(language), next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        hint = f"Install Chromium, or open {page} and print it"
        raise PlanError(f"a PDF is printed by Chromium, and none of {', '.join(BROWSERS)} is found", hint=hint)
    with tempfile.TemporaryDirectory(prefix="fanops_") as folder:
        printed = Path(folder) / "page.pdf"
        command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/profile",
                   f"--print-to-pdf={printed}", page.resolve().as_uri()]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # a container's only user: the browser would refuse to start
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise PlanError(f"the browser did not print the page in {PATIENCE} seconds", value=browser) from None
        if not printed.is_file():
            raise PlanError("the browser did not print the page", value=browser)
        return _put(target, printed.read_bytes())


def export_xlsx(found: Found, target: Path, language: str) -> Path:
    """Write all tables and the data of the charts of a report in *language* to *target* (.xlsx)."""
    found.page(language)
    made = (
        datetime.fromisoformat(found.entry["started"])
        if found.entry.get("started")
        else datetime(1970, 1, 1, tzinfo=UTC)
    )
    return _put(target, workbook_bytes(_sheets(found), _title(found), language, made=made))


def export_csv(found: Found, target: Path, language: str) -> list[Path]:
    """Write each table and the data of each chart of a report in *language* into the folder *target*, as CSV."""
    found.page(language)
    written = []
    for number, sheet in enumerate(_sheets(found), start=1):
        name = _short(anchor(spoken(sheet.title, language)))
        written.append(_put(target / f"{number:02d}-{name}.csv", csv_bytes(sheet.columns, sheet.rows, language)))
    return written


def _short(name: str) -> str:
    """Return *name* in the length that names of files are kept to, cut between two words where it has several."""
    if len(name) <= LONGEST:
        return name.strip("-.")
    cut = name[: LONGEST + 1]
    return (cut[: cut.rfind("-")] if cut.rfind("-") > LONGEST // 2 else cut[:LONGEST]).strip("-.")


def _sheets(found: Found) -> list[Any]:
    sheets = sheets_of(found.notebook)
    if not sheets:
        raise PlanError("the report holds neither table nor chart", value=found.entry["slug"])
    return sheets


def _title(found: Found) -> Any:
    return said(found.entry.get("title")) or said(str(found.entry["slug"]))


def _put(path: Path, data: bytes) -> Path:
    if path.exists():
        raise PlanError("this exists already: name another with --to", file=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, data)
    return path


def target_name(found: Found, kind: str, language: str) -> str:
    """Return what an export is called where nobody names it: as the page, a folder for CSV."""
    stem = re.sub(r"\.html$", "", found.page(language).name)
    return stem if kind == "csv" else f"{stem}.{kind}"
