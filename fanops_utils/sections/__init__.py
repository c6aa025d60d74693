"""Sections: what the reports say and show, a package a topic, a function a question. All their sentences stand here."""

from fanops_utils.sections import (
    audience,
    campaigns,
    commerce,
    community,
    content,
    crisis,
    data_checks,
    experiments,
    growth,
    market,
    methods,
    playbooks,
    protection,
    rivals,
    targets,
    words,
)

__all__ = [
    "audience",
    "campaigns",
    "commerce",
    "community",
    "content",
    "crisis",
    "data_checks",
    "experiments",
    "growth",
    "market",
    "methods",
    "playbooks",
    "protection",
    "rivals",
    "targets",
    "words",
]
