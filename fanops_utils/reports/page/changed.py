"""What changed since the last run, as the few lines a reader looks at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from fanops_utils.playbook.findings import RANK
from fanops_utils.reports.page.numbers import interval, say, unit_label
from fanops_utils.reports.page.text import clean, slug

MOST = 5
ARROW = {"up": "↑", "down": "↓", "same": "→"}


class Change(NamedTuple):
    """One line; `kind` is new, resolved or metric, `href` its place on the page or empty."""

    kind: str
    label: str
    severity: str
    direction: str
    arrow: str
    was: str
    now: str
    interval: str
    unit: str
    href: str


def changed_lines(changes: Sequence[Mapping[str, Any]], findings: Iterable[str]) -> list[Change]:
    """Return what moved, what matters most first: new findings by severity, resolved ones, then numbers as given.

    A number that reads as before is left out. A page shows the first five (MOST).

    Each of *changes* has kind, id, label, was, now, unit, ci_lower, ci_upper, direction and severity; *findings* are
    the ids that stand on the page.
    """
    known = set(findings)
    lines = [_line(change, known) for change in clean(list(changes))]
    return sorted((line for line in lines if line.kind != "metric" or line.was != line.now), key=_place)


def _line(change: dict[str, Any], findings: set[str]) -> Change:
    unit, name = str(change.get("unit") or ""), str(change.get("id") or "")
    severity, direction = str(change.get("severity") or ""), str(change.get("direction") or "")
    return Change(
        kind=str(change.get("kind") or "metric"),
        label=str(change.get("label") or name.replace("_", " ")),
        severity=severity if severity in RANK else "",
        direction=direction if direction in ARROW else "",
        arrow=ARROW.get(direction, ""),
        was=say(change.get("was"), unit),
        now=say(change.get("now"), unit),
        interval=interval(change.get("ci_lower"), change.get("ci_upper"), unit),
        unit=unit_label(unit),
        href=f"#finding-{slug(name)}" if name in findings else "",
    )


def _place(line: Change) -> tuple[int, int]:
    if line.kind == "new":
        return 0, RANK.get(line.severity, len(RANK))  # type: ignore[call-overload]
    return (1, 0) if line.kind == "resolved" else (3 if line.direction == "same" else 2, 0)
