"""Whether a plan keeps its promises on units of the past."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.experiments.designs.history import PlanCheck
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import amount
from fanops_utils.text import Level, Message, Percent, Sentences, Span, say, say_n, term
from fanops_utils.workspace import Experiment

SLACK = 0.02  # power below what is promised that breaks no promise
TESTS: dict[str, Message] = {
    "two_proportions": say("z test of two proportions; units drawn with replacement; Wilson intervals."),
    "welch": say("Welch's t test; units drawn with replacement; Wilson intervals."),
}


def promises(tried: PlanCheck | None, experiment: Experiment, *, expected: float) -> Section:
    """Return whether the plan keeps its promises on units of the past; *expected* is the power its size promises."""
    if tried is None:
        return Section.of(Finding.nothing("simulated", say("there is no history to try the plan on")))
    finding = _kept(tried, experiment, expected)
    subject = experiment.first_decision.label
    words = Words(
        title=say("Simulated tests that found a difference"), alt=finding.text, axis=term("share of simulated tests", "axis"),
        subtitle=say("{metric}: share of tests on past units, 95% intervals", metric=subject),
    )  # fmt: skip
    return Section.of(finding, charts.intervals(_rows(tried, experiment, expected), label="label", words=words))


def _kept(tried: PlanCheck, experiment: Experiment, expected: float) -> Finding:
    honest = tried.false_positive.ci_lower <= experiment.alpha  # fewer false alarms than promised break no promise
    kept = honest and tried.power.ci_upper >= expected - SLACK
    text = Sentences.of(
        say("{tests} were simulated, each arm with {units} drawn from history.",
            tests=say_n("{n} test", "{n} tests", n=tried.simulations), units=say_n("{n} unit", "{n} units", n=tried.per_arm)),
        say("Without an effect, {share} ({range}) found one all the same; the plan allows {promised}.",
            promised=Level(experiment.alpha), **_rate(tried.false_positive)),
        say("With {effect} put in, {share} ({range}) found it; the plan promises {promised} at that size.", **_rate(tried.power),
            effect=amount(tried.effect, experiment.first_decision), promised=Percent(expected)),
    )  # fmt: skip
    title = (
        say("Tried on past units, the plan does what it promises")
        if kept
        else say("Tried on past units, the plan does not do what it promises")
    )
    return Finding(
        id="simulated", title=title, text=text, severity="good" if kept else "watch", method=TESTS[tried.test],
        code="kept" if kept else "broken",
    )  # fmt: skip


def _rate(seen: Interval) -> dict[str, Percent | Span]:
    return {"share": Percent(seen.estimate), "range": Span.of(seen.ci_lower, seen.ci_upper)}


def _rows(tried: PlanCheck, experiment: Experiment, expected: float) -> pd.DataFrame:
    listed = (
        (say("no effect (allowed: {level})", level=Level(experiment.alpha)), tried.false_positive),
        (say("effect put in (promised: {level})", level=Percent(expected)), tried.power),
    )
    rows = [(label, one.estimate, one.ci_lower, one.ci_upper) for label, one in listed]
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper"])
