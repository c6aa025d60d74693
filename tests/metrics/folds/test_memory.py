"""Folds keep to a small part of the memory their table would take: proportionate to a gigabyte for 20 million days."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pytest

from fanops_utils.metrics import folds
from fanops_utils.metrics.folds import tables

MEMBERS, STEPS = 20_000, 50  # a million days; the engine may hold 1/16 of what it may hold in a job
LIMIT, END = "32MB", date(2026, 12, 31)
BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "fan_days.py"
FULL = "FANOPS_TWENTY_MILLION"


def joined(days: ibis.Table) -> ibis.Table:
    return days.group_by("member_key").agg(date_day=days.date_day.min())


ASKED: dict[str, Callable[[ibis.Table], Any]] = {
    "actives": lambda days: folds.actives(days, start=END - timedelta(days=363), end=END),
    "gaps": lambda days: folds.gaps(days),
    "pauses_per_member": lambda days: folds.pauses_per_member(days, as_of=END, long=60),
    "per_member": lambda days: folds.per_member(days, as_of=END),
    "habits_per_member": lambda days: folds.habits_per_member(days, as_of=END),
    "days_within": lambda days: folds.days_within(days, start=date(2025, 1, 1), end=END),
    "cohort_triangle": lambda days: folds.cohort_triangle(joined(days), days, as_of=END),
    "hour_by_weekday": lambda days: folds.hour_by_weekday(days),
    "orders_per_person": lambda days: folds.orders_per_person(days),
}


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of a million days: every member comes every 14 days or so for two years."""
    path = tmp_path_factory.mktemp("days") / "days.parquet"
    day = f"DATE '2025-01-01' + (step * 14 + hash(member * {STEPS} + step) % 14)::INT"
    duckdb.connect().execute(f"""
        COPY (SELECT md5(member::VARCHAR) AS member_key, md5(member::VARCHAR) AS customer_key, {day} AS date_day,
            720 AS minute_of_day, 1.0 AS value, 1.0 AS total, NULL::TIMESTAMP AS cancelled_at
            FROM (SELECT range AS step FROM range({STEPS})), (SELECT range AS member FROM range({MEMBERS})))
        TO '{path}' (FORMAT parquet)""")
    return path


def days_of(path: Path) -> ibis.Table:
    """Return the days of *path* in an engine that may hold LIMIT and has nowhere to spill to."""
    engine = ibis.duckdb.connect(memory_limit=LIMIT, temp_directory="", threads=1)
    return engine.read_parquet(path)


@pytest.mark.parametrize("name", ASKED)
def test_a_million_days_are_counted_in_little_memory(million: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(tables, "PER_SLICE", 125_000)
    assert len(ASKED[name](days_of(million)))


def test_they_would_not_be_without_slices(million: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "PER_SLICE", 10**9)
    with pytest.raises(duckdb.OutOfMemoryException):
        folds.gaps(days_of(million))


@pytest.mark.skipif(
    FULL not in os.environ, reason=f"minutes of work: set {FULL}=1 to ask 20 million days under a limit"
)
def test_twenty_million_days_are_counted_within_a_gigabyte() -> None:
    assert subprocess.run([sys.executable, BENCHMARK], check=False).returncode == 0, (
        "a question that took a gigabyte fails it"
    )
