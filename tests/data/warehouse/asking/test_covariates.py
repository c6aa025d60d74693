"""Series of one's own beside a campaign: read by day, refused with the row that cannot be read."""

from __future__ import annotations

import pandas as pd
import pytest
from campaign_briefs import brief

from fanops_utils.data.warehouse.asking.covariates import campaign_covariates
from fanops_utils.errors import DataError
from fanops_utils.workspace import Workspace


def read(workspace: Workspace, text: str, name: str = "heat.csv") -> pd.DataFrame | None:
    (workspace.path / "heat.csv").write_text(text, encoding="utf-8")
    return campaign_covariates(workspace, brief(covariates=name))


def test_series_are_read_by_day(brand_workspace: Workspace) -> None:
    found = read(brand_workspace, "date_day,heat\n2026-05-02,21.5\n2026-05-01,20\n")
    assert found is not None
    assert found["heat"].to_dict() == {pd.Timestamp("2026-05-01"): 20.0, pd.Timestamp("2026-05-02"): 21.5}
    assert campaign_covariates(brand_workspace, brief()) is None


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("day,heat\n2026-05-01,1\n", None),
        ("date_day,heat\n2026-05-01,1\n2026-05-01,2\n", 3),
        ("date_day,heat\n01/05/2026,1\n", 2),
        ("date_day,heat\n2026-05-01,\n", 2),
        ("date_day,heat\n2026-05-01,warm\n", 2),
        ("date_day,heat\n2026-05-01,inf\n", 2),
        ("", None),
        ("date_day,heat\n2026-05-01,1\n2026-05-02,1,2,3\n", None),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_row(brand_workspace: Workspace, text: str, row: int | None) -> None:
    with pytest.raises(DataError) as refused:
        read(brand_workspace, text)
    assert refused.value.row == row


@pytest.mark.parametrize("name", ["../heat.csv", "rain.csv"])
def test_a_file_outside_the_workspace_or_not_there_is_refused(brand_workspace: Workspace, name: str) -> None:
    with pytest.raises(DataError):
        read(brand_workspace, "date_day,heat\n2026-05-01,1\n", name)


def test_a_file_in_another_encoding_is_refused_by_its_name(brand_workspace: Workspace) -> None:
    (brand_workspace.path / "heat.csv").write_bytes("date_day,温度\n2026-05-01,1\n".encode("gb18030"))
    with pytest.raises(DataError, match=r"heat\.csv"):
        campaign_covariates(brand_workspace, brief(covariates="heat.csv"))
