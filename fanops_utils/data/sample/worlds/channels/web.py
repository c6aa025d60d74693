"""The site: how many visit it, what a campaign does to that, and how many pass by its links."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WebTruth:
    """Visits of the web site: their level, what a campaign does to them, and how many pass by its links."""

    first_day: str = "2025-09-01"  # explorations reach back fourteen months
    visits_per_reach: float = 0.02
    engaged_share: float = 0.58
    campaign_lifts: tuple[tuple[str, float], ...] = (("spring_blend_br", 1.24),)  # on all live days; others are 1
    linked_share: float = 0.14  # of the visits of the live days, through a campaign's links
