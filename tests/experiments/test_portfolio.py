from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.experiments import portfolio
from fanops_utils.experiments.gates import sample_ratio
from fanops_utils.experiments.record import DecisionRecord


def _record(name: str, **fields: Any) -> DecisionRecord:
    base: dict[str, Any] = {
        "experiment": name, "title": name, "area": "onboarding", "owner": "CM", "as_of": date(2026, 8, 30),
        "verdict": "ship", "rule": "", "winner": "b", "metric": "y", "estimate": 0.03, "ci_lower": 0.01, "ci_upper": 0.05,
        "standard_error": 0.01, "p_adjusted": 0.003, "smallest_effect": 0.01, "units": 4_000, "sample_ratio_p": 0.4,
        "looks": 1, "looks_planned": 1, "alpha": 0.05, "register": "0", "frozen": None, "follow_up": None,
    }  # fmt: skip
    return DecisionRecord(**(base | fields))


NOTHING = {
    "estimate": None,
    "ci_lower": None,
    "ci_upper": None,
    "standard_error": None,
    "p_adjusted": None,
    "winner": None,
}


def _table() -> pd.DataFrame:
    return portfolio.portfolio_table([
        _record("one", follow_up=date(2026, 10, 1)), _record("two", verdict="do not ship", estimate=-0.01),
        _record("three", verdict="inconclusive: stop", estimate=0.002, standard_error=0.02, area="push", looks=6),
        _record("four", verdict="invalid", area="push", **NOTHING), _record("five", verdict="inconclusive: run on", area=None),
        _record("six", follow_up=date(2027, 1, 1)), _record("seven"),
    ])  # fmt: skip


def test_rates_leave_out_what_cannot_count() -> None:
    table = _table()
    valid, won = portfolio.validity_rate(table), portfolio.win_rate(table)
    assert (valid.estimate, valid.n) == (pytest.approx(6 / 7), 7)
    assert (won.estimate, won.n) == (pytest.approx(3 / 5), 5)
    assert won.ci_lower < 0.6 < won.ci_upper


def test_learning_and_power_and_peeking() -> None:
    table = _table()
    areas = portfolio.learning(table).set_index("area")
    assert areas.loc["push", ["experiments", "sound", "finished"]].tolist() == [2, 1, 1]
    assert areas.loc["onboarding", "win_rate"] == pytest.approx(3 / 4)
    assert "not given" in areas.index
    strength = portfolio.achieved_power(table).set_index("experiment")["power"]
    assert strength["three"] == pytest.approx(0.0791, abs=1e-3)
    assert strength["one"] == pytest.approx(0.1701, abs=1e-3)
    assert np.isnan(strength["four"])
    looked = portfolio.peeking(table).set_index("experiment")
    assert looked.loc["three", "unplanned"] == 5
    assert looked.loc["one", "peeked"] == pytest.approx(0.05, abs=1e-6)
    assert looked.loc["three", "peeked"] > 0.14


def test_follow_ups_due() -> None:
    due = portfolio.follow_up_due(_table(), on=date(2026, 11, 22))
    assert due["experiment"].tolist() == ["one", "seven"]
    assert due.loc[0, "overdue_days"] == 52


def test_the_winners_curse_is_taken_back() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(0.0, 0.01, 400)
    table = pd.DataFrame({"estimate": truth + rng.normal(0, 0.02, 400), "standard_error": 0.02})
    found = portfolio.winners_curse(table)
    winners = found["estimate"] > 0.03
    assert found.loc[winners, "estimate"].mean() > 2.5 * truth[winners].mean()
    assert found.loc[winners, "shrunk"].mean() == pytest.approx(truth[winners].mean(), abs=0.003)
    held = (found["shrunk_lower"] <= truth) & (truth <= found["shrunk_upper"])
    assert 0.92 <= held.mean() <= 0.985


def test_many_sample_ratios_are_each_that_of_one() -> None:
    rng = np.random.default_rng(1)
    arms = pd.DataFrame({"test": np.repeat(np.arange(50), 3), "units": rng.poisson(400, 150)})
    arms = pd.concat([arms, pd.DataFrame({"test": [99, 98, 98], "units": [10, 2, 3]})])
    found = portfolio.sample_ratios(arms, test="test", units="units").set_index("test")
    for test in (0, 17, 49):
        counts = dict(zip("abc", arms.loc[arms["test"] == test, "units"], strict=True))
        assert found.loc[test, "p_value"] == pytest.approx(sample_ratio(counts, dict.fromkeys("abc", 1 / 3)).p_value)
    assert found.loc[[98, 99], "p_value"].isna().all()
    uneven = arms.assign(share=np.tile([1.0, 1.0, 2.0], 51))
    assert (portfolio.sample_ratios(uneven, test="test", units="units", share="share")["p_value"].dropna() < 0.01).all()


def test_best_arms_find_the_planted_test() -> None:
    rng = np.random.default_rng(2)
    arms = pd.DataFrame({"test": np.repeat(np.arange(400), 4), "units": 2_000})
    rate = np.where((arms["test"] < 40) & (arms.index % 4 == 0), 0.05, 0.03)
    found = portfolio.best_arms(arms.assign(hits=rng.binomial(2_000, rate)), test="test", units="units", hits="hits")
    null = found[found["test"] >= 40]
    assert 0.02 <= (null["p_value"] < 0.05).mean() <= 0.085
    assert (found.loc[found["test"] < 40, "p_adjusted"] < 0.05).mean() > 0.7
    assert (null["p_adjusted"] < 0.05).mean() < 0.02


def test_upworthy_sound_tests_and_what_false_discovery_control_leaves() -> None:
    arms = pd.read_csv(shared("upworthy_headlines") / "upworthy_shared.csv.gz")
    ratios = portfolio.sample_ratios(arms, test="clickability_test_id", units="impressions")
    sound = ratios.loc[~(ratios["p_value"] < 0.01), "clickability_test_id"]
    found = portfolio.best_arms(
        arms[arms["clickability_test_id"].isin(sound)], test="clickability_test_id", units="impressions", hits="clicks"
    )
    kept, single = found["p_adjusted"] < 0.05, found["p_value"] < 0.05
    assert 0.3 < kept.mean() < single.mean() < 0.5
    drawn = portfolio.winners_curse(found[found["standard_error"] > 0])
    assert drawn["shrunk"].max() < drawn["estimate"].max()
    assert drawn.loc[kept, "exaggeration"].median() > 1
