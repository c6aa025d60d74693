"""Tables of many files from few rows: what tests of ordinary size need."""

from __future__ import annotations

import functools

import pytest

from fanops_utils.data import parts
from fanops_utils.data.warehouse.writing import fan_day, monthly, upsert


def few_rows_a_file(patch: pytest.MonkeyPatch, rows: int) -> None:
    """Let tables written from now on have at most *rows* rows a file (a month always stays whole)."""
    patch.setattr(monthly, "runs", functools.partial(parts.runs, rows=rows))
    patch.setattr(fan_day, "ORDERED_UP_TO", rows)
    patch.setattr(monthly, "ORDERED_UP_TO", rows)
    patch.setattr(upsert, "touched", functools.partial(parts.touched, rows=rows))
