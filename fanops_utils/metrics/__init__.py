"""Metrics that only count and divide: engagement, growth, retention, share, each with its interval."""

from fanops_utils.metrics.activity import member_activity
from fanops_utils.metrics.engagement import EngagementRate, by_group, engagement_rate, interactions
from fanops_utils.metrics.growth import Growth, growth_by, growth_rate
from fanops_utils.metrics.intervals import Interval, mean_t, median_bootstrap, p_text, ratio_of_sums, wilson
from fanops_utils.metrics.retention import retention, retention_curve
from fanops_utils.metrics.share import share_of_voice, weekly_negative

__all__ = [
    "EngagementRate",
    "Growth",
    "Interval",
    "by_group",
    "engagement_rate",
    "growth_by",
    "growth_rate",
    "interactions",
    "mean_t",
    "median_bootstrap",
    "member_activity",
    "p_text",
    "ratio_of_sums",
    "retention",
    "retention_curve",
    "share_of_voice",
    "weekly_negative",
    "wilson",
]
