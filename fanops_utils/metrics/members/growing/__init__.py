"""Counts of growth: where members and followers come from, what the invited do, the loop of events, why members leave."""

from fanops_utils.metrics.members.growing.codes import joined_by_code
from fanops_utils.metrics.members.growing.sources import (
    followers_by_source,
    members_by_source,
    reasons_for_leaving,
    size_and_quality,
)
from fanops_utils.metrics.members.growing.steps import event_loop, ladder, reach_of, seeds

__all__ = [
    "event_loop",
    "followers_by_source",
    "joined_by_code",
    "ladder",
    "members_by_source",
    "reach_of",
    "reasons_for_leaving",
    "seeds",
    "size_and_quality",
]
