"""Folds: tables of any size in, small frames out; the engine counts, pandas sees only what was counted."""

from fanops_utils.metrics.folds.actives import actives, gaps, pauses_per_member, per_member
from fanops_utils.metrics.folds.cohorts import came_back, cohort_triangle
from fanops_utils.metrics.folds.firsts import first_days, first_runs
from fanops_utils.metrics.folds.following import days_after, days_within, paid_until
from fanops_utils.metrics.folds.funnel import funnel
from fanops_utils.metrics.folds.habits import habits_per_member
from fanops_utils.metrics.folds.invitations import invitation_forest, rewards_by_day
from fanops_utils.metrics.folds.orders import (
    bought_within,
    buyers,
    buyers_by_code,
    first_orders,
    most_common,
    orders_of_kind,
    orders_per_person,
    paid_for,
    sold_by_day,
)
from fanops_utils.metrics.folds.points import points_by_member, points_by_month, points_issued
from fanops_utils.metrics.folds.rhythm import acts_per_member, hour_by_weekday
from fanops_utils.metrics.folds.tables import by_value

__all__ = [
    "actives",
    "acts_per_member",
    "bought_within",
    "buyers",
    "buyers_by_code",
    "by_value",
    "came_back",
    "cohort_triangle",
    "days_after",
    "days_within",
    "first_days",
    "first_orders",
    "first_runs",
    "funnel",
    "gaps",
    "habits_per_member",
    "hour_by_weekday",
    "invitation_forest",
    "most_common",
    "orders_of_kind",
    "orders_per_person",
    "paid_for",
    "paid_until",
    "pauses_per_member",
    "per_member",
    "points_by_member",
    "points_by_month",
    "points_issued",
    "rewards_by_day",
    "sold_by_day",
]
