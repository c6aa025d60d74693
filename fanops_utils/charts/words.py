"""The words of a chart, handed in by the section that shows it: every one a message."""

from __future__ import annotations

from dataclasses import dataclass

from fanops_utils.text import Sayable


@dataclass(frozen=True, kw_only=True)
class Words:
    """`title` is what is to be seen, `subtitle` metric, denominator and period, `axis` the value axis with its unit.

    `alt` says the finding and its key numbers, `caption` source, n and what was left out; `x_axis` names the other axis.
    """

    title: Sayable
    alt: Sayable
    subtitle: Sayable | None = None
    axis: Sayable | None = None
    x_axis: Sayable | None = None
    caption: Sayable | None = None
