"""Readings: results in, findings in plain words out. All sentences of the reports about data stand here."""

from fanops_utils.playbook.readings import (
    campaign_calibration,
    campaign_looks,
    experiment,
    experiment_plan,
    portfolio,
    validation,
)

__all__ = ["campaign_calibration", "campaign_looks", "experiment", "experiment_plan", "portfolio", "validation"]
