"""One entry of the catalogue: what a metric counts, of what, per what, and what computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked, Grain
from fanops_utils.metrics.catalogue.estimates import Estimator
from fanops_utils.text import Message, Sayable, Unit, say

Direction = Literal["up", "down", "neither"]
Gaps = Literal["missing", "zero"]
Subject = Literal[
    "accounts", "posts", "voice", "members", "retention", "shop", "site", "advertising", "partners", "surveys"
]


@dataclass(frozen=True)
class Metric:
    """An entry: `counted` over `per` (None: a plain count), from `sources` ("table.column"), by market and `by` more.

    `window`: the days one value spans, the day itself included; 1 is the day alone, 0 all that follow. `grain`: the finest
    period it is told for by default. `direction`: whether more is good. `gaps`: what a day without a row means between the
    first and the last day of the table; one whose rows say nothing is never known. `apart`: dimensions over which it is never
    added up or compared, because each value of them has a definition, or people, of its own. `aliases`: what registers call
    it. `pieces`: day by day what can be added up, which `estimator` makes estimates with intervals of.
    """

    id: str
    subject: Subject
    name: Message
    about: Message
    counted: Message
    estimator: Estimator
    unit: Unit
    sources: tuple[str, ...]
    pieces: Callable[[Asked], pd.DataFrame]
    per: Message | None = None
    less: Message | None = None
    window: int = 1
    grain: Grain = "day"
    direction: Direction = "up"
    gaps: Gaps = "missing"
    by: tuple[str, ...] = ("platform",)
    apart: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def formula(self) -> Sayable:
        """The definition as a formula in words."""
        if self.less is not None and self.per is not None:
            return say("({counted} − {less}) ÷ {per}", counted=self.counted, less=self.less, per=self.per)
        if self.per is not None and self.estimator.factor == 1000:
            return say("1,000 × {counted} ÷ {per}", counted=self.counted, per=self.per)
        if self.per is not None:
            return say("{counted} ÷ {per}", counted=self.counted, per=self.per)
        if self.estimator.code == "last":
            return say("{counted}, on the last day of the period", counted=self.counted)
        if self.estimator.code == "mean_of_days":
            return say("{counted}, mean of the days of the period", counted=self.counted)
        return say("{counted}, added up", counted=self.counted)

    @property
    def columns(self) -> set[str]:
        """The columns it is computed from: a break of one of them ends a series."""
        return {source.partition(".")[2] for source in self.sources}

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it is computed from, without repeats."""
        return tuple(dict.fromkeys(source.partition(".")[0] for source in self.sources))
