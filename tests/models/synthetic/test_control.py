from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.models import difference_in_differences, synthetic_control, synthetic_did
from fanops_utils.models.synthetic.control import Gate
from fanops_utils.models.synthetic.simplex import simplex_weights

NAMES: dict[str, Any] = {"unit": "unit", "time": "time", "value": "value"}


@pytest.fixture(scope="module")
def smoking() -> pd.DataFrame:
    frame = pd.read_csv(shared("prop99") / "california_prop99_synthdid.csv", sep=";")
    return frame.set_axis(["unit", "time", "value", "treated"], axis=1)


def panel(
    rng: np.random.Generator, *, units: int = 24, before: int = 40, after: int = 10, lift: float = 0.0
) -> pd.DataFrame:
    factors = np.cumsum(rng.normal(0, 1, (before + after, 2)), axis=0)
    values = 100 + factors @ rng.uniform(0.2, 1.8, (2, units)) + rng.normal(0, 0.5, (before + after, units))
    values[:, 0] = 100 + factors @ [1.0, 1.0] + rng.normal(0, 0.5, before + after)
    values[before:, 0] += lift
    names = [f"u{number:02d}" for number in range(units)]
    wide = pd.DataFrame(values, index=pd.RangeIndex(before + after, name="time"), columns=pd.Index(names, name="unit"))
    return wide.stack().rename("value").reset_index()


def test_proposition_99_to_the_published_numbers(smoking: pd.DataFrame) -> None:
    found = synthetic_control(smoking, treated=["California"], since=1989, **NAMES)
    assert found.estimate == pytest.approx(-19.514, abs=0.2)
    year = found.path.set_index("time")["gap"]
    assert year[2000] == pytest.approx(-26.597, abs=0.2)
    assert found.pre_rmse == pytest.approx(1.656, abs=5e-4)
    assert list(found.weights["unit"][:3]) == ["Utah", "Montana", "Nevada"]
    assert found.weights["weight"].sum() == pytest.approx(1)
    other = synthetic_did(smoking, treated=["California"], since=1989, **NAMES)
    assert other.estimate == pytest.approx(-15.605, abs=5e-3)
    plain = difference_in_differences(smoking, treated=["California"], since=1989, **NAMES)
    assert plain == pytest.approx(-27.34911108, rel=1e-6)


def test_california_ranks_among_the_placebos_as_far_as_38_donors_can_say(smoking: pd.DataFrame) -> None:
    found = synthetic_control(smoking, treated=["California"], since=1989, **NAMES)
    assert (found.rank, found.p_value) == (3, pytest.approx(3 / 39))
    assert list(found.placebos.nlargest(2, "ratio")["unit"]) == ["Missouri", "Virginia"]
    other = synthetic_did(smoking, treated=["California"], since=1989, **NAMES)
    assert (other.rank, other.p_value, other.p_smallest) == (1, pytest.approx(1 / 39), pytest.approx(1 / 39))


def test_nineteen_years_fail_the_gate_unless_they_are_said_to_do(smoking: pd.DataFrame) -> None:
    found = synthetic_control(smoking, treated=["California"], since=1989, **NAMES)
    assert found.failed == (Gate("few_periods", 19, 25),)
    assert synthetic_control(smoking, treated=["California"], since=1989, fewest_periods=19, **NAMES).trusted


def test_equal_weights_on_raw_units_cannot_pass_for_a_fit(
    smoking: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = smoking.pivot(index="time", columns="unit", values="value")
    past = wide[wide.index < 1989]
    target, donors = past["California"].to_numpy(), past.drop(columns="California").to_numpy()
    weights = simplex_weights(target, donors)
    assert np.sqrt(np.mean((target - donors @ weights) ** 2)) == pytest.approx(1.656, abs=5e-4)
    assert weights == pytest.approx(simplex_weights(target * 1e6, donors * 1e6), abs=1e-6)
    module = "fanops_utils.models.synthetic.control.simplex_weights"
    monkeypatch.setattr(module, lambda _, others, **__: np.full(others.shape[1], 1 / others.shape[1]))
    trap = synthetic_control(smoking, treated=["California"], since=1989, fewest_periods=19, **NAMES)
    assert trap.estimate == pytest.approx(-41.7, abs=0.1)
    assert not trap.trusted
    assert trap.failed[0].code == "poor_fit"


def test_the_weights_are_those_of_another_solver() -> None:
    rng = np.random.default_rng(1)
    donors, ridge = rng.normal(0, 1, (30, 8)), 0.3
    target = donors @ rng.dirichlet(np.ones(8)) + rng.normal(0, 0.3, 30)
    for penalty in (0.0, ridge):
        found = minimize(
            lambda w, penalty=penalty: np.mean((target - donors @ w) ** 2) + penalty * w @ w,
            np.full(8, 1 / 8), method="SLSQP", bounds=[(0, 1)] * 8,
            constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-14, "maxiter": 1000},
        )  # fmt: skip
        assert simplex_weights(target, donors, ridge=penalty) == pytest.approx(found.x, abs=1e-5)


def test_the_oracles_agree(smoking: pd.DataFrame) -> None:
    diff_diff = pytest.importorskip("diff_diff")
    pysyncon = pytest.importorskip("pysyncon")
    marked = smoking.assign(ever=(smoking["unit"] == "California").astype(int))
    names = {"outcome": "value", "treatment": "ever", "unit": "unit", "time": "time"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        oracle = diff_diff.SyntheticDiD(seed=1, n_bootstrap=2).fit(
            marked, post_periods=list(range(1989, 2001)), **names
        )
    ours = synthetic_did(smoking, treated=["California"], since=1989, **NAMES)
    assert ours.estimate == pytest.approx(oracle.att, abs=0.01)
    wide = smoking.pivot(index="time", columns="unit", values="value").loc[:1988]
    synth = pysyncon.Synth()
    fitted, _ = synth.w_optimize(
        V_mat=np.eye(len(wide)), X0=wide.drop(columns="California").to_numpy(), X1=wide["California"].to_numpy()
    )
    control = synthetic_control(smoking, treated=["California"], since=1989, **NAMES)
    mine = control.weights.set_index("unit")["weight"].reindex(wide.drop(columns="California").columns).to_numpy()
    past, target = wide.drop(columns="California").to_numpy(), wide["California"].to_numpy()
    assert np.sum((target - past @ mine) ** 2) <= np.sum((target - past @ fitted) ** 2) + 1e-6
    assert np.sqrt(np.mean((target - past @ fitted) ** 2)) == pytest.approx(control.pre_rmse, rel=0.05)


def test_a_planted_effect_is_found_and_no_effect_is_not() -> None:
    found = [synthetic_control(panel(np.random.default_rng(seed), lift=6.0), treated=["u00"], since=40, **NAMES)
             for seed in range(20)]  # fmt: skip
    assert np.mean([one.estimate for one in found]) == pytest.approx(6, abs=0.5)
    assert sum(one.p_value <= 0.1 for one in found) >= 16
    null = [method(panel(np.random.default_rng(seed)), treated=["u00"], since=40, **NAMES)
            for method in (synthetic_control, synthetic_did) for seed in range(100, 140)]  # fmt: skip
    assert sum(one.p_value <= 0.1 for one in null) <= 15
    assert sum(one.interval.ci_lower <= 0 <= one.interval.ci_upper for one in null) >= 68


def test_a_unit_beyond_all_donors_and_few_donors_are_not_trusted() -> None:
    frame = panel(np.random.default_rng(3), units=8)
    frame.loc[frame["unit"] == "u00", "value"] += 60
    found = synthetic_control(frame, treated=["u00"], since=40, **NAMES)
    assert len(found.failed) == 3
    assert "outside" in [gate.code for gate in found.failed]
    assert Gate("few_units", 8, 20) in found.failed


def test_holes_unknown_units_and_too_few_donors_are_refused() -> None:
    frame = panel(np.random.default_rng(4))
    with pytest.raises(DataError, match="every unit at every time"):
        synthetic_control(frame.iloc[1:], treated=["u05"], since=40, **NAMES)
    with pytest.raises(DataError, match="no such unit"):
        synthetic_control(frame, treated=["x"], since=40, **NAMES)
    with pytest.raises(DataError, match="two donors"):
        synthetic_control(frame[frame["unit"].isin(["u00", "u01"])], treated=["u00"], since=40, **NAMES)


def test_the_interval_leaves_zero_out_exactly_where_its_own_rank_does() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values = np.cumsum(rng.normal(size=(40, 12)), axis=0)
        values[30:, 0] += rng.uniform(0, 12)
        frame = pd.DataFrame(values).rename_axis("year").reset_index().melt("year", var_name="unit", value_name="value")
        one = synthetic_control(frame, unit="unit", time="year", value="value", treated=[0], since=30)
        apart = one.interval.ci_lower > 0 or one.interval.ci_upper < 0
        assert apart == (one.p_mean <= 0.1)
        assert one.demeaned is not None and one.demeaned.ci_lower < one.demeaned.estimate < one.demeaned.ci_upper


def test_a_badly_fitted_donor_does_not_widen_a_good_fit() -> None:
    rng = np.random.default_rng(3)
    common = np.cumsum(rng.normal(size=(40, 1)), axis=0)
    values = common + rng.normal(0, 0.2, (40, 16))
    values[30:, 0] += 3
    values[:, 15] = 40 * np.cumsum(rng.normal(size=40))
    frame = pd.DataFrame(values).rename_axis("year").reset_index().melt("year", var_name="unit", value_name="value")
    one = synthetic_control(frame, unit="unit", time="year", value="value", treated=[0], since=30)
    assert one.interval.ci_lower > 0 and one.interval.ci_lower < 3 < one.interval.ci_upper
