from __future__ import annotations

import numpy as np
import pytest

from fanops_utils.experiments.simulation.peeking import RULES, peeking_table
from fanops_utils.experiments.simulation.simulate import DESIGNS, band, validate


def test_every_method_keeps_its_promise_and_every_warning_breaks_it() -> None:
    table = validate(rng=np.random.default_rng(11), simulations=1_200)
    judged = table[table["measure"] != "power"]
    valid = judged[judged["valid"]]
    assert valid.loc[~valid["within"].astype(bool), ["design", "method", "measure", "rate"]].to_dict("records") == []
    assert not judged.loc[~judged["valid"], "within"].astype(bool).any()
    assert set(table["design"]) == {*DESIGNS, "sequential", "sequential_revenue"}
    power = table[(table["measure"] == "power") & table["valid"]].set_index(["design", "method"])["rate"]
    assert power["conversion", "newcombe"] == pytest.approx(0.8, abs=0.07)
    assert power["revenue", "cuped"] > power["revenue", "welch"] + 0.1
    assert power["sequential", "always_valid"] < power["sequential", "obrien_fleming"] - 0.2


def test_looking_early_costs_what_was_measured() -> None:
    table = peeking_table(rng=np.random.default_rng(12), simulations=2_000).set_index("rule")
    measured = {
        "one_look": (0.049, 0.799, 20), "every_look": (0.256, 0.880, 8.1),
        "bayes": (0.417, 0.941, 6.4), "obrien_fleming": (0.046, 0.78, 14.5),
        "rho": (0.044, 0.752, 13.5),
    }  # fmt: skip
    assert list(table.index) == list(RULES)
    for rule, (wrong, power, look) in measured.items():
        assert table.loc[rule, "false_positive"] == pytest.approx(wrong, abs=0.03), rule
        assert table.loc[rule, "power"] == pytest.approx(power, abs=0.035), rule
        assert table.loc[rule, "mean_look"] == pytest.approx(look, abs=1.2), rule
        assert table.loc[rule, "false_positive_revenue"] == pytest.approx(wrong, abs=0.04), rule
    assert table.loc["always_valid", "false_positive"] < 0.03
    assert 0.40 < table.loc["always_valid", "power"] < 0.56


def test_bands_hold_what_chance_does() -> None:
    low, high = band(0.05, 2_000)
    assert low < 0.05 < high
    assert (
        np.mean([low <= rate <= high for rate in np.random.default_rng(0).binomial(2_000, 0.05, 5_000) / 2_000]) > 0.997
    )
