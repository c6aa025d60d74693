"""What an experiment's read-out says: no winner from a broken test, and limits on the side where they lie."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd
import pytest

from fanops_utils.experiments import ReadOut, read_out
from fanops_utils.playbook import Finding
from fanops_utils.playbook.readings import experiment as readings
from fanops_utils.workspace import Experiment


def sane(one: Finding) -> Finding:
    """Return *one*, which says no half-made number and can be carried as JSON."""
    assert not re.search(r"\b(nan|inf|None|NaT)\b", f"{one.title} {one.text}")
    json.dumps(asdict(one), allow_nan=False)
    return one


def design(*, decision: dict[str, Any] | None = None, rail: dict[str, Any] | None = None, arms: int = 2) -> Experiment:
    names = ["standard", "personal", "funny"][:arms]
    metrics = [
        {"name": "returned", "label": "Returned", "kind": "conversion", "role": "decision", "smallest_effect": 0.01}
    ]
    metrics[0] |= decision or {}
    if rail is not None:
        metrics.append({"name": "muted", "label": "Muted", "kind": "conversion", "role": "guardrail", **rail})
    return Experiment.model_validate({
        "id": "welcome", "title": "Personal welcome", "hypothesis": "It brings fans back", "owner": "community", "unit": "fan",
        "control": "standard", "allocation": dict.fromkeys(names, 1 / arms), "metrics": metrics,
        "period": {"start": "2026-08-03", "end": "2026-08-30"},
    })  # fmt: skip


def result(
    experiment: Experiment, *arms: tuple[int, int], muted: tuple[int, ...] = (20, 20, 20), as_of: date | None = None
) -> ReadOut:
    """Return the read-out of arms of (returned, units), in the register's order; *muted* so many in each."""
    parts = []
    for place, (name, (hits, size)) in enumerate(zip(experiment.allocation, arms, strict=True)):
        unit = pd.RangeIndex(size)
        outcome = {"returned": (unit < hits).astype(int), "muted": (unit < muted[place]).astype(int)}
        parts.append(pd.DataFrame({"unit_key": [f"{name}{one}" for one in unit], "variant": name, **outcome}))
    return read_out(pd.concat(parts, ignore_index=True), experiment, as_of=as_of or date(2026, 8, 30))


def everything(found: ReadOut | None, experiment: Experiment) -> list[Finding]:
    parts = (readings.soundness, readings.effect, readings.guardrails)
    return [sane(part(found, experiment)) for part in parts]


def test_a_clear_winner_ships_with_its_interval() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 2000))
    assert (found.verdict, found.winner) == ("ship", "personal")
    soundness, effect, rails = everything(found, plan)
    assert [one.severity for one in (soundness, effect)] == ["good", "good"]
    (one,) = [pair for pair in found.comparisons if pair.metric == "returned"]
    assert (effect.estimate, effect.ci_lower, effect.ci_upper, effect.n) == (
        one.estimate,
        one.ci_lower,
        one.ci_upper,
        4000,
    )
    assert "'personal'" in effect.title
    assert "+5.00 pp" in effect.title
    assert rails.severity == "good"
    said, severity = readings.verdict(found, plan)
    assert severity == "good"
    assert said.lower().startswith("ship")
    assert "95% CI" in said
    (play,) = readings.plays(found, plan, on=date(2026, 8, 30))
    assert "personal" in play.action
    assert (play.because, play.owner, play.review) == ("effect", "community", date(2026, 9, 13))


def test_no_difference_is_called_none_and_nobody_wins() -> None:
    plan = design()
    found = result(plan, (480, 2000), (482, 2000))
    assert found.verdict != "ship"
    _, effect, _ = everything(found, plan)
    assert effect.severity != "good"
    assert "'personal'" not in effect.title
    assert "personal" not in readings.plays(found, plan, on=None)[0].action
    assert "ship" not in readings.verdict(found, plan)[0].lower().replace("do not ship", "")


def test_an_invalid_experiment_shows_no_difference_and_names_no_winner() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 1700))
    assert found.verdict == "invalid"
    findings = everything(found, plan)
    assert findings[0].severity == "alert"
    for one in findings:
        assert (one.estimate, one.ci_lower, one.ci_upper) == (None, None, None), one.id
        assert "'personal'" not in one.title, one.id
        assert "pp" not in one.text.split(), f"{one.id}: no difference is quoted"
    assert readings.shown(found, plan).empty
    said, severity = readings.verdict(found, plan)
    assert severity == "alert"
    assert "invalid" in said.lower()
    assert "'personal'" not in said
    (play,) = readings.plays(found, plan, on=None)
    assert play.because == "soundness"
    assert "personal" not in play.action
    assert [check.status for check in readings.checks(found)].count("FAIL") == 1


def test_before_the_planned_end_nothing_is_decided() -> None:
    plan = design()
    found = result(plan, (480, 2000), (580, 2000), as_of=date(2026, 8, 20))
    said, severity = readings.verdict(found, plan)
    assert severity == "info"
    assert "inconclusive" in said.lower()
    (play,) = readings.plays(found, plan, on=None)
    assert "2026-08-30" in play.action


def test_without_units_there_is_no_data() -> None:
    plan = design(rail={})
    assert [one.status for one in everything(None, plan)] == ["no_data"] * 3
    assert [check.status for check in readings.checks(None)] == ["FAIL"]
    assert readings.shown(None, plan).empty
    assert readings.plays(None, plan, on=None) == ()
    said, severity = readings.verdict(None, plan)
    assert severity == "info"
    assert "Personal welcome" in said


def test_of_several_arms_the_winner_is_read() -> None:
    plan = design(arms=3)
    found = result(plan, (480, 2000), (560, 2000), (620, 2000))
    assert found.winner == "funny"
    _, effect, _ = everything(found, plan)
    assert "'funny'" in effect.title
    assert effect.estimate == pytest.approx(0.07)
    assert set(readings.shown(found, plan)["label"]) == {"Returned (personal)", "Returned (funny)"}


def test_the_chart_s_limits_lie_where_they_matter() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    shown = readings.shown(result(plan, (480, 2000), (580, 2000)), plan).set_index("label")
    assert shown.loc["Returned", "smallest_effect"] == 0.01
    assert shown.loc["Muted", "margin"] == 0.01, "more muting is the harm"
    falling = design(decision={"direction": "decrease"}, rail={"margin": 0.01})
    shown = readings.shown(result(falling, (580, 2000), (480, 2000)), falling).set_index("label")
    assert shown.loc["Returned", "smallest_effect"] == -0.01
    assert shown.loc["Muted", "margin"] == -0.01


def test_the_text_puts_the_limit_on_the_side_where_it_matters() -> None:
    falling = design(decision={"direction": "decrease"})
    found = result(falling, (580, 2000), (480, 2000))
    assert found.verdict == "ship"
    _, effect, _ = everything(found, falling)
    assert effect.estimate == pytest.approx(-0.05)
    assert "-1.00 pp" in effect.text
    assert "+1.00 pp" not in effect.text, "an interval from -7 to -2 does not lie above +1"


@pytest.mark.parametrize(("direction", "limit"), [("decrease", "+1.00 pp"), ("increase", "-1.00 pp")])
def test_the_tolerated_harm_has_the_sign_of_harm(direction: str, limit: str) -> None:
    plan = design(rail={"direction": direction, "margin": 0.01})
    rails = readings.guardrails(result(plan, (480, 2000), (580, 2000)), plan)
    assert limit in rails.text


@pytest.mark.parametrize(("muted", "severity"), [((20, 20), "good"), ((20, 30), "watch"), ((20, 100), "watch")])
def test_a_guardrail_holds_when_its_whole_interval_does(muted: tuple[int, int], severity: str) -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 2000), muted=muted)
    rails = sane(readings.guardrails(found, plan))
    assert rails.severity == severity
    assert (found.verdict == "ship") == (severity == "good")
    assert ("Muted" in rails.title) == (severity == "watch")


def test_a_guardrail_without_a_margin_is_read_as_the_verdict_reads_it() -> None:
    plan = design(rail={"direction": "decrease"})
    found = result(plan, (480, 2000), (580, 2000), muted=(20, 22))
    assert found.verdict == "ship", "no harm is shown"
    assert readings.guardrails(found, plan).severity == "good"


def test_without_a_guardrail_that_is_said() -> None:
    plan = design()
    assert readings.guardrails(result(plan, (480, 2000), (580, 2000)), plan).severity == "info"


def test_an_adjusted_p_value_is_the_one_said() -> None:
    plan = design(arms=3)
    found = result(plan, (480, 2000), (560, 2000), (545, 2000))
    _, effect, _ = everything(found, plan)
    (one,) = [pair for pair in found.comparisons if pair.treatment == "personal"]
    assert one.p_adjusted is not None
    assert one.p_adjusted > one.p_value
    assert f"{one.p_adjusted:.2g}" in effect.text
