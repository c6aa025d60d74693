"""Charts of campaigns: what they write beside their marks, what they leave out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts, metrics
from fanops_utils.charts import Words
from fanops_utils.metrics import Interval
from fanops_utils.text import Written
from fanops_utils.workspace.registers.campaign import Target

WORDS = Words(
    title=Written("T"), subtitle=Written("S"), axis=Written("a"), alt=Written("What is seen"), caption=Written("c")
)


def test_targets_show_band_value_and_what_was_not_measured() -> None:
    rows = [Target(metric="reach", low=0.1, high=0.2, denominator="what would have happened anyway"),
            Target(metric="posts", low=0.3, denominator="all posts")]  # fmt: skip
    table = metrics.target_table(rows, {"reach": Interval(0.15, 0.12, 0.18, 9)}).assign(change=[True, False])
    chart = charts.targets(table, words=WORDS)
    assert "+15.0% hit" in chart.svg("en") and "not measured" in chart.svg("en") and len(chart.data) == 2
    assert charts.targets(table.iloc[:0], words=WORDS).empty


def test_a_waterfall_ends_where_its_steps_lead() -> None:
    frame = pd.DataFrame(
        {"item": ["films", "gain", "left"], "amount": [-100.0, 250.0, 150.0], "total": [False, False, True]}
    )
    chart = charts.waterfall(frame, words=WORDS)
    for text in ("−100", "250", "150"):
        assert text in chart.svg("en")
    assert charts.waterfall(frame.iloc[:0], words=WORDS).empty


def test_a_distribution_names_its_median_and_an_absent_one_is_not_drawn() -> None:
    quantiles = pd.DataFrame(
        {"quantile": [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95], "roi": [-0.5, -0.4, -0.2, 0.1, 0.3, 0.6, 0.8]}
    )
    assert "median +10.0%" in charts.spread(quantiles, words=WORDS).svg("en")
    assert charts.spread(None, words=WORDS).empty


def test_estimates_are_drawn_as_measured_where_nothing_draws_them_together() -> None:
    frame = pd.DataFrame(
        {"name": ["a", "b"], "estimate": [0.2, -0.1], "shrunk": np.nan, "ci_lower": np.nan, "ci_upper": np.nan}
    )
    chart = charts.drawn_together(frame, label="name", words=WORDS)
    assert "+20.0%" in chart.svg("en") and "−10.0%" in chart.svg("en")
    assert "nan" not in chart.svg("en")


def test_estimates_drawn_together_show_ring_dot_and_interval_best_on_top() -> None:
    frame = pd.DataFrame({
        "name": ["Spring", "Summer", "Autumn"], "estimate": [0.24, -0.16, np.nan], "shrunk": [0.23, -0.14, np.nan],
        "ci_lower": [0.19, -0.2, np.nan], "ci_upper": [0.27, -0.08, np.nan],
    })  # fmt: skip
    chart = charts.drawn_together(frame, label="name", words=WORDS)
    for text in ("+23.0%", "−14.0%", "as measured", "with luck taken out"):
        assert text in chart.svg("en")
    assert "+24.0%" not in chart.svg("en"), "the drawn-together estimate is the one that is written"
    assert "Autumn" not in chart.svg("en")
    assert chart.data["name"].tolist() == ["Spring", "Summer"]
    assert chart.svg("en").index("Spring") < chart.svg("en").index("Summer")
    assert charts.drawn_together(frame.iloc[2:], label="name", words=WORDS).empty


def test_a_target_without_an_upper_end_runs_to_the_edge_and_shares_carry_no_sign() -> None:
    rows = [Target(metric="UGC share", low=0.3, denominator="all posts about the campaign")]
    table = metrics.target_table(rows, {"UGC share": Interval(0.2, 0.1, 0.35, 40)}).assign(change=False)
    chart = charts.targets(table, words=WORDS)
    assert "20.0% cannot tell" in chart.svg("en")
    assert "+20.0%" not in chart.svg("en")
    assert np.isnan(chart.data["high"].iloc[0])


def test_a_waterfall_leaves_out_what_is_not_known() -> None:
    frame = pd.DataFrame(
        {"item": ["films", "gift", "left"], "amount": [-100.0, np.nan, -100.0], "total": [False, False, True]}
    )
    chart = charts.waterfall(frame, words=WORDS)
    assert "gift" not in chart.svg("en")
    assert len(chart.data) == 2
