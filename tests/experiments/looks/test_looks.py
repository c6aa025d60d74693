from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from fanops_utils.errors import DataError
from fanops_utils.experiments import ReadOut, from_counts, read_out
from fanops_utils.experiments.looks.plan import Look, plan_look
from fanops_utils.experiments.looks.record import looks_path, past_looks, read_looks, record_look, write_look
from fanops_utils.experiments.looks.spending import bounds
from fanops_utils.experiments.moments.frames import tidy
from fanops_utils.experiments.moments.privacy import suppress
from fanops_utils.experiments.readout.decision import read_moments
from fanops_utils.experiments.readout.record import decision_record
from fanops_utils.experiments.readout.taken import due_looks, look_of, look_table
from fanops_utils.workspace import Experiment, Workspace

PERIOD = {"start": "2026-08-03", "end": "2026-08-30"}
DAYS = [date(2026, 8, 9), date(2026, 8, 16), date(2026, 8, 23), date(2026, 8, 30)]


def _plan(**fields: Any) -> Experiment:
    base: dict[str, Any] = {
        "id": "welcome", "title": "Welcome", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "period": PERIOD, "method": "sequential", "looks": 4,
        "metrics": [{"name": "y", "label": "Returned", "kind": "conversion", "role": "decision", "smallest_effect": 0.01}],
    }  # fmt: skip
    return Experiment.model_validate(base | fields)


def _moments(control: float, treatment: float, n: int) -> pd.DataFrame:
    return from_counts({"a": (round(control * n), n), "b": (round(treatment * n), n)}, metric="y")


def _looks(*days: date) -> tuple[Look, ...]:
    return tuple(Look(day, 1000, (day - date(2026, 8, 2)).days / 28) for day in days)


def test_looks_are_judged_at_the_bound_of_their_share_of_the_plan() -> None:
    limits = bounds([0.25, 0.5, 0.75, 1.0])
    for number, day in enumerate(DAYS):
        state = plan_look(_plan(), _looks(*DAYS[:number]), as_of=day, units=500)
        assert (state.number, state.planned, state.unplanned) == (number + 1, 4, 0)
        assert state.critical == pytest.approx(limits[number], abs=1e-6)
        assert state.is_final == (number == 3)
    assert state.spent == pytest.approx(0.05)


def test_the_same_day_is_the_same_look() -> None:
    again = plan_look(_plan(), _looks(*DAYS[:2]), as_of=DAYS[1], units=500)
    assert (again.number, again.fractions) == (2, (0.25, 0.5))


def test_after_the_end_nothing_is_left_to_spend() -> None:
    late = plan_look(_plan(), _looks(*DAYS), as_of=date(2026, 9, 6), units=500)
    assert np.isinf(late.critical)
    assert late.unplanned == 1
    found = read_moments(_moments(0.3, 0.4, 5_000), _plan(), as_of=date(2026, 9, 6), looks=_looks(*DAYS))
    assert found.verdict == "stop"
    assert any(gate.code == "looks" and gate.status == "REVIEW" for gate in found.gates)


def test_units_planned_say_how_much_is_in() -> None:
    plan = _plan(planned_units=8_000)
    assert plan_look(plan, (), as_of=DAYS[0], units=2_000).fractions == (0.25,)
    assert plan_look(plan, (), as_of=DAYS[3], units=2_000).fractions == (1.0,), "the period is over: all may be spent"


def test_an_early_look_ships_only_beyond_its_own_bound() -> None:
    weak = _moments(0.30, 0.33, 2_500)  # z = 2.3: enough for one look, not for the first of four
    first = read_moments(weak, _plan(), as_of=DAYS[0])
    assert (first.verdict, first.winner) == ("run_on", None)
    one = read_moments(weak, _plan(method="fixed", looks=None), as_of=DAYS[3])
    assert (one.verdict, one.winner) == ("ship", "b")
    assert first.comparisons[0].p_value == pytest.approx(one.comparisons[0].p_value)
    assert first.comparisons[0].p_adjusted > 0.2 > one.comparisons[0].p_adjusted  # type: ignore[operator]
    width = [item.ci_upper - item.ci_lower for item in (first.comparisons[0], one.comparisons[0])]
    assert width[0] > 2 * width[1]
    strong = read_moments(_moments(0.30, 0.40, 2_500), _plan(), as_of=DAYS[0])
    assert (strong.verdict, strong.winner) == ("ship", "b")


def test_the_always_valid_method_needs_no_plan_of_looks() -> None:
    plan = _plan(method="always-valid", looks=None, planned_units=5_000)
    weak = read_moments(_moments(0.30, 0.33, 2_500), plan, as_of=DAYS[1], looks=_looks(DAYS[0]))
    assert weak.verdict == "run_on"
    assert read_moments(_moments(0.30, 0.36, 2_500), plan, as_of=DAYS[1]).winner == "b"


@pytest.mark.parametrize("number", range(4))
def test_a_look_stops_the_test_exactly_where_its_bound_is_crossed(number: int) -> None:
    """What the bounds promise of the error rate is thereby what the read-out keeps."""
    plan = _plan(metrics=[{"name": "y", "label": "Y", "kind": "mean", "role": "decision"}])
    limit = bounds([0.25, 0.5, 0.75, 1.0])[number]
    for shift, wanted in ((-0.01, False), (0.01, True)):
        rows = [("a", 0.0), ("b", (limit + shift) * np.sqrt(2 / 1e6))]
        moments = pd.DataFrame(
            [(arm, "y", "mean", 1_000_000, 0, mean, 1.0) for arm, mean in rows],
            columns=["variant", "metric", "kind", "n", "missing", "mean", "var"],
        )  # fmt: skip
        found = read_moments(tidy(moments.assign(units=moments["n"], clustered=False)), plan, as_of=DAYS[number],
                             looks=_looks(*DAYS[:number]))  # fmt: skip
        assert (found.winner == "b") == wanted


def test_looks_are_recorded_once_a_day(tmp_path: Path) -> None:
    path = looks_path(tmp_path, "welcome")
    assert read_looks(path) == ()
    write_look(path, Look(DAYS[1], 900, 0.5, 1.5, "run_on"))
    write_look(path, Look(DAYS[0], 400, 0.25))
    looks = write_look(path, Look(DAYS[1], 1_000, 0.5, 1.7, "run_on"))
    assert [(one.as_of, one.units) for one in looks] == [(DAYS[0], 400), (DAYS[1], 1_000)]
    assert [one.as_of for one in read_looks(path)] == DAYS[:2]
    assert path.name == "welcome.looks.csv"
    path.write_text("as_of,units,fraction\n2026-08-09,many,0.25\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"welcome\.looks\.csv, row 2: not a look"):
        read_looks(path)


def test_the_record_says_what_was_decided_and_on_what() -> None:
    plan = _plan(method="fixed", looks=None, area="onboarding", follow_up="2026-11-30")
    found = read_moments(_moments(0.30, 0.34, 5_000), plan, as_of=DAYS[3])
    record = decision_record(found, plan, as_of=DAYS[3])
    assert (record.verdict, record.winner, record.area, record.looks) == ("ship", "b", "onboarding", 1)
    assert record.estimate == pytest.approx(0.04)
    assert record.ci_lower is not None and record.ci_upper is not None
    assert record.ci_lower < 0.04 < record.ci_upper
    assert record.as_row()["follow_up"] == "2026-11-30"
    down = _plan(method="fixed", looks=None, metrics=[
        {"name": "y", "label": "Muted", "kind": "conversion", "role": "decision", "direction": "decrease"},
    ])  # fmt: skip
    turned = decision_record(read_moments(_moments(0.30, 0.34, 5_000), down, as_of=DAYS[3]), down)
    assert turned.estimate == pytest.approx(-0.04)
    assert turned.ci_upper is not None and turned.ci_upper < 0
    broken = read_moments(from_counts({"a": (300, 1_000), "b": (330, 700)}, metric="y"), plan, as_of=DAYS[3])
    assert (broken.verdict, decision_record(broken, plan).estimate) == ("invalid", None)


def test_totals_with_small_cells_cannot_be_told() -> None:
    found = read_moments(
        suppress(_moments(0.002, 0.34, 1_000), least=10), _plan(method="fixed", looks=None), as_of=DAYS[3]
    )
    assert (found.verdict, found.winner, found.comparisons) == ("stop", None, ())
    assert [rule.code for rule in found.rules] == ["small_cells"]


def test_totals_alone_say_what_they_cannot_check() -> None:
    found = read_moments(_moments(0.3, 0.34, 5_000), _plan(method="fixed", looks=None), as_of=DAYS[3])
    assert next(gate for gate in found.gates if gate.code == "units_unseen").status == "REVIEW"


def _read(units: pd.DataFrame, plan: Experiment, *looks: Look) -> ReadOut:
    return read_out(units, plan, looks=looks)


def _units(last: date, *, lift: float = 0.02) -> pd.DataFrame:
    place = np.arange(4_000)
    days = (last - date(2026, 8, 3)).days + 1
    rate = np.where(place % 2, 0.3 + lift, 0.3)
    return pd.DataFrame({
        "unit_key": place.astype(str), "variant": np.where(place % 2, "b", "a"), "y": (place % 997 / 997 < rate).astype(int),
        "assigned_at": pd.Timestamp("2026-08-03") + pd.to_timedelta(place // 2 % days, "D"),
    })  # fmt: skip


def _record(workspace: Workspace, plan: Experiment, found: ReadOut | None) -> int:
    """Record what *found* spends, as a run does: from the result, after it went through JSON."""
    carried = json.loads(json.dumps(due_looks(found, plan), allow_nan=False))
    return sum(record_look(workspace, look) for look in carried)


def _workspace(folder: Path, *plans: Experiment) -> Workspace:
    (folder / "experiments").mkdir()
    for plan in plans:
        path = folder / "experiments" / f"{plan.id}.yml"
        path.write_text(yaml.safe_dump(plan.model_dump(mode="json", exclude_defaults=True)), encoding="utf-8")
    return Workspace(folder)


def test_a_look_is_recorded_where_it_spends_something(tmp_path: Path) -> None:
    sequential, fixed, early = (
        _plan(),
        _plan(id="late", method="fixed", looks=1),
        _plan(id="early", method="fixed", looks=1),
    )
    workspace = _workspace(tmp_path, sequential, fixed, early)
    first, last = _units(DAYS[1]), _units(DAYS[3])
    assert _record(workspace, sequential, _read(first, sequential)) == 1
    (taken,) = past_looks(workspace, sequential)
    assert (taken.as_of, taken.units, taken.fraction) == (DAYS[1], 4_000, 0.5)
    assert taken.z == pytest.approx(_read(first, sequential).comparisons[0].z)
    again = _read(first, sequential, taken)
    assert _record(workspace, sequential, again) == 1
    assert len(past_looks(workspace, sequential)) == 1, "the same day is the same look"
    assert _record(workspace, fixed, _read(last, fixed)) == 0, "a finished test may be read again"
    assert _record(workspace, early, _read(first, early)) == 1
    assert due_looks(None, sequential) == ()
    assert _record(workspace, _plan(id="gone"), _read(first, sequential)) == 0, "its register is not there"


def test_what_is_no_look_is_refused(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path, _plan())
    for wrong in (
        {"experiment": "welcome"},
        {"experiment": "welcome", "day": "soon", "units": 1, "fraction": 1, "z": None},
    ):
        with pytest.raises(DataError, match="not a look"):
            record_look(workspace, wrong)


def test_a_look_without_a_comparison_has_no_z(tmp_path: Path) -> None:
    plan = _plan()
    workspace, units = _workspace(tmp_path, plan), _units(DAYS[1])
    assert _record(workspace, plan, _read(units[(units["variant"] == "a") | (units.index % 5 > 0)], plan)) == 1
    (taken,) = past_looks(workspace, plan)
    assert (taken.verdict, np.isnan(taken.z)) == ("invalid", True)


def test_a_look_read_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    plan, units = _plan(), _units(DAYS[1])
    workspace = _workspace(tmp_path, plan)
    path = tmp_path / "experiments" / f"{plan.id}.looks.csv"
    _record(workspace, plan, _read(units, plan))
    first = path.read_bytes()
    _record(workspace, plan, _read(units.sample(frac=1, random_state=3), plan))  # summed in another order
    assert path.read_bytes() == first
    assert len(first.decode().splitlines()[1].split(",")[3].partition(".")[2]) <= 6


def test_the_table_of_looks_has_each_look_s_own_bound() -> None:
    plan, units = _plan(), _units(DAYS[2])
    earlier = _looks(*DAYS[:2])
    table = look_table(_read(units, plan, *earlier), plan, earlier)
    assert table["as_of"].tolist() == DAYS[:3]
    assert table["bound"].tolist() == pytest.approx(bounds([0.25, 0.5, 0.75]), abs=1e-9)
    fixed = _plan(method="fixed", looks=1)
    assert look_table(_read(units, fixed), fixed)["bound"].tolist() == pytest.approx([1.959964], abs=1e-6)
    assert look_table(None, plan).empty


def test_a_look_is_dated_by_the_data_else_the_period_else_not_at_all() -> None:
    plan, undated = _plan(), _units(DAYS[1]).drop(columns="assigned_at")
    assert look_of(_read(_units(DAYS[1]), plan), plan).as_of == DAYS[1]
    assert look_of(_read(undated, plan), plan).as_of == DAYS[3]
    assert look_of(_read(undated, plan), plan, as_of=DAYS[0]).as_of == DAYS[0]
    open_end = _plan(period=None, method="fixed", looks=1)
    assert look_of(_read(undated, open_end), open_end).as_of is None
    assert due_looks(_read(undated, open_end), open_end) == ()
    assert look_table(_read(undated, open_end), open_end)["look"].tolist() == [1]
