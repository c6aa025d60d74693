"""Windows of every kind of metric: units still waiting are left out and counted, and a look is taken at the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.experiments import ReadOut, data_day, mature, read_out
from fanops_utils.workspace import Experiment


def plan(window: int | None = 28, **fields: Any) -> Experiment:
    metric = {"name": "spend", "label": "Spend", "kind": "mean", "role": "decision", "window_days": window}
    return Experiment.model_validate({
        "id": "gift", "title": "Gift", "hypothesis": "", "owner": "CRM", "unit": "fan", "control": "a",
        "allocation": {"a": 1, "b": 1}, "metrics": [metric], "period": {"start": "2026-05-01", "end": "2026-05-28"}, **fields,
    })  # fmt: skip


def came(days: int = 28, *, each: int = 40, effect: float = 6.0) -> pd.DataFrame:
    """Fans who came over *days*; the exported spend of those who came late covers less of their 28 days."""
    rng = np.random.default_rng(1)
    day = np.repeat(np.arange(days), each)
    arm = np.arange(day.size) % 2
    spend = (20 + effect * arm + rng.normal(0, 4, day.size)) * (1 - day / 60)
    frame = pd.DataFrame(
        {"unit_key": np.arange(day.size).astype(str), "variant": np.array(["a", "b"])[arm], "spend": spend}
    )
    return frame.assign(assigned_at=pd.Timestamp("2026-05-01 10:00", tz="UTC") + pd.to_timedelta(day, "D"))


def both(experiment: Experiment, as_of: date) -> ReadOut:
    one, other = (read_out(given, experiment, as_of=as_of) for given in (came(), ibis.memtable(came())))
    told = [[(gate.key, gate.status, gate.n) for gate in found.gates] for found in (one, other)]
    assert (one.verdict, [rule.code for rule in one.rules], told[0]) == (
        other.verdict,
        [rule.code for rule in other.rules],
        told[1],
    )
    return one


def test_the_day_after_assignment_ended_is_too_early_for_twenty_eight_days() -> None:
    found = both(plan(), date(2026, 5, 29))
    assert found.verdict == "run_on" and found.rules[0].until == date(2026, 6, 25)
    waiting = next(gate for gate in found.gates if gate.code == "immature")
    assert (waiting.n, waiting.total, waiting.subject) == (1_080, 1_120, "spend")
    assert found.comparisons[0].n == 40, "only those who came on the first day have had their 28 days"
    assert not any(gate.code == "missing" and gate.n for gate in found.gates), "waiting is not missing"


def test_with_every_window_over_or_without_one_all_units_are_read() -> None:
    for experiment, day in ((plan(), date(2026, 6, 25)), (plan(None), date(2026, 5, 28))):
        found = both(experiment, day)
        assert (found.verdict, found.comparisons[0].n) == ("ship", 1_120)
        assert not any(gate.code == "immature" for gate in found.gates)


def test_what_is_left_out_once_is_left_out_in_every_cut() -> None:
    units = mature(came(), plan(), as_of=date(2026, 5, 29))
    assert isinstance(units, pd.DataFrame) and units["spend"].notna().sum() == 40
    assert mature(came(), plan(None), as_of=date(2026, 5, 29)) is not None


def test_a_look_counts_the_units_whose_window_is_over() -> None:
    looks = plan(method="sequential", looks=4, planned_units=1_120)
    found = both(looks, date(2026, 6, 10))
    assert found.look is not None and found.look.fractions[-1] == pytest.approx(13 * 40 / 1_120)
    assert not found.look.is_final


def test_before_the_first_window_is_over_it_is_too_early_and_not_invalid() -> None:
    found = both(plan(), date(2026, 5, 14))
    assert (found.verdict, found.rules[0].code, found.rules[0].until) == ("run_on", "not_over", date(2026, 6, 25))
    assert found.comparisons[0].cannot_tell is not None
    still = read_out(came().assign(spend=3.0), plan(), as_of=date(2026, 6, 25))
    assert still.verdict == "invalid", "outcomes that are in and never vary are no matter of time"


def test_those_who_come_after_the_period_are_not_waited_for() -> None:
    late = came().assign(unit_key=lambda frame: "late" + frame["unit_key"]).head(8)
    units = pd.concat([came(), late.assign(assigned_at=pd.Timestamp("2027-03-01", tz="UTC"))], ignore_index=True)
    for given in (units, ibis.memtable(units)):
        assert read_out(given, plan(), as_of=date(2026, 6, 25)).verdict == "ship"
        early = read_out(given, plan(), as_of=date(2026, 6, 24))
        assert (early.verdict, early.rules[0].until) == ("run_on", date(2026, 6, 25))


def test_the_last_day_may_have_nobody_where_the_data_reach_it() -> None:
    units, experiment = came(days=26), plan(None)
    assert read_out(units, experiment).verdict == "run_on"
    assert read_out(units, experiment, as_of=date(2026, 5, 28)).verdict == "ship"
    exported = units.assign(exported_at=pd.Timestamp("2026-06-02", tz="UTC"))
    recorded = plan(None, recorded_column="exported_at")
    for given in (exported, ibis.memtable(exported)):
        assert data_day(given, recorded) == date(2026, 6, 2)
        assert data_day(given, experiment) == date(2026, 5, 26)
    assert read_out(exported, recorded, as_of=data_day(exported, recorded)).verdict == "ship"


def test_a_name_that_counts_days_without_a_window_is_named_until_all_have_had_them() -> None:
    said = {"name": "spend_28d", "label": "Spend", "kind": "mean", "role": "decision", "column": "spend"}
    worded = {**said, "name": "spend", "label": "Spend in 28 days"}
    for metric in (said, worded):
        early = next(
            gate for gate in both(plan(metrics=[metric]), date(2026, 5, 29)).gates if gate.code == "unagreed_window"
        )
        assert (early.status, early.n, early.total) == ("REVIEW", 1_040, 1_120), (
            "a day's grace: two days of units are in time"
        )
        later = both(plan(metrics=[metric]), date(2026, 6, 25))
        assert not any(gate.code == "unagreed_window" for gate in later.gates)
    agreed = both(plan(metrics=[{**said, "window_days": 28}]), date(2026, 5, 29))
    assert not any(gate.code == "unagreed_window" for gate in agreed.gates), "what is agreed is held by its own gate"
