"""What plan, cuts and validation say: planted truths found, null data left alone, bad input said plainly."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.experiments import cuts, read_out
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import experiment as readings
from fanops_utils.workspace import Experiment

DAYS = pd.date_range("2026-08-03", "2026-08-30", tz="UTC")


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}"), one
    json.dumps(asdict(one), allow_nan=False)
    return one


def design(**more: object) -> Experiment:
    plain = {
        "id": "welcome", "title": "Welcome", "hypothesis": "It helps", "owner": "community", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "period": {"start": "2026-08-03", "end": "2026-08-30"}, "segments": ["market"],
        "metrics": [{"name": "spent", "label": "Spent", "kind": "mean", "role": "decision", "smallest_effect": 0.1, "value": 2.0}],
    }  # fmt: skip
    return Experiment.model_validate(plain | more)


def trial(*, us: float = 0.0, de: float = 0.0, fading: bool = False, size: int = 8000, seed: int = 1) -> pd.DataFrame:
    """Return units of two equal arms; the treatment adds *us* and *de*, fading to nothing over the period if asked."""
    rng = np.random.default_rng(seed)
    place = np.arange(size)
    market = np.where(place // 2 % 2 == 0, "US", "DE")
    day = place // 4 % len(DAYS)
    effect = np.where(market == "US", us, de) * ((1 - day / len(DAYS)) * 2 if fading else 1)
    spent = rng.normal(2.0, 1.0, size) + effect * (place % 2)
    return pd.DataFrame({
        "unit_key": place.astype(str), "variant": np.where(place % 2 == 0, "a", "b"), "market": market,
        "assigned_at": DAYS[day], "spent": spent,
    })  # fmt: skip


def test_an_effect_of_one_market_is_found_to_differ_and_an_even_one_is_not() -> None:
    for us, de, differs in ((0.5, 0.0, True), (0.3, 0.3, False)):
        units, plan = trial(us=us, de=de), design()
        found = read_out(units, plan)
        table = cuts.segment_effects(units, plan, found)
        said = sane(readings.segments(found, plan, table))
        assert ("differs by market" in said.title) == differs
        assert table.loc[table["segment"] == "US", "shrunk"].item() == pytest.approx(us, abs=0.12)


def test_a_fading_effect_is_said_to_wear_off_and_a_lasting_one_is_not() -> None:
    for fading in (True, False):
        units, plan = trial(us=0.4, de=0.4, fading=fading, size=20_000), design()
        found = read_out(units, plan)
        days = readings.day_rows(cuts.day_effects(units, plan, found), found, plan)
        assert len(days) == len(DAYS)
        assert ("wears off" in sane(readings.daily(found, plan, days)).title) == fading


def test_cuts_of_a_table_are_those_of_its_frame() -> None:
    units, plan = trial(us=0.4, de=0.1), design()
    table = ibis.memtable(units)
    found = read_out(units, plan)
    for cut in (cuts.segment_effects, cuts.day_effects):
        pd.testing.assert_frame_equal(cut(units, plan, found), cut(table, plan, found), rtol=1e-9, check_dtype=False)
    ours, theirs = (cuts.choices(one, plan, found, rng=np.random.default_rng(1)) for one in (units, table))
    assert "bootstrap-t, plain values" in ours["choice"].tolist()
    assert theirs["choice"].tolist() == ours["choice"].tolist()[:-1], "a bootstrap needs every value"
    undated = ibis.memtable(units.assign(assigned_at=pd.NaT))
    assert cuts.day_effects(undated, plan, found).empty


def test_nothing_is_cut_out_of_an_invalid_experiment() -> None:
    units, plan = trial(us=0.5, de=0.5), design()
    units = units[(units["variant"] == "a") | (units.index % 5 > 0)]
    found = read_out(units, plan)
    assert found.verdict == "invalid"
    assert cuts.segment_effects(units, plan, found).empty
    assert cuts.day_effects(units, plan, found).empty
    others = cuts.choices(units, plan, found, rng=np.random.default_rng(1))
    assert others.empty
    said = [
        readings.segments(found, plan, pd.DataFrame()), readings.sensitivity(found, plan, others), readings.money(found, plan),
        readings.exploratory(found, plan), readings.ruling(found),
    ]  # fmt: skip
    for one in said:
        assert sane(one).estimate is None
        assert "'b'" not in one.title


def test_money_is_the_effect_times_its_value() -> None:
    units, plan = trial(us=0.5, de=0.5), design()
    found = read_out(units, plan)
    (one,) = found.comparisons
    assert readings.money(found, plan).estimate == pytest.approx(one.estimate * 2_000)
    assert "Over 50 units" in readings.money(found, plan, rollout=50).text


def test_an_effect_that_cannot_be_told_is_said_to_be_so() -> None:
    units = trial(us=0.5, de=0.5, size=400).assign(group=lambda frame: frame.index % 4)
    plan = design(cluster="group", segments=[])
    found = read_out(units, plan)
    said = sane(readings.effect(found, plan))
    assert said.estimate is None
    assert "cannot be told" in said.title
    assert "cannot tell" in readings.listed(found, plan)["interval"].iloc[0]
    assert found.winner is None


def test_the_record_names_what_changed_after_freezing(tmp_path: Path) -> None:
    units, plan = trial(us=0.5, de=0.5), design(frozen="0" * 16)
    found = read_out(units, plan)
    record = readings.record(found, plan, folder=tmp_path).set_index("item")["value"]
    assert "changed since it was frozen" in record["Register"]
    assert record["Verdict"] == "ship"
