from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from export_reading import BRAND, EXPORTS

from fanops_utils.data.warehouse import FileReport, Store, import_paths
from fanops_utils.workspace import Workspace

FOLDERS = ("facebook", "x", "linkedin", "discord")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[FileReport], list[FileReport], Store]:
    """The sample exports of the networks imported twice into one workspace: both reports, and the warehouse."""
    folder = tmp_path_factory.mktemp("networks") / "brand"
    (folder / "raw").mkdir(parents=True)
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    workspace = Workspace(Path(folder))
    paths = [EXPORTS / name for name in FOLDERS]
    return import_paths(workspace, paths), import_paths(workspace, paths), Store(workspace)


def test_every_record_is_accounted_for(imported: tuple[list[FileReport], list[FileReport], Store]) -> None:
    first, again, _ = imported
    assert [one.error for one in first if one.status != "loaded"] == []
    assert sum(one.rows_loaded for one in first) == 58 + 6 + 10 + 32
    assert all(one.rows_in == one.rows_loaded for one in first)
    assert {one.status for one in again} == {"unchanged"}


def test_the_insights_of_one_community_meet_in_one_row(
    imported: tuple[list[FileReport], list[FileReport], Store],
) -> None:
    frame = imported[2].read("community_daily").set_index("interval_start")
    assert len(frame) == 10
    day = frame.loc["2026-10-12"]
    assert day[["visitors", "messages", "total_membership", "new_members", "leavers", "joins_vanity"]].tolist() == [
        206, 334, 3046, 6, 3, 3,
    ]  # fmt: skip
    assert day["pct_retained_week1"] == 0.5
    assert pd.isna(frame.loc["2026-10-20", "leavers"]), (
        "a day that the file of leavers does not hold is not a day without"
    )


def test_the_sheets_of_linkedin_meet_in_one_row(imported: tuple[list[FileReport], list[FileReport], Store]) -> None:
    frame = imported[2].read("account_daily").set_index(["platform", "date_day"])
    day = frame.loc[("linkedin", pd.Timestamp("2026-11-03"))]
    assert day[["impressions", "followers_gained", "profile_visits", "clicks"]].tolist() == [1340, 8, 22, 34]
    assert frame.loc[("x", pd.Timestamp("2026-03-25")), "followers_gained"] == 2
