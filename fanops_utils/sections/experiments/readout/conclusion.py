"""What a read-out concludes: its facts, its one sentence, and the decision to take."""

from __future__ import annotations

from datetime import date, timedelta

from fanops_utils.experiments import ReadOut, Restricted
from fanops_utils.experiments.intake.rows import Units
from fanops_utils.playbook import Play, Section, Severity, facts
from fanops_utils.playbook.facts import Facts
from fanops_utils.sections.experiments.readout.reading import SEVERITY
from fanops_utils.sections.experiments.readout.rules import stopped
from fanops_utils.text import Message, Period, Sayable, Sentences, Written, say, term
from fanops_utils.workspace import Experiment

REVIEW_AFTER = timedelta(days=14)
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
    totals = say("totals only, of {least} units or more", least=units.least) if isinstance(units, Restricted) else None
    market = Written(experiment.market) if experiment.market else term("all markets", "fact")
    return facts(
        experiment=experiment.title, hypothesis=experiment.hypothesis, market=market, scope=totals, owner=experiment.owner,
        period=period or term("not in the register", "fact"), data_as_of=as_of,
    )  # fmt: skip


def verdict(
    found: ReadOut | None, experiment: Experiment, *, effect: Section, guardrails: Section
) -> tuple[Sayable, Severity]:
    """Return the report's title with its few sentences, and its severity."""
    if found is None:
        return say("There is no data for the experiment “{title}”.", title=experiment.title), "info"
    first = VERDICTS[found.verdict]
    if found.verdict == "invalid":
        gate = next(gate for gate in found.gates if gate.stops)
        return Sentences.of(first, stopped(gate, found, experiment)), "alert"
    rails = guardrails.finding
    harmed = found.verdict == "do_not_ship" and rails.severity == "watch"
    because = say("{title}.", title=rails.title) if harmed else None
    seen = effect.finding
    title = Sentences.of(first, say("{title}.", title=seen.title)) if seen.ok else first
    return Sentences.of(title, because, seen.text), SEVERITY[found.verdict]


def plays(found: ReadOut | None, experiment: Experiment, *, on: date | None) -> tuple[Play, ...]:
    """Return the decision to take: one play by the verdict; without the day *on* no review is set."""
    if found is None:
        return ()
    action, expected = _action(found, experiment)
    cause = "soundness" if found.verdict == "invalid" else "effect"
    metric = Written(experiment.first_decision.label)
    review = on + REVIEW_AFTER if on else None
    return (
        Play(action=action, metric=metric, expected=expected, owner=experiment.owner, review=review, because=cause),
    )


def _action(found: ReadOut, experiment: Experiment) -> tuple[Message, Message]:
    control = Written(experiment.control)
    match found.verdict:
        case "ship":
            action = say(
                "Roll out “{arm}”, keeping a tenth of new units in “{control}” for a month",
                arm=found.winner or "",
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
            action = say(
                "Stop, keep “{control}”, and plan a larger test only if a smaller effect would pay", control=control
            )
            return action, say("below what this test could see")
    action = say(
        "Find the fault before reading anything: compare assignment and logging by arm, day, market and device; run again"
    )
    return action, say("not known")
