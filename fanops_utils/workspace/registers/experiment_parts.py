"""What an experiment is written down with beside its metrics: shares of the arms, covariates, where its units lie."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as Rational
from typing import Any

from pydantic import Field, model_validator

from fanops_utils.text import say
from fanops_utils.workspace.register import Register

LEAST_IN_ARM = 4  # clusters
ROUNDED = 0.015  # shares of two digits may miss 1 by so much


def shares_of(allocation: Any) -> Any:
    """Return *allocation* as shares: ratios in whole numbers and fractions (1/3) divided by their sum, decimals as they are.

    Decimals that miss 1 by rounding alone (0.33 three times) are a ratio, too. What is no allocation is left to be refused.

    >>> shares_of({"a": 2, "b": "1"}) == {"a": 2 / 3, "b": 1 / 3}
    True
    """
    if not isinstance(allocation, dict) or not allocation:
        return allocation
    try:
        parts = {name: Rational(str(part)) for name, part in allocation.items()}
    except (ValueError, ZeroDivisionError):
        return allocation
    total = float(sum(parts.values()))
    whole = all(part >= 1 and part.denominator == 1 for part in parts.values())
    if not whole and abs(total - 1) <= 1e-6:
        return {name: float(part) for name, part in parts.items()}
    return (
        {name: float(part) / total for name, part in parts.items()}
        if whole or abs(total - 1) <= ROUNDED
        else allocation
    )


class Covariate(Register):
    """A column known before the first unit was assigned, used to take noise out of the metrics."""

    column: str
    measured_until: date | None = Field(default=None, description="last day it covers; before the experiment's start")


class Source(Register):
    """Where the units lie: a CSV or Parquet file in the workspace, a warehouse table, or a query of `queries/`; one of them.

    Or, without units, a CSV of `aggregates`: n, mean and variance of every metric in every arm.
    """

    file: str | None = None
    table: str | None = None
    query: str | None = None
    aggregates: str | None = Field(default=None, description="CSV of n, mean and var (or sd) by variant and metric")

    @model_validator(mode="after")
    def _one(self) -> Source:
        if sum(name is not None for name in (self.file, self.table, self.query, self.aggregates)) != 1:
            raise ValueError(say("a source is one of file, table, query or aggregates"))
        return self
