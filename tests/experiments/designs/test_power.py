from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.experiments.designs.design import Baseline, Design, inflation
from fanops_utils.experiments.designs.formulas import mean_units, share_power, share_units
from fanops_utils.experiments.designs.history import baseline, duration, reach, try_plan
from fanops_utils.experiments.designs.power import chance, detectable, power_curve, size, variants
from fanops_utils.experiments.moments.measure import Measure

SHARE, MEAN = Baseline("conversion", 0.2, 0.4, 1_000), Baseline("mean", 10.0, 5.0, 1_000)
CLUSTERED = Baseline("mean", 10.0, 5.0, 1_000, icc=0.05, cluster_size=20)


@pytest.mark.parametrize("base", [SHARE, MEAN, CLUSTERED], ids=["share", "mean", "clustered"])
@pytest.mark.parametrize("design", [Design(), Design(arms=4), Design(looks=5), Design(power=0.9)], ids=str)
def test_size_power_and_smallest_effect_agree(base: Baseline, design: Design) -> None:
    effect = 0.03 if base is SHARE else 1.0
    sized = size(base, effect, design=design)
    assert chance(base, sized.per_arm, effect, design=design) == pytest.approx(design.power, abs=0.015)
    assert detectable(base, sized.per_arm, design=design) == pytest.approx(effect, rel=0.03)
    assert sized.total == sized.per_arm * design.arms
    assert sized.formula == ("pooled" if base is SHARE else "t")


def test_the_plan_says_its_formula_and_what_inflates_it() -> None:
    assert size(SHARE, 0.03, formula="miller").formula == "miller"
    found = size(CLUSTERED, 1.0, design=Design(arms=3, looks=5))
    assert (found.formula, found.design.looks, found.design.arms) == ("t", 5, 3)
    assert found.baseline.design_effect == pytest.approx(1.95)
    assert found.clusters_per_arm == pytest.approx(found.per_arm / 20, abs=1)


def test_looks_cost_what_is_known_of_them() -> None:
    assert inflation(1, spending="obrien-fleming") == 1
    assert inflation(5, spending="obrien-fleming") == pytest.approx(1.0247, abs=5e-4)
    assert inflation(5, spending="pocock") == pytest.approx(1.212, abs=2e-3)
    assert inflation(20, spending="always-valid") > 1.5


def test_what_cannot_be_is_said() -> None:
    assert np.isinf(share_units(0.9, 0.2)) and np.isinf(share_units(0.2, 0.0)) and np.isinf(mean_units(1.0, 0.0))
    assert size(Baseline("conversion", 0.9, 0.3, 100), 0.2).per_arm == 0
    assert np.isnan(detectable(SHARE, 3))
    with pytest.raises(DataError, match="between 0 and 1"):
        share_units(0.0, 0.1)


def test_the_power_curve_rises_with_units_and_effect() -> None:
    curve = power_curve(SHARE, effects=[0.02, 0.04], units=[500, 1_000, 4_000]).pivot(index="units", columns="effect")[
        "power"
    ]
    assert (curve.diff().dropna() > 0).all().all()
    assert (curve[0.04] > curve[0.02]).all()
    assert curve.loc[1_000, 0.04] == pytest.approx(share_power(1_000, 0.2, 0.04))
    more = variants(SHARE, 0.03)
    assert more["times"].is_monotonic_increasing and more.loc[0, "times"] == 1


def _history(rows: int = 6_000) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    views = rng.poisson(5, rows) + 1.0
    before = rng.lognormal(0, 1, rows)
    return pd.DataFrame({
        "opened": (rng.random(rows) < 0.12).astype(float), "revenue": before + rng.lognormal(0, 1, rows),
        "before": before, "views": views, "clicks": rng.binomial(views.astype(int), 0.2) + 0.0,
        "community": rng.integers(0, 60, rows),
    })  # fmt: skip


MEASURES = {
    "conversion": (Measure("opened", "conversion", "opened"), 0.04),
    "mean": (Measure("revenue", "mean", "revenue", winsorise=0.99), 0.3),
    "ratio": (Measure("rate", "ratio", "clicks", "views"), 0.015),
}


@pytest.mark.parametrize("kind", MEASURES)
def test_a_plan_tried_on_history_keeps_its_promises(kind: str) -> None:
    units, (measure, effect) = _history(), MEASURES[kind]
    sized = size(baseline(units, measure), effect)
    found = try_plan(
        units, measure, effect=effect, per_arm=sized.per_arm, rng=np.random.default_rng(1), simulations=1_500
    )
    assert found.false_positive.ci_lower < 0.05 < found.false_positive.ci_upper + 0.01
    assert found.power.estimate == pytest.approx(0.8, abs=0.07)  # a factor spreads the treated arm a little


def test_baselines_are_those_of_the_units() -> None:
    units = _history()
    plain = baseline(units, Measure("revenue", "mean", "revenue"))
    assert (plain.mean, plain.sd) == pytest.approx((units["revenue"].mean(), units["revenue"].std()))
    less = baseline(units, Measure("revenue", "mean", "revenue", None, ("before",)))
    assert less.sd == pytest.approx(plain.sd * np.sqrt(1 - units["revenue"].corr(units["before"]) ** 2), rel=1e-3)
    grouped = baseline(units, Measure("revenue", "mean", "revenue"), cluster="community")
    assert grouped.cluster_size == pytest.approx(100) and grouped.icc < 0.01
    with pytest.raises(DataError, match="two are needed"):
        baseline(units.head(1), Measure("revenue", "mean", "revenue"))


def test_durations_are_whole_weeks_and_traffic_has_its_limits() -> None:
    assert duration(10_001, units_per_day=1_000, share=0.5).days == 21
    assert duration(100, units_per_day=0).days is None
    table = reach(SHARE, units_per_day=50, weeks=4)
    assert table["effect"].is_monotonic_decreasing
    assert table.loc[0, "per_arm"] == 175
    with pytest.raises(DataError, match="above zero"):
        try_plan(
            pd.DataFrame({"y": np.linspace(-2, 1, 50)}),
            Measure("y", "mean", "y"),
            effect=1,
            per_arm=10,
            rng=np.random.default_rng(0),
        )
