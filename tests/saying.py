"""What tests read of what a report says: values and codes, never its sentences."""

from __future__ import annotations

import json
import re

from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Listed, Message, Sayable, Sentences, speak

HALF_MADE = re.compile(r"\b(nan|inf|None|NaT)\b|—")


def sane(answer: Section | Finding) -> Finding:
    """Return the finding of *answer*, which says no half-made number and can be carried as JSON."""
    finding = answer.finding if isinstance(answer, Section) else answer
    for told in (finding.title, finding.text, finding.verdict, finding.method):
        assert told is None or not HALF_MADE.search(speak(told, "en"))
    json.dumps(answer.to_json(), allow_nan=False)
    return finding


def values(told: Sayable | None) -> dict[str, Sayable]:
    """Return the values of a message and of those nested in it, by name; of two of one name the first."""
    found: dict[str, Sayable] = {}
    if isinstance(told, Message):
        found = dict(told.values)
    for part in parts(told):
        for name, value in values(part).items():
            found.setdefault(name, value)
    return found


def parts(told: Sayable | None) -> tuple[Sayable, ...]:
    """Return what stands inside *told*: sentences, items, values."""
    if isinstance(told, Sentences):
        return told.parts
    if isinstance(told, Listed):
        return told.items
    return tuple(value for _, value in told.values) if isinstance(told, Message) else ()
