from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from shared_data import shared

from fanops_utils.experiments import Rule, SampleRatio, from_counts, read_out
from fanops_utils.experiments.readout.decision import read_moments
from fanops_utils.workspace import Experiment, Metric

RETURNED: dict[str, Any] = {"name": "returned", "label": "Returned", "kind": "conversion", "role": "decision"}
MUTED: dict[str, Any] = {
    "name": "muted", "label": "Muted", "kind": "conversion", "role": "guardrail", "direction": "decrease",
    "margin": 0.01,
}  # fmt: skip
PERIOD = {"start": date(2026, 8, 3), "end": date(2026, 8, 30)}


def _plan(*metrics: dict[str, Any], **fields: Any) -> Experiment:
    base: dict[str, Any] = {
        "id": "welcome", "title": "Welcome", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "period": PERIOD,
        "metrics": tuple(Metric(**metric) for metric in metrics or (RETURNED | {"smallest_effect": 0.01}, MUTED)),
    }  # fmt: skip
    return Experiment(**(base | fields))


def _units(rates: dict[str, float], *, n: int = 20_000, muted: dict[str, float] | None = None) -> pd.DataFrame:
    """Arms with exactly these rates: every verdict below is arithmetic, not luck."""
    parts = []
    for arm, rate in rates.items():
        lost = (muted or {}).get(arm, 0.02)
        place = np.arange(n) / n
        part = {"unit_key": [f"{arm}{number}" for number in range(n)], "variant": arm}
        parts.append(pd.DataFrame(part | {"returned": place < rate, "muted": place < lost}))
    units = pd.concat(parts, ignore_index=True)
    return units.assign(assigned_at=pd.Timestamp("2026-08-30", tz="UTC"))


def test_a_clear_improvement_with_sound_guardrails_ships() -> None:
    found = read_out(_units({"a": 0.30, "b": 0.33}), _plan())
    assert (found.verdict, found.winner) == ("ship", "b")
    assert found.rules == (Rule("improves", "b", "returned", size="matters", guarded=True),)


def test_ship_says_when_the_effect_may_be_too_small() -> None:
    found = read_out(_units({"a": 0.30, "b": 0.314}), _plan())
    assert found.verdict == "ship" and found.rules[0].size == "may_be_small"


def test_a_broken_guardrail_stops_a_winner() -> None:
    found = read_out(_units({"a": 0.30, "b": 0.33}, muted={"a": 0.02, "b": 0.05}), _plan())
    assert (found.verdict, found.winner) == ("do_not_ship", None) and found.rules == (
        Rule("guardrail_harm", "b", "muted"),
    )


def test_a_guardrail_that_is_not_shown_to_hold_leaves_it_open() -> None:
    found = read_out(_units({"a": 0.30, "b": 0.33}, muted={"a": 0.02, "b": 0.029}), _plan())
    assert (found.verdict, found.winner) == ("stop", None) and found.rules == (
        Rule("guardrail_open", "b", "returned", guardrail="muted"),
    )


def test_harm_and_effects_too_small_to_matter_do_not_ship() -> None:
    worse = read_out(_units({"a": 0.30, "b": 0.28}), _plan())
    assert worse.verdict == "do_not_ship" and worse.rules == (Rule("harm", "b", "returned"),)
    tiny = read_out(_units({"a": 0.30, "b": 0.3005}, n=50_000), _plan())
    assert tiny.verdict == "do_not_ship" and tiny.rules == (Rule("ruled_out", "b", "returned"),)


def test_direction_decrease_turns_the_verdict() -> None:
    plan = _plan(RETURNED | {"direction": "decrease", "smallest_effect": 0.01})
    assert read_out(_units({"a": 0.33, "b": 0.30}), plan).verdict == "ship"
    assert read_out(_units({"a": 0.30, "b": 0.33}), plan).verdict == "do_not_ship"


def test_an_open_question_stops_with_the_difference_it_could_find() -> None:
    found = read_out(_units({"a": 0.30, "b": 0.31}, n=2_000), _plan())
    assert (
        found.verdict == "stop"
        and found.rules[0].code == "undecided"
        and found.rules[0].detectable == pytest.approx(0.041, abs=0.001)
    )


def test_no_result_counts_before_the_period_is_over() -> None:
    units = _units({"a": 0.30, "b": 0.40})
    found = read_out(units, _plan(), as_of=date(2026, 8, 20))
    assert (found.verdict, found.winner) == ("run_on", None)
    assert found.rules == (Rule("not_over", until=date(2026, 8, 30), reached=date(2026, 8, 20)),)
    assert read_out(units.assign(assigned_at=pd.Timestamp("2026-08-20", tz="UTC")), _plan()).verdict == found.verdict
    assert read_out(units, _plan(), as_of=date(2026, 8, 30)).verdict == "ship"


def test_a_sample_ratio_mismatch_names_no_winner() -> None:
    units = _units({"a": 0.30, "b": 0.40})
    lost = units.drop(index=units.index[units["variant"] == "b"][:1_000])
    found = read_out(lost, _plan())
    assert (found.verdict, found.winner, found.comparisons) == ("invalid", None, ())
    assert [gate.code for gate in found.gates if gate.stops] == ["sample_ratio"]
    assert found.rules == () and found.table.empty


def test_many_decisions_are_corrected_and_the_best_arm_wins() -> None:
    three = {"a": 0.34, "b": 0.33, "c": 0.33}
    found = read_out(_units({"a": 0.30, "b": 0.33, "c": 0.34}), _plan(allocation=three))
    assert found.verdict == "ship", "20,000 each are not 34 : 33 : 33, but thirds rounded"
    assert [gate.subject for gate in found.gates if gate.code == "sample_ratio"] == ["rounded"]
    other = _plan(allocation={"a": 0.36, "b": 0.32, "c": 0.32})
    assert read_out(_units({"a": 0.30, "b": 0.33, "c": 0.34}), other).verdict == "invalid", (
        "these are no rounded thirds"
    )
    even = {"a": 1, "b": 1, "c": 1}
    assert read_out(_units({"a": 0.30, "b": 0.33, "c": 0.34}), _plan(allocation=even)).winner == "c"
    weak = read_out(_units({"a": 0.300, "b": 0.3094, "c": 0.30}), _plan(allocation=even))
    b = next(item for item in weak.comparisons if item.treatment == "b" and item.metric == "returned")
    assert b.p_value < 0.05 < b.p_adjusted and weak.winner is None  # type: ignore[operator]


def test_only_rows_of_the_experiment_count() -> None:
    units = _units({"a": 0.30, "b": 0.33}).assign(experiment="welcome")
    other = _units({"a": 0.5, "b": 0.1}).assign(experiment="other")
    assert read_out(pd.concat([units, other]), _plan()).verdict == "ship"


@pytest.mark.parametrize(("lift", "allowed"), [(0.0, 0.05), (-0.02, 0.01)])
def test_arms_that_do_not_help_are_rarely_shipped(lift: float, allowed: float) -> None:
    rng, shipped, n = np.random.default_rng(9), 0, 1_000
    plan = _plan(RETURNED)
    for _ in range(200):
        counts = {"a": (int(rng.binomial(n, 0.3)), n), "b": (int(rng.binomial(n, 0.3 + lift)), n)}
        shipped += read_moments(from_counts(counts, metric="returned"), plan).verdict == "ship"
    assert shipped <= allowed * 200


def test_cookie_cats_is_invalid_at_the_one_percent_gate() -> None:
    units = pd.read_csv(shared("cookie_cats") / "cookie_cats.csv")
    units = units.rename(columns={"userid": "unit_key", "version": "variant"})
    plan = _plan(RETURNED | {"name": "retention_7"}, control="gate_30", allocation={"gate_30": 0.5, "gate_40": 0.5})
    found = read_out(units, plan)
    ratio = next(gate for gate in found.gates if gate.code == "sample_ratio")
    assert (found.verdict, found.winner) == ("invalid", None)
    assert ratio.p_value == pytest.approx(0.0086, rel=1e-2) and isinstance(ratio.seen, SampleRatio)
    assert ratio.seen.chi2 == pytest.approx(6.902, abs=5e-4)
    assert read_out(units, plan.model_copy(update={"srm_gate": 0.001})).verdict == "do_not_ship"
