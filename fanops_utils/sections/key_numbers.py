"""Key numbers of several topics: a figure that moved, and a figure that a finding measured."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fanops_utils.metrics import Change
from fanops_utils.playbook import Comparison, Finding, KeyNumber, Section
from fanops_utils.playbook.key_numbers import Reached
from fanops_utils.text import Form, Message, Range, Sayable, Span


def moved(
    name: str,
    label: Message,
    changes: Mapping[str, Change],
    form: Form,
    *,
    metric: str | None = None,
    note: Sayable | None = None,
    stock: bool = False,
) -> KeyNumber | None:
    """Return the figure *name* of *changes* with how it moved; None where it is not known.

    *metric*: the id of the catalogue's metric that is defined as this figure is; None for a figure of its own.
    """
    if (told := changes.get(name)) is None:
        return None
    comparisons = []
    if np.isfinite(told.change):
        before = Comparison(against="before", change=told.change, swing=told.swing, judgment=told.judgment, stock=stock)
        comparisons.append(before)
    if np.isfinite(told.year):
        comparisons.append(Comparison(against="year", change=told.year, judgment=told.year_judgment, stock=stock))
    return KeyNumber(id=name, metric=metric, label=label, value=form(told.value), note=note,
                     comparisons=tuple(comparisons), past=told.past)  # fmt: skip


def measured(
    answer: Section | Finding | None, label: Message, *, name: str | None = None, metric: str | None = None,
    note: Sayable | None = None, target: Sayable | None = None, reached: Reached | None = None, level: float | None = None,
) -> KeyNumber | None:  # fmt: skip
    """Return the number that *answer* measured, with its interval or *note*; None where it measured none.

    *name*: of the finding, where the section holds several. *metric*: the id of the catalogue's metric that is defined as
    the number is; None for a number of its own. *level*: of the interval, where the page has several.
    """
    found = next((one for one in _findings(answer) if name in (None, one.id)), None)
    if found is None or not found.ok or found.unit is None or not _known(found.estimate):
        return None
    if note is None and _known(found.ci_lower) and _known(found.ci_upper):
        low, high = (found.unit.value(_number(end)) for end in (found.ci_lower, found.ci_upper))
        note = Range(low, high) if level is None else Span(low, high, level)
    value = found.unit.value(_number(found.estimate))
    return KeyNumber(id=found.id, metric=metric, label=label, value=value, note=note, target=target, reached=reached)


def _findings(answer: Section | Finding | None) -> tuple[Finding, ...]:
    return () if answer is None else (answer,) if isinstance(answer, Finding) else answer.findings


def _known(value: float | None) -> bool:
    return value is not None and bool(np.isfinite(value))


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
