"""Numbers of findings as a table shows them: the unit says the form, small digits that say nothing are left out."""

from __future__ import annotations

import math
import re

from fanops_utils.playbook.wording import percent, points

FRACTION = re.compile(r"(?:fraction|share|rate)\b|.* per (?:reach|view|impression|person)\b", re.IGNORECASE)
TIMES = re.compile(r"(?:times|ratio)\b", re.IGNORECASE)
DIFFERENCE = re.compile(r"difference of (?:fractions|shares|rates)\b", re.IGNORECASE)
POINTS = re.compile(r"(?:pp|percentage points?)\b", re.IGNORECASE)


def say(value: object, unit: str = "") -> str:
    """Return *value*, an estimate in *unit*, as text; "—" where there is none.

    >>> say(0.0424, "fraction per 28 days"), say(6.894, "times the expected"), say(1240, "followers"), say(None)
    ('4.24%', '6.89×', '1,240', '—')
    >>> say(0.0204, "difference of fractions")
    '+2.04 pp'
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "—"
    if FRACTION.match(unit):
        return percent(value)
    if DIFFERENCE.match(unit):
        return points(value)
    if POINTS.match(unit):
        return f"{value:.3g} pp"
    digits = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{digits}×" if TIMES.match(unit) else digits


def interval(lower: object, upper: object, unit: str = "") -> str:
    """Return an interval as text; empty where an end is not known.

    >>> interval(0.040, 0.045, "fraction"), interval(None, 2.0)
    ('4.00% – 4.50%', '')
    """
    ends = say(lower, unit), say(upper, unit)
    return "" if "—" in ends else f"{ends[0]} – {ends[1]}"


def unit_label(unit: str) -> str:
    """Return *unit* without the words that the figure says already.

    >>> unit_label("fraction per 28 days"), unit_label("share of members"), unit_label("difference of fractions")
    ('per 28 days', 'share of members', '')
    """
    return re.sub(r"^(?:difference of fractions|fraction)\s*", "", unit)
