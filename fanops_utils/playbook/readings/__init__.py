"""Readings: results in, findings in plain words out. All sentences of the reports about data stand here."""

from fanops_utils.playbook.readings import (
    campaign,
    campaign_brief,
    campaign_close,
    campaign_league,
    campaign_money,
    campaign_parts,
    campaign_people,
    campaign_synthetic,
    campaign_voices,
    planning,
)

__all__ = [
    "campaign", "campaign_brief", "campaign_close", "campaign_league",
    "campaign_money", "campaign_parts", "campaign_people", "campaign_synthetic", "campaign_voices", "planning",
]  # fmt: skip
