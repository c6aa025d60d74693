"""The decision a read-out asks for: what is rolled out, kept, stopped or repeated, how far it should move the metric."""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import partial

import pandas as pd

from fanops_utils.experiments import Comparison, ReadOut
from fanops_utils.experiments.segments.effects import differs_from_others
from fanops_utils.metrics import Interval, wilson
from fanops_utils.playbook import Finding, Play, Section
from fanops_utils.sections.expecting import Expected, expected
from fanops_utils.sections.experiments.amounts import amount, moves
from fanops_utils.sections.experiments.readout.rules import too_small
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import Listed, Message, Sayable, Signed, Written, in_words, say
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.registers.decision import Baseline, DecisionKind

REVIEW_AFTER = timedelta(days=14)
KINDS: dict[str, DecisionKind] = {
    "ship": "change", "do_not_ship": "keep", "run_on": "test", "stop": "stop", "invalid": "test",
}  # fmt: skip


def plays(
    found: ReadOut | None,
    experiment: Experiment,
    *,
    on: date | None,
    segments: Section | None = None,
    by_segment: pd.DataFrame | None = None,
    money: Finding | None = None,
    drawn: Interval | None = None,
) -> tuple[Play, ...]:
    """Return the decision to take: one play by the verdict and its reason; without the day *on* no review is set.

    Where *segments* says that the effect differs, a winner is rolled out where *by_segment* (of `segment_effects`) shows
    it, not to all; where *money* may be nothing, its cost is to be held against it. *drawn* is the improvement read together
    with those of other experiments (`lessons.effect_again`), where there are enough.
    """
    if found is None:
        return ()
    differs = segments is not None and segments.finding.code == "differ"
    unclear = money is not None and money.code in ("unclear", "untold", "no_value")
    told = apart(by_segment, found.winner, experiment) if differs and found.verdict == "ship" else ([], [])
    action, size = _narrower(found, experiment, *told) if all(told) else _action(found, experiment)
    if found.verdict == "ship" and unclear and not all(told):
        action = say("{action}, if it costs next to nothing: what it is worth is not shown", action=action)
    elif found.verdict in ("do_not_ship", "stop") and differs:
        action = say("{action}; look at the segments first, the effect differs between them", action=action)
    cause = "soundness" if found.verdict == "invalid" else "effect"
    metric = Written(experiment.first_decision.label)
    review = on + REVIEW_AFTER if on else None
    baseline, again = _size(found, experiment, drawn)
    expects: Sayable = size
    if again is not None:
        expects = again.said(form=Signed if again.band.relative else partial(amount, metric=experiment.first_decision))
    decided = experiment.first_decision
    return (
        Play(
            action=action,
            metric=metric,
            expected=expects,
            owner=experiment.owner,
            review=review,
            because=cause,
            kind=KINDS[found.verdict],
            metric_id=moves(decided) or decided.name,
            baseline=baseline,
            band=again.band if again else None,
        ),
    )


def _size(found: ReadOut, experiment: Experiment, drawn: Interval | None) -> tuple[Baseline | None, Expected | None]:
    """Return where the control stood on the first decision metric, and how far a winner is expected to move it."""
    mine = [one for one in found.comparisons if one.metric == experiment.first_decision.name]
    seen = next((one for one in mine if found.winner in (None, one.treatment)), None)
    if seen is None or not math.isfinite(seen.control_mean):
        return None, None
    baseline = _control(seen, experiment)
    if found.winner is None:
        return baseline, None
    if seen.lift is None:
        return baseline, expected(
            Interval(seen.estimate, seen.ci_lower, seen.ci_upper, seen.treatment_n), relative=False
        )
    if drawn is not None and experiment.first_decision.direction == "decrease":
        drawn = Interval(-drawn.estimate, -drawn.ci_upper, -drawn.ci_lower, drawn.n)
    return baseline, expected(seen.lift, drawn)


def _control(seen: Comparison, experiment: Experiment) -> Baseline:
    """Return where the control stood, with its interval where units were counted one by one: a share of them."""
    value = float(seen.control_mean)
    if not experiment.first_decision.is_share or seen.clusters is not None:
        return Baseline(value=value)
    share = wilson(round(value * seen.control_n), seen.control_n)
    return Baseline(value=share.estimate, low=share.ci_lower, high=share.ci_upper)


def apart(table: pd.DataFrame | None, arm: str | None, experiment: Experiment) -> tuple[list[str], list[str]]:
    """Return the segments in which a gain of *arm* is shown, and those without one that clearly do worse than the others.

    Shown: by its own interval or, with luck taken out, by what it borrows from the others. A segment too small to tell is
    in neither.
    """
    if table is None or table.empty:
        return [], []
    known = table[(table["treatment"] == arm) & table["ci_lower"].notna() & table["ci_upper"].notna()]
    rises = experiment.first_decision.direction == "increase"
    helped: list[str] = []
    silent: list[str] = []
    for _, part in known.groupby("dimension", sort=False):
        lower, upper = ("ci_lower", "shrunk_lower"), ("ci_upper", "shrunk_upper")
        good = (part[list(lower)] > 0).any(axis=1) if rises else (part[list(upper)] < 0).any(axis=1)
        middle = part["estimate"].median()
        worse = part["estimate"] < middle if rises else part["estimate"] > middle
        behind = ~good & worse & differs_from_others(part)
        if behind.any():
            names = part["segment"].astype(str)
            helped += names[good & ~behind].tolist()
            silent += names[behind].tolist()
    return list(dict.fromkeys(helped)), list(dict.fromkeys(silent))


def _narrower(found: ReadOut, experiment: Experiment, helped: list[str], silent: list[str]) -> tuple[Message, Message]:
    action = say(
        "Roll out “{arm}” in {helped} only; in {silent} no gain is shown: keep “{control}” there and test it by itself",
        arm=in_words(found.winner or ""),
        helped=Listed.of(helped),
        silent=Listed.of(silent),
        control=in_words(experiment.control),
    )
    return action, say("as estimated; first effects tend to shrink")


def _action(found: ReadOut, experiment: Experiment) -> tuple[Message, Message]:
    control = in_words(experiment.control)
    match found.verdict:
        case "ship":
            action = say(
                "Roll out “{arm}”, keeping a tenth of new units in “{control}” for a month",
                arm=in_words(found.winner or ""),
                control=control,
            )
            return action, say("as estimated; first effects tend to shrink")
        case "do_not_ship":
            return say("Keep “{control}” and write down what was learnt", control=control), say("no change")
        case "run_on" if experiment.period:
            return say("Let it run to {day} and read it once", day=experiment.period.end), say("not known yet")
        case "run_on":
            return say("Let it run to its planned end and read it once"), say("not known yet")
        case "stop":
            return _stopped(found, experiment)
    if found.has_too_few:
        return say("Wait for more outcomes, or import what is missing, and read it then"), say("not known yet")
    action = say(
        "Find the fault before reading anything: compare assignment and logging by arm, day, market and device; run again"
    )
    return action, say("not known")


def _stopped(found: ReadOut, experiment: Experiment) -> tuple[Message, Message]:
    """Return what to do after a test that stayed open, by the reason that left it open."""
    rule, control = found.rules[0], in_words(experiment.control)
    unknown = say("not known")
    match rule.code:
        case "guardrail_open":
            rail = Written(experiment.metric(rule.guardrail).label)
            action = say(
                "Keep “{control}” and test “{arm}” again with units enough to see whether {guardrail} suffers",
                control=control, arm=in_words(rule.treatment), guardrail=rail,
            )  # fmt: skip
            return action, say("as estimated, if {guardrail} holds", guardrail=rail)
        case "untold" if rule.why is not None:
            return say(
                "Keep “{control}” and plan it so that it can be read: {why}", control=control, why=because(rule.why)
            ), unknown
        case "one_unit":
            return say(
                "Keep “{control}”, check the one unit on which the result hangs, and repeat the test", control=control
            ), unknown
        case "frozen_late":
            action = say(
                "Keep “{control}” and repeat the test by the same register, frozen before its first unit",
                control=control,
            )
            return action, say("as estimated, if it holds again")
        case "not_after_correction":
            action = say("Keep “{control}” and repeat the test with this one decision metric", control=control)
            return action, say("as estimated, if it holds again")
        case "small_cells":
            return say("Have somebody with access read it"), unknown
    if rule.code == "undecided":
        return too_small(experiment), unknown
    action = say("Stop, keep “{control}”, and plan a larger test only if a smaller effect would pay", control=control)
    return action, say("below what this test could see")
