"""Why something cannot be told: a code with its numbers; the sentences of it stand in `sections/experiments`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReasonCode = Literal[
    "small_cell",  # a cell is too small to be shown
    "single_units",  # what is compared are single units, and those are not to be seen
    "rows_unseen",  # a quantile is the value of single units, and those are not to be seen
    "few_units",  # of the arm `name`, `n` have an outcome
    "few_clusters",  # the smaller arm has `n`, `least` are needed
    "few_clusters_in_all",  # `n` in two arms, the register wants `least`
    "few_allocations",  # `n` and `other` can be assigned in so few ways that none would be surprising
    "uneven_clusters",  # `n` and `other` in two arms: only the clusters themselves could tell
    "few_nonzero",  # the smaller arm has `n` units with a value other than 0, `least` are needed
    "skewed_totals",  # totals alone do not give a mean of values so skewed, in arms of `n` and `other` units
    "one_unit",  # the verdict is lost without one unit
    "few_carry",  # a handful of units makes the variance, and they cannot be drawn again from totals
    "one_unit_rules",  # one unit makes most of the variance
    "few_slots",  # `n` and `other` in the two arms, `least` are needed
    "few_blocks",  # `n` hold both arms, `least` are needed
    "few_days",  # `n` have an effect, `least` are needed
    "few_values",  # an arm has `n`, `least` are needed
    "no_control",  # no unit of the control `name` is in the segment
    "zero_denominator",
    "no_variation",  # neither arm varies, yet they differ
    "nothing_varies",
    "control_not_positive",
    "control_may_be_zero",
    "no_mean_or_count",  # the register has none
    "together",  # units of a cluster, slot or block have no quantile of their own
]


@dataclass(frozen=True)
class Reason:
    """Why a number is not there."""

    code: ReasonCode
    n: int = 0
    least: int = 0
    other: int = 0
    name: str = ""
