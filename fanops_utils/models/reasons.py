"""Why a model says nothing, or less than asked: codes with their numbers; the sentences stand in the sections.

A reason is told apart by its class; `code` names it in tables. Reasons with the same numbers share a shape.
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

    def __init_subclass__(cls, *, code: str = "") -> None:
        cls.code = code


@dataclass(frozen=True)
class OfMarket(Reason):
    """What has to do with one *market*."""

    market: str


@dataclass(frozen=True)
class PartOfDays(Reason):
    """What rests on *days* of *of* days."""

    days: int
    of: int


@dataclass(frozen=True)
class TooFew(Reason):
    """There are *n*, and *least* are needed."""

    n: int
    least: int


@dataclass(frozen=True)
class Needs(Reason):
    """It needs *least*."""

    least: int


class NoTotals(Reason, code="no_totals"):
    """There are no daily totals of the metric."""


@dataclass(frozen=True)
class TooEarly(Reason, code="too_early"):
    """It has run *days* of *of* days; a first reading needs *least*."""

    days: int
    of: int
    least: int


class Running(PartOfDays, code="running"):
    """It still runs: *days* of *of* days are in the data."""


@dataclass(frozen=True)
class Weekly(Reason, code="weekly"):
    """The totals are weekly: *live* whole weeks are compared with the *baseline* weeks before."""

    live: int
    baseline: int


class NoWholeWeek(Reason, code="no_whole_week"):
    """The totals are weekly, and no whole week lies in the live days."""


@dataclass(frozen=True)
class MetricChanged(Reason, code="metric_changed"):
    """The *platform* changed what the *metric* means on *when*, inside the days compared."""

    platform: str
    metric: str
    when: date
    note: str


@dataclass(frozen=True)
class DaysLeftOut(Reason, code="days_left_out"):
    """The days on one *side* of *when* are left out: the *metric* meant something else there."""

    side: Literal["before", "since"]
    metric: str
    when: date
    note: str


@dataclass(frozen=True)
class MarketLeftOut(Reason, code="market_left_out"):
    """The *market* has data on *days* of the *of* days of the *window*: too few."""

    market: str
    days: int
    of: int
    window: Window


class NoTreated(Reason, code="no_treated"):
    """No market with the campaign has data enough."""


class NoControlsLeft(Reason, code="no_controls_left"):
    """None of the control markets has data enough."""


class OneControl(OfMarket, code="one_control"):
    """The *market* is the only control."""


class NoControl(Reason, code="no_control"):
    """There is no control market."""


@dataclass(frozen=True)
class FewDays(Reason, code="few_days"):
    """Only *days* of the *of* days of the *window* have data in every market."""

    window: Window
    days: int
    of: int


class FewWindows(TooFew, code="few_windows"):
    """The history holds *n* windows to measure chance by, or to test a forecast on; *least* are needed."""


class FewMarkets(TooFew, code="few_markets"):
    """Only *n* markets were held back; a verdict needs *least*."""


@dataclass(frozen=True)
class ShortBaseline(Reason, code="short_baseline"):
    """The baseline has *days* days; a verdict needs *least*."""

    days: int
    least: int


class BaselineCut(PartOfDays, code="baseline_cut"):
    """Of the baseline's *of* days the last *days* are used: the history would hold too few windows otherwise."""


class OneControlDecides(OfMarket, code="one_control_decides"):
    """Without the control *market* the answer would be another."""


@dataclass(frozen=True)
class Drifted(Reason, code="drifted"):
    """The gap to the controls drifted before the start already, by *drift* until the campaign's middle.

    *drift* is a fraction, or a difference of rates where *in_points*.
    """

    p_value: float
    drift: float
    in_points: bool


@dataclass(frozen=True)
class Refused(Reason, code="refused"):
    """The data allow no estimate: *error* as `text.faults` says it."""

    error: Sayable


class ShortPast(Needs, code="short_past"):
    """A forecast needs *least* days before the start, and four fifths of the live days."""


class FewControls(Needs, code="few_controls"):
    """A mix needs *least* controls."""


class ZeroDay(Reason, code="zero_day"):
    """A day without a single unit of the metric has no logarithm."""


class NoUnits(Reason, code="no_units"):
    """The metric is a rate: it has no extra units that could be valued."""


class NoAds(Reason, code="no_ads"):
    """No advertisement of the campaign is in the ads manager's files."""


@dataclass(frozen=True)
class SeveralCurrencies(Reason, code="several_currencies"):
    """Amounts in these *currencies* would be added up; fewer than two where some amounts name none."""

    currencies: tuple[str, ...]
