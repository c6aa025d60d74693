"""Dated facts from outside, in `data/reference/`: read, never written, by analyses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from fanops_utils.data.schema import TABLES
from fanops_utils.errors import DataError
from fanops_utils.text import say
from fanops_utils.workspace import project_root
from fanops_utils.workspace.platforms import PLATFORMS
from fanops_utils.workspace.reads import note_file

BREAK_COLUMNS = ("platform", "metric", "date", "precision", "note", "source")
PRECISIONS = ("day", "month")
BENCHMARK_COLUMNS = ["id", "platform", "statistic", "denominator", "industry", "value", "report", "edition", "period", "sample",
                     "source", "url", "accessed", "standing"]  # fmt: skip
STATISTICS, DENOMINATORS = ("mean", "median"), ("followers", "reach", "views", "impressions")
STANDINGS = ("primary", "second-hand")  # the platform's own words, or those of others about it
METRICS = sorted({column for table in TABLES.values() for column in table.columns})


def metric_breaks(root: Path | None = None) -> pd.DataFrame:
    """Return the changes of platform metrics: platform, metric, date, precision (day or month), note, source; and
    standing (primary or second-hand; null where the file does not say).

    Raises DataError, with the row, where one lacks a cell, has an unknown platform, metric or precision, or is no date.
    """
    path = (root or project_root()) / "data" / "reference" / "metric_breaks.csv"
    frame = pd.read_csv(note_file(path), dtype="string")
    missing = [name for name in BREAK_COLUMNS if name not in frame]
    if missing:
        raise DataError(say("the column is missing"), file=path, column=missing[0])
    dates = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    for number, one in enumerate(frame.to_dict("records"), start=1):
        _refuse_wrong(path, number, one)
    for wrong, reason in (
        (dates.isna(), say("not a date like 2026-11-22")),
        (
            (frame["precision"] == "month") & (dates.dt.day != 1),
            say("where only the month is known, write its first day"),
        ),
        (frame.duplicated(["platform", "metric", "date"]), say("this change stands there twice")),
    ):
        for at in frame.index[wrong]:
            raise DataError(reason, file=path, row=int(at) + 1, column="date", value=frame.loc[at, "date"])
    if "standing" not in frame:
        frame["standing"] = pd.Series(pd.NA, index=frame.index, dtype="string")
    for at in frame.index[frame["standing"].notna() & ~frame["standing"].isin(STANDINGS)]:
        value = frame.loc[at, "standing"]
        raise DataError(
            say("unknown standing"), file=path, row=int(at) + 1, column="standing", value=value, choices=STANDINGS
        )
    return frame.assign(date=dates)


def _refuse_wrong(path: Path, number: int, one: dict[Any, Any]) -> None:
    for column in BREAK_COLUMNS:
        if pd.isna(one[column]) or not str(one[column]).strip():
            raise DataError(say("the cell is empty"), file=path, row=number, column=column)
    for column, choices, reason in (
        ("platform", tuple(PLATFORMS), say("unknown platform")),
        ("metric", METRICS, say("unknown metric")),
        ("precision", PRECISIONS, say("unknown precision")),
    ):
        if one[column] not in choices:
            raise DataError(reason, file=path, row=number, column=column, value=one[column], choices=choices)


POST_RATE = "engagement rate per post"


def benchmarks(root: Path | None = None) -> pd.DataFrame:
    """Return published engagement rates per post: BENCHMARK_COLUMNS, value a fraction; none where the file is not there.

    A row is only to be put beside a rate of the same platform, statistic (mean or median of posts) and denominator.
    Raises DataError, with the row, where one lacks a cell or has an unknown platform, statistic or denominator.
    """
    path = (root or project_root()) / "data" / "reference" / "benchmarks.csv"
    if not path.is_file():
        return pd.DataFrame(columns=BENCHMARK_COLUMNS)
    frame = pd.read_csv(note_file(path), dtype="string")
    missing = [name for name in BENCHMARK_COLUMNS if name not in frame]
    if missing:
        raise DataError(say("the column is missing"), file=path, column=missing[0])
    frame = frame[frame["metric"].eq(POST_RATE) & frame["unit"].eq("%")] if "metric" in frame else frame
    frame = frame[frame["denominator"] != "not stated"].reset_index(drop=True)  # compares with nothing
    value = pd.to_numeric(frame["value"], errors="coerce") / (100 if "unit" in frame else 1)
    frame, value = frame[value.notna()].reset_index(drop=True), value.dropna().reset_index(drop=True)
    for number, one in enumerate(frame.to_dict("records"), start=1):
        for column in ("id", "report", "edition", "period", "source", "standing", "accessed"):
            if pd.isna(one[column]) or not str(one[column]).strip():
                raise DataError(say("the cell is empty"), file=path, row=number, column=column)
        for column, choices in (
            ("platform", tuple(PLATFORMS)),
            ("statistic", STATISTICS),
            ("denominator", DENOMINATORS),
        ):
            if one[column] not in choices:
                raise DataError(
                    say("not known here"), file=path, row=number, column=column, value=one[column], choices=choices
                )
        if not 0 < value.iloc[number - 1] < 1:
            raise DataError(
                say("not a fraction between 0 and 1"), file=path, row=number, column="value", value=one["value"]
            )
    return frame.assign(value=value.astype(float))
