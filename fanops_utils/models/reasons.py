"""Why a model says nothing, or less than asked: codes with their numbers; the sentences stand in the sections.

A reason is told apart by its class; `code` names it in tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from fanops_utils.text import Sayable

Window = Literal["baseline", "live"]


@dataclass(frozen=True)
class Reason:
    """Why something cannot be told, or what must be known of it."""

    code: ClassVar[str] = ""


@dataclass(frozen=True)
class NoTotals(Reason):
    """There are no daily totals of the metric."""

    code: ClassVar[str] = "no_totals"


@dataclass(frozen=True)
class TooEarly(Reason):
    """It has run *days* of *of* days; a first reading needs *least*."""

    code: ClassVar[str] = "too_early"

    days: int
    of: int
    least: int


@dataclass(frozen=True)
class Running(Reason):
    """It still runs: *days* of *of* days are in the data."""

    code: ClassVar[str] = "running"

    days: int
    of: int


@dataclass(frozen=True)
class Weekly(Reason):
    """The totals are weekly: *live* whole weeks are compared with the *baseline* weeks before."""

    code: ClassVar[str] = "weekly"

    live: int
    baseline: int


@dataclass(frozen=True)
class NoWholeWeek(Reason):
    """The totals are weekly, and no whole week lies in the live days."""

    code: ClassVar[str] = "no_whole_week"


@dataclass(frozen=True)
class MetricChanged(Reason):
    """The *platform* changed what the *metric* means on *when*, inside the days compared."""

    code: ClassVar[str] = "metric_changed"

    platform: str
    metric: str
    when: date
    note: str


@dataclass(frozen=True)
class DaysLeftOut(Reason):
    """The days on one *side* of *when* are left out: the *metric* meant something else there."""

    code: ClassVar[str] = "days_left_out"

    side: Literal["before", "since"]
    metric: str
    when: date
    note: str


@dataclass(frozen=True)
class MarketLeftOut(Reason):
    """The *market* has data on *days* of the *of* days of the *window*: too few."""

    code: ClassVar[str] = "market_left_out"

    market: str
    days: int
    of: int
    window: Window


@dataclass(frozen=True)
class NoTreated(Reason):
    """No market with the campaign has data enough."""

    code: ClassVar[str] = "no_treated"


@dataclass(frozen=True)
class NoControlsLeft(Reason):
    """None of the control markets has data enough."""

    code: ClassVar[str] = "no_controls_left"


@dataclass(frozen=True)
class OneControl(Reason):
    """The *market* is the only control."""

    code: ClassVar[str] = "one_control"

    market: str


@dataclass(frozen=True)
class NoControl(Reason):
    """There is no control market."""

    code: ClassVar[str] = "no_control"


@dataclass(frozen=True)
class FewDays(Reason):
    """Only *days* of the *of* days of the *window* have data in every market."""

    code: ClassVar[str] = "few_days"

    window: Window
    days: int
    of: int


@dataclass(frozen=True)
class FewWindows(Reason):
    """The history holds *n* windows to measure chance by, or to test a forecast on; *least* are needed."""

    code: ClassVar[str] = "few_windows"

    n: int
    least: int


@dataclass(frozen=True)
class FewMarkets(Reason):
    """Only *n* markets were held back; a verdict needs *least*."""

    code: ClassVar[str] = "few_markets"

    n: int
    least: int


@dataclass(frozen=True)
class ShortBaseline(Reason):
    """The baseline has *days* days; a verdict needs *least*."""

    code: ClassVar[str] = "short_baseline"

    days: int
    least: int


@dataclass(frozen=True)
class BaselineCut(Reason):
    """Of the baseline's *of* days the last *days* are used: the history would hold too few windows otherwise."""

    code: ClassVar[str] = "baseline_cut"

    days: int
    of: int


@dataclass(frozen=True)
class OneControlDecides(Reason):
    """Without the control *market* the answer would be another."""

    code: ClassVar[str] = "one_control_decides"

    market: str


@dataclass(frozen=True)
class Drifted(Reason):
    """The gap to the controls drifted before the start already, by *drift* until the campaign's middle.

    *drift* is a fraction, or a difference of rates where *in_points*.
    """

    code: ClassVar[str] = "drifted"

    p_value: float
    drift: float
    in_points: bool


@dataclass(frozen=True)
class Refused(Reason):
    """The data allow no estimate: *error* as `text.faults` says it."""

    code: ClassVar[str] = "refused"

    error: Sayable


@dataclass(frozen=True)
class ShortPast(Reason):
    """A forecast needs *least* days before the start, and four fifths of the live days."""

    code: ClassVar[str] = "short_past"

    least: int


@dataclass(frozen=True)
class FewControls(Reason):
    """A mix needs *least* controls."""

    code: ClassVar[str] = "few_controls"

    least: int


@dataclass(frozen=True)
class ZeroDay(Reason):
    """A day without a single unit of the metric has no logarithm."""

    code: ClassVar[str] = "zero_day"


@dataclass(frozen=True)
class NoUnits(Reason):
    """The metric is a rate: it has no extra units that could be valued."""

    code: ClassVar[str] = "no_units"


@dataclass(frozen=True)
class NoAds(Reason):
    """No advertisement of the campaign is in the ads manager's files."""

    code: ClassVar[str] = "no_ads"


@dataclass(frozen=True)
class SeveralCurrencies(Reason):
    """Amounts in these *currencies* would be added up; fewer than two where some amounts name none."""

    code: ClassVar[str] = "several_currencies"

    currencies: tuple[str, ...]
