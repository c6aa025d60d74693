"""Many experiments together: rates, areas, power and looks by hand; luck, faults and winners planted and null."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.data.warehouse import Store
from fanops_utils.experiments import lessons
from fanops_utils.experiments.gates.ratios import sample_ratio
from fanops_utils.experiments.portfolio.arm_tables import arm_differences, read_arms, sample_ratios
from fanops_utils.experiments.portfolio.table import TESTS, of_arms, of_workspace, portfolio_table
from fanops_utils.workspace import Workspace

NOTHING = dict.fromkeys(["p_value", "lift", "error"]) | {
    "valid": False,
    "finished": False,
    "won": False,
    "verdict": "invalid",
}
OPEN = {"verdict": "run_on", "finished": False, "won": False}


def _row(name: str, **fields: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "test": name, "title": name, "area": "onboarding", "when": "2026-08-03", "arms": 2, "units": 4_000, "srm_p": 0.4,
        "valid": True, "finished": True, "verdict": "ship", "won": True, "p_value": 0.003, "lift": 0.3, "error": 0.1,
        "alpha": 0.05, "looks": 1, "looks_planned": 1, "follow_up": None,
    }  # fmt: skip
    return base | fields


def _table() -> pd.DataFrame:
    lost = {"verdict": "do_not_ship", "won": False}
    return portfolio_table([
        _row("one", follow_up=date(2026, 10, 1)), _row("two", lift=-0.1, **lost),
        _row("three", verdict="stop", won=False, lift=0.02, error=0.2, area="push", looks=6),
        _row("four", area="push", **NOTHING), _row("five", area="", **OPEN),
        _row("six", follow_up=date(2027, 1, 1)), _row("seven"),
    ])  # fmt: skip


def test_rates_leave_out_what_cannot_count() -> None:
    valid, won = (row for _, row in lessons.rates(_table()).iterrows())
    assert (valid["estimate"], valid["rate"], valid["of"]) == (pytest.approx(6 / 7), "valid", 7)
    assert (won["estimate"], won["rate"], won["of"]) == (pytest.approx(3 / 5), "won", 5)
    assert won["ci_lower"] < 0.6 < won["ci_upper"]


def test_p_values_are_corrected_over_the_valid_tests_alone() -> None:
    tests = portfolio_table([_row("a", p_value=0.01), _row("b", p_value=0.04), _row("c", p_value=0.5, valid=False)])
    assert tests["p_adjusted"].tolist()[:2] == pytest.approx([0.02, 0.04])
    assert np.isnan(tests["p_adjusted"].iloc[2])
    assert tests.columns.tolist() == TESTS


def test_each_area_is_told_with_its_interval() -> None:
    table = _table()
    areas = lessons.by_area(table, lessons.shrunk(table)).set_index("area")
    assert areas.loc["push", ["tests", "valid", "finished", "won"]].tolist() == [2, 1, 1, 0]
    assert areas.loc["onboarding", "win_rate"] == pytest.approx(3 / 4)
    assert areas.loc["onboarding", "ci_lower"] < 0.5
    assert np.isnan(areas.loc["", "win_rate"])
    assert -0.1 < areas.loc["push", "typical"] < 0.3


def test_power_is_that_of_the_error_the_test_ended_with() -> None:
    found = lessons.achieved_power([0.01, 0.01, np.nan], [0.02, 0.01, 0.01], alpha=0.05)
    assert found[:2] == pytest.approx([0.0791, 0.1701], abs=1e-3)
    assert np.isnan(found[2])


def test_looks_beyond_the_plan_are_counted_with_their_error() -> None:
    looked = lessons.peeking(_table()).set_index("test")
    assert looked.loc["three", "unplanned"] == 5
    assert looked.loc["one", "peeked"] == pytest.approx(0.05, abs=1e-6)
    assert looked.loc["three", "peeked"] > 0.14
    unknown = lessons.peeking(portfolio_table([_row("x", looks=None, looks_planned=None)]))
    assert unknown[["unplanned", "peeked"]].isna().all(axis=None)


def test_follow_ups_due() -> None:
    due = lessons.follow_up_due(_table(), on=date(2026, 11, 22))
    assert due["test"].tolist() == ["one", "seven"]
    assert due.loc[0, "overdue_days"] == 52


def test_the_winners_curse_is_taken_back() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(0.0, 0.01, 400)
    table = pd.DataFrame({"valid": True, "lift": truth + rng.normal(0, 0.02, 400), "error": 0.02})
    found = lessons.shrunk(table)
    winners = found["lift"] > 0.03
    assert found.loc[winners, "lift"].mean() > 2.5 * truth[winners].mean()
    assert found.loc[winners, "shrunk"].mean() == pytest.approx(truth[winners].mean(), abs=0.003)
    assert found.loc[winners, "exaggeration"].median() > 2
    held = (found["shrunk_lower"] <= truth) & (truth <= found["shrunk_upper"])
    assert 0.92 <= held.mean() <= 0.985


def test_what_a_winner_is_worth_again_needs_others_to_be_read_with() -> None:
    table = pd.DataFrame({"test": ["a", "b", "c"], "valid": True, "lift": [0.3, 0.0, 0.05], "error": [0.1, 0.1, 0.1]})
    again = lessons.effect_again(lessons.shrunk(table), "a")
    assert again and again.n == 3 and again.ci_lower < again.estimate < 0.3
    assert lessons.effect_again(lessons.shrunk(table.iloc[:2]), "a") is None
    assert lessons.effect_again(lessons.shrunk(table), "d") is None
    assert lessons.effect_again(lessons.shrunk(table.assign(valid=[False, True, True])), "a") is None


def test_many_sample_ratios_are_each_that_of_one() -> None:
    rng = np.random.default_rng(1)
    arms = pd.DataFrame({"test": np.repeat(np.arange(50), 3), "units": rng.poisson(400, 150)})
    arms = pd.concat([arms, pd.DataFrame({"test": [99, 98, 98], "units": [10, 2, 3]})])
    found = sample_ratios(arms, test="test", units="units").set_index("test")
    for test in (0, 17, 49):
        counts = dict(zip("abc", arms.loc[arms["test"] == test, "units"], strict=True))
        assert found.loc[test, "p_value"] == pytest.approx(sample_ratio(counts, dict.fromkeys("abc", 1 / 3)).p_value)
    assert found.loc[[98, 99], "p_value"].isna().all()
    uneven = arms.assign(share=np.tile([1.0, 1.0, 2.0], 51))
    assert (sample_ratios(uneven, test="test", units="units", share="share")["p_value"].dropna() < 0.01).all()


def test_winners_are_planted_ones_and_few_others() -> None:
    rng = np.random.default_rng(2)
    arms = pd.DataFrame({"test": np.repeat(np.arange(400), 4).astype(str), "when": "", "units": 2_000})
    rate = np.where((arms.index < 160) & (arms.index % 4 == 0), 0.05, 0.03)
    found = of_arms(arms.assign(hits=rng.binomial(2_000, rate))).tests
    null = found.iloc[40:]
    assert 0.02 <= (null["p_value"] < 0.05).mean() <= 0.085
    assert found.iloc[:40]["won"].mean() > 0.7
    assert null["won"].mean() < 0.02
    assert (found["valid"] & found["finished"]).all()


def test_too_few_hits_or_units_cannot_be_told() -> None:
    arms = pd.DataFrame(
        {"test": ["a", "a", "b", "b", "c"], "when": "", "units": [900, 901, 2, 3, 10], "hits": [3, 2, 1, 1, 2]}
    )
    assert arm_differences(arms)["p_value"].isna().all()
    tests = of_arms(arms).tests.set_index("test")
    assert tests.index.tolist() == ["a", "b"]
    assert tests["verdict"].tolist() == ["no_difference"] * 2
    assert np.isnan(tests.loc["b", "srm_p"])


def test_upworthy_sound_tests_and_what_false_discovery_control_leaves() -> None:
    names = {"test": "clickability_test_id", "units": "impressions", "hits": "clicks", "when": "test_week"}
    read = of_arms(read_arms(shared("upworthy_headlines") / "upworthy_shared.csv.gz", **names))
    valid = read.tests[read.tests["valid"]]
    kept, single = valid["p_adjusted"] < 0.05, valid["p_value"] < 0.05
    assert 0.3 < kept.mean() < single.mean() < 0.5
    drawn = lessons.shrunk(read.tests, read.lifts)
    assert drawn["shrunk"].max() < drawn["lift"].max()
    assert drawn.loc[drawn["won"], "exaggeration"].median() > 1


REGISTER = """id: {name}
title: {name}
hypothesis: it helps
owner: CM
unit: fan
control: a
allocation: {{a: 0.5, b: 0.5}}
source: {{file: {name}.csv}}
follow_up: 2026-12-01
metrics:
  - {{name: opened, label: Opened, kind: conversion, role: decision, smallest_effect: 0.05}}
"""


def test_a_workspace_is_read_as_each_read_out_reads_it(brand_workspace: Workspace) -> None:
    folder = brand_workspace.path / "experiments"
    folder.mkdir()
    for name, rates in {"better": (0.2, 0.3), "same": (0.2, 0.2), "broken": (0.2, 0.3), "absent": (0.2, 0.2)}.items():
        (folder / f"{name}.yml").write_text(REGISTER.format(name=name), encoding="utf-8")
        place = np.arange(2_000)
        variant = np.where(place % (3 if name == "broken" else 2) == 0, "b", "a")
        opened = (place % 97 / 97 < np.where(variant == "b", rates[1], rates[0])).astype(int)
        units = pd.DataFrame({"unit_key": place, "variant": variant, "opened": opened})
        if name != "absent":
            units.to_csv(brand_workspace.path / f"{name}.csv", index=False)
    read = of_workspace(Store(Workspace(brand_workspace.path)))
    tests = read.tests.set_index("test")
    assert tests["valid"].to_dict() == {"better": True, "broken": False, "same": True}
    assert tests["won"].to_dict() == {"better": True, "broken": False, "same": False}
    assert tests.loc["better", "lift"] == pytest.approx(0.5, abs=0.05)
    assert tests.loc["better", "power"] > 0.7
    assert tests.loc["broken", ["lift", "error", "p_value"]].isna().all()
    ((name, why),) = read.unread
    assert name == "absent"
    assert "absent.csv" in str(why)


def test_a_test_is_won_where_the_best_arm_beats_the_next_not_where_some_arm_differs() -> None:
    rates = {"clear": (0.10, 0.10, 0.14), "twins": (0.10, 0.14, 0.14), "nothing": (0.10, 0.10, 0.10)}
    rows = [(test, 5_000, round(5_000 * rate), "2026-08-03") for test, arms in rates.items() for rate in arms]
    tests = of_arms(pd.DataFrame(rows, columns=["test", "units", "hits", "when"])).tests.set_index("test")
    assert tests["won"].to_dict() == {"clear": True, "twins": False, "nothing": False}
    assert tests["verdict"].to_dict() == {"clear": "arms_differ", "twins": "arms_differ", "nothing": "no_difference"}
