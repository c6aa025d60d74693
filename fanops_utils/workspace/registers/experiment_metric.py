"""The metrics of an experiment's register: what each is read from, how large a change matters, in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from fanops_utils.text import Number, say
from fanops_utils.workspace.register import Register
from fanops_utils.workspace.wording import Wording

Kind = Literal["conversion", "mean", "ratio", "retention", "count"]
Share = Annotated[float, Field(gt=0.5, lt=1)]
NAMED_DAYS, LABELLED_DAYS = re.compile(r"(?:^|_)(\d+)d(?:$|_)"), re.compile(r"(\d+)[ -]?(?:days?\b|天)")
PERCENT = "%"
SIZE = re.compile(r"([0-9.]+)\s*([^0-9.\s][^0-9]*)")


def size_of(key: str, text: str, metric: Mapping[str, Any]) -> Any:
    """Return the size that *text* says with a unit, as a number; text without a unit, or no size, as it is.

    Raises ValueError for a unit that the *metric* is not counted in.
    """
    found = SIZE.fullmatch(text.strip())
    if found is None:
        return text
    number, unit = float(found[1]), found[2].strip()
    if unit == "pp" and (metric.get("kind") in ("conversion", "retention") or metric.get("unit") == PERCENT):
        return number / 100
    if unit == metric.get("unit") == PERCENT:
        return number / 100
    if unit == metric.get("unit"):
        return number
    raise ValueError(
        say("'{key}: {text}' is not in the unit of '{name}'. Write percentage points of a share as 1 pp, other sizes in its 'unit'",
            key=key, text=text, name=str(metric.get("name", "")))
    )  # fmt: skip


class Metric(Register):
    """One metric of an experiment, read from one column of its units, or two for a ratio.

    conversion: 0 or 1. retention: 0 or 1, missing until its window is over. mean: any number. count: not negative.
    ratio: sum of numerator / sum of denominator, each unit a pair.
    """

    name: str = Field(description="name of the metric; the column too, unless another is given")
    label: Wording
    metric_id: str | None = Field(default=None, description="id of the metric of the catalogue that it moves")
    kind: Kind
    role: Literal["decision", "guardrail", "exploratory"]
    direction: Literal["increase", "decrease"] = "increase"
    column: str | None = Field(default=None, description="column of the units, where it is not called as the metric")
    numerator: str | None = None
    denominator: str | None = None
    window_days: int | None = Field(default=None, ge=1, description="days a unit must have been in before it counts")
    smallest_effect: float | None = Field(
        default=None, gt=0, description="absolute, in the metric's own unit: of a share 0.01 or 1 pp"
    )
    margin: float | None = Field(default=None, gt=0, description="largest tolerated harm of a guardrail, absolute")
    winsorise: Share | None = Field(
        default=None, description="values beyond this quantile, at either end, are set to it"
    )
    missing: Literal["refuse", "drop"] = "refuse"
    unit: str | None = Field(
        default=None, description="what it is counted in: a currency (USD), posts, minutes; % of a rate"
    )
    value: float | None = Field(default=None, gt=0, description="money one more of it is worth, in the currency given")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Metric:
        pair = (self.numerator, self.denominator)
        if self.kind == "ratio" and (None in pair or self.column is not None):
            raise ValueError(
                say("the ratio '{name}' is read from 'numerator' and 'denominator', not from 'column'", name=self.name)
            )
        if self.kind != "ratio" and pair != (None, None):
            raise ValueError(
                say("'{name}' is a {kind}: only a ratio has numerator and denominator", name=self.name, kind=self.kind)
            )
        if self.winsorise is not None and self.kind not in ("mean", "count"):
            raise ValueError(
                say("'{name}' is a {kind}: only a mean or a count can be winsorised", name=self.name, kind=self.kind)
            )
        for key, size in (("smallest_effect", self.smallest_effect), ("margin", self.margin)):
            if self.is_share and size is not None and size >= 1:
                raise ValueError(
                    say("'{key}' of '{name}' is {size}: of a share that is every unit. Write {size} pp for percentage points",
                        key=key, name=self.name, size=Number(size, digits=4))
                )  # fmt: skip
        return self

    @model_validator(mode="before")
    @classmethod
    def _sized(cls, data: Any) -> Any:
        """Read sizes with a unit: percentage points of a share as 1 pp, an amount in the metric's own `unit`."""
        if not isinstance(data, dict):
            return data
        sizes = {key: data[key] for key in ("smallest_effect", "margin") if isinstance(data.get(key), str)}
        return data | {key: size_of(key, text, data) for key, text in sizes.items()}

    @property
    def is_share(self) -> bool:
        """Whether the metric is the share of units with a 1."""
        return self.kind in ("conversion", "retention")

    @property
    def named_days(self) -> int | None:
        """The days that its name or label counts (revenue_28d, "Revenue in 28 days"); None where they count none."""
        found = NAMED_DAYS.search(self.name) or LABELLED_DAYS.search(str(self.label))
        return int(found[1]) if found else None

    @property
    def in_percent(self) -> bool:
        """Whether its levels are said in percent and its differences in percentage points: a share, or a rate in %."""
        return self.is_share or self.unit == PERCENT

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the units it is read from."""
        if self.kind == "ratio":
            return str(self.numerator), str(self.denominator)
        return (self.column or self.name,)
