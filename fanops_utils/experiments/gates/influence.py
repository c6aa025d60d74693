"""Influence: is there one unit without which a mean would be another?"""

from __future__ import annotations

from collections.abc import Sequence

from fanops_utils.experiments.effects.inference import Comparison
from fanops_utils.experiments.gates.gate import Gate, Influence

STANDS_OFF = 10.0  # times as far from the median as the second: with a thousand units once in a hundred at most


def influence_gates(comparisons: Sequence[Comparison]) -> tuple[Gate, ...]:
    """Return one gate per mean, count or ratio of units: REVIEW where one unit stands off, decides, or makes the variance."""
    found = []
    for metric in dict.fromkeys(one.metric for one in comparisons):
        ours = [one for one in comparisons if one.metric == metric and one.influence is not None]
        if not ours:
            continue
        gap = ours[0].gap
        hangs = any(one.doubt is not None for one in ours)
        rules = any(one.cannot_tell is not None and one.cannot_tell.code == "one_unit_rules" for one in ours)
        seen = Influence(max(one.influence or 0.0 for one in ours), gap, hangs, rules)
        odd = hangs or rules or (gap is not None and gap >= STANDS_OFF)
        found.append(Gate("influence", "REVIEW" if odd else "PASS", metric, seen=seen))
    return tuple(found)
