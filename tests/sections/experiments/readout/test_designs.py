"""What is said of several treatments, of slots and blocks, of middle and tail, and where only totals may be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils.experiments import ReadOut, Reason, Restricted, Rule, cuts, read_out
from fanops_utils.experiments.segments.spread import spread_effects, why_no_spread
from fanops_utils.playbook import Finding
from fanops_utils.sections.experiments import readout
from fanops_utils.sections.experiments.amounts import amount
from fanops_utils.sections.experiments.readout.cuts.choices import sensitivity
from fanops_utils.sections.experiments.readout.cuts.days import read_days
from fanops_utils.sections.experiments.readout.tables import drawn
from fanops_utils.text import Count, Level, Message, Sayable, Span, Written
from fanops_utils.workspace import Experiment

NUMBERS = ("estimate", "ci_lower", "ci_upper", "p_value", "n")
DAYS = pd.date_range("2026-08-03", "2026-08-30", tz="UTC")


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


def named(told: Sayable | None) -> set[str]:
    """Return all names, as written, in what is said, however deep."""
    own = {told.text} if isinstance(told, Written) else set()
    return own.union(*(named(part) for part in parts(told)))


def test_all_treatments_are_named_and_not_compared_with_one_another() -> None:
    plan, units = hours(), fans(noon=0.4)
    found = read_out(units, plan)
    assert (found.verdict, found.winner) == ("ship", "noon")
    said = sane(readout.effect(found, plan))
    assert set(plan.allocation) <= named(said.text)
    assert (
        sum("interval" in values(part) and isinstance(values(part)["interval"], Span) for part in parts(said.text)) == 4
    )
    assert values(parts(said.text)[-1])["n"] == Count(3.0)
    two = hours(allocation={"evening": 0.5, "noon": 0.5}, metrics=plan.metrics[:1])
    pair = read_out(units[units["variant"].isin(["evening", "noon"])], two)
    assert len(parts(readout.effect(pair, two).finding.text)) == len(parts(said.text)) - 3


def test_a_broken_guardrail_names_its_arm() -> None:
    plan = hours()
    found = read_out(fans(noon=0.4, night_muted=0.12), plan)
    said = sane(readout.guardrails(found, plan))
    assert said.code == "harm"
    assert named(said.title) == {"Muted", "night"}
    assert len(parts(said.text)) == 3


def test_the_days_of_the_arm_that_is_read_are_shown_and_named() -> None:
    plan, units = hours(), fans(noon=0.4)
    found = read_out(units, plan)
    days = cuts.day_effects(units, plan, found)
    assert set(read_days(days, found, plan)["treatment"]) == {"noon"}
    said = sane(readout.novelty(found, plan, days))
    assert (said.code, named(said.title)) == ("lasts", {"noon"})
    cells = sane(readout.segments(found, plan, cuts.segment_effects(units, plan, found)))
    assert named(values(cells.text)["highest"]) in ({"new", "noon"}, {"old", "noon"})


def test_choices_of_several_arms_keep_their_names_and_are_judged_arm_by_arm() -> None:
    plan, units = hours(), fans(noon=0.4, seed=4)
    found = read_out(units, plan)
    others = cuts.choices(units, plan, found, rng=np.random.default_rng(1))
    assert sum(row == "noon" for row in others["treatment"]) == 2
    said = sane(sensitivity(found, plan, others, belief=cuts.belief(found, plan)))
    assert said.code == "same"
    lines = [values(part)["choice"] for part in parts(said.text) if "choice" in values(part)]
    assert len({str(line) for line in lines}) == len(others)
    believed = values(parts(said.text)[-1])
    assert (believed["arm"], believed["chance"]) == (Written("noon"), Level(0.999))


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ({}, 28),
        ({"block": None}, 56),
        ({"block": None, "design": "parallel"}, 56),
        ({"cluster": None, "design": "parallel"}, 28),
    ],
)
def test_what_is_counted_is_said_with_its_number(more: dict[str, Any], counted: int) -> None:
    plan = bot(**more)
    found = read_out(questions(effect=-4.0), plan)
    said = sane(readout.effect(found, plan))
    (told,) = [values(part) for part in parts(said.text) if "units" in values(part)]
    assert (values(told["count"])["n"], values(told["units"])["n"]) == (Count(counted), Count(1_680.0))
    assert told["column"] == Written(plan.block or plan.cluster or "")
    names = {"{n} block", "{n} slot", "{n} cluster"}
    name = "{n} block" if plan.block else "{n} slot" if plan.design == "switchback" else "{n} cluster"
    assert isinstance(told["count"], Message)
    assert {told["count"].text} == names & {name}
    assert told["count"] in [values(part).get("count") for part in parts(parts(said.method)[0])]
    check = readout.enough(found, plan)
    assert (check.status, check.code) == ("PASS", "compared")


def test_few_blocks_and_few_units_are_not_enough() -> None:
    assert readout.enough(read_out(questions(days=10), bot()), bot()).status == "REVIEW"
    assert readout.enough(read_out(fans(size=120), hours()), hours()).status == "REVIEW"
    enough = readout.enough(read_out(fans(), hours()), hours())
    assert values(enough.finding) == {"n": Count(8_000.0), "unit": Written("fan")}
    assert readout.enough(None, hours()).status == "FAIL"


def test_a_decrease_lies_below_zero_and_beyond_the_smallest_effect() -> None:
    found = read_out(questions(effect=-8.0), bot())
    assert found.verdict == "ship"
    assert found.rules == (Rule("improves", "bot", "minutes", size="matters"),)


def spread_of(units: pd.DataFrame, plan: Experiment, found: ReadOut | None) -> Finding:
    table = spread_effects(units, plan, found, rng=np.random.default_rng(1))
    return sane(readout.spread(found, plan, table, why_not=why_no_spread(units, plan)))


def test_the_middle_and_the_tail_are_told_apart() -> None:
    plan = hours(allocation={"evening": 0.5, "noon": 0.5})
    units = fans(noon=0.3).query("variant in ['evening', 'noon']")
    assert spread_of(units, plan, read_out(units, plan)).code == "both"
    moved = np.where((units["visits"] > 4) & (units["variant"] == "noon"), 1.3, 1.0)
    tail = units.assign(visits=units["visits"] * moved)
    tail["visits"] -= 0.3 * (tail["variant"] == "noon") * (tail["visits"] <= 4)
    assert spread_of(tail, plan, read_out(tail, plan)).code == "tail"
    same = fans(seed=5).query("variant in ['evening', 'noon']")
    said = spread_of(same, plan, read_out(same, plan))
    assert said.code == "neither"
    assert str(values(said.text)["none"]) == "50%"


def test_where_the_spread_is_not_read_it_is_said_why() -> None:
    plan, units = hours(), fans()
    found, nothing = read_out(units, plan), pd.DataFrame(columns=["part", "treatment", "cannot_tell", *NUMBERS])
    assert sane(readout.spread(found, plan, nothing, why_not=Reason("rows_unseen"))).code == "not_read"
    shares = hours(metrics=[plan.metrics[1].model_copy(update={"role": "decision"})])
    assert spread_of(units, shares, read_out(units, shares)).code == "no_metric"
    assert readout.spread(None, plan, nothing).finding.severity == "info"
    broken = replace(found, verdict="invalid", comparisons=())
    assert sane(readout.spread(broken, plan, nothing)).code == "invalid"


def test_counts_move_by_whole_steps_and_several_arms_are_read_one_at_a_time() -> None:
    metric = {"name": "visits", "label": "Visits", "kind": "count", "role": "decision"}
    plan, units = hours(metrics=[metric]), fans(noon=1.5)
    units["visits"] = units["visits"].round()
    found = read_out(units, plan)
    table = spread_effects(units, plan, found, rng=np.random.default_rng(1))
    section = readout.spread(found, plan, table)
    assert len(parts(sane(section).text)) == 5, "three quantiles, the order, and that counts are whole"
    assert "morning" not in named(section.finding.text)
    (chart,) = section.parts[1:]
    assert len(chart.data) == 9


def test_a_report_of_totals_says_that_it_saw_no_rows() -> None:
    plan = hours()
    names = [str(label) for label, _ in readout.about(plan, fans(size=400), as_of=None)]
    totals = dict(readout.about(plan, Restricted(ibis.memtable(fans(size=400))), as_of=None))
    assert "Scope" not in names
    assert [values(value)["least"] for label, value in totals.items() if str(label) == "Scope"] == [Count(10.0)]


def test_what_is_compared_one_by_one_is_said_not_to_be_seen() -> None:
    plan = bot(cluster=None, design="parallel", metrics=[*bot().metrics, {"name": "minutes2", "label": "Again", "kind": "mean",
               "role": "exploratory", "column": "minutes"}])  # fmt: skip
    units = questions(effect=-4.0)
    units["assigned_at"] = units["assigned_at"].astype("datetime64[us, UTC]")
    found = read_out(Restricted(ibis.memtable(units)), plan)
    assert {one.cannot_tell for one in found.comparisons} == {Reason("single_units")}
    assert [sane(one).code for one in (readout.effect(found, plan), readout.explored(found, plan))] == ["untold"] * 2
    assert sane(readout.novelty(found, plan, pd.DataFrame())).code == "untold"
    said = sane(readout.sensitivity(found, plan, pd.DataFrame(columns=cuts.CHOICES), rows=False))
    assert (said.code, len(parts(said.text))) == ("untold", 2)
    assert drawn(found, plan, role="decision").empty


def test_small_amounts_are_written_out() -> None:
    metric = hours().metrics[0]
    said = [str(amount(value, metric)) for value in (-1.83e-05, 0.0123, 0.0, 1234.5)]
    assert said == ["−0.0000183", "+0.0123", "0", "+1,234"]
