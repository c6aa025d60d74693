"""The headings of a chart's data table: what its columns hold, in the reader's language."""

from __future__ import annotations

from fanops_utils.text import Message, Sayable, Written, term

HEADINGS: dict[str, Message] = {
    "estimate": term("Estimate", "column"),
    "ci_lower": term("Interval from", "column"),
    "ci_upper": term("Interval to", "column"),
    "n": term("n", "column"),
    "label": term("Name", "column"),
    "market": term("Market", "column"),
    "date_day": term("Day", "column"),
    "value": term("Value", "column"),
    "series": term("Series", "column"),
}


def heading(name: str) -> Sayable:
    """Return what the column *name* is called; as it is called in the code where that is not declared."""
    return HEADINGS.get(name) or Written(name, "en")
