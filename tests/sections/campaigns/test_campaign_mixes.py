"""What is said of weighted mixes: beside the default, with the gates that fail, and never as the verdict."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from market_worlds import world

from fanops_utils import models
from fanops_utils.metrics.intervals import NOTHING, Interval
from fanops_utils.models import CampaignEffect, Mixes, SyntheticEffect
from fanops_utils.models.synthetic.control import Gate
from fanops_utils.playbook import Finding
from fanops_utils.sections.campaigns.retrospective.mixes import DEFAULT, answer, estimates, weights
from fanops_utils.sections.campaigns.retrospective.mixes import mixes as section

DAILY = world(np.random.default_rng(5), lift=0.3)


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b|—", f"{one.title!s} {one.text!s}"), one
    json.dumps(one.to_json(), allow_nan=False)
    return one


def read(daily: pd.DataFrame, **options: Any) -> tuple[Mixes, CampaignEffect | None]:
    campaign = brief(**options)
    return models.mixed_effects(daily, campaign), models.effect_or_reason(daily, campaign)


def trusted(mixes: Mixes, **changed: Any) -> Mixes:
    return replace(mixes, found=tuple(replace(one, failed=(), **changed) for one in mixes.found))


def test_few_markets_are_shown_with_the_gates_they_fail() -> None:
    mixes, found = read(DAILY)
    said = sane(answer(mixes, found, level=0.9))
    assert said.code == "not_trusted"
    assert str(said.title).startswith("Other mixes of the markets say +")
    text = str(said.text)
    assert "6 markets (20 are asked)" in text
    assert "p = 0.17" in text
    assert "unit" not in text
    assert "donor" not in text
    assert (said.severity, said.estimate, said.ci_lower) == ("info", None, None)
    assert len(section(mixes, found, brief(), level=0.9).parts) == 3, "with its chart and the weights"


def test_a_gate_that_both_fail_is_said_once() -> None:
    mixes, found = read(DAILY)
    text = str(answer(mixes, found, level=0.9).text)
    assert text.count("20 are asked") == 1
    apart = replace(mixes, found=(replace(mixes.found[0], failed=(Gate("few_periods", 9, 25),)), mixes.found[1]))
    text = str(answer(apart, found, level=0.9).text)
    assert "Against Synthetic control: 9 days before the start (25 are asked)." in text
    assert "Against Synthetic DiD: 6 markets" in text
    assert "Against both" not in text


def test_a_mix_past_its_gates_agrees_or_does_not() -> None:
    mixes, found = read(DAILY)
    agreed = sane(answer(trusted(mixes), found, level=0.9))
    assert agreed.code == "same"
    assert agreed.severity == "info"
    assert agreed.ci_lower is not None
    assert agreed.ci_lower > 0
    against = trusted(mixes, interval=Interval(-0.1, -0.2, -0.05, 5))
    other = sane(answer(against, found, level=0.9))
    assert (other.code, other.severity) == ("other", "watch")
    assert "−9.5%" in str(other.title)
    assert sane(answer(trusted(mixes), None, level=0.9)).code == "alone"


@pytest.mark.parametrize(
    ("daily", "options", "title", "status"),
    [
        (DAILY.iloc[:0], {}, "No data: no daily totals of this metric", "no_data"),
        (DAILY, {"controls": ["US"]}, "No weighted mix can be made: there is one control market", "ok"),
        (DAILY, {"controls": []}, "No weighted mix can be made: there is no control market", "ok"),
        (DAILY[DAILY["date_day"] < "2026-04-15"], {}, "No weighted mix can be made", "ok"),
        (DAILY[DAILY["market"] != "BR"], {}, "No weighted mix can be made", "ok"),
        (DAILY[DAILY["date_day"] < "2026-04-25"], {}, "So far, other mixes of the markets say", "ok"),
    ],
)
def test_every_case_gets_a_sentence(daily: pd.DataFrame, options: dict[str, Any], title: str, status: str) -> None:
    mixes, found = read(daily, **options)
    said = sane(answer(mixes, found, level=0.9))
    assert str(said.title).startswith(title)
    assert said.status == status
    assert estimates(mixes, found).empty == weights(mixes).empty == (not mixes.found)


def test_estimates_and_weights_are_listed_as_fractions() -> None:
    mixes, found = read(DAILY)
    assert found is not None
    rows = estimates(mixes, found)
    assert rows["label"].iloc[0] == DEFAULT
    assert [str(label) for label in rows["label"][1:]] == [
        "Synthetic control, gates failed",
        "Synthetic DiD, gates failed",
        "Synthetic control, levels as they are",
    ]
    assert rows["estimate"].iloc[0] == found.effect.estimate
    first: SyntheticEffect = mixes.found[0]
    assert rows["ci_upper"].iloc[1] == pytest.approx(np.expm1(first.interval.ci_upper))
    table = weights(mixes)
    assert sorted(table["market"]) == ["DE", "FR", "JP", "MX", "US"]
    assert table[["control", "did"]].sum().tolist() == pytest.approx([1, 1])
    assert table["control"].is_monotonic_decreasing
    assert mixes.plain is not None
    assert rows["estimate"].iloc[-1] == pytest.approx(np.expm1(mixes.plain.estimate))
    assert len(estimates(mixes, replace(found, log_effect=NOTHING))) == 3
