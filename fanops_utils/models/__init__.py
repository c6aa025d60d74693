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
from fanops_utils.models.content.hours import HourEffect, hour_effect
from fanops_utils.models.content.mix import MixRate, mix_and_rate
from fanops_utils.models.crisis.watch import Episode, Replay, episodes, replay, spreading, watch
from fanops_utils.models.forecasts.backtest import Backtest, backtest
from fanops_utils.models.forecasts.drift import Forecast, forecast, odds, refusal
from fanops_utils.models.forecasts.limits import control_limits
from fanops_utils.models.forecasts.targets import Chance, chances, odds_of
from fanops_utils.models.money.claims import ad_costs_or_reason, media_pacing, sales_claims, under_code
from fanops_utils.models.money.pacing import Pacing, pacing
from fanops_utils.models.money.roi import Roi, campaign_roi, incremental_roi, live_total
from fanops_utils.models.panel.events import event_covariates
from fanops_utils.models.simulation.calibration import calibration
from fanops_utils.models.simulation.looks import running_calibration
from fanops_utils.models.simulation.mixes import mixing_calibration
from fanops_utils.models.synthetic.control import SyntheticEffect, synthetic_control, synthetic_did
from fanops_utils.models.synthetic.mixing import Mixes, mixed_effects, synthetic_effect

__all__ = [
    "Backtest",
    "CampaignEffect",
    "Chance",
    "Episode",
    "Forecast",
    "HourEffect",
    "MixRate",
    "Mixes",
    "Pacing",
    "Placebos",
    "PreTrend",
    "Replay",
    "Roi",
    "StructuralEffect",
    "SyntheticEffect",
    "TierThresholds",
    "activity_gap",
    "ad_costs_or_reason",
    "backtest",
    "calibration",
    "campaign_effect",
    "campaign_roi",
    "campaign_standings",
    "chances",
    "control_limits",
    "detectable_effects",
    "difference_in_differences",
    "effect_or_reason",
    "effects_by_market",
    "effects_by_platform",
    "episodes",
    "event_covariates",
    "forecast",
    "format_mix",
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
    "odds",
    "odds_of",
    "pacing",
    "partner_rates",
    "phase_effects",
    "phases_or_none",
    "power_curve",
    "propose_controls",
    "refusal",
    "replay",
    "retrospective_effect",
    "running_calibration",
    "sales_claims",
    "segment_shares",
    "spillover",
    "spreading",
    "structural_effect",
    "synthetic_control",
    "synthetic_did",
    "synthetic_effect",
    "tiers",
    "under_code",
    "watch",
]
