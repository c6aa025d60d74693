"""Metrics that only count and divide: engagement, growth, retention, share, each with its interval; their catalogue."""

from fanops_utils.metrics.catalogue.comparing import compare
from fanops_utils.metrics.catalogue.registry import known_as, metric
from fanops_utils.metrics.catalogue.series import MetricSeries, series
from fanops_utils.metrics.change import Change, change, judged_together
from fanops_utils.metrics.figures import followers_of, market_changes, member_changes
from fanops_utils.metrics.intervals import Interval, mean_t, median_bootstrap, p_text, ratio_of_sums, wilson
from fanops_utils.metrics.members.activity import member_activity
from fanops_utils.metrics.members.audience import campaign_audience, stayed
from fanops_utils.metrics.members.retention import retention, retention_curve
from fanops_utils.metrics.money.attribution import claim_band, code_orders, link_visits, side_by_side, survey_share
from fanops_utils.metrics.money.costs import (
    AdCosts,
    ad_costs,
    budget_shares,
    cost_lines,
    cost_per,
    cost_per_extra,
    one_currency,
)
from fanops_utils.metrics.money.full_cost import FullCost, full_cost
from fanops_utils.metrics.money.roas import roas
from fanops_utils.metrics.social.engagement import EngagementRate, by_group, engagement_rate, interactions
from fanops_utils.metrics.social.growth import Growth, growth_by, growth_rate
from fanops_utils.metrics.social.share import share_of_voice, weekly_negative
from fanops_utils.metrics.social.tone import tone, tone_windows
from fanops_utils.metrics.social.voices import Voices, voices
from fanops_utils.metrics.targets import against_band, target_table

__all__ = [
    "AdCosts",
    "Change",
    "EngagementRate",
    "FullCost",
    "Growth",
    "Interval",
    "MetricSeries",
    "Voices",
    "ad_costs",
    "against_band",
    "budget_shares",
    "by_group",
    "campaign_audience",
    "change",
    "claim_band",
    "code_orders",
    "compare",
    "cost_lines",
    "cost_per",
    "cost_per_extra",
    "engagement_rate",
    "followers_of",
    "full_cost",
    "growth_by",
    "growth_rate",
    "interactions",
    "judged_together",
    "known_as",
    "link_visits",
    "market_changes",
    "mean_t",
    "median_bootstrap",
    "member_activity",
    "member_changes",
    "metric",
    "one_currency",
    "p_text",
    "ratio_of_sums",
    "retention",
    "retention_curve",
    "roas",
    "series",
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
