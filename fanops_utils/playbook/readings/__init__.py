"""Readings: results in, findings in plain words out. All sentences of the reports about data stand here."""

from fanops_utils.playbook.readings import (
    campaign_calibration,
    campaign_league,
    campaign_looks,
    campaign_money,
    campaign_people,
    campaign_voices,
    experiment,
    experiment_plan,
    market,
    personas,
    planning,
    portfolio,
    validation,
)

__all__ = [
    "campaign_calibration", "campaign_league", "campaign_looks",
    "campaign_money", "campaign_people", "campaign_voices", "experiment",
    "experiment_plan", "market", "personas", "planning", "portfolio", "validation",
]  # fmt: skip
