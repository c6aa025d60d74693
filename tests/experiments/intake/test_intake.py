"""A table is read out as the frame of the same rows is, gates included; and each gate of the design stops on its fault."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.errors import DataError
from fanops_utils.experiments import ReadOut, Reason, SampleRatio, read_out, sample_ratio_by, validity
from fanops_utils.experiments.gates.gate import CellRatios, Imbalance
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint


def _plan(**fields: Any) -> Experiment:
    return Experiment.model_validate({
        "id": "welcome", "title": "W", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "period": {"start": "2026-08-03", "end": "2026-08-16"},
        "covariates": [{"column": "before", "measured_until": "2026-08-02"}],
        "metrics": [
            {"name": "returned", "label": "Returned", "kind": "conversion", "role": "decision", "smallest_effect": 0.01},
            {"name": "revenue", "label": "Revenue", "kind": "mean", "role": "exploratory", "missing": "drop", "winsorise": 0.99},
            {"name": "ctr", "label": "Clicks", "kind": "ratio", "role": "guardrail", "numerator": "clicks", "denominator": "views"},
            {"name": "posts", "label": "Posts", "kind": "count", "role": "exploratory"},
        ],
    } | fields)  # fmt: skip


def _units(rows: int = 4_000, *, seed: int = 0, lift: float = 0.06) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    arm, before, views = (
        rng.permutation(np.tile(["a", "b"], rows // 2)),
        rng.lognormal(0, 1, rows),
        rng.poisson(5, rows) + 1,
    )
    frame = pd.DataFrame({
        "experiment": "welcome", "unit_key": [f"u{number}" for number in range(rows)], "variant": arm, "before": before,
        "returned": (rng.random(rows) < 0.3 + lift * (arm == "b")).astype("int64"),
        "revenue": before + rng.lognormal(0, 1, rows), "views": views, "clicks": rng.binomial(views, 0.3),
        "posts": rng.poisson(2, rows), "market": rng.choice(["US", "DE", "JP"], rows),
        "assigned_at": pd.Timestamp("2026-08-03", tz="UTC") + pd.to_timedelta(rng.integers(0, 14 * 24, rows), "h"),
        "community": rng.integers(0, 40, rows),
    })  # fmt: skip
    frame.loc[rng.random(rows) < 0.05, "revenue"] = np.nan
    return frame


def _same(one: ReadOut, other: ReadOut) -> None:
    assert (one.verdict, one.winner, one.units, one.last_day) == (
        other.verdict,
        other.winner,
        other.units,
        other.last_day,
    )
    assert [(gate.key, gate.status, gate.n, gate.total, gate.names) for gate in one.gates] == [
        (gate.key, gate.status, gate.n, gate.total, gate.names) for gate in other.gates
    ]
    for left, right in zip(one.comparisons, other.comparisons, strict=True):
        for field in ("estimate", "ci_lower", "ci_upper", "p_value", "p_adjusted", "missing", "n"):
            one_value, other_value = getattr(left, field), getattr(right, field)
            assert (one_value is None) == (other_value is None), field
            if one_value is not None:
                assert one_value == pytest.approx(other_value, rel=1e-9, abs=1e-12, nan_ok=True), field


def test_a_table_is_read_out_as_its_frame() -> None:
    units = _units()
    found = read_out(units, _plan())
    assert found.verdict == "ship"
    assert {gate.key for gate in found.gates} >= {
        "sample_ratio_by:market",
        "sample_ratio_by:day",
        "balance:before",
        "exposure_dates",
    }
    _same(found, read_out(ibis.memtable(units), _plan()))


def test_a_faulty_table_stops_where_its_frame_stops() -> None:
    units = _units(2_000)
    faulty = pd.concat([units, units.head(3), units.iloc[5:7].assign(variant="b"), units.iloc[[9]].assign(variant="z")])
    faulty = faulty.assign(posts=faulty["posts"].astype(float))
    faulty.iloc[20, faulty.columns.get_loc("posts")] = -1.0
    faulty.iloc[21, faulty.columns.get_loc("variant")] = None
    found = read_out(faulty, _plan())
    assert found.verdict == "invalid"
    assert len([gate for gate in found.gates if gate.stops]) == 5
    _same(found, read_out(ibis.memtable(faulty), _plan()))


def test_columns_may_be_called_otherwise() -> None:
    units = _units().rename(columns={"unit_key": "fan", "variant": "group", "assigned_at": "seen"})
    plan = _plan(unit_column="fan", variant_column="group", exposure_column="seen")
    assert read_out(units, plan).verdict == "ship"
    assert read_out(ibis.memtable(units), plan).verdict == "ship"
    with pytest.raises(DataError, match="Did you mean 'fan'"):
        read_out(units, _plan(unit_column="fans"))
    with pytest.raises(DataError, match="Did you mean 'fan'"):
        read_out(ibis.memtable(units), _plan(unit_column="fans"))


def _stopping(units: pd.DataFrame, plan: Experiment | None = None) -> set[str]:
    return {gate.key for gate in read_out(units, plan or _plan()).gates if gate.stops}


def test_a_market_that_lost_one_arm_stops_the_whole() -> None:
    units = _units(20_000)
    drop = units.index[(units["market"] == "JP") & (units["variant"] == "b")][:450]
    more = units.index[(units["market"] == "US") & (units["variant"] == "a")][:450]
    assert _stopping(units.drop(index=drop.union(more))) == {"sample_ratio_by:market"}


def test_a_day_that_lost_one_arm_stops_the_whole() -> None:
    units = _units(20_000)
    lost = (units["assigned_at"].dt.day == 9) & (units["variant"] == "b")
    gates = read_out(units.drop(index=units.index[lost][:200]), _plan()).gates
    (stopped,) = [gate for gate in gates if gate.stops]
    assert stopped.key == "sample_ratio_by:day"
    assert isinstance(stopped.seen, CellRatios)
    assert (stopped.seen.worst, stopped.seen.off, stopped.seen.named) == ("2026-08-09", 1, ("2026-08-09",))


def test_sound_assignments_rarely_stop_by_market_or_day() -> None:
    rng, stopped = np.random.default_rng(4), 0
    for _ in range(300):
        cells = {str(day): {"a": int(a), "b": int(400 - a)} for day, a in enumerate(rng.binomial(400, 0.5, 14))}
        stopped += bool((sample_ratio_by(cells, {"a": 0.5, "b": 0.5})["p_adjusted"] < 0.01).any())
    assert stopped <= 10
    assert sample_ratio_by({"x": {"a": 3, "b": 1}}, {"a": 0.5, "b": 0.5}).empty


def test_arms_that_differed_before_are_seen() -> None:
    units = _units()
    shifted = units.assign(before=units["before"] + 0.4 * (units["variant"] == "b"))
    assert _stopping(shifted) == {"balance:before"}
    gate = next(gate for gate in read_out(shifted, _plan()).gates if gate.code == "balance")
    assert isinstance(gate.seen, Imbalance)
    assert (gate.subject, gate.seen.treatment) == ("before", "b")
    assert gate.seen.standardised > 0


def test_dates_outside_the_period_are_seen() -> None:
    units = _units()
    late = units["assigned_at"].where(units.index >= 4, pd.Timestamp("2026-09-20", tz="UTC"))
    gate = next(
        gate
        for gate in read_out(units.assign(assigned_at=late), _plan(), as_of=date(2026, 9, 20)).gates
        if gate.code == "exposure_dates"
    )
    assert (gate.status, gate.n) == ("REVIEW", 4)
    far = units["assigned_at"].where(units.index >= 400, pd.Timestamp("2026-09-20", tz="UTC"))
    assert "exposure_dates" in _stopping(units.assign(assigned_at=far))


def test_clusters_are_what_is_counted() -> None:
    units = _units()
    split = _plan(cluster="community", covariates=[])
    assert "one_arm_per_cluster:community" in _stopping(units, split)
    whole = units.assign(variant=np.where(units["community"] % 2, "b", "a"))
    found = read_out(whole, split)
    assert isinstance(found.gates[5].seen, SampleRatio)
    assert found.gates[5].seen.observed == {"a": 20, "b": 20}
    assert {one.clusters for one in found.comparisons} == {40}
    _same(found, read_out(ibis.memtable(whole), split))
    few = read_out(whole[whole["community"] < 6], split)
    assert few.verdict == "stop"
    assert {rule.why for rule in few.rules} == {Reason("few_clusters", n=3, least=4)}


def test_a_register_changed_after_freezing_is_shown() -> None:
    units, plan = _units(), _plan()
    frozen = plan.model_copy(update={"frozen": fingerprint(plan, without=("frozen",))})
    changed = frozen.model_copy(update={"alpha": 0.1})
    status = {name: next(gate.status for gate in validity(units, one) if gate.code == "register_frozen") for name, one in
              (("same", frozen), ("changed", changed))}  # fmt: skip
    assert status == {"same": "PASS", "changed": "REVIEW"}


def test_missing_covariates_and_empty_data_are_said() -> None:
    units = _units()
    gaps = units.assign(before=units["before"].where(units.index >= 30))
    gate = next(gate for gate in read_out(gaps, _plan()).gates if gate.key == "covariate:before")
    assert (gate.status, gate.n, gate.total) == ("REVIEW", 30, 4_000)
    for nothing in (units.head(0), ibis.memtable(units).filter(ibis._.market == "XX")):
        with pytest.raises(DataError, match="no units of the experiment"):
            read_out(nothing, _plan())
