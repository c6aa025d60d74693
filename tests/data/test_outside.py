from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from fanops_utils.data import outside
from fanops_utils.errors import DataError


@pytest.mark.parametrize(
    "read", [outside.regulations, outside.benchmarks, outside.platform_sizes, outside.commercial_moments]
)
def test_every_row_is_sourced_dated_and_fit_to_ship(read: object) -> None:
    frame = read(root=ROOT)  # type: ignore[operator]
    assert len(frame) > 50
    assert frame["standing"].isin(["primary", "second-hand"]).all()
    assert frame["url"].str.startswith("http").all()
    assert pd.to_datetime(frame["accessed"]).notna().all()
    text = frame.astype("string").fillna("").agg(" ".join, axis=1)
    assert not text.str.contains("to be checked|general knowledge", regex=True).any()


def test_a_duty_of_the_union_stands_in_each_member_state() -> None:
    laws = outside.regulations(["DE", "JP"], root=ROOT)
    assert set(laws["market"]) == {"DE", "JP"}
    assert {"breach clock", "minors", "data transfer"} <= set(laws.loc[laws["market"] == "DE", "topic"])
    assert "minors" not in set(laws.loc[laws["market"] == "JP", "topic"]), "none was found for Japan, none is invented"


def test_moments_have_a_day_in_each_year() -> None:
    moments = outside.commercial_moments(["BR"], root=ROOT)
    valentine = moments.loc[moments["moment"] == "Lovers' Day", "day"].dt.strftime("%Y-%m-%d")
    assert list(valentine) == ["2026-06-12", "2027-06-12"]
    assert moments["day"].is_monotonic_increasing


@pytest.mark.parametrize(("cell", "words"), [("to be checked", "unknown standing"), ("", "the cell is empty")])
def test_a_row_that_is_not_fit_to_ship_is_refused(tmp_path: Path, cell: str, words: str) -> None:
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    head = "id,platform,region,figure,unit,measure,as_of,source,url,accessed,standing\n"
    (folder / "platforms.csv").write_text(head + f"P1,x,JP,1,million,users,2025,s,http://s,2026-11-30,{cell}\n")
    with pytest.raises(DataError, match=words) as refused:
        outside.platform_sizes(root=tmp_path)
    assert "row 1" in str(refused.value)


def test_public_holidays_are_the_country_s_own_and_named_in_english_too() -> None:
    days = outside.public_holidays(["DE", "BR", "XX"], start=date(2026, 12, 1), end=date(2027, 1, 31))
    german = days[days["market"] == "DE"].set_index("name")
    assert list(german.index) == ["Christmas Day", "Second Day of Christmas", "New Year's Day"]
    assert german.loc["Christmas Day", "local_name"] == "Erster Weihnachtstag"
    assert set(days["market"]) == {"DE", "BR"} and days["day"].is_monotonic_increasing
    assert outside.public_holidays(["DE"], start=None, end=None).empty


def test_a_market_is_part_of_larger_regions() -> None:
    assert outside.regions_of("FR") == ("FR", "EU", "world")
    assert outside.regions_of("JP") == ("JP", "world")
