"""Sections: what the reports say and show, a package a topic, a function a question. All their sentences stand here."""

from fanops_utils.sections import (
    audience,
    campaigns,
    community,
    content,
    data_checks,
    experiments,
    growth,
    market,
    methods,
    rivals,
    words,
)

__all__ = [
    "audience",
    "campaigns",
    "community",
    "content",
    "data_checks",
    "experiments",
    "growth",
    "market",
    "methods",
    "rivals",
    "words",
]
