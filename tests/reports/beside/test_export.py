"""`fanops export`: the newest report of a name as PDF, workbook and CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from openpyxl import load_workbook
from reports.beside.test_workbook import chart, notebook_of

from fanops_utils.errors import PlanError
from fanops_utils.reports.beside import export
from fanops_utils.text import say


def run(home: Path, name: str, *, slug: str = "growth-US", status: str = "succeeded", title: str = "T") -> Path:
    folder = home / "weekly" / name
    (folder / "executed").mkdir(parents=True)
    pages = {"en": f"{slug}.html", "zh-Hans": f"{slug}.zh-Hans.html"}
    for page in pages.values():
        (folder / page).write_text(f"<p>{title}</p>", encoding="utf-8")
    nbformat.write(notebook_of(chart()), folder / "executed" / f"{slug}.ipynb")
    entry: dict[str, Any] = {"slug": slug, "status": status, "report": f"{slug}.html", "pages": pages,
                             "title": say(title).to_json(), "started": "2026-11-30T06:00:00+00:00"}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps({"jobs": [entry]}), encoding="utf-8")
    return folder


def test_the_newest_good_report_is_found_by_its_name_or_page(tmp_path: Path) -> None:
    run(tmp_path, "20261101T060000Z")
    newer = run(tmp_path, "20261108T060000Z")
    run(tmp_path, "20261115T060000Z", status="failed")
    for named in ("growth-US", "growth-US.html", "growth-US.zh-Hans.html", "reports/x/growth-US.html"):
        assert export.find_report(tmp_path, named).run == newer
    with pytest.raises(PlanError, match="Did you mean 'growth-US'"):
        export.find_report(tmp_path, "growth-UK")
    with pytest.raises(PlanError, match="Run a plan first"):
        export.find_report(tmp_path / "nowhere", "growth-US")


def test_tables_leave_as_a_workbook_and_as_csv_and_nothing_is_overwritten(tmp_path: Path) -> None:
    run(tmp_path / "home", "20261101T060000Z")
    found = export.find_report(tmp_path / "home", "growth-US")
    assert export.target_name(found, "xlsx", "zh-Hans") == "growth-US.zh-Hans.xlsx"
    book = load_workbook(export.export_xlsx(found, tmp_path / "a.xlsx", "en"))
    (written,) = export.export_csv(found, tmp_path / "tables", "en")
    rows = list(csv.reader(io.StringIO(written.read_text(encoding="utf-8-sig"))))
    assert written.name == "01-Drawn.csv"
    assert [[float(cell) for cell in row[1:4]] for row in rows[1:]] == [
        [cell.value for cell in row[1:4]] for row in book.worksheets[1].iter_rows(min_row=2)
    ]
    with pytest.raises(PlanError, match="exists already"):
        export.export_xlsx(found, tmp_path / "a.xlsx", "en")
    with pytest.raises(PlanError, match="no page in this language"):
        export.export_csv(found, tmp_path / "other", "fr")


def test_without_a_browser_no_pdf_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "20261101T060000Z")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlanError, match="Chromium"):
        export.export_pdf(export.find_report(tmp_path, "growth-US"), tmp_path / "a.pdf", "en")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("sales-by-market", "sales-by-market"), ("-".join(["word"] * 20), "-".join(["word"] * 12)),
        ("-".join(["word"] * 12) + "sss-more", "-".join(["word"] * 11)), ("x" * 80, "x" * 60), ("a-" + "x" * 80, "a-" + "x" * 58),
    ],
)  # fmt: skip
def test_the_name_of_a_file_ends_with_a_word(name: str, short: str) -> None:
    assert export._short(name) == short
