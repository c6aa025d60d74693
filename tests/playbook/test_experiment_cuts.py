"""What plan, cuts, portfolio and validation say: planted truths found, null data left alone, bad input said plainly."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.errors import DataError
from fanops_utils.experiments import collection, cuts, peeking, read_out, simulate
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import experiment as readings
from fanops_utils.playbook.readings import portfolio, validation
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


def arms(*, tests: int = 400, sd: float = 0.0, broken: int = 0, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    number = np.repeat(np.arange(tests), 2)
    rate = 0.1 * np.exp(rng.normal(0, sd, 2 * tests)) if sd else np.full(2 * tests, 0.1)
    total = rng.binomial(4000, 0.5, tests)
    units = np.column_stack([total, 4000 - total]).ravel()
    units[: 2 * broken : 2] += 600
    when = np.char.add("w", (100 + number // 20).astype(str))
    return pd.DataFrame({"test": number.astype(str), "when": when, "units": units, "hits": rng.binomial(units, rate)})


def test_luck_is_taken_away_where_there_is_nothing_else_and_kept_where_there_is() -> None:
    for sd, low, high in ((0.0, -0.1, 0.35), (0.3, 0.7, 1.0)):
        table = arms(sd=sd)
        tests = collection.arm_tests(table)
        found = collection.shrunk(tests, collection.arm_lifts(table))
        assert low <= found["shrunk"].mean() / found["lift"].mean() <= high
        assert (tests["won"].mean() > 0.3) == (sd > 0)


def test_faults_in_one_stretch_are_found_and_none_are_invented() -> None:
    for broken in (0, 60):
        periods = collection.by_period(collection.arm_tests(arms(broken=broken)))
        said = sane(portfolio.faults(periods))
        assert (said.severity == "alert") == (broken > 0)
    assert "w100" in said.title
    assert "w102" in said.title


def test_a_table_of_arms_that_cannot_be_is_refused_with_its_row(tmp_path: Path) -> None:
    names = {"test": "test", "units": "units", "hits": "hits", "when": "when"}
    path = tmp_path / "arms.csv"
    arms(tests=3).assign(hits=[1, 9999, 1, 1, 1, 1]).to_csv(path, index=False)
    with pytest.raises(DataError, match="3"):
        collection.read_arms(path, **names)
    with pytest.raises(DataError, match="no such file"):
        collection.read_arms(tmp_path / "none.csv", **names)
    with pytest.raises(DataError):
        collection.read_arms(path, **(names | {"hits": "clicks"}))


def test_an_empty_portfolio_says_there_is_no_data() -> None:
    empty = pd.DataFrame(columns=collection.TESTS)
    assert portfolio.validity(empty, collection.rates(empty)).status == "no_data"
    assert portfolio.follow_up(empty, on=date(2026, 11, 1)).status == "no_data"
    assert [one.status for one in portfolio.checks(empty)] == ["FAIL"]


def test_the_archive_s_faults_lie_where_they_were_reported() -> None:
    names = {"test": "clickability_test_id", "units": "impressions", "hits": "clicks", "when": "test_week"}
    table = collection.read_arms(shared("upworthy_headlines") / "upworthy_shared.csv.gz", **names)
    tests = collection.arm_tests(table)
    assert len(tests) == 2491
    assert (~tests["valid"]).mean() == pytest.approx(0.190, abs=5e-4)
    inside = tests["when"].between("201326", "201402")
    assert (~tests["valid"])[inside].mean() > 0.7
    assert (~tests["valid"])[~inside].mean() < 0.05
    plain, left = (tests.loc[tests["valid"], name].lt(0.05).sum() for name in ("p_value", "p_adjusted"))
    assert 0 < left < plain
    assert sane(portfolio.faults(collection.by_period(tests))).severity == "alert"


def test_validation_names_a_method_that_leaves_its_band() -> None:
    table = simulate.validate(rng=np.random.default_rng(3), simulations=200)
    assert sane(validation.promise(table, measure="type-I error")).id == "experiment_errors"
    spoiled = table.assign(within=table["within"].where(table["method"] != "Welch t", False))
    said = validation.promise(spoiled, measure="coverage")
    assert said.severity == "watch"
    assert "Welch t" in said.text
    looks = peeking.peeking_table(rng=np.random.default_rng(3), simulations=200)
    assert sane(validation.peeking(looks)).estimate > 0.15
