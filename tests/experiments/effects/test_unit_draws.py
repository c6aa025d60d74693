"""Skewed values in unequal arms and single units that decide: the right answer there, and still on easy shapes."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.experiments import Comparison, read_out
from fanops_utils.experiments.statistics.skew import hall, least_small_arm, skew_index
from fanops_utils.workspace import Experiment


def plan(kind: str = "mean", *, shares: tuple[float, float] = (0.5, 0.5), **fields: Any) -> Experiment:
    ratio = {"numerator": "spend", "denominator": "visits"} if kind == "ratio" else {}
    metric = {"name": "spend", "label": "Spend", "kind": kind, "role": "decision", **ratio, **fields}
    return Experiment.model_validate({
        "id": "gift", "title": "Gift", "hypothesis": "", "owner": "CRM", "unit": "fan", "control": "a",
        "allocation": dict(zip("ab", shares, strict=True)), "metrics": [metric],
    })  # fmt: skip


def units(control: np.ndarray, treated: np.ndarray, **columns: np.ndarray) -> pd.DataFrame:
    size = control.size + treated.size
    frame = pd.DataFrame(
        {"unit_key": np.arange(size).astype(str), "variant": np.repeat(["a", "b"], [control.size, treated.size])}
    )
    return frame.assign(spend=np.concatenate([control, treated]), **columns)


def read(frame: pd.DataFrame, experiment: Experiment) -> Comparison:
    return read_out(frame, experiment).comparisons[0]


def buyers(rng: np.random.Generator, size: int, share: float) -> np.ndarray:
    return np.where(rng.random(size) < share, rng.lognormal(3, 1, size), 0.0)


def test_few_buyers_in_unequal_arms_are_drawn_again_and_equal_arms_are_not() -> None:
    rng = np.random.default_rng(0)
    uneven = read(units(buyers(rng, 4_500, 0.05), buyers(rng, 500, 0.05)), plan(shares=(0.9, 0.1)))
    assert uneven.test == "units_drawn" and uneven.skew_index is not None and uneven.skew_index > 0.10
    assert uneven.draws == 9_999
    even = read(units(buyers(rng, 2_500, 0.05), buyers(rng, 2_500, 0.05)), plan())
    assert (even.test, even.draws) == ("welch_t", None)
    normal = read(units(rng.normal(5, 1, 4_500), rng.normal(5, 1, 500)), plan(shares=(0.9, 0.1)))
    assert normal.test == "welch_t", "no skew, no draws"


def test_ratios_of_skewed_units_are_drawn_again() -> None:
    rng = np.random.default_rng(1)
    visits = 1.0 + rng.poisson(3, 5_000)
    frame = units(buyers(rng, 4_500, 0.05), buyers(rng, 500, 0.05), visits=visits)
    found = read(frame, plan("ratio", shares=(0.9, 0.1)))
    parts = {name: part["spend"].sum() / part["visits"].sum() for name, part in frame.groupby("variant")}
    assert found.test == "ratio_drawn" and found.estimate == pytest.approx(parts["b"] - parts["a"])
    assert found.ci_lower < found.estimate < found.ci_upper


def test_interval_and_p_value_never_disagree() -> None:
    for seed in range(12):
        rng = np.random.default_rng(seed)
        found = read(units(buyers(rng, 900, 0.2), 1.6 * buyers(rng, 100, 0.2)), plan(shares=(0.9, 0.1)))
        if found.draws:
            assert (found.p_value < 0.05) == (found.ci_lower > 0 or found.ci_upper < 0)


def test_row_order_does_not_change_a_drawn_answer() -> None:
    rng = np.random.default_rng(2)
    frame = units(buyers(rng, 900, 0.2), buyers(rng, 100, 0.2))
    one, two = (read(given, plan(shares=(0.9, 0.1))) for given in (frame, frame.sample(frac=1, random_state=4)))
    assert (one.p_value, one.ci_lower, one.ci_upper) == pytest.approx((two.p_value, two.ci_lower, two.ci_upper))


def test_fewer_than_ten_buyers_in_the_smaller_arm_have_no_mean() -> None:
    rng = np.random.default_rng(3)
    control, treated = buyers(rng, 900, 0.05), np.zeros(100)
    treated[:5] = 20.0
    found = read_out(units(control, treated), plan(shares=(0.9, 0.1)))
    assert found.comparisons[0].cannot_tell is not None
    assert (found.comparisons[0].cannot_tell.code, found.comparisons[0].cannot_tell.n) == ("few_nonzero", 5)
    assert found.rules[0].code == "untold"
    gone = read(units(buyers(rng, 2_000, 0.2), np.zeros(2_000)), plan())
    assert gone.cannot_tell is None and gone.ci_upper < 0, "buyers that are all gone are an answer, not a small sample"


def test_one_enormous_unit_gives_no_reading_of_the_mean() -> None:
    rng = np.random.default_rng(4)
    control, treated = rng.lognormal(1, 1, 1_000), rng.lognormal(1, 1, 1_000)
    assert read(units(control, treated), plan()).cannot_tell is None
    treated[0] = 250_000.0
    found = read_out(units(control, treated), plan())
    assert found.comparisons[0].cannot_tell is not None and found.comparisons[0].cannot_tell.code == "one_unit_rules"
    assert [gate.status for gate in found.gates if gate.code == "influence"] == ["REVIEW"]
    assert found.verdict == "stop"
    capped = read(units(control, treated), plan(winsorise=0.99))
    assert capped.cannot_tell is None, "a cap of the register leaves the rest to be read"


def test_a_verdict_that_hangs_on_one_unit_is_called_that() -> None:
    rng = np.random.default_rng(5)
    control = rng.gamma(2, 1, 300)
    for size in np.linspace(5, 60, 80):
        treated = np.concatenate([rng.gamma(2, 1, 299) * 1.13, [size]])
        found = read_out(units(control, treated), plan())
        one = found.comparisons[0]
        if one.doubt:
            less = read(units(control, treated[:-1]), plan())
            assert one.ci_lower > 0 and less.ci_lower < 0.05 * less.standard_error, "drawn again or by Welch's t"
            assert (found.verdict, found.rules[0].code, found.winner) == ("stop", "one_unit", None)
            return
    pytest.fail("no size of the one unit made the answer hang on it")


def test_four_units_that_fell_into_one_arm_are_no_effect() -> None:
    control, treated = np.full(1_000, 4.0), np.full(1_000, 4.0)
    treated[:4] = 250_000.0  # once in eight A/A tests all four lie in one arm
    found = read_out(units(control, treated), plan())
    assert (found.verdict, found.winner, found.comparisons[0].test) == ("stop", None, "units_drawn")
    assert found.comparisons[0].p_value == pytest.approx(0.125, abs=0.02)
    totals = read_out(ibis.memtable(units(control, treated)), plan())
    assert totals.comparisons[0].doubt is not None and totals.comparisons[0].doubt.code == "few_carry"
    assert (totals.verdict, totals.winner) == ("stop", None)
    treated[4:7], control[0] = 250_000.0, 250_000.0  # seven against one: once in fourteen tests
    found = read_out(units(control, treated), plan())
    assert (found.verdict, found.comparisons[0].test) == ("stop", "units_drawn")
    assert found.comparisons[0].p_value == pytest.approx(0.07, abs=0.02)
    control[0], treated[7:12] = 4.0, 250_000.0  # twelve against none are no chance
    assert read_out(units(control, treated), plan()).verdict == "ship"


def test_a_clear_effect_of_many_units_does_not_hang_on_one() -> None:
    rng = np.random.default_rng(6)
    found = read_out(units(rng.gamma(2, 1, 1_000), 1.3 * rng.gamma(2, 1, 1_000)), plan())
    assert (found.verdict, found.comparisons[0].doubt) == ("ship", None)
    assert [gate.status for gate in found.gates if gate.code == "influence"] == ["PASS"]


def test_totals_alone_answer_to_where_they_can() -> None:
    rng = np.random.default_rng(7)
    rows = units(rng.lognormal(0, 1, 9_000), rng.lognormal(0, 1, 1_000))
    found = read_out(ibis.memtable(rows), plan(shares=(0.9, 0.1))).comparisons[0]
    seen = read(rows, plan(shares=(0.9, 0.1)))
    assert found.test == "hall_t" and seen.test == "units_drawn"
    assert (found.ci_lower, found.ci_upper) == pytest.approx(
        (seen.ci_lower, seen.ci_upper), abs=0.2 * seen.standard_error
    )
    assert found.skew_index == pytest.approx(seen.skew_index)
    heavy = units(buyers(rng, 4_500, 0.04), buyers(rng, 500, 0.04))
    told = read_out(ibis.memtable(heavy), plan(shares=(0.9, 0.1))).comparisons[0]
    assert told.cannot_tell is not None and told.cannot_tell.code == "skewed_totals"
    even = units(buyers(rng, 2_500, 0.04), buyers(rng, 2_500, 0.04))
    table, frame = (read_out(given, plan()).comparisons[0] for given in (ibis.memtable(even), even))
    assert (table.p_value, table.influence) == pytest.approx((frame.p_value, frame.influence))


def test_the_gate_is_the_rule_it_says_it_is() -> None:
    small = least_small_arm(20.2, 500, 4_500)
    ratio = 9
    assert float(skew_index(20.2, small, ratio * small)) == pytest.approx(0.10, rel=0.01)
    assert small == pytest.approx(29_000, rel=0.02)
    p_value, lower, upper = hall(0.3, 0.1, 0.0, 500.0, alpha=0.05)
    assert 0.3 - lower == pytest.approx(upper - 0.3) and p_value < 0.05, "without skew it is the t interval"
