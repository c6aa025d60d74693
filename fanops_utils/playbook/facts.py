"""The small facts of a report's head, each declared once, in the order in which they are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from fanops_utils.text import Message, Sayable, term
from fanops_utils.text.sentences.message import Value, valued

FACTS: dict[str, Message] = {
    "market": term("Market", "fact"),
    "markets": term("Markets", "fact"),
    "campaign": term("Campaign", "fact"),
    "experiment": term("Experiment", "fact"),
    "experiments": term("Experiments", "fact"),
    "objective": term("Objective", "fact"),
    "hypothesis": term("Hypothesis", "fact"),
    "scope": term("Scope", "fact"),
    "platform": term("Platform", "fact"),
    "period": term("Period", "fact"),
    "live": term("Live", "fact"),
    "treated": term("Treated", "fact"),
    "held_back": term("Held back", "fact"),
    "campaigns": term("Campaigns", "fact"),
    "decisions": term("Decisions", "fact"),
    "members": term("Members ever", "fact"),
    "owner": term("Owner", "fact"),
    "confidence": term("Confidence", "fact"),
    "source": term("Source", "fact"),
    "simulated": term("Simulated", "fact"),
    "planted": term("Planted in campaigns", "fact"),
    "data_as_of": term("Data as of", "fact"),
}
Facts = tuple[tuple[Message, Sayable], ...]


def facts(**given: Value | date | None) -> Facts:
    """Return the facts *given* by name (those of FACTS) as label and value, in their usual order; None is left out.

    Raises TypeError for a fact that is not declared.
    """
    if unknown := given.keys() - FACTS.keys():
        raise TypeError(f"no fact is called {', '.join(sorted(unknown))}: declare it in FACTS")
    told: list[Any] = [(label, given.get(name)) for name, label in FACTS.items()]
    return tuple((label, valued(value)) for label, value in told if value is not None and value != "")
