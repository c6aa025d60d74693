"""What the axis of a difference is called, and what the chart's subtitle says of it."""

from __future__ import annotations

from fanops_utils.text import Sayable, Written, term
from fanops_utils.workspace import Metric


def axis(metric: Metric) -> Sayable:
    """Return the unit of the metric's differences, for the axis."""
    return term("percentage points", "axis") if metric.in_percent else Written(metric.label)
