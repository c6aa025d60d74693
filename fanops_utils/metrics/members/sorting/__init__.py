"""Members sorted by rules anybody can check: fifths of recency, frequency, spend and engagement, tags, places at an event."""

from fanops_utils.metrics.members.sorting.fifths import PARTS, rfme
from fanops_utils.metrics.members.sorting.matching import match_rates, visits_known
from fanops_utils.metrics.members.sorting.places import fair_places, places_by
from fanops_utils.metrics.members.sorting.tags import tag_changes, tag_sizes, tagged

__all__ = [
    "PARTS",
    "fair_places",
    "match_rates",
    "places_by",
    "rfme",
    "tag_changes",
    "tag_sizes",
    "tagged",
    "visits_known",
]
