"""What the validation says of the campaign method: kept, broken, or not to be told from a small sample."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from saying import sane, values

from fanops_utils import models
from fanops_utils.charts import Chart
from fanops_utils.sections import methods
from fanops_utils.sections.methods.names import CAMPAIGN_METHODS
from fanops_utils.text import Percent


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return models.calibration(campaigns=12)


def test_what_chance_alone_moves_is_said_and_drawn(table: pd.DataFrame) -> None:
    sections = (
        methods.campaign_false(table, level=0.9), methods.campaign_coverage(table, level=0.9),
        methods.campaign_power(table, lift=0.2), methods.campaign_plain(table),
    )  # fmt: skip
    for section in sections:
        sane(section.finding)
    letter = sections[0].finding.text.parts[2]  # type: ignore[attr-defined]
    assert (values(letter)["low"], str(values(letter)["high"])) == (Percent(0.0), "33.3%"), "of twelve"
    (chart,) = (part for part in sections[0].parts if isinstance(part, Chart))
    drawn = chart.data.assign(label=[str(label) for label in chart.data["label"]]).set_index("label")
    plain, default = drawn.loc["before and after"], drawn.loc["difference in differences, placebos in time"]
    assert plain[["nominal", "band_lower", "band_upper"]].isna().all()
    assert not plain["valid"]
    assert not plain["within"]
    assert default["band_lower"] <= 0.1 <= default["band_upper"]


def test_a_method_that_breaks_its_word_is_said_to(table: pd.DataFrame) -> None:
    def read(section: pd.DataFrame) -> tuple[str, list[str]]:
        answers = (methods.campaign_false(section, level=0.9),)
        plays = methods.plays((), answers, owner="lead", on=date(2026, 7, 1))
        assert {play.review for play in plays} <= {date(2026, 7, 15)}
        return answers[0].finding.severity, [play.because for play in plays]

    assert read(table.assign(found=0.5, found_lower=0.4, found_upper=0.6)) == ("alert", ["campaign_false"])
    assert read(table.assign(found=0.15, found_lower=0.05, found_upper=0.4)) == ("watch", ["campaign_false"])
    assert read(table.assign(found=0.1, found_lower=0.05, found_upper=0.4)) == ("good", [])


def test_a_play_names_each_method_that_broke_its_word_once(table: pd.DataFrame) -> None:
    bad = table.assign(found=0.5, found_lower=0.4, found_upper=0.6, coverage=0.2)
    answers = (methods.campaign_false(bad, level=0.9), methods.campaign_coverage(bad, level=0.9))
    (play,) = methods.plays((), answers, owner="lead", on=date(2026, 7, 1))
    assert values(play.action) == {"method": CAMPAIGN_METHODS["did_in_time"]}
