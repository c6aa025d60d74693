"""What the validation says of readings beside the verdict: those of a running campaign, and weighted mixes."""

from __future__ import annotations

import pandas as pd
import pytest
from saying import sane, values

from fanops_utils import models
from fanops_utils.charts import Chart
from fanops_utils.models.simulation.looks import ONCE
from fanops_utils.playbook import Section
from fanops_utils.sections.methods import campaign_mixes, campaign_running


def chart(section: Section) -> Chart:
    (drawn,) = (part for part in section.parts if isinstance(part, Chart))
    return drawn


@pytest.fixture(scope="module")
def looks() -> pd.DataFrame:
    return models.running_calibration(seen=(7, 14), campaigns=40)


@pytest.fixture(scope="module")
def mixes() -> pd.DataFrame:
    return models.mixing_calibration(campaigns=150)


def test_the_worst_look_is_named_and_all_together_are_no_promise(looks: pd.DataFrame) -> None:
    section = campaign_running(looks, level=0.9)
    finding = sane(section.finding)
    assert finding.estimate == looks.loc[looks["look"] != ONCE, "found"].max()
    assert str(values(finding.text.parts[2])["looks"]) == "2"  # type: ignore[attr-defined]
    drawn = chart(section)
    assert drawn.data["nominal"].isna().tolist() == [False, False, True]
    assert "after 7 days" in drawn.svg("en")
    loud = campaign_running(looks.assign(found=0.4), level=0.9)
    assert sane(loud.finding).severity == "watch"
    assert chart(loud).data["within"].tolist() == [False, False, False]
    quiet = campaign_running(looks.assign(found=0.0), level=0.9)
    assert chart(quiet).data["within"].tolist() == [True, True, False], "a limit, no rate"


def test_mixes_that_name_too_many_effects_are_said_to(mixes: pd.DataFrame) -> None:
    assert sane(campaign_mixes(mixes.assign(found=0.1), level=0.9, lift=0.2).finding).code == "kept"
    more = sane(campaign_mixes(mixes.assign(n=60, found=0.15, coverage=0.9), level=0.9, lift=0.2).finding)
    assert (more.severity, more.code) == ("watch", "unsettled"), "more than tolerated, but by chance it may be"
    loud = sane(campaign_mixes(mixes.assign(n=200, found=0.5), level=0.9, lift=0.2).finding)
    assert (loud.severity, loud.code) == ("watch", "unsure")
    assert str(values(loud.title)["mixes"]) == "Synthetic control and Synthetic DiD"
    narrow = mixes.assign(n=200, found=0.1, coverage=0.6)
    assert sane(campaign_mixes(narrow, level=0.9, lift=0.2).finding).severity == "watch"


def test_few_campaigns_past_the_gates_are_not_judged_nor_drawn(mixes: pd.DataFrame) -> None:
    few = mixes.assign(n=mixes["n"].where(~mixes["gated"], 5))
    section = campaign_mixes(few, level=0.9, lift=0.2)
    finding = sane(section.finding)
    assert (finding.severity, finding.code) == ("watch", "unjudged")
    assert str(values(finding.title)["mixes"]) == "Synthetic control, Synthetic DiD"
    drawn = chart(section).data
    assert len(drawn) == 4
    assert {str(values(label)["which"]) for label in drawn["label"]} == {"all"}
    none = campaign_mixes(mixes.assign(n=20), level=0.9, lift=0.2)
    assert sane(none.finding).code == "unjudged"
    assert not any(isinstance(part, Chart) for part in none.parts), "twenty campaigns judge nothing, and it says so"
    wide = campaign_mixes(mixes.assign(coverage=1.0), level=0.9, lift=0.2)
    assert chart(wide).data["within"].all(), "more than promised is no fault"
