"""Columns of the frames the metrics read: present or refused, null kept as NaN."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.text import say


def need(frame: pd.DataFrame, *names: str) -> None:
    """Raise DataError naming the first of *names* that *frame* lacks, with the nearest column it has."""
    for name in names:
        if name not in frame.columns:
            raise DataError(say("the data has no such column"), value=name, choices=[str(column) for column in frame])


def numbers(column: pd.Series) -> np.ndarray:
    """Return *column* as floats; null becomes NaN, never zero.

    >>> numbers(pd.Series([3, None], dtype="Int64"))
    array([ 3., nan])
    """
    return column.to_numpy(dtype=float, na_value=np.nan)


def days(column: pd.Series) -> pd.Series:
    """Return *column* as calendar days without a time zone (midnight); a time is cut to its own day."""
    moments = pd.to_datetime(column)
    if moments.dt.tz is not None:
        moments = moments.dt.tz_localize(None)
    return moments.dt.normalize()


def counts_of(rows: pd.DataFrame, column: str = "mentions") -> pd.Series:
    """Return how many mentions (orders, answers) each of *rows* stands for: its *column*, one each where it has none.

    >>> counts_of(pd.DataFrame({"brand": ["a", "b"]})).tolist()
    [1, 1]
    """
    if column in rows:
        return rows[column].astype("int64")
    return pd.Series(1, index=rows.index, dtype="int64", name=column)


def cross_table(rows: pd.DataFrame, first: pd.Series, second: pd.Series) -> pd.DataFrame:
    """Return how many mentions *rows* hold by *first* (rows) and *second* (columns); a pair without any is 0."""
    keys = [first.rename("first"), second.rename("second")]
    return counts_of(rows).groupby(keys, observed=True).sum().unstack(fill_value=0)
