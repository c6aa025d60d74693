"""Folds: tables of any size in, small frames out; the engine counts, pandas sees only what was counted."""

from fanops_utils.metrics.folds.actives import actives, gaps, pauses_per_member, per_member
from fanops_utils.metrics.folds.cohorts import came_back, cohort_triangle
from fanops_utils.metrics.folds.following import days_after, days_within
from fanops_utils.metrics.folds.funnel import funnel
from fanops_utils.metrics.folds.invitations import invitation_forest
from fanops_utils.metrics.folds.orders import orders_per_person
from fanops_utils.metrics.folds.rhythm import acts_per_member, hour_by_weekday

__all__ = [
    "actives",
    "acts_per_member",
    "came_back",
    "cohort_triangle",
    "days_after",
    "days_within",
    "funnel",
    "gaps",
    "hour_by_weekday",
    "invitation_forest",
    "orders_per_person",
    "pauses_per_member",
    "per_member",
]
