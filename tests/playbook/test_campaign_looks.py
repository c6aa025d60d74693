"""What the validation says of readings beside the verdict: those of a running campaign, and weighted mixes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pandas as pd
import pytest

from fanops_utils import charts, models
from fanops_utils.models.simulation.looks import ONCE
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import campaign_looks as say

WORDS = {"title": "T", "subtitle": "S", "axis": "a", "alt": "What is seen", "caption": "c"}


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b|nan%", f"{one.title} {one.text}"), one
    json.dumps(asdict(one), allow_nan=False)
    return one


@pytest.fixture(scope="module")
def looks() -> pd.DataFrame:
    return models.running_calibration(seen=(7, 14), campaigns=40)


@pytest.fixture(scope="module")
def mixes() -> pd.DataFrame:
    return models.mixing_calibration(campaigns=60)


def test_the_worst_look_is_named_and_all_together_are_no_promise(looks: pd.DataFrame) -> None:
    said = sane(say.running(looks, level=0.9))
    worst = looks.loc[looks["look"] != ONCE, "found"].max()
    assert said.estimate == worst
    assert "Whoever takes 2 looks" in said.text
    drawn = say.looks(looks, level=0.9)
    assert drawn["nominal"].isna().tolist() == [False, False, True]
    assert "after 7 days" in charts.against_promise(drawn, **WORDS).svg
    assert sane(say.running(looks.assign(found=0.4), level=0.9)).severity == "watch"
    assert say.looks(looks.assign(found=0.4), level=0.9)["within"].tolist() == [False, False, False]
    assert say.looks(looks.assign(found=0.0), level=0.9)["within"].tolist() == [True, True, False], "a limit, no rate"


def test_mixes_that_name_too_many_effects_are_said_to(mixes: pd.DataFrame) -> None:
    assert (
        sane(say.mixes(mixes.assign(n=200), level=0.9, lift=0.2)).title
        == "Weighted mixes keep their word on many markets"
    )
    loud = sane(say.mixes(mixes.assign(n=200, found=0.5), level=0.9, lift=0.2))
    assert loud.severity == "watch"
    assert "Synthetic control and Synthetic DiD may not keep" in loud.title
    narrow = mixes.assign(n=200, found=0.1, coverage=0.6)
    assert sane(say.mixes(narrow, level=0.9, lift=0.2)).severity == "watch"


def test_few_campaigns_past_the_gates_are_not_judged_nor_drawn(mixes: pd.DataFrame) -> None:
    few = mixes.assign(n=mixes["n"].where(~mixes["gated"], 5))
    said = sane(say.mixes(few, level=0.9, lift=0.2))
    assert said.title == "Too few campaigns pass the gates to judge: Synthetic control, Synthetic DiD"
    assert said.severity == "watch"
    drawn = say.mixed(few, level=0.9)
    assert len(drawn) == 4
    assert not drawn["label"].str.contains("gates").any()
    wide = say.mixed(mixes.assign(coverage=1.0), level=0.9)
    assert wide["within"].all(), "more than promised is no fault"
