from __future__ import annotations

from pathlib import Path

import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, read

from fanops_utils.data.sources.files.reading import exports_in, sheets_of
from fanops_utils.data.sources.registry import SOURCES
from fanops_utils.errors import ImportRefused

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


ADS = "Day,Campaign,Currency code,Cost,Impr.\n2026-09-01,Spring,USD,0.50,10\n"


def test_of_two_exports_in_one_file_the_second_header_is_no_record() -> None:
    result = read(ADS + ADS.replace("09-01", "09-02"), brand=EVERYWHERE)
    assert result.table("ads_daily")["date_day"].dt.day.tolist() == [1, 2]
    assert {one.row for one in result.rejects} == {2}


def test_a_second_table_with_its_columns_in_another_order_is_refused() -> None:
    with pytest.raises(ImportRefused, match="below record 1 stands another table"):
        read(ADS + "Day,Campaign,Currency code,Impr.,Cost\n2026-09-02,Spring,USD,10,1\n", brand=EVERYWHERE)
