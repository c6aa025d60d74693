"""Readings: results in, findings in plain words out. All sentences of the reports about data stand here."""

from fanops_utils.playbook.readings import campaign, experiment, market, personas

__all__ = ["campaign", "experiment", "market", "personas"]
