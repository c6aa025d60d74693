"""What the numbers themselves put in doubt: one unit without which a mean would be another, a size in the wrong unit."""

from __future__ import annotations

from collections.abc import Sequence

from fanops_utils.experiments.effects.comparison import Comparison
from fanops_utils.experiments.gates.gate import Gate, Influence, Scale
from fanops_utils.workspace.registers.experiment import Experiment

FAR_OFF = 2.0  # times the control's level: a smallest effect of that size was hardly meant in this unit
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


def scale_gates(comparisons: Sequence[Comparison], experiment: Experiment) -> tuple[Gate, ...]:
    """Return REVIEW for each metric whose smallest effect is more than twice what the control shows: its unit is in doubt.

    Of a metric that is no share it must be more than its units differ, too: a mean may lie near zero.
    """
    found = []
    for metric in experiment.metrics:
        one = next((one for one in comparisons if one.metric == metric.name), None)
        if one is None or metric.smallest_effect is None or one.control_mean != one.control_mean:
            continue
        base = abs(one.control_mean)
        spread = one.standard_error * (one.control_n * one.treatment_n / one.n) ** 0.5 if one.n else 0.0
        if metric.smallest_effect > FAR_OFF * base and (metric.is_share or metric.smallest_effect > spread):
            found.append(Gate("scale", "REVIEW", metric.name, seen=Scale(metric.smallest_effect, base)))
    return tuple(found)
