"""The figures at the head of the validation of the methods."""

from __future__ import annotations

from collections.abc import Iterable

from fanops_utils.playbook import KeyNumbers, Section
from fanops_utils.sections.key_numbers import measured
from fanops_utils.text import Message, term

LABELS: dict[str, Message] = {
    "campaign_false": term("False alarms of a campaign report, easy markets", "key number"),
    "campaign_coverage": term("Intervals that hold the truth, easy markets", "key number"),
    "campaign_power": term("Effects found, easy markets", "key number"),
    "campaign_running": term("False alarms while running, easy markets", "key number"),
    "campaign_plain": term("False alarms of before and after", "key number"),
    "experiment_peeking": term("False alarms of daily peeking", "key number"),
}


def key_numbers(answers: Iterable[Section]) -> KeyNumbers:
    """Return the strip: how often the methods err and find, of *answers* by their ids."""
    by_id = {answer.finding.id: answer for answer in answers}
    return KeyNumbers.of(*(measured(by_id.get(name), label, name=name) for name, label in LABELS.items()))
