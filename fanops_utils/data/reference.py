"""Dated facts from outside, in `data/reference/`: read, never written, by analyses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.workspace import project_root

BREAK_COLUMNS = ("platform", "metric", "date", "precision", "note", "source")


def metric_breaks(root: Path | None = None) -> pd.DataFrame:
    """Return the changes of platform metrics: platform, metric, date, precision (day or month), note, source."""
    path = (root or project_root()) / "data" / "reference" / "metric_breaks.csv"
    frame = pd.read_csv(path, dtype="string")
    missing = [name for name in BREAK_COLUMNS if name not in frame]
    if missing:
        raise DataError("the column is missing", file=path, column=missing[0])
    return frame.assign(date=pd.to_datetime(frame["date"], format="%Y-%m-%d"))
