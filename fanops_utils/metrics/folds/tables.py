"""What folds share: the columns they need, and days as pandas has them."""

from __future__ import annotations

import ibis
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.text import say


def needs(table: ibis.Table, *columns: str) -> None:
    """Raise DataError naming the first of *columns* that *table* lacks."""
    for name in columns:
        if name not in table.columns:
            raise DataError(say("the table has no such column"), column=name, choices=table.columns)


def day_column(days: pd.Series) -> pd.Series:
    """Return *days*, as the engine gives them, as days in pandas."""
    return pd.to_datetime(days).astype("datetime64[us]")
