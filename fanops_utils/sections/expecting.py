"""What a play may be expected to bring: what past evidence says together, else the report's own interval, called so."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from fanops_utils.metrics.intervals import Interval
from fanops_utils.playbook import Finding, Play
from fanops_utils.text import Form, Sayable, Signed, say, say_n, term
from fanops_utils.workspace.registers.decision import Band


@dataclass(frozen=True, kw_only=True)
class Expected:
    """How far a play is expected to move its metric, and with how many `others` it was drawn together (0: by itself)."""

    band: Band
    others: int = 0

    def said(self, *, form: Form = Signed) -> Sayable:
        """Return the band in words, with what it rests on."""
        low, high = form(self.band.low), form(self.band.high)
        if self.others and self.band.relative:
            return say_n(
                "{low} to {high} against what it is without it: read together with {n} more of its kind, luck taken out",
                "{low} to {high} against what it is without it: read together with {n} more of its kind, luck taken out",
                n=self.others, low=low, high=high,
            )  # fmt: skip
        if self.band.relative:
            return say(
                "{low} to {high} against what it is without it: this report's own interval; first effects tend to shrink",
                low=low, high=high,
            )  # fmt: skip
        if self.others:
            return say_n(
                "{low} to {high}: read together with {n} more of its kind, luck taken out",
                "{low} to {high}: read together with {n} more of its kind, luck taken out",
                n=self.others, low=low, high=high,
            )  # fmt: skip
        return say("{low} to {high}: this report's own interval; first effects tend to shrink", low=low, high=high)


def expected(own: Interval | None, drawn: Interval | None = None, *, relative: bool = True) -> Expected | None:
    """Return what a repeat may bring: *drawn* (the effect with luck taken out; n: how many were read together) where there
    is one, else the *own* interval of the report. None where neither is known; nothing is made up.
    """
    if drawn is not None and _known(drawn):
        return Expected(band=_band(drawn, relative), others=drawn.n - 1)
    return Expected(band=_band(own, relative)) if own is not None and _known(own) else None


def hour_expected(found: Finding) -> tuple[Band | None, Sayable]:
    """Return what a test of the hour in *found* may show, as band and in words: the report's interval, if it is the cause."""
    if found.estimate is None or found.ci_lower is None or found.ci_upper is None:
        return None, say("not known")
    again = expected(Interval(float(found.estimate), float(found.ci_lower), float(found.ci_upper), 0))
    if again is None:
        return None, say("not known")
    low, high = Signed(again.band.low, 0), Signed(again.band.high, 0)
    return again.band, say(
        "{low} to {high} against the average hour, by this report's own interval, if the hour is the cause",
        low=low,
        high=high,
    )


def hour_test(found: Finding, **taken: Any) -> Play:
    """Return the play that settles by lot whether the hours claimed in *found* are better; *taken*: owner, review."""
    band, size = hour_expected(found)
    return Play(
        because="hours",
        kind="test",
        metric_id="engagement_rate_reach",
        action=say(
            "Test the hour by lot: one post of a pair in {hours}, one at the usual time; "
            "the plan of an experiment says how many",
            hours=found.about or term("these hours", "when to post"),
        ),
        metric=say("Interactions per post"),
        expected=size,
        band=band,
        **taken,
    )


def _known(one: Interval) -> bool:
    return all(math.isfinite(end) for end in (one.ci_lower, one.ci_upper))


def _band(one: Interval, relative: bool) -> Band:
    low, high = sorted((float(one.ci_lower), float(one.ci_upper)))
    return Band(low=low, high=high, relative=relative)
