"""Quantiles, and the names of limits on charts of several treatments: one name, clear of zero and of the edges."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.colours import SERIES
from fanops_utils.text import Written

WORDS = Words(title=Written("T"), subtitle=Written("S"), axis=Written("Spent"), alt=Written("A"), caption=Written("C"))


def rows(*, effect: float, limit: float, arms: int = 3, margin: float | None = None) -> pd.DataFrame:
    return pd.DataFrame({
        "label": [f"Opened (arm {one})" for one in range(arms)], "metric": "opened", "share": True,
        "estimate": [effect * one for one in range(arms)], "ci_lower": [effect * one - 0.01 for one in range(arms)],
        "ci_upper": [effect * one + 0.01 for one in range(arms)], "smallest_effect": limit, "margin": margin,
    })  # fmt: skip


@pytest.mark.parametrize("limit", [0.01, 0.035, -0.01, -0.03])
def test_a_limit_shared_by_several_treatments_is_named_once(limit: float) -> None:
    chart = charts.metric_differences(rows(effect=np.sign(limit) * 0.012, limit=limit), words=WORDS)
    assert chart.svg("en").count("matters from here") == 1
    assert len(re.findall("percentage", chart.svg("en"))) == 3


def test_limits_that_differ_are_drawn_each_and_named_in_the_key() -> None:
    frame = rows(effect=0.01, limit=0.02).assign(smallest_effect=[0.01, 0.02, 0.03])
    svg = charts.metric_differences(frame, words=WORDS).svg("en")
    assert svg.count("matters from here") == 1
    ticks = set(re.findall(rf'x1="([\d.]+)"[^>]*{SERIES[1]}', svg))
    assert len(ticks) == 4, "three limits and the key"


def test_quantiles_are_drawn_with_their_names() -> None:
    frame = pd.DataFrame({"label": ["Median", "90% quantile"], "estimate": [0.1, 2.0], "ci_lower": [-0.2, 1.0],
                          "ci_upper": [0.4, 3.0], "n": [400, 400]})  # fmt: skip
    drawn = charts.quantile_differences(frame, words=WORDS).svg("en")
    assert "Median" in drawn
    assert "90% quantile" in drawn
    assert "Spent" in drawn
    assert charts.quantile_differences(frame.head(0), words=WORDS).empty
    assert charts.metric_differences(rows(effect=0.01, limit=0.01).head(0), words=WORDS).empty
