"""Estimates about growth: the way to a target, what invitations bring, what a message to silent members brings back."""

from fanops_utils.models.audience.growth.inviting import (
    Chains,
    chains,
    cohorts_differ,
    cycle_and_cost,
    k_by_cohort,
    k_when_all_arrive,
)
from fanops_utils.models.audience.growth.target import Outlook, outlook, pace_needed, weekly_total
from fanops_utils.models.audience.growth.timed import KINDS, TimedRewards, timed_rewards, weeks_by_lot
from fanops_utils.models.audience.growth.winning_back import won_back

__all__ = [
    "KINDS",
    "Chains",
    "Outlook",
    "TimedRewards",
    "chains",
    "cohorts_differ",
    "cycle_and_cost",
    "k_by_cohort",
    "k_when_all_arrive",
    "outlook",
    "pace_needed",
    "timed_rewards",
    "weekly_total",
    "weeks_by_lot",
    "won_back",
]
