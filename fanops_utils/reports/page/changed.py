"""What changed since the last run, as the few lines a reader looks at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, get_args

from fanops_utils.playbook.findings import RANK
from fanops_utils.reports.page.chrome import sayable, spoken
from fanops_utils.reports.page.text import clean, slug
from fanops_utils.text import Range, Sayable, Unit, Written
from fanops_utils.text.sentences.units import UnitKind

MOST = 5
ARROW = {"up": "↑", "down": "↓", "same": "→"}
NONE = Written("—")


class Change(NamedTuple):
    """One line; `kind` is new, resolved or metric, `href` its place on the page or empty."""

    kind: str
    label: Any
    severity: str
    direction: str
    arrow: str
    was: Sayable
    now: Sayable
    interval: Sayable | None
    unit: Sayable | None
    href: str


def changed_lines(changes: Sequence[Mapping[str, Any]], findings: Iterable[str]) -> list[Change]:
    """Return what moved, what matters most first: new findings by severity, resolved ones, then numbers as given.

    A number that reads as before is left out. A page shows the first five (MOST).

    Each of *changes* has kind, id, label, was, now, unit, ci_lower, ci_upper, direction and severity; *findings* are
    the ids that stand on the page.
    """
    known = set(findings)
    lines = [_line(change, known) for change in clean(list(changes))]
    return sorted(
        (line for line in lines if line.kind != "metric" or spoken(line.was, "en") != spoken(line.now, "en")),
        key=_place,
    )


def _line(change: dict[str, Any], findings: set[str]) -> Change:
    unit, name = unit_of(change.get("unit")), str(change.get("id") or "")
    severity, direction = str(change.get("severity") or ""), str(change.get("direction") or "")
    return Change(
        kind=str(change.get("kind") or "metric"),
        label=change.get("label") or name,
        severity=severity if severity in RANK else "",
        direction=direction if direction in ARROW else "",
        arrow=ARROW.get(direction, ""),
        was=in_unit(change.get("was"), unit),
        now=in_unit(change.get("now"), unit),
        interval=range_in(change.get("ci_lower"), change.get("ci_upper"), unit),
        unit=unit if spoken(unit, "en") else None,
        href=f"#finding-{slug(name)}" if name in findings else "",
    )


def unit_of(told: object) -> Unit:
    """Return the unit that JSON holds; a plain number where it holds none."""
    try:
        unit = sayable(told)
    except (ValueError, TypeError):
        return Unit("number")
    return unit if isinstance(unit, Unit) and unit.kind in get_args(UnitKind) else Unit("number")


def in_unit(value: object, unit: Unit) -> Sayable:
    """Return *value* as a number in *unit*; "—" where there is none."""
    return unit.value(float(value)) if isinstance(value, int | float) and not isinstance(value, bool) else NONE


def range_in(lower: object, upper: object, unit: Unit) -> Sayable | None:
    """Return an interval in *unit*; None where an end is not known."""
    ends = in_unit(lower, unit), in_unit(upper, unit)
    return None if NONE in ends else Range(*ends)


def _place(line: Change) -> tuple[int, int]:
    if line.kind == "new":
        return 0, RANK.get(line.severity, len(RANK))  # type: ignore[call-overload]
    return (1, 0) if line.kind == "resolved" else (3 if line.direction == "same" else 2, 0)
