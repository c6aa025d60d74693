"""Sections: what the reports say and show, a package a topic, a function a question. All their sentences stand here."""

from fanops_utils.sections import audience, data_checks, experiments, market, words

__all__ = ["audience", "data_checks", "experiments", "market", "words"]
