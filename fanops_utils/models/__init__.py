"""Models that estimate: what a campaign did, what an hour is worth, which segment a member is in."""

from fanops_utils.models.audience.segments import TierThresholds, activity_gap, migration, segment_shares, tiers
from fanops_utils.models.campaign.impact import CampaignEffect, campaign_effect, difference_in_differences
from fanops_utils.models.campaign.league import campaign_standings, league_table
from fanops_utils.models.campaign.parts import (
    effect_or_reason,
    effects_by_market,
    effects_by_platform,
    format_mix,
    partner_rates,
    phases_or_none,
    spillover,
)
from fanops_utils.models.campaign.phases import phase_effects
from fanops_utils.models.campaign.placebo import Placebos
from fanops_utils.models.campaign.power import detectable_effects, market_choices, power_curve, propose_controls
from fanops_utils.models.campaign.pretrend import PreTrend
from fanops_utils.models.campaign.retrospective import retrospective_effect
from fanops_utils.models.campaign.structural import StructuralEffect, structural_effect
from fanops_utils.models.choice.score import Score, score
from fanops_utils.models.content.hours import HourEffect, hour_effect
from fanops_utils.models.content.mix import MixRate, mix_and_rate
from fanops_utils.models.market.conversation import Cause, Conversation, cause_of, conversation
from fanops_utils.models.market.demand import Demand, topic_demand
from fanops_utils.models.market.formats import format_trend, posts_to_read
from fanops_utils.models.market.platforms import account_audit, platforms_side_by_side, usual_denominator
from fanops_utils.models.market.split import Split, change_split
from fanops_utils.models.money.claims import ad_costs_or_reason, media_pacing, sales_claims, under_code
from fanops_utils.models.money.pacing import Pacing, pacing
from fanops_utils.models.money.roi import Roi, campaign_roi, incremental_roi, live_total
from fanops_utils.models.panel.events import event_covariates
from fanops_utils.models.partners.authenticity import authenticity
from fanops_utils.models.partners.contribution import SeriesEffect, buyer_overlap, code_sales, series_effect
from fanops_utils.models.partners.price import Prices, price_for_reach
from fanops_utils.models.partners.scorecard import punctuality, scorecard, tier_moves
from fanops_utils.models.partners.settlement import settlement_check
from fanops_utils.models.partners.value import paid_deliveries, partner_value, tier_costs
from fanops_utils.models.simulation.calibration import calibration
from fanops_utils.models.simulation.looks import running_calibration
from fanops_utils.models.simulation.mixes import mixing_calibration
from fanops_utils.models.synthetic.control import SyntheticEffect, synthetic_control, synthetic_did
from fanops_utils.models.synthetic.mixing import Mixes, mixed_effects, synthetic_effect

__all__ = [
    "CampaignEffect",
    "Cause",
    "Conversation",
    "Demand",
    "HourEffect",
    "MixRate",
    "Mixes",
    "Pacing",
    "Placebos",
    "PreTrend",
    "Prices",
    "Roi",
    "Score",
    "SeriesEffect",
    "Split",
    "StructuralEffect",
    "SyntheticEffect",
    "TierThresholds",
    "account_audit",
    "activity_gap",
    "ad_costs_or_reason",
    "authenticity",
    "buyer_overlap",
    "calibration",
    "campaign_effect",
    "campaign_roi",
    "campaign_standings",
    "cause_of",
    "change_split",
    "code_sales",
    "conversation",
    "detectable_effects",
    "difference_in_differences",
    "effect_or_reason",
    "effects_by_market",
    "effects_by_platform",
    "event_covariates",
    "format_mix",
    "format_trend",
    "hour_effect",
    "incremental_roi",
    "league_table",
    "live_total",
    "market_choices",
    "media_pacing",
    "migration",
    "mix_and_rate",
    "mixed_effects",
    "mixing_calibration",
    "pacing",
    "paid_deliveries",
    "partner_rates",
    "partner_value",
    "phase_effects",
    "phases_or_none",
    "platforms_side_by_side",
    "posts_to_read",
    "power_curve",
    "price_for_reach",
    "propose_controls",
    "punctuality",
    "retrospective_effect",
    "running_calibration",
    "sales_claims",
    "score",
    "scorecard",
    "segment_shares",
    "series_effect",
    "settlement_check",
    "spillover",
    "structural_effect",
    "synthetic_control",
    "synthetic_did",
    "synthetic_effect",
    "tier_costs",
    "tier_moves",
    "tiers",
    "topic_demand",
    "under_code",
    "usual_denominator",
]
