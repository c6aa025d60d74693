"""Quantiles, and the names of limits on charts of several treatments: one name, clear of zero and of the edges."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from fanops_utils import charts

WORDS = {"title": "T", "subtitle": "S", "alt": "A", "caption": "C"}


def rows(*, effect: float, limit: float, arms: int = 3, margin: float | None = None) -> pd.DataFrame:
    return pd.DataFrame({
        "label": [f"Opened (arm {one})" for one in range(arms)], "metric": "opened", "share": True,
        "estimate": [effect * one for one in range(arms)], "ci_lower": [effect * one - 0.01 for one in range(arms)],
        "ci_upper": [effect * one + 0.01 for one in range(arms)], "smallest_effect": limit, "margin": margin,
    })  # fmt: skip


@pytest.mark.parametrize("limit", [0.01, 0.035, -0.01, -0.03])
def test_a_limit_shared_by_several_treatments_is_named_once(limit: float) -> None:
    chart = charts.metric_differences(rows(effect=np.sign(limit) * 0.012, limit=limit), **WORDS)
    assert chart.svg.count("matters from here") == 1
    assert len(re.findall("percentage", chart.svg)) == 3


def test_limits_that_differ_are_named_each() -> None:
    frame = rows(effect=0.01, limit=0.02).assign(smallest_effect=[0.01, 0.02, 0.03])
    assert charts.metric_differences(frame, **WORDS).svg.count("matters from here") == 3


def test_quantiles_are_drawn_with_their_names_or_say_why_not() -> None:
    frame = pd.DataFrame({"label": ["Median", "90% quantile"], "estimate": [0.1, 2.0], "ci_lower": [-0.2, 1.0],
                          "ci_upper": [0.4, 3.0], "n": [400, 400]})  # fmt: skip
    drawn = charts.quantile_differences(frame, axis="Spent", **WORDS)
    assert "Median" in drawn.svg
    assert "90% quantile" in drawn.svg
    assert "Spent" in drawn.svg
    empty = charts.quantile_differences(frame.head(0), axis="Spent", why="There are no quantiles.", **WORDS)
    assert "There are no quantiles." in empty.svg
    gated = charts.metric_differences(rows(effect=0.01, limit=0.01).head(0), why="No guardrail is named.", **WORDS)
    assert "No guardrail is named." in gated.svg
