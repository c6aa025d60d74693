"""Models that estimate: what a campaign did, what an hour is worth, which segment a member is in."""

from fanops_utils.models.content import HourEffect, hour_effect
from fanops_utils.models.impact import CampaignEffect, campaign_effect, difference_in_differences
from fanops_utils.models.placebo import Placebos
from fanops_utils.models.pretrend import PreTrend
from fanops_utils.models.segments import TierThresholds, activity_gap, migration, segment_shares, tiers

__all__ = [
    "CampaignEffect",
    "HourEffect",
    "Placebos",
    "PreTrend",
    "TierThresholds",
    "activity_gap",
    "campaign_effect",
    "difference_in_differences",
    "hour_effect",
    "migration",
    "segment_shares",
    "tiers",
]
