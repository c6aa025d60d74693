"""What an experiment's read-out says: no winner from a broken test, and limits on the side where they lie."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils.experiments import ReadOut, arm_counts, read_out
from fanops_utils.experiments.segments.effects import shrink
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments import readout
from fanops_utils.sections.experiments.readout.deciding import apart
from fanops_utils.sections.experiments.readout.tables import drawn
from fanops_utils.text import Listed, Message, Money, Percent, Points, PValue, Sayable, Sentences, Span, Written
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import fingerprint


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
    return read_out(units_of(experiment, *arms, muted=muted), experiment, as_of=as_of or date(2026, 8, 30))


def units_of(experiment: Experiment, *arms: tuple[int, int], muted: tuple[int, ...] = (20, 20, 20)) -> pd.DataFrame:
    parts = []
    for place, (name, (hits, size)) in enumerate(zip(experiment.allocation, arms, strict=True)):
        unit = pd.RangeIndex(size)
        outcome = {"returned": (unit < hits).astype(int), "muted": (unit < muted[place]).astype(int)}
        parts.append(pd.DataFrame({"unit_key": [f"{name}{one}" for one in unit], "variant": name, **outcome}))
    return pd.concat(parts, ignore_index=True)


def everything(found: ReadOut | None, experiment: Experiment) -> list[Finding]:
    arms = pd.DataFrame(columns=["variant", "planned", "units", "expected", "share"])
    soundness = readout.soundness(found, experiment, arms)
    return [sane(one) for one in (soundness, readout.effect(found, experiment), readout.guardrails(found, experiment))]


def concluded(found: ReadOut | None, experiment: Experiment) -> tuple[Sayable, str]:
    effect, rails = readout.effect(found, experiment), readout.guardrails(found, experiment)
    return readout.verdict(found, experiment, effect=effect, guardrails=rails)


def named(told: Sayable | None) -> set[str]:
    """Return the names, as written, in what is said."""
    return {value.text for value in values(told).values() if isinstance(value, Written)}


def test_a_clear_winner_ships_with_its_interval() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 2000))
    assert (found.verdict, found.winner) == ("ship", "personal")
    soundness, effect, rails = everything(found, plan)
    assert [(one.code, one.severity) for one in (soundness, effect, rails)] == [
        ("sound", "good"), ("clear", "good"), ("hold", "good"),
    ]  # fmt: skip
    (one,) = [pair for pair in found.comparisons if pair.metric == "returned"]
    numbers = (effect.estimate, effect.ci_lower, effect.ci_upper, effect.n)
    assert numbers == (one.estimate, one.ci_lower, one.ci_upper, 4000)
    assert effect.unit is not None
    assert effect.unit.kind == "difference"
    assert values(effect.title) == {
        "metric": Written("Returned"),
        "change": Points(one.estimate),
        "arm": Written("personal"),
    }
    said, severity = concluded(found, plan)
    assert severity == "good"
    assert values(said)["interval"] == Span.of(one.ci_lower, one.ci_upper, form=Points)
    (play,) = readout.plays(found, plan, on=date(2026, 8, 30))
    assert values(play.action) == {"arm": Written("personal"), "control": Written("standard")}
    assert (play.because, play.owner, play.review) == ("effect", "community", date(2026, 9, 13))


def by_market(effects: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return a table of segments, as `segment_effects` gives it: estimate and standard error by market."""
    value, error = (pd.Series([pair[place] for pair in effects.values()]) for place in (0, 1))
    borrowed = shrink(value.to_numpy(), error.to_numpy())
    return pd.DataFrame({
        "dimension": "market", "segment": list(effects), "treatment": "personal", "estimate": value, "standard_error": error,
        "ci_lower": value - 1.96 * error, "ci_upper": value + 1.96 * error, "shrunk_lower": borrowed["ci_lower"],
        "shrunk_upper": borrowed["ci_upper"],
    })  # fmt: skip


def test_a_market_too_small_to_tell_is_not_one_without_a_gain() -> None:
    wide = {"US": (0.08, 0.01), "BR": (0.03, 0.01), "CH": (0.05, 0.05)}
    assert apart(by_market(wide), "personal", design()) == ([], [])
    worse = wide | {"JP": (-0.01, 0.01)}
    assert apart(by_market(worse), "personal", design()) == (["US", "BR"], ["JP"])
    other = by_market({"new": (0.05, 0.01), "old": (0.03, 0.03)}).assign(dimension="tier")
    both = pd.concat([by_market(worse), other], ignore_index=True)
    assert apart(both, "personal", design()) == (["US", "BR"], ["JP"]), "of a cut without a difference nothing is named"


def test_a_winner_is_rolled_out_where_it_wins() -> None:
    plan = design()
    found = result(plan, (480, 2000), (560, 2000))
    table = by_market({"US": (0.04, 0.01), "DE": (-0.005, 0.012)})
    differ, alike = (
        Section.of(Finding(id="segments", title=Written("x"), text=Written("x"), code=code))
        for code in ("differ", "alike")
    )

    def action(**options: Any) -> Message:
        (play,) = readout.plays(found, plan, on=None, **options)
        assert isinstance(play.action, Message)
        return play.action

    narrow = dict(action(segments=differ, by_segment=table).values)
    assert (narrow["helped"], narrow["silent"]) == (Listed.of(["US"]), Listed.of(["DE"]))
    for options in ({}, {"segments": alike, "by_segment": table}, {"segments": differ, "by_segment": table.iloc[:1]},
                    {"segments": differ, "by_segment": table.assign(treatment="other")}):  # fmt: skip
        assert set(dict(action(**options).values)) == {"arm", "control"}, "chance alone makes segments differ"


def test_the_band_is_what_experiments_together_say_else_the_test_s_own() -> None:
    plan = design()
    found = result(plan, (480, 2000), (560, 2000))
    drawn = Interval(0.08, 0.02, 0.14, 6)
    (together,), (alone,) = (readout.plays(found, plan, on=None, drawn=one) for one in (drawn, None))
    lift = found.comparisons[0].lift
    assert lift and together.band and alone.band
    assert (together.band.low, together.band.high) == (0.02, 0.14)
    assert (alone.band.low, alone.band.high) == pytest.approx((lift.ci_lower, lift.ci_upper))
    base = alone.baseline
    assert base and base.low is not None and base.low < base.value == pytest.approx(0.24)
    loser = result(plan, (480, 2000), (482, 2000))
    assert readout.plays(loser, plan, on=None, drawn=drawn)[0].band is None, "nothing is rolled out"


def test_no_difference_is_called_none_and_nobody_wins() -> None:
    plan = design()
    found = result(plan, (480, 2000), (482, 2000))
    assert found.verdict != "ship"
    _, effect, _ = everything(found, plan)
    assert (effect.code, effect.severity) == ("unclear", "info")
    (play,) = readout.plays(found, plan, on=None)
    assert "personal" not in named(play.action)
    assert play.review is None, "there is no day to count from"
    assert readout.ruling(found, plan).code == found.verdict


def test_an_invalid_experiment_shows_no_difference_and_names_no_winner() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 1700))
    assert found.verdict == "invalid"
    findings = everything(found, plan)
    assert [one.code for one in findings] == ["invalid"] * 3
    assert findings[0].severity == "alert"
    for one in findings:
        assert (one.estimate, one.ci_lower, one.ci_upper) == (None, None, None), one.id
        assert not values(one.title), one.id
        assert not any(isinstance(value, Points | Span) for value in values(one.text).values()), (
            "no difference is quoted"
        )
    assert drawn(found, plan, role="decision").empty
    assert [part.kind for part in readout.effect(found, plan).parts] == ["finding"], "neither chart nor table"
    said, severity = concluded(found, plan)
    assert severity == "alert"
    assert "personal" not in named(said) - named(findings[0].text)
    (play,) = readout.plays(found, plan, on=None)
    assert play.because == "soundness"
    assert not values(play.action)
    failed = [check.code for check in readout.checks(found, plan) if check.status == "FAIL"]
    assert failed == ["sample_ratio"]


def test_hardly_any_outcomes_are_no_fault_of_the_assignment() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (0, 1), (1, 1))
    assert found.has_too_few and found.winner is None
    codes = {one.id: (one.code, one.severity) for one in everything(found, plan)}
    assert codes == {"soundness": ("few", "watch"), "effect": ("no_data", "info"), "guardrails": ("no_data", "info")}
    assert concluded(found, plan)[1] == "info" and readout.ruling(found, plan).severity == "info"
    (play,) = readout.plays(found, plan, on=None)
    invalid = result(plan, (480, 2000), (580, 1700))
    assert not invalid.has_too_few and play.action != readout.plays(invalid, plan, on=None)[0].action


def test_before_the_planned_end_nothing_is_decided() -> None:
    plan = design()
    found = result(plan, (480, 2000), (580, 2000), as_of=date(2026, 8, 20))
    assert found.verdict == "run_on"
    _, severity = concluded(found, plan)
    assert severity == "info"
    (play,) = readout.plays(found, plan, on=None)
    assert [str(value) for value in values(play.action).values()] == ["30 August 2026"]


def test_without_units_there_is_no_data() -> None:
    plan = design(rail={})
    assert [one.status for one in everything(None, plan)] == ["no_data"] * 3
    assert [check.status for check in readout.checks(None, plan)] == ["FAIL"]
    assert drawn(None, plan, role="decision").empty
    assert readout.plays(None, plan, on=None) == ()
    said, severity = concluded(None, plan)
    assert severity == "info"
    assert named(said) == {"Personal welcome"}


def test_of_several_arms_the_winner_is_read() -> None:
    plan = design(arms=3)
    found = result(plan, (480, 2000), (560, 2000), (620, 2000))
    assert found.winner == "funny"
    _, effect, _ = everything(found, plan)
    assert values(effect.title)["arm"] == Written("funny")
    assert effect.estimate == pytest.approx(0.07)
    labels = [values(label) for label in drawn(found, plan, role="decision")["label"]]
    assert labels == [{"name": Written("Returned"), "arm": Written(arm)} for arm in ("personal", "funny")]


def test_the_chart_s_limits_lie_where_they_matter() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 2000))
    assert drawn(found, plan, role="decision")["smallest_effect"].tolist() == [0.01]
    assert drawn(found, plan, role="guardrail")["margin"].tolist() == [0.01], "more muting is the harm"
    falling = design(decision={"direction": "decrease"}, rail={"margin": 0.01})
    found = result(falling, (580, 2000), (480, 2000))
    assert drawn(found, falling, role="decision")["smallest_effect"].tolist() == [-0.01]
    assert drawn(found, falling, role="guardrail")["margin"].tolist() == [-0.01]


def test_the_text_puts_the_limit_on_the_side_where_it_matters() -> None:
    falling = design(decision={"direction": "decrease"})
    found = result(falling, (580, 2000), (480, 2000))
    assert found.verdict == "ship"
    _, effect, _ = everything(found, falling)
    assert effect.estimate == pytest.approx(-0.05)
    assert values(effect.text)["limit"] == Points(0.01, sign=False), (
        "an interval from -7 to -2 is a fall of more than 1"
    )
    assert values(effect.text)["least"].value == pytest.approx(-float(effect.ci_upper or 0))


@pytest.mark.parametrize(("direction", "limit"), [("decrease", 0.01), ("increase", -0.01)])
def test_the_tolerated_harm_has_the_sign_of_harm(direction: str, limit: float) -> None:
    plan = design(rail={"direction": direction, "margin": 0.01})
    rails = sane(readout.guardrails(result(plan, (480, 2000), (580, 2000)), plan))
    assert values(rails.text)["limit"] == Points(limit)


@pytest.mark.parametrize(("muted", "code"), [((20, 20), "hold"), ((20, 30), "may_harm"), ((20, 100), "harm")])
def test_a_guardrail_holds_when_its_whole_interval_does(muted: tuple[int, int], code: str) -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 2000), muted=muted)
    rails = sane(readout.guardrails(found, plan))
    assert (rails.code, rails.severity) == (code, "good" if code == "hold" else "watch")
    assert (found.verdict == "ship") == (code == "hold")
    assert named(rails.title) == (set() if code == "hold" else {"Muted"})


def test_a_winner_whose_gain_may_be_too_small_is_shipped_with_its_bounds() -> None:
    experiment = design()
    small, enough = (result(experiment, (3000, 10_000), (hits, 10_000)) for hits in (3150, 3500))
    assert (small.rules[0].size, enough.rules[0].size) == ("may_be_small", "matters")
    told = [values(parts(concluded(one, experiment)[0])[0]) for one in (small, enough)]
    one = small.comparisons[0]
    bounds = {"low": Points(one.ci_lower), "high": Points(one.ci_upper), "limit": Points(0.01)}
    assert {name: told[0][name] for name in bounds} == bounds
    assert "limit" not in told[1]


def test_a_harm_stands_in_the_verdict() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    found = result(plan, (480, 2000), (580, 2000), muted=(20, 100))
    assert found.verdict == "do_not_ship"
    said, severity = concluded(found, plan)
    assert severity == "watch"
    assert isinstance(said, Sentences)
    assert len(said.parts) == 3, "the verdict, the effect, the guardrail"


def test_a_guardrail_without_a_margin_is_read_as_the_verdict_reads_it() -> None:
    plan = design(rail={"direction": "decrease"})
    found = result(plan, (480, 2000), (580, 2000), muted=(20, 22))
    assert found.verdict == "ship", "no harm is shown"
    assert sane(readout.guardrails(found, plan)).severity == "good"


def test_without_a_guardrail_that_is_said() -> None:
    plan = design()
    rails = sane(readout.guardrails(result(plan, (480, 2000), (580, 2000)), plan))
    assert (rails.code, rails.severity) == ("none", "info")


def test_an_adjusted_p_value_is_the_one_told() -> None:
    plan = design(arms=3)
    found = result(plan, (480, 2000), (540, 2000), (530, 2000))
    _, effect, _ = everything(found, plan)
    (one,) = [pair for pair in found.comparisons if pair.treatment == "personal"]
    assert one.p_adjusted is not None
    assert one.p_adjusted > one.p_value
    assert values(values(effect.method)["p"])["p"] == PValue(one.p_adjusted)


def test_the_table_of_arms_stands_with_the_soundness() -> None:
    plan = design()
    arms = arm_counts(units_of(plan, (480, 2000), (480, 2000)), plan)
    section = readout.soundness(result(plan, (480, 2000), (480, 2000)), plan, arms)
    assert [part.kind for part in section.parts] == ["finding", "table"]


def in_all(told: Sayable) -> set[str]:
    return set().union(*(named(part) for part in parts(told)))


def test_every_clear_result_of_several_treatments_is_in_the_headline() -> None:
    plan = design(arms=3)
    found = result(plan, (480, 2000), (560, 2000), (300, 2000))
    assert (found.verdict, found.winner) == ("ship", "personal")
    assert [rule.code for rule in found.rules] == ["improves", "harm"]
    said, _ = concluded(found, plan)
    assert {"personal", "funny"} <= in_all(said)
    calm = result(plan, (480, 2000), (560, 2000), (485, 2000))
    assert "funny" not in in_all(concluded(calm, plan)[0]), "what is open stays out of the headline"
    both = result(plan, (480, 2000), (484, 2000), (300, 2000))
    assert both.verdict == "stop"
    assert "funny" in in_all(concluded(both, plan)[0]), "harm of one arm is told though the best is open"
    assert {rule.code for rule in both.rules} == {"undecided", "harm"}


def test_plays_follow_the_reason_not_the_verdict() -> None:
    plan = design(rail={"direction": "decrease", "margin": 0.01})
    wide = result(plan, (480, 2000), (580, 2000), muted=(20, 38))
    assert (wide.verdict, wide.rules[0].code) == ("stop", "guardrail_open")
    open_rail = result(design(), (480, 2000), (490, 2000))
    one, other = (readout.plays(found, plan, on=None)[0] for found in (wide, open_rail))
    assert Written("Muted") in values(one.action).values(), "the guardrail is what is open"
    assert one.expected != other.expected and one.action != other.action


def test_a_winner_by_rules_never_frozen_says_so_in_the_headline() -> None:
    plan = design()
    kept = plan.model_copy(update={"frozen": fingerprint(plan)})
    loose, fixed = (concluded(result(one, (480, 2000), (580, 2000)), one)[0] for one in (plan, kept))
    assert len(parts(loose)) == len(parts(fixed)) + 1


def test_units_of_a_metric_are_said_with_its_numbers() -> None:
    spend = {"name": "returned", "label": "Spend", "kind": "mean", "smallest_effect": None, "unit": "USD"}
    plan = design(decision=spend)
    found = result(plan, (480, 2000), (580, 2000))
    effect = readout.effect(found, plan).finding
    (one,) = found.comparisons
    assert values(effect.verdict)["interval"] == Span.of(
        one.ci_lower, one.ci_upper, form=lambda value: Money(value, "USD", sign=True)
    )
    assert values(values(effect.verdict)["change"])["change"] == Money(one.estimate, "USD", sign=True)


def test_too_few_with_a_value_are_read_as_the_share_that_has_one() -> None:
    metric = {"name": "returned", "label": "Spend", "kind": "mean", "smallest_effect": None}
    plan = design(decision=metric)
    uneven = plan.model_copy(update={"allocation": {"standard": 10 / 11, "personal": 1 / 11}})
    read = result(uneven, (40, 4000), (3, 400))
    assert read.rules[0].why is not None and read.rules[0].why.code == "few_nonzero"
    (told,) = [values(part) for part in parts(readout.effect(read, uneven).finding.text) if "share" in values(part)]
    assert (told["share"], told["base"]) == (Percent(3 / 400), Percent(40 / 4000))
