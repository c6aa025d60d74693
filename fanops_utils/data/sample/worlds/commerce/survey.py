"""The question after an order: how the buyer came to hear of the brand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SurveyTruth:
    """The question after an order: who answers, and the share that names a campaign while it runs in the market."""

    first_day: str = "2026-03-01"
    answer_share: float = 0.45
    named: tuple[tuple[str, str, float], ...] = (  # campaign, answer, share
        ("spring_blend_br", "The spring blend launch", 0.20), ("autumn_push_de", "The autumn push", 0.15),
    )  # fmt: skip
