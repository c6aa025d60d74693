"""The simulated campaigns, read as their registers describe them: two worked, one hurt, one did nothing, one still runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils import metrics, models
from fanops_utils.data import reference, warehouse
from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.warehouse.asking import campaigns as tables
from fanops_utils.models import CampaignEffect
from fanops_utils.models.reasons import Running
from fanops_utils.models.synthetic.control import Gate
from fanops_utils.sections import campaigns
from fanops_utils.workspace import Workspace

TRUTHS = Truths()
CAMPAIGN_LIFTS, PROMOTION, WEB = TRUTHS.daily.campaign_lifts, TRUTHS.promotion, TRUTHS.web
SURVEY, VOICES = TRUTHS.survey, TRUTHS.voices


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


@pytest.fixture(scope="module")
def found(store: warehouse.Store) -> dict[str, CampaignEffect]:
    return {name: effect_of(store, name) for name in store.workspace.campaigns}


def test_every_campaign_gets_the_answer_it_deserves(found: dict[str, CampaignEffect]) -> None:
    verdicts = {name: one.verdict for name, one in found.items()}
    assert verdicts == {
        "summer_giveaway_mx": "hurt", "matcha_launch_jp": "worked", "spring_blend_br": "worked",
        "autumn_push_de": "no clear effect", "winter_warmup_fr": "cannot tell",
    }  # fmt: skip
    for name, one in found.items():
        planted = CAMPAIGN_LIFTS[name]["engagements"] - 1
        if not one.running:
            assert one.effect.ci_lower < planted < one.effect.ci_upper, name
    running = found["winter_warmup_fr"]
    assert running.running
    assert running.reason == Running(13, 28)
    # Nothing is planted, and one interval in ten misses it: read on such a day, the campaign would pass for an effect.
    assert running.effect.ci_lower < running.effect.estimate < running.effect.ci_upper


def test_no_campaign_runs_in_the_days_another_is_read_by(store: warehouse.Store) -> None:
    campaigns = store.workspace.campaigns.values()
    for one in campaigns:
        involved = {*one.treated, *one.controls}
        for other in campaigns:
            if other is not one and involved & set(other.treated):
                apart = other.live.end < one.baseline.start or other.live.start > one.live.end
                assert apart, f"{other.id} runs while {one.id} is read"


def test_the_league_ranks_the_finished_campaigns_as_they_were_planted(
    store: warehouse.Store, found: dict[str, CampaignEffect]
) -> None:
    table = models.campaign_standings(found, store.workspace.campaigns, level=0.9)
    planted = table["campaign"].map(lambda name: CAMPAIGN_LIFTS[name]["engagements"] - 1)
    ranked = table["rank"].notna()
    assert table.loc[ranked, "campaign"].tolist() == [
        "spring_blend_br", "matcha_launch_jp", "autumn_push_de", "summer_giveaway_mx",
    ]  # fmt: skip
    assert (table.loc[ranked, "ci_lower"] < planted[ranked]).all()
    assert (planted[ranked] < table.loc[ranked, "ci_upper"]).all()
    assert table.loc[~ranked, "campaign"].tolist() == ["winter_warmup_fr"]
    assert table.loc[ranked, "pulled"].between(0, 0.4).all(), "far apart, they are drawn together a little"
    said = campaigns.league.ranking(table, level=0.9).finding
    assert (said.severity, said.n) == ("good", 4)
    taken, known = store.workspace.decisions, store.workspace.campaigns
    assert campaigns.league.learnt(taken, known, on=None).finding.estimate == 3


def test_weighted_mixes_of_six_markets_are_shown_and_not_leant_on(
    store: warehouse.Store, found: dict[str, CampaignEffect]
) -> None:
    for name, brief in store.workspace.campaigns.items():
        mixes = models.mixed_effects(daily_of(store, name), brief, breaks=reference.metric_breaks())
        assert len(mixes.found) == 2
        said = campaigns.retrospective.mixes(mixes, found[name], brief, level=0.9).finding
        assert said.code == "not_trusted"
        assert Gate("few_units", len(brief.controls) + 1, 20) in mixes.found[0].failed
        assert (said.severity, said.estimate) == ("info", None)
        assert mixes.running == found[name].running


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
    claims = metrics.side_by_side(row["orders"], code=row["under_code"])
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
    acts = warehouse.fan_days(store, market="BR")
    table = metrics.stayed(fans, acts, live=brief.live, as_of=tables.last_day(acts)).set_index(["window", "day"])
    assert (table["n_immature"] == 0).all()
    assert table.loc[("campaign", 7), "ci_lower"] < table.loc[("before", 7), "ci_upper"], (
        "no effect on staying is planted"
    )
    audience = metrics.campaign_audience(fans, acts, live=brief.live)
    assert (audience["active_new"] <= audience["active"]).all()


@pytest.mark.parametrize(("name", "works"), [("spring_blend_br", True), ("autumn_push_de", False)])
def test_the_lift_of_the_sites_traffic_is_the_planted_one(store: warehouse.Store, name: str, works: bool) -> None:
    planted = dict(WEB.campaign_lifts).get(name, 1.0) - 1
    visits = tables.visits_by_market(tables.site_visits(store))
    assert sorted(visits["market"].unique()) == ["BR", "DE", "FR", "JP", "MX", "US"]
    found = models.effect_or_reason(visits, store.workspace.campaign(name))
    assert found is not None
    assert found.effect.ci_lower < planted < found.effect.ci_upper
    assert found.verdict == ("worked" if works else "no clear effect")


def test_four_rules_claim_the_same_orders(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    orders, visits = tables.campaign_orders(store, brief), tables.site_visits(store, brief.utm)
    extra = models.effect_or_reason(tables.orders_by_market(store), brief)
    claims = models.sales_claims(orders, visits, tables.campaign_answers(store, brief), brief, extra=extra)
    rules = claims.set_index("rule")
    assert list(rules.index) == ["code", "link", "survey", "counterfactual"]
    said = {name: share for name, _, share in SURVEY.named}
    assert rules.loc["survey", "ci_lower"] < said[brief.id] < rules.loc["survey", "ci_upper"]
    assert rules.loc["link", "ci_lower"] < WEB.linked_share < rules.loc["link", "ci_upper"], (
        "as its share of the visits"
    )
    assert rules.loc["counterfactual", "ci_lower"] < 0 < rules.loc["counterfactual", "ci_upper"], "no order is planted"


def test_the_users_share_of_what_was_published_is_the_planted_one(store: warehouse.Store) -> None:
    brief = store.workspace.campaign("spring_blend_br")
    found = metrics.voices(tables.campaign_output(store, brief, window=brief.live))
    assert found.users.ci_lower < dict(VOICES.user_shares)[brief.id] < found.users.ci_upper
    assert found.left_out == ("tiktok",), "TikTok lists its newest videos only"
    other = store.workspace.campaign("autumn_push_de")
    silent = metrics.voices(tables.campaign_output(store, other, window=other.live))
    assert pd.isna(silent.users.estimate), "nothing is tagged: not measured, not zero"


def test_what_an_interaction_and_a_unit_of_spend_brought_is_as_planted(store: warehouse.Store) -> None:
    for name in ("spring_blend_br", "autumn_push_de", "winter_warmup_fr"):
        whole = metrics.ad_costs(tables.campaign_ads(store, store.workspace.campaign(name)), "ad_name").whole
        shown = 1000 / PROMOTION.thousand_shown  # per unit of spend
        each = 1 / (shown * PROMOTION.engaged_rate)
        assert whole["cpe_lower"] < each < whole["cpe_upper"]
        orders = shown * (PROMOTION.click_rate * PROMOTION.order_rate + PROMOTION.seen_only)
        worth = orders * PROMOTION.order_value * np.exp(0.2**2 / 2)
        assert whole["roas_lower"] < worth < whole["roas_upper"]
        assert whole["conversion_rate_lower"] < PROMOTION.order_rate < whole["conversion_rate_upper"]


def test_the_files_of_site_ads_and_survey_add_up_to_their_own_totals(store: warehouse.Store) -> None:
    log = store.read("import_log").set_index("file")
    for folder, files in {"ga4": 6, "meta_ads": 3, "survey": 1}.items():
        own = log[log.index.str.startswith(f"raw/{folder}/")]
        assert len(own) >= files
        assert (own["warnings"].fillna("").str.len() == 0).all(), folder
        assert (own["rows_in"] == own["rows_loaded"]).all()
