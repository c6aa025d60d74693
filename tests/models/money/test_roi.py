from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from market_worlds import MARKETS, world

from fanops_utils.errors import DataError
from fanops_utils.metrics import Interval
from fanops_utils.models import CampaignEffect, campaign_effect, incremental_roi, live_total
from fanops_utils.models.campaign.placebo import Placebos
from fanops_utils.models.panel.scale import ScaleChoice
from fanops_utils.models.reasons import NoControl, NoUnits
from fanops_utils.workspace.register import Period


def effect(estimate: float, spread: float) -> CampaignEffect:
    placebo = Placebos((spread, -spread) * 200, 0.5, 400.0)
    half = placebo.half_width(0.9)
    log = Interval(estimate, estimate - half, estimate + half, 400)
    return CampaignEffect("worked", None, log, log, 0.0, 0.9, 3, 28, 0, placebo_time=placebo)


def test_the_distribution_is_that_of_the_effect_by_hand() -> None:
    found = incremental_roi(effect(np.log(1.25), 0.05), live_total=50_000, cost=1000, value_per_unit=0.2)
    # A lift of a quarter: a fifth of what was seen is extra, 10,000 units worth 2,000 for 1,000.
    assert found.interval.estimate == pytest.approx(1.0, abs=0.02)
    low = 50_000 * (1 - np.exp(-(np.log(1.25) - 1.649 * 0.05))) * 0.2 / 1000 - 1
    assert found.interval.ci_lower == pytest.approx(low, abs=0.03)
    assert found.break_even == pytest.approx(0.1, rel=0.01)
    assert found.quantiles["roi"].is_monotonic_increasing
    again = incremental_roi(effect(np.log(1.25), 0.05), live_total=50_000, cost=1000, value_per_unit=0.2)
    assert again.interval == found.interval


def test_the_chance_of_a_gain_is_a_half_where_the_campaign_just_pays() -> None:
    paid = incremental_roi(effect(np.log(1.25), 0.05), live_total=50_000, cost=2000, value_per_unit=0.2)
    assert paid.p_positive == pytest.approx(0.5, abs=0.02)
    half = incremental_roi(effect(np.log(1.25), 0.05), live_total=50_000, cost=2000, value_per_unit=0.2, margin=0.5)
    assert half.p_positive < 0.05
    nothing = incremental_roi(effect(0.0, 0.05), live_total=50_000, cost=2000, value_per_unit=0.2)
    assert nothing.interval.estimate == pytest.approx(-1, abs=0.05)


def test_an_uncertain_value_widens_the_return() -> None:
    options = {"live_total": 50_000, "cost": 1000, "value_per_unit": 0.2}
    sure = incremental_roi(effect(0.2, 0.03), **options)
    unsure = incremental_roi(effect(0.2, 0.03), **options, value_bounds=(0.1, 0.4))
    assert unsure.interval.ci_upper - unsure.interval.ci_lower > 2 * (sure.interval.ci_upper - sure.interval.ci_lower)
    with pytest.raises(DataError, match="between its bounds"):
        incremental_roi(effect(0.2, 0.03), **options, value_bounds=(0.3, 0.4))
    with pytest.raises(DataError, match="cost above zero"):
        incremental_roi(effect(0.2, 0.03), **(options | {"cost": 0}))


def test_without_a_counterfactual_nothing_is_told() -> None:
    unknown = replace(effect(0.2, 0.03), verdict="cannot tell", reason=NoControl())
    found = incremental_roi(unknown, live_total=50_000, cost=1000, value_per_unit=0.2)
    assert not found.told
    assert np.isnan(found.p_positive)
    assert found.reason == NoControl()
    rate = replace(effect(0.2, 0.03), choice=ScaleChoice("difference"))
    assert incremental_roi(rate, live_total=50_000, cost=1000, value_per_unit=0.2).reason == NoUnits()


def test_the_total_comes_from_the_effect_s_own_days() -> None:
    daily = world(np.random.default_rng(1), lift=0.4)
    live = Period.model_validate({"start": "2026-04-13", "end": "2026-05-10"})
    before = Period.model_validate({"start": "2026-02-16", "end": "2026-04-12"})
    found = campaign_effect(daily, treated=["BR"], controls=MARKETS[1:], live=live, baseline=before)
    inside = daily[(daily["market"] == "BR") & (daily["date_day"] >= "2026-04-13")]["value"].sum()
    assert live_total(found) == pytest.approx(inside)
    roi = incremental_roi(found, live_total=live_total(found), cost=1000, value_per_unit=1.0)
    assert roi.interval.estimate == pytest.approx(found.extra.estimate / 1000 - 1, rel=0.03)
