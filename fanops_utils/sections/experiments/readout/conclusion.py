"""What a read-out concludes: its facts and its one sentence."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils.experiments import Aggregates, ReadOut, Restricted
from fanops_utils.experiments.intake.rows import Units
from fanops_utils.playbook import Section, Severity, facts
from fanops_utils.playbook.facts import Facts
from fanops_utils.sections.experiments.amounts import amount, towards
from fanops_utils.sections.experiments.readout.deciding import apart
from fanops_utils.sections.experiments.readout.effect import other_results
from fanops_utils.sections.experiments.readout.reading import SEVERITY
from fanops_utils.sections.experiments.readout.rules import split, stopped
from fanops_utils.text import Listed, Message, Period, Sayable, Sentences, Written, say, term
from fanops_utils.workspace import Experiment

VERDICTS: dict[str, Message] = {
    "ship": say("Ship."),
    "do_not_ship": say("Do not ship."),
    "run_on": say("Inconclusive: run on."),
    "stop": say("Inconclusive: stop."),
    "invalid": say("Invalid: no winner can be named."),
}


def about(experiment: Experiment, units: Units, *, as_of: date | None) -> Facts:
    """Return the facts of the report: what was tested, where, when, by whom, and whether only totals were seen."""
    period = Period.of(experiment.period.start, experiment.period.end) if experiment.period else None
    totals = None
    if isinstance(units, Restricted):
        totals = say("totals only, of {least} units or more", least=units.least)
    elif isinstance(units, Aggregates):
        totals = say("totals per arm, from a table of another tool")
    market = Written(experiment.market) if experiment.market else term("all markets", "fact")
    return facts(
        experiment=experiment.title, hypothesis=experiment.hypothesis, market=market, scope=totals, owner=experiment.owner,
        period=period or term("not in the register", "fact"), data_as_of=as_of,
    )  # fmt: skip


def verdict(
    found: ReadOut | None,
    experiment: Experiment,
    *,
    effect: Section,
    guardrails: Section,
    segments: Section | None = None,
    by_segment: pd.DataFrame | None = None,
) -> tuple[Sayable, Severity]:
    """Return the report's title with its few sentences, and its severity.

    Where *segments* says that the effect differs, the title names where a winner is shipped (*by_segment*) and where not.
    """
    if found is None:
        return say("There is no data for the experiment “{title}”.", title=experiment.title), "info"
    where = _in_segments(found, experiment, segments, by_segment)
    first = where or _maybe_small(found, experiment) or VERDICTS[found.verdict]
    if found.verdict == "invalid":
        gate = next(gate for gate in found.gates if gate.stops)
        if found.has_too_few:
            return Sentences.of(
                say("Too few outcomes: nothing can be told yet."), stopped(gate, found, experiment)
            ), "info"
        return Sentences.of(first, split(gate, experiment) or stopped(gate, found, experiment)), "alert"
    rails = guardrails.finding
    harmed = found.verdict == "do_not_ship" and rails.severity == "watch"
    because = say("{title}.", title=rails.title) if harmed else None
    seen, others = effect.finding, other_results(found, experiment)
    title = Sentences.of(first, say("{title}.", title=seen.title)) if seen.ok else first
    return Sentences.of(title, _unfrozen(found), *others, because, seen.text), SEVERITY[found.verdict]


def _in_segments(
    found: ReadOut, experiment: Experiment, segments: Section | None, by_segment: pd.DataFrame | None
) -> Message | None:
    if found.verdict != "ship" or segments is None or segments.finding.code != "differ":
        return None
    helped, silent = apart(by_segment, found.winner, experiment)
    if not helped or not silent:
        return None
    return say(
        "Ship in {helped}, not in {silent}.", helped=Listed.of(helped, how="and"), silent=Listed.of(silent, how="or")
    )


def _maybe_small(found: ReadOut, experiment: Experiment) -> Message | None:
    """Return the verdict on a winner whose gain may be too small to matter: whoever ships it is to know."""
    rule = found.rules[0] if found.verdict == "ship" else None
    if rule is None or rule.size != "may_be_small":
        return None
    metric = next(one for one in experiment.metrics if one.name == rule.metric)
    gain = next(one for one in found.comparisons if (one.metric, one.treatment) == (rule.metric, rule.treatment))
    return say(
        "Ship; the gain may be smaller than what matters: from {low} to {high}, where {limit} matters.",
        low=amount(gain.ci_lower, metric), high=amount(gain.ci_upper, metric),
        limit=amount(towards(metric) * (metric.smallest_effect or 0.0), metric),
    )  # fmt: skip


def _unfrozen(found: ReadOut) -> Message | None:
    """Say in the headline what a winner by rules never frozen is worth."""
    frozen = next((gate for gate in found.gates if gate.code == "register_frozen"), None)
    if found.verdict != "ship" or frozen is None or frozen.status == "PASS":
        return None
    if not frozen.names:
        return say("The rules were never frozen: whether they came before the data cannot be shown.")
    return say("The rules were changed after they were frozen: read what changed before acting.")
