"""tea-tasting as an oracle, on random data without gaps: it counts missing outcomes into n."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import tea_tasting as tt

from fanops_utils.experiments import compare, from_frame
from fanops_utils.experiments.moments.measure import Measure


@pytest.mark.parametrize("seed", range(5))
def test_the_same_answers_as_tea_tasting(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 3_000
    before, views = rng.lognormal(0, 1, n), rng.poisson(6, n)
    units = pd.DataFrame({
        "variant": rng.choice(["a", "b"], n, p=[0.6, 0.4]), "opened": rng.integers(0, 2, n),
        "revenue": before + rng.lognormal(0, 1, n), "before": before, "views": views + 1.0,
        "clicks": rng.binomial(views, 0.3) + 0.0,
    })  # fmt: skip
    metrics = {
        "opened": tt.Proportion("opened", correction=False), "revenue": tt.Mean("revenue"),
        "adjusted": tt.Mean("revenue", "before"), "rate": tt.RatioOfMeans("clicks", "views"),
    }  # fmt: skip
    theirs = tt.Experiment(metrics, variant="variant").analyze(units, control="a")
    measures = (
        Measure("opened", "conversion", "opened"), Measure("revenue", "mean", "revenue"),
        Measure("adjusted", "mean", "revenue", None, ("before",)), Measure("rate", "ratio", "clicks", "views"),
    )  # fmt: skip
    for one in measures:
        moments = from_frame(units, metrics=[one])
        ours = compare(moments, one.name, control="a", treatment="b", covariates=one.covariates)
        their = theirs[one.name]
        if one.name == "adjusted":  # theirs takes theta over all units, ours within arms, as the regression does
            assert ours.estimate == pytest.approx(their.effect_size, abs=0.02 * ours.standard_error)
            assert ours.ci_upper == pytest.approx(their.effect_size_ci_upper, abs=0.02 * ours.standard_error)
            continue
        assert ours.p_value == pytest.approx(their.pvalue, rel=1e-6), one.name
        assert ours.estimate == pytest.approx(their.effect_size, rel=1e-9), one.name
        if one.name != "opened":
            bounds = their.effect_size_ci_lower, their.effect_size_ci_upper
            assert (ours.ci_lower, ours.ci_upper) == pytest.approx(bounds, rel=1e-6), one.name


def test_what_tea_tasting_does_with_gaps_we_do_not() -> None:
    rng = np.random.default_rng(1)
    units = pd.DataFrame({"variant": np.tile(["a", "b"], 2_000), "y": rng.normal(size=4_000)})
    units.loc[units.index % 4 < 2, "y"] = np.nan
    theirs = tt.Experiment({"y": tt.Mean("y")}, variant="variant").analyze(units, control="a")["y"].pvalue
    known = tt.Experiment({"y": tt.Mean("y")}, variant="variant").analyze(units.dropna(), control="a")["y"].pvalue
    ours = compare(from_frame(units, metrics={"y": "mean"}), "y", control="a", treatment="b").p_value
    assert ours == pytest.approx(known, rel=1e-9)
    assert ours > theirs
