"""The words of the gates on outcomes and covariates: missing ones, odd ones, windows, variation, balance before the test."""

from __future__ import annotations

from fanops_utils.experiments import Gate, ReadOut
from fanops_utils.experiments.gates.gate import GateCode, Imbalance, Influence, Scale, Unagreed, Windows
from fanops_utils.experiments.statistics.tails import normal_critical
from fanops_utils.sections.experiments.amounts import amount, level, p_value
from fanops_utils.sections.experiments.readout.gates.words import GateWords, Wording
from fanops_utils.text import Message, Number, Percent, Sayable, Times, in_words, say, say_n, term
from fanops_utils.workspace import Experiment


def _label(gate: Gate, experiment: Experiment) -> str:
    return experiment.metric(gate.subject).label


def _missing(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    name = say("{metric}: missing", metric=_label(gate, experiment))
    if not gate.n:
        return GateWords(name, say("no outcome is missing"))
    if gate.p_value is None:
        finding: Message = say_n("{n} outcome is missing", "{n} outcomes are missing", n=gate.n)
        return GateWords(name, finding, say("Complete them, or declare in the register how to treat them"))
    told: dict[str, Sayable | int] = {"total": gate.total, "p": p_value(gate.p_value)}
    if gate.stops:
        finding = say_n(
            "{n} of {total} outcomes is missing, not equally in all arms ({p})",
            "{n} of {total} outcomes are missing, not equally in all arms ({p})", n=gate.n, **told,
        )  # fmt: skip
        return GateWords(name, finding, say("One arm loses more outcomes: the arms no longer compare"))
    finding = say_n(
        "{n} of {total} outcomes is missing and left out, about equally in all arms ({p})",
        "{n} of {total} outcomes are missing and left out, about equally in all arms ({p})", n=gate.n, **told,
    )  # fmt: skip
    return GateWords(name, finding, say("Read the result as that of the units with an outcome"))


def _values(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    metric = experiment.metric(gate.subject)
    name = say("{metric}: values", metric=metric.label)
    if not gate.n:
        return GateWords(name, say("every value is possible"))
    match metric.kind:
        case "conversion" | "retention":
            finding = say_n("{n} value is neither 0 nor 1", "{n} values are neither 0 nor 1", n=gate.n)
        case "count":
            finding = say_n("{n} value is infinite or negative", "{n} values are infinite or negative", n=gate.n)
        case "ratio":
            finding = say_n(
                "{n} pair is infinite or has a negative denominator", "{n} pairs are infinite or have a negative denominator",
                n=gate.n,
            )  # fmt: skip
        case _:
            finding = say_n("{n} value is infinite", "{n} values are infinite", n=gate.n)
    return GateWords(name, finding, say("Correct the export"))


def _window(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    metric, seen = experiment.metric(gate.subject), gate.seen
    assert isinstance(seen, Windows)
    name, days = say("{metric}: window", metric=metric.label), metric.window_days or 0
    if not seen.early and not seen.late:
        return GateWords(
            name, say("every unit has an outcome if, and only if, its window of {days} days is over", days=days)
        )
    early = say_n(
        "{n} outcome is counted although its window of {days} days is not over",
        "{n} outcomes are counted although their window of {days} days is not over", n=seen.early, days=days,
    )  # fmt: skip
    late = say_n(
        "{n} outcome is missing although its window of {days} days is over",
        "{n} outcomes are missing although their window of {days} days is over", n=seen.late, days=days,
    )  # fmt: skip
    both: Sayable = say("{early}, and {late}", early=early, late=late)
    finding = both if seen.early and seen.late else early if seen.early else late
    action = say(
        "Export outcomes only for units whose window is over, and all of them; or say up to which day they reach"
    )
    return GateWords(name, finding, action)


def _few(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    name = say("{metric}: units", metric=_label(gate, experiment))
    return GateWords(name, say("an arm has fewer than two outcomes"), say("Wait for more units"))


def _variation(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    name = say("{metric}: variation", metric=_label(gate, experiment))
    return GateWords(name, say("every unit has the same value"), say("Check the measurement"))


def _covariate(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    finding = say_n(
        "{n} of {total} units has no value: it counts with the mean",
        "{n} of {total} units have no value: they count with the mean",
        n=gate.n, total=gate.total,
    )  # fmt: skip
    name = say("Covariate “{column}”", column=gate.subject)
    return GateWords(name, finding, say("Expected for new units; otherwise complete it"))


def _balance(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name, seen = term("Balance before", "check"), gate.seen
    if not isinstance(seen, Imbalance):
        return GateWords(name, say("what is known of units before the test does not vary: balance cannot be told"))
    told: dict[str, Sayable | str] = {
        "column": gate.subject, "arm": in_words(seen.treatment), "size": Number(seen.standardised, 3, sign=True),
        "p": p_value(gate.p_value or 0.0),
    }  # fmt: skip
    if gate.status == "PASS":
        return GateWords(
            name, say("the arms were alike; {column} differs most, by {size} sd with “{arm}” ({p})", **told)
        )
    finding = say("the arms differed: {column} by {size} sd with “{arm}” ({p})", **told)
    return GateWords(
        name, finding, say("Find out why the arms differed before the test: the assignment was not by chance")
    )


def _influence(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    name, seen = say("{metric}: largest unit", metric=_label(gate, experiment)), gate.seen
    assert isinstance(seen, Influence)
    moves = {"moves": Percent(seen.moves / float(normal_critical(0.05)), 0)}
    if seen.rules:
        finding = say(
            "one unit makes most of the spread; without it the difference moves by {moves} of its margin of error",
            **moves,
        )
        return GateWords(
            name,
            finding,
            say("Check that unit; set 'winsorise' in the next register, and read this one by other metrics"),
        )
    if seen.hangs:
        finding = say(
            "without one unit the answer is lost; it moves the difference by {moves} of its margin of error", **moves
        )
        return GateWords(name, finding, say("Check that unit before acting; the result hangs on it"))
    if gate.status == "REVIEW":
        finding = say(
            "one unit stands alone, {times} as far from the median as the second; it moves the difference by {moves} of "
            "its margin of error",
            times=Times(seen.gap or 0.0), **moves,
        )  # fmt: skip
        return GateWords(name, finding, say("Check whether its value can be true"))
    return GateWords(
        name,
        say("no unit decides by itself; the largest moves the difference by {moves} of its margin of error", **moves),
    )


def _immature(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    metric = experiment.metric(gate.subject)
    name = say("{metric}: units still waiting", metric=metric.label)
    finding = say_n(
        "{n} of {total} units has not been in for {days} days and is left out",
        "{n} of {total} units have not been in for {days} days and are left out",
        n=gate.n, total=gate.total, days=metric.window_days or 0,
    )  # fmt: skip
    return GateWords(
        name, finding, say("Read it again when their windows are over; set 'as_of' if the data reach further")
    )


def _unagreed(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    metric, seen = experiment.metric(gate.subject), gate.seen
    assert isinstance(seen, Unagreed)
    finding = say_n(
        "its name counts {days} days, no window is agreed, and {n} of {total} units has had fewer",
        "its name counts {days} days, no window is agreed, and {n} of {total} units have had fewer",
        n=gate.n, total=gate.total, days=seen.days,
    )  # fmt: skip
    action = say(
        "Agree 'window_days' in the register, and read it once they are over; set 'as_of' if the data reach further"
    )
    return GateWords(say("{metric}: window", metric=metric.label), finding, action)


def _scale(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    metric, seen = experiment.metric(gate.subject), gate.seen
    assert isinstance(seen, Scale)
    finding = say(
        "the size that matters is {size} where the control shows {base}: it may be meant in another unit",
        size=amount(seen.size, metric), base=level(seen.base, metric),
    )  # fmt: skip
    action = say("Write percentage points of a share as 1 pp, and other sizes in the metric's own unit")
    return GateWords(say("{metric}: unit of its sizes", metric=metric.label), finding, action)


OUTCOMES: dict[GateCode, Wording] = {
    "missing": _missing, "values": _values, "window": _window, "outcomes": _few, "variation": _variation,
    "covariate": _covariate, "balance": _balance, "influence": _influence,
    "immature": _immature, "unagreed_window": _unagreed,
    "scale": _scale,
}  # fmt: skip
