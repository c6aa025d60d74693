"""What the benchmarks conclude from their figures: fits of growth, goals, and what is no report."""

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

Modules = dict[str, ModuleType]
NUMBERS = st.floats(0.01, 100)


@pytest.mark.filterwarnings("error")
@given(fixed=NUMBERS, each=NUMBERS)
def test_a_planted_line_is_told(benchmarks: Modules, fixed: float, each: float) -> None:
    sizes = [1, 4, 16, 64]
    fit = benchmarks["fits"].fitted(sizes, [fixed + each * size for size in sizes])
    assert fit.fixed == pytest.approx(fixed, rel=1e-6, abs=1e-6 * each)
    assert fit.per_unit == pytest.approx(each, rel=1e-6)
    assert 0 < fit.exponent < 1


@given(power=st.floats(0.2, 3), factor=NUMBERS)
def test_a_planted_power_is_told(benchmarks: Modules, power: float, factor: float) -> None:
    sizes = np.array([1.0, 3.0, 10.0])
    assert benchmarks["fits"].fitted(sizes, factor * sizes**power).exponent == pytest.approx(power, abs=1e-6)


def test_two_sizes_have_no_power_and_one_size_has_no_growth(benchmarks: Modules) -> None:
    assert benchmarks["fits"].fitted([1, 2], [3, 5]).exponent is None
    with pytest.raises(ValueError, match="two sizes"):
        benchmarks["fits"].fitted([2, 2], [3, 5])


@pytest.mark.parametrize(("value", "end"), [(16.0, "met"), (15.9, "not met"), (None, "not measured")])
def test_a_goal_of_at_least_holds_from_its_bound_on(benchmarks: Modules, value: float | None, end: str) -> None:
    goal = benchmarks["goals"].Goal("a", "b", 16, "{:.1f}", at_least=True)
    assert goal.standing({} if value is None else {"a": value})[-1] == end


@pytest.mark.parametrize(("value", "end"), [(1.2, "met"), (1.21, "not met")])
def test_a_goal_of_at_most_holds_up_to_its_bound(benchmarks: Modules, value: float, end: str) -> None:
    assert benchmarks["goals"].Goal("a", "b", 1.2, "{:.2f}").standing({"a": value})[-1] == end


def test_what_is_no_report_is_refused(benchmarks: Modules) -> None:
    unmade = benchmarks["limit"].unmade
    assert unmade(None)
    assert unmade({"status": "no_data", "findings": []}) == "no_data"
    assert "reach" in unmade({"status": "ok", "findings": [{"id": "reach", "status": "failed"}]})
    assert unmade({"status": "ok", "findings": [{"id": "reach", "status": "ok"}]}) == ""
