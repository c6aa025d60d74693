"""Sections: what the reports say and show, a package a topic, a function a question. All their sentences stand here."""

from fanops_utils.sections import (
    audience,
    campaigns,
    crisis,
    data_checks,
    experiments,
    market,
    methods,
    protection,
    targets,
    words,
)

__all__ = ["audience", "campaigns", "crisis", "data_checks", "experiments", "market", "methods", "protection", "targets", "words"]
