"""The figures at the head of an audience report."""

from __future__ import annotations

from collections.abc import Mapping

from fanops_utils.metrics import Change
from fanops_utils.playbook import KeyNumber, KeyNumbers, Section
from fanops_utils.sections.key_numbers import measured, moved
from fanops_utils.text import People, term


def key_numbers(
    changes: Mapping[str, Change], *, members: int, tiers: Section, lifecycle: Section, staying: Section
) -> KeyNumbers:
    """Return the strip: members, active and new ones (`metrics.member_changes`), and what the sections measured."""
    lapsed = lifecycle.finding.code in ("lapsed_buyers", "mostly_lapsed")
    return KeyNumbers.of(
        KeyNumber(id="members", label=term("Members ever", "key number"), value=People(members)) if members else None,
        moved("active", term("Seen in 28 days", "key number"), changes, People, metric="mau"),
        moved("joined", term("Joined in 28 days", "key number"), changes, People, metric="members_joined"),
        measured(tiers, term("Loyal, or recent and high-value, of all ever", "key number")),
        measured(
            lifecycle,
            term("Lapsed, of those who have not left", "key number")
            if lapsed
            else term("Slipping away, of those who have not left", "key number"),
        ),
        measured(
            staying,
            term("Stay 30 days, weakest way of joining", "key number")
            if staying.finding.code == "clear"
            else term("Stay 30 days, lowest way of joining (not clearly lower)", "key number"),
        ),
    )
