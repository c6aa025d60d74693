"""What is said of several treatments, of slots and blocks, of middle and tail, and where only totals may be seen."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from fanops_utils.experiments import ReadOut, Restricted, cuts, read_out
from fanops_utils.experiments.segments.spread import spread_effects, why_no_spread
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import experiment as readings
from fanops_utils.playbook.readings.experiment_words import amount
from fanops_utils.workspace import Experiment

DAYS = pd.date_range("2026-08-03", "2026-08-30", tz="UTC")


def sane(one: Finding) -> Finding:
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}"), one
    json.dumps(asdict(one), allow_nan=False)
    return one


def hours(**more: Any) -> Experiment:
    plain = {
        "id": "hours", "title": "Hours", "hypothesis": "Noon is better", "owner": "crm", "unit": "fan", "control": "evening",
        "allocation": dict.fromkeys(["evening", "morning", "noon", "night"], 0.25), "segments": ["tier"],
        "period": {"start": "2026-08-03", "end": "2026-08-30"},
        "metrics": [{"name": "visits", "label": "Visits", "kind": "mean", "role": "decision", "smallest_effect": 0.05},
                    {"name": "muted", "label": "Muted", "kind": "conversion", "role": "guardrail", "direction": "decrease",
                     "margin": 0.02}],
    }  # fmt: skip
    return Experiment.model_validate(plain | more)


def fans(*, noon: float = 0.0, night_muted: float = 0.05, size: int = 8_000, seed: int = 1) -> pd.DataFrame:
    rng, place = np.random.default_rng(seed), np.arange(size)
    arm = np.array(["evening", "morning", "noon", "night"])[place % 4]
    return pd.DataFrame({
        "unit_key": [f"f{one}" for one in place], "variant": arm, "assigned_at": DAYS[place // 4 % 28],
        "tier": np.where(place // 4 % 2, "new", "old"), "visits": rng.gamma(2.0, 1.0, size) + noon * (arm == "noon"),
        "muted": rng.binomial(1, np.where(arm == "night", night_muted, 0.05)),
    })  # fmt: skip


def bot(**more: Any) -> Experiment:
    plain = {
        "id": "bot", "title": "Bot", "hypothesis": "It is faster", "owner": "community", "unit": "question", "control": "people",
        "allocation": {"people": 0.5, "bot": 0.5}, "design": "switchback", "cluster": "slot", "block": "day",
        "metrics": [{"name": "minutes", "label": "Minutes", "kind": "mean", "role": "decision", "direction": "decrease",
                     "smallest_effect": 1.0}],
    }  # fmt: skip
    return Experiment.model_validate(plain | more)


def questions(*, effect: float = 0.0, days: int = 28) -> pd.DataFrame:
    rng, of = np.random.default_rng(1), np.repeat(np.arange(2 * days), 30)
    on = (rng.random(days) < 0.5)[of // 2] == (of % 2 == 0)
    return pd.DataFrame({
        "unit_key": [f"q{one}" for one in range(of.size)], "variant": np.where(on, "bot", "people"), "slot": of, "day": of // 2,
        "assigned_at": pd.Timestamp("2026-08-03", tz="UTC") + pd.to_timedelta(12 * of, unit="h"),
        "minutes": 30 + rng.normal(0, 2, 2 * days)[of] + rng.normal(0, 5, of.size) + effect * on,
    })  # fmt: skip


def test_all_treatments_are_named_with_corrected_p_and_not_compared_with_one_another() -> None:
    plan, units = hours(), fans(noon=0.4)
    found = read_out(units, plan)
    assert (found.verdict, found.winner) == ("ship", "noon")
    text = sane(readings.effect(found, plan)).text
    assert all(f"'{arm}'" in text for arm in plan.allocation)
    assert text.count("corrected") == 2
    assert "The 3 treatments were compared with the control, not with one another" in text
    two = hours(allocation={"evening": 0.5, "noon": 0.5}, metrics=plan.metrics[:1])
    pair = read_out(units[units["variant"].isin(["evening", "noon"])], two)
    assert "one another" not in readings.effect(pair, two).text


def test_a_broken_guardrail_names_its_arm() -> None:
    plan = hours()
    found = read_out(fans(noon=0.4, night_muted=0.12), plan)
    said = sane(readings.guardrails(found, plan))
    assert said.title == "Muted ('night') got worse than tolerated"
    assert said.text.count("Muted ('") == 3


def test_the_days_of_the_arm_that_is_read_are_shown_and_named() -> None:
    plan, units = hours(), fans(noon=0.4)
    found = read_out(units, plan)
    days = readings.day_rows(cuts.day_effects(units, plan, found), found, plan)
    assert set(days["treatment"]) == {"noon"}
    assert sane(readings.daily(found, plan, days)).title == "No sign of wearing off ('noon')"
    cells = readings.segments(found, plan, cuts.segment_effects(units, plan, found))
    assert re.search(r"in (new|old) \('noon'\)", sane(cells).text)


def test_choices_of_several_arms_keep_their_names_and_are_judged_arm_by_arm() -> None:
    plan, units = hours(), fans(noon=0.4, seed=4)
    found = read_out(units, plan)
    others = cuts.choices(units, plan, found, rng=np.random.default_rng(1))
    labels = readings.choice_rows(others, plan)["label"]
    assert labels.is_unique
    assert labels.str.contains("'noon'").sum() == 2
    said = sane(readings.sensitivity(found, plan, others, belief=cuts.belief(found, plan)))
    assert said.title == "Every choice says the same"
    assert "the change ('noon') is for the better with more than 99.9%" in said.text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Counted are the 28 blocks (day) that hold both arms, not the 1,680 units"),
        ({"block": None}, "Assigned were whole values of slot: counted are these 56, not the 1,680 units"),
        ({"block": None, "design": "parallel"}, "Assigned were whole values of slot: counted are these 56"),
        ({"cluster": None, "design": "parallel"}, "Arms were drawn within blocks (day): counted are the 28 blocks"),
    ],
)
def test_what_is_counted_is_said_with_its_number(more: dict[str, Any], words: str) -> None:
    plan = bot(**more)
    found = read_out(questions(effect=-4.0), plan)
    said = sane(readings.effect(found, plan))
    assert words in said.text
    name = "blocks" if plan.block else "slots" if plan.design == "switchback" else "clusters"
    assert f"{found.comparisons[0].clusters} {name}" in said.method
    check = readings.enough(found, plan)
    assert (check.status, check.name) == ("PASS", "What is compared")


def test_few_blocks_and_few_units_are_not_enough() -> None:
    assert readings.enough(read_out(questions(days=10), bot()), bot()).status == "REVIEW"
    assert readings.enough(read_out(fans(size=120), hours()), hours()).status == "REVIEW"
    assert readings.enough(read_out(fans(), hours()), hours()).finding == "8,000 units (fan)"
    assert readings.enough(None, hours()).status == "FAIL"


def test_a_decrease_lies_below_zero_and_beyond_the_smallest_effect() -> None:
    found = read_out(questions(effect=-8.0), bot())
    assert found.verdict == "ship"
    assert "its interval lies below zero, all of it beyond the smallest effect" in found.rule


def spread_of(units: pd.DataFrame, plan: Experiment, found: ReadOut | None) -> Finding:
    table = spread_effects(units, plan, found, rng=np.random.default_rng(1))
    return sane(readings.spread(found, plan, table, why_not=why_no_spread(units, plan)))


def test_the_middle_and_the_tail_are_told_apart() -> None:
    plan = hours(allocation={"evening": 0.5, "noon": 0.5})
    units = fans(noon=0.3).query("variant in ['evening', 'noon']")
    found = read_out(units, plan)
    assert spread_of(units, plan, found).title == "Visits: middle and tail moved"
    tail = units.assign(
        visits=units["visits"] * np.where((units["visits"] > 4) & (units["variant"] == "noon"), 1.3, 1.0)
    )
    tail["visits"] -= 0.3 * (tail["variant"] == "noon") * (tail["visits"] <= 4)
    assert (
        spread_of(tail, plan, read_out(tail, plan)).title == "Visits: the tail moved, of the middle no change is shown"
    )
    same = fans(seed=5).query("variant in ['evening', 'noon']")
    said = spread_of(same, plan, read_out(same, plan))
    assert said.title == "Visits: neither middle nor tail is shown to have moved"
    assert "50%: no difference" in said.text


def test_where_the_spread_is_not_read_it_is_said_why() -> None:
    plan, units = hours(), fans()
    found = read_out(units, plan)
    assert "aggregate-only" in readings.spread(found, plan, pd.DataFrame(), why_not="not in aggregate-only mode").text
    shares = hours(metrics=[plan.metrics[1].model_copy(update={"role": "decision"})])
    assert spread_of(units, shares, read_out(units, shares)).title == "There is no middle and no tail to read"
    assert readings.spread_label(shares) == "No mean and no count"
    assert readings.spread(None, plan, pd.DataFrame()).severity == "info"
    broken = replace(found, verdict="invalid", comparisons=())
    assert "invalid" in readings.spread(broken, plan, pd.DataFrame()).title


def test_counts_move_by_whole_steps_and_several_arms_are_read_one_at_a_time() -> None:
    metric = {"name": "visits", "label": "Visits", "kind": "count", "role": "decision"}
    plan, units = hours(metrics=[metric]), fans(noon=1.5)
    units["visits"] = units["visits"].round()
    found = read_out(units, plan)
    table = spread_effects(units, plan, found, rng=np.random.default_rng(1))
    said = sane(readings.spread(found, plan, table))
    assert "whole steps" in said.text
    assert "'morning'" not in said.text
    assert len(readings.spread_rows(table, plan)) == 9


def test_a_report_of_totals_says_that_it_saw_no_rows() -> None:
    assert readings.seen_as(fans(size=400)) == {}
    assert "totals only" in readings.seen_as(Restricted(ibis.memtable(fans(size=400))))["Rows"]


def test_what_is_compared_one_by_one_is_said_not_to_be_seen() -> None:
    plan = bot(cluster=None, design="parallel", metrics=[*bot().metrics, {"name": "minutes2", "label": "Again", "kind": "mean",
               "role": "exploratory", "column": "minutes"}])  # fmt: skip
    units = questions(effect=-4.0)
    units["assigned_at"] = units["assigned_at"].astype("datetime64[us, UTC]")
    found = read_out(Restricted(ibis.memtable(units)), plan)
    assert "not in aggregate-only mode" in sane(readings.effect(found, plan)).text
    assert sane(readings.exploratory(found, plan)).title == "Exploratory metrics cannot be told"
    days = readings.day_rows(pd.DataFrame(), found, plan)
    assert sane(readings.daily(found, plan, days)).title == "Novelty cannot be told"
    said = readings.sensitivity(found, plan, pd.DataFrame(columns=cuts.CHOICES), rows=False)
    assert "Not in aggregate-only mode" in sane(said).text


def test_small_amounts_are_written_out() -> None:
    metric = hours().metrics[0]
    assert [amount(value, metric) for value in (-1.83e-05, 0.0123, 0.0, 1234.5)] == [
        "-0.0000183",
        "+0.0123",
        "+0",
        "+1,234",
    ]
