"""What the cuts of a read-out say: planted truths found, null data left alone, bad input said plainly."""

from __future__ import annotations

from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest
from saying import sane, values

from fanops_utils.charts import Table
from fanops_utils.experiments import Reason, cuts, read_out
from fanops_utils.sections.experiments import readout
from fanops_utils.sections.experiments.readout.cuts.days import read_days
from fanops_utils.sections.experiments.readout.record import VERDICTS
from fanops_utils.text import Count, Written
from fanops_utils.workspace import Experiment

DAYS = pd.date_range("2026-08-03", "2026-08-30", tz="UTC")


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
        said = sane(readout.segments(found, plan, table))
        assert said.code == ("differ" if differs else "alike")
        assert ("dimension" in values(said.title)) == differs
        assert table.loc[table["segment"] == "US", "shrunk"].item() == pytest.approx(us, abs=0.12)


def test_a_fading_effect_is_said_to_wear_off_and_a_lasting_one_is_not() -> None:
    for fading in (True, False):
        units, plan = trial(us=0.4, de=0.4, fading=fading, size=20_000), design()
        found = read_out(units, plan)
        days = cuts.day_effects(units, plan, found)
        assert len(read_days(days, found, plan)) == len(DAYS)
        assert sane(readout.novelty(found, plan, days)).code == ("fades" if fading else "lasts")


def test_segments_differ_only_among_all_that_were_tried() -> None:
    units, plan = trial(us=0.3, de=0.3), design()
    found = read_out(units, plan)
    table = cuts.segment_effects(units, plan, found)
    error = 0.02
    table = table.assign(estimate=[0.0, 2.2 * np.sqrt(2) * error], standard_error=error)  # p = .028 by itself
    assert readout.segments(found, plan, table).finding.code == "differ"
    even = [table.assign(dimension=name, estimate=0.3) for name in ("device", "age")]
    assert readout.segments(found, plan, pd.concat([table, *even])).finding.code == "alike"


def test_arms_that_cross_without_an_effect_do_not_wear_off() -> None:
    units, plan = trial(size=20_000), design()
    day = (units["assigned_at"] - DAYS[0]).dt.days
    crossing = units.assign(spent=units["spent"] + (units["variant"] == "b") * (0.5 - day / (len(DAYS) - 1)))
    found = read_out(crossing, plan)
    assert found.comparisons[0].ci_lower < 0 < found.comparisons[0].ci_upper
    assert sane(readout.novelty(found, plan, cuts.day_effects(crossing, plan, found))).code == "moved"


def test_cuts_of_a_table_are_those_of_its_frame() -> None:
    units, plan = trial(us=0.4, de=0.1), design()
    table = ibis.memtable(units)
    found = read_out(units, plan)
    for cut in (cuts.segment_effects, cuts.day_effects):
        pd.testing.assert_frame_equal(cut(units, plan, found), cut(table, plan, found), rtol=1e-9, check_dtype=False)
    ours, theirs = (cuts.choices(one, plan, found, rng=np.random.default_rng(1)) for one in (units, table))
    assert "bootstrap_t" in ours["choice"].tolist()
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
        readout.segments(found, plan, pd.DataFrame()), readout.sensitivity(found, plan, others), readout.money(found, plan),
        readout.explored(found, plan), readout.ruling(found, plan), readout.novelty(found, plan, pd.DataFrame()),
    ]  # fmt: skip
    for one in said:
        assert sane(one).estimate is None
        assert sane(one).code == "invalid"
        assert not values(sane(one).title)


def test_money_is_the_effect_times_its_value() -> None:
    units, plan = trial(us=0.5, de=0.5), design()
    found = read_out(units, plan)
    (one,) = found.comparisons
    assert sane(readout.money(found, plan)).estimate == pytest.approx(one.estimate * 2_000)
    assert values(readout.money(found, plan, rollout=50).text)["n"] == Count(50.0)


def test_an_effect_that_cannot_be_told_is_said_to_be_so() -> None:
    units = trial(us=0.5, de=0.5, size=400).assign(group=lambda frame: frame.index % 4)
    plan = design(cluster="group", segments=[])
    found = read_out(units, plan)
    assert found.comparisons[0].cannot_tell == Reason("few_clusters", n=2, least=4)
    section = readout.effect(found, plan)
    said = sane(section)
    assert (said.code, said.estimate) == ("untold", None)
    (table,) = [part for part in section.parts if isinstance(part, Table)]
    interval = table.rows[0][6]
    assert values(values(interval)["why"])["n"] == Count(2.0)
    assert found.winner is None


def test_the_record_names_what_changed_after_freezing(tmp_path: Path) -> None:
    units, plan = trial(us=0.5, de=0.5), design(frozen="0" * 16)
    found = read_out(units, plan)
    (table,) = readout.record(found, plan, folder=tmp_path).parts
    assert isinstance(table, Table)
    rows = [value for _, value in table.rows]
    assert rows[0] == VERDICTS["ship"]
    assert values(rows[3])["frozen"] == Written("0" * 16)
    assert "keys" not in values(rows[3]), "its copy is missing"
    assert not readout.record(None, plan).parts
