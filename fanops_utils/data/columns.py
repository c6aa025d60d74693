"""The kinds of columns a canonical table can have: dtype in frames, type on disk, and what a value must keep to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow

UTC = pd.DatetimeTZDtype("us", "UTC")


@dataclass(frozen=True)
class Column:
    """One column: pandas dtype, Arrow type, meaning and the check its values must pass."""

    dtype: Any
    arrow: arrow.DataType
    description: str
    check: pa.Check | None = None
    required: bool = False


NOT_NEGATIVE, IS_SHARE = pa.Check.ge(0), pa.Check.in_range(0, 1)


def text(description: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Column:
    """Text; with *choices* nothing else."""
    check = pa.Check.isin(list(choices)) if choices else None
    return Column(pd.StringDtype(), arrow.string(), description, check, required)


def count(description: str, *, signed: bool = False) -> Column:
    """A whole number, not negative unless *signed*."""
    return Column(pd.Int64Dtype(), arrow.int64(), description, None if signed else NOT_NEGATIVE)


def number(description: str, *, signed: bool = False) -> Column:
    """A number, not negative unless *signed*."""
    return Column(pd.Float64Dtype(), arrow.float64(), description, None if signed else NOT_NEGATIVE)


def share(description: str) -> Column:
    """A fraction between 0 and 1."""
    return Column(pd.Float64Dtype(), arrow.float64(), f"{description}; fraction 0-1", IS_SHARE)


def flag(description: str) -> Column:
    """Yes, no or unknown."""
    return Column(pd.BooleanDtype(), arrow.bool_(), description)


def moment(description: str, *, required: bool = False) -> Column:
    """A time in UTC."""
    return Column(UTC, arrow.timestamp("us", tz="UTC"), f"{description}; UTC", None, required)


def day(description: str, *, required: bool = False) -> Column:
    """A calendar day."""
    return Column("datetime64[us]", arrow.date32(), description, None, required)
