"""Sections: what the reports say and show, a package a topic, a function a question. All their sentences stand here."""

from fanops_utils.sections import audience, campaigns, data_checks, experiments, market, methods, playbooks, words

__all__ = ["audience", "campaigns", "data_checks", "experiments", "market", "methods", "playbooks", "words"]
