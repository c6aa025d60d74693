"""Metrics that only count and divide: engagement, growth, retention, share, each with its interval."""

from fanops_utils.metrics.activity import member_activity
from fanops_utils.metrics.attribution import claim_band, code_orders, link_visits, side_by_side, survey_share
from fanops_utils.metrics.audience import campaign_audience, stayed
from fanops_utils.metrics.change import Change, change, judged_together
from fanops_utils.metrics.costs import (
    AdCosts,
    ad_costs,
    budget_shares,
    cost_lines,
    cost_per,
    cost_per_extra,
    one_currency,
)
from fanops_utils.metrics.engagement import EngagementRate, by_group, engagement_rate, interactions
from fanops_utils.metrics.figures import market_changes, member_changes
from fanops_utils.metrics.full_cost import FullCost, full_cost
from fanops_utils.metrics.growth import Growth, growth_by, growth_rate
from fanops_utils.metrics.intervals import Interval, mean_t, median_bootstrap, p_text, ratio_of_sums, wilson
from fanops_utils.metrics.retention import retention, retention_curve
from fanops_utils.metrics.roas import roas
from fanops_utils.metrics.share import share_of_voice, weekly_negative
from fanops_utils.metrics.targets import against_band, target_table
from fanops_utils.metrics.tone import tone, tone_windows
from fanops_utils.metrics.voices import Voices, voices

__all__ = [
    "AdCosts",
    "Change",
    "EngagementRate",
    "FullCost",
    "Growth",
    "Interval",
    "Voices",
    "ad_costs",
    "against_band",
    "budget_shares",
    "by_group",
    "campaign_audience",
    "change",
    "claim_band",
    "code_orders",
    "cost_lines",
    "cost_per",
    "cost_per_extra",
    "engagement_rate",
    "full_cost",
    "growth_by",
    "growth_rate",
    "interactions",
    "judged_together",
    "link_visits",
    "market_changes",
    "mean_t",
    "median_bootstrap",
    "member_activity",
    "member_changes",
    "one_currency",
    "p_text",
    "ratio_of_sums",
    "retention",
    "retention_curve",
    "roas",
    "share_of_voice",
    "side_by_side",
    "stayed",
    "survey_share",
    "target_table",
    "tone",
    "tone_windows",
    "voices",
    "weekly_negative",
    "wilson",
]
