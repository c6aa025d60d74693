from __future__ import annotations

from pathlib import Path

import pytest
from export_reading import EXPORTS

from fanops_utils.data.sources.files.reading import exports_in, sheets_of
from fanops_utils.data.sources.registry import SOURCES

FOLDERS = ("facebook", "x", "linkedin", "discord", "meta/instagram_content", "meta/instagram_daily")
NOT_FOLLOWERS = {"Location", "Job function", "Seniority", "Industry", "Company size"}


@pytest.mark.parametrize(
    "path", [path for folder in FOLDERS for path in sorted((EXPORTS / folder).iterdir())], ids=lambda path: path.name
)
def test_every_sheet_is_one_report_and_no_other(path: Path) -> None:
    for export in exports_in(path, label=path.name):
        for grid in sheets_of(export):
            known = [(source.name, source.report_type) for source in SOURCES if source.recognise(grid)]
            expected = 0 if "visitors" in path.name and grid.name in NOT_FOLLOWERS else 1
            assert len(known) == expected, f"{grid.name}: {known}"
