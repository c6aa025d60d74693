"""The simulated campaigns, read as their registers describe them: one worked, one did nothing, one is still running."""

from __future__ import annotations

import pandas as pd
import pytest

from fanops_utils import metrics, models
from fanops_utils.data import reference, warehouse
from fanops_utils.models import CampaignEffect
from fanops_utils.workspace import Workspace


@pytest.fixture(scope="module")
def store(demo: Workspace) -> warehouse.Store:
    return warehouse.Store(demo)


def daily_of(store: warehouse.Store, name: str) -> pd.DataFrame:
    brief = store.workspace.campaign(name)
    earlier = [one.live for one in store.workspace.earlier_campaigns(brief)]
    return warehouse.daily_by_market(store, platform=brief.platform, metric=brief.metric, without=earlier)


def effect_of(store: warehouse.Store, name: str) -> CampaignEffect:
    brief = store.workspace.campaign(name)
    return models.retrospective_effect(daily_of(store, name), brief, breaks=reference.metric_breaks())


def test_three_campaigns_get_the_three_answers_they_deserve(store: warehouse.Store) -> None:
    found = {name: effect_of(store, name) for name in store.workspace.campaigns}
    verdicts = {name: one.verdict for name, one in found.items()}
    assert verdicts == {
        "spring_blend_br": "worked", "autumn_push_de": "no clear effect", "winter_warmup_fr": "cannot tell",
    }  # fmt: skip
    running = found["winter_warmup_fr"]
    assert running.running
    assert "13 of 28 days" in running.rule
    # Nothing is planted, and one interval in ten misses it: read on such a day, the campaign would pass for an effect.
    assert running.effect.ci_lower < running.effect.estimate < running.effect.ci_upper


def test_the_launch_is_seen_in_its_live_phase_and_not_before(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    table = models.phase_effects(daily_of(store, brief.id), brief).set_index("phase")
    assert table["reading"].to_dict() == {
        "pre-heat": "no clear effect", "live": "above", "follow-up": "no clear effect", "afterwards": "no clear effect",
    }  # fmt: skip
    assert table.loc["live", "ci_lower"] < 0.22 < table.loc["live", "ci_upper"]


def test_the_plan_would_have_promised_what_was_found(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    daily = daily_of(store, brief.id)
    past = daily[daily["date_day"] < pd.Timestamp(brief.live.start)]
    plan = models.detectable_effects(
        past, treated=brief.treated, controls=brief.controls, live_days=[28], baseline_days=[56]
    )
    assert plan["detectable"].iloc[0] <= 0.22, "28 days are enough for what is planted"
    proposed = models.propose_controls(past, treated=brief.treated, candidates=brief.controls)
    assert proposed["proposed"].sum() >= 3


def test_codes_claim_orders_that_the_campaign_did_not_cause(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    orders = store.table("orders").to_pandas()
    brazil = orders[orders["country"] == "BR"]
    row = metrics.code_orders(brazil, brief.codes, period=brief.whole).iloc[0]
    assert row["under_code"] > 3
    claims = metrics.side_by_side(row["orders"], denominator="orders of Brazil", code=row["under_code"])
    assert 0 < claims["share"].iloc[0] < 0.5
    partners = store.table("partners").to_pandas()
    assert partners.groupby("campaign")["deliverable_id"].nunique().to_dict() == {
        "autumn_push_de": 8,
        "spring_blend_br": 12,
    }
    assert metrics.one_currency(partners) == "USD"


def test_members_who_came_during_the_campaign_are_followed_as_long_as_the_others(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    fans = warehouse.fan_members(store, market="BR")
    acts = warehouse.fan_activity(store, market="BR")
    table = metrics.stayed(fans, acts, live=brief.live, as_of=acts["date_day"].max().date()).set_index(
        ["window", "day"]
    )
    assert (table["n_immature"] == 0).all()
    assert table.loc[("campaign", 7), "ci_lower"] < table.loc[("before", 7), "ci_upper"], (
        "no effect on staying is planted"
    )
    audience = metrics.campaign_audience(fans, acts, live=brief.live)
    assert (audience["active_new"] <= audience["active"]).all()
