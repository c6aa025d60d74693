"""The words of the gates on how units were assigned: keys, arms, their ratio, dates, the register and its looks."""

from __future__ import annotations

from fanops_utils.experiments import Gate, ReadOut, SampleRatio
from fanops_utils.experiments.gates.gate import CellRatios, Frozen, GateCode, Nested
from fanops_utils.experiments.intake.nested import KEY
from fanops_utils.sections.experiments.amounts import p_value, used_up
from fanops_utils.sections.experiments.readout.gates.words import GateWords, Wording
from fanops_utils.text import Day, Level, Listed, Message, Number, Percent, Sayable, in_words, say, say_n, term
from fanops_utils.workspace import Experiment


def _identified(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name = term("Units identified", "check")
    if not gate.n:
        return GateWords(name, say("every unit has a key and an arm"))
    finding = say_n("{n} unit has no key or no arm", "{n} units have no key or no arm", n=gate.n)
    return GateWords(name, finding, say("Repair the assignment log"))


def _planned(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name = term("Arms as planned", "check")
    if not gate.n:
        return GateWords(name, say("every unit is in an arm that was planned"))
    finding = say_n(
        "{n} unit is in an arm that was not planned ({arms})", "{n} units are in arms that were not planned ({arms})",
        n=gate.n, arms=Listed.of(gate.names),
    )  # fmt: skip
    return GateWords(name, finding, say("Correct the register or the export"))


def _once(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name = term("Units once", "check")
    if not gate.n:
        return GateWords(name, say("no unit is there twice"))
    finding = say_n("{n} row repeats a unit of the same arm", "{n} rows repeat a unit of the same arm", n=gate.n)
    return GateWords(name, finding, say("Export one row per unit"))


def _one_arm(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name = term("One arm per unit", "check")
    if not gate.n:
        return GateWords(name, say("no unit was in two arms"))
    finding = say_n("{n} unit was in two arms", "{n} units were in two arms", n=gate.n)
    return GateWords(name, finding, say("Find why the assignment was not kept"))


def _ratio(gate: Gate, _found: ReadOut, experiment: Experiment) -> GateWords:
    name, ratio = term("Sample ratio", "check"), gate.seen
    if not isinstance(ratio, SampleRatio):
        return GateWords(name, say("no unit is in a planned arm"), say("Correct the register or the export"))
    arms = Listed.of(say("“{arm}” {n}", arm=in_words(arm), n=count) for arm, count in ratio.observed.items())
    told = {
        "arms": arms,
        "chi2": Number(ratio.chi2, 3),
        "p": p_value(ratio.p_value),
        "gate": Number(gate.level or experiment.srm_gate),
    }
    if gate.subject == "rounded":
        finding = say(
            "{arms}: equal arms, and the register has them rounded: chi² {chi2}, {p} against equal shares", **told
        )
        return GateWords(name, finding, say("Write the allocation as a ratio: 1 for every arm"))
    if gate.status == "PASS":
        return GateWords(name, say("{arms}, as planned: chi² {chi2}, {p}; the gate is {gate}", **told))
    if ratio.is_severe:
        return GateWords(name, say("{arms}, far from what was planned ({p}; the gate is {gate})", **told), _trace())
    return GateWords(name, say("{arms}, not what was planned ({p}; the gate is {gate})", **told), _trace())


def _ratio_by(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    cells = gate.seen
    assert isinstance(cells, CellRatios)
    name = term("Sample ratio by market", "check") if gate.subject == "market" else term("Sample ratio by day", "check")
    told: dict[str, Sayable | str | int] = {
        "checked": _cells(cells.checked, gate.subject),
        "p": p_value(gate.p_value or 0.0),
    }
    if not cells.off:
        return GateWords(
            name, say("{checked} checked, none is off; the worst is {worst} ({p})", worst=cells.worst, **told)
        )
    finding = say_n(
        "{checked} checked, {n} is off, {named} first ({p})", "{checked} checked, {n} are off, {named} first ({p})",
        n=cells.off, named=Listed.of(cells.named), **told,
    )  # fmt: skip
    return GateWords(name, finding, _trace())


def _cells(number: int, family: str) -> Message:
    return (
        say_n("{n} market", "{n} markets", n=number)
        if family == "market"
        else say_n("{n} day of UTC", "{n} days of UTC", n=number)
    )


def _trace() -> Message:
    return say(
        "Find which units were lost or added before reading any difference: compare assignment and logging by market, day, "
        "device and version, from the first day it shows"
    )


def _dates(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name = term("Exposure dates", "check")
    if not gate.n:
        return GateWords(name, say("every unit was assigned within the period"))
    finding = say_n("{n} unit was assigned outside the period", "{n} units were assigned outside the period", n=gate.n)
    return GateWords(name, finding, say("Correct the period or leave those units out"))


def _one_arm_per_cluster(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name = term("One arm per cluster", "check")
    if not gate.n:
        return GateWords(name, say("no value of {column} has units in two arms", column=gate.subject))
    finding = say_n(
        "{n} value of {column} has units in two arms", "{n} values of {column} have units in two arms",
        n=gate.n, column=gate.subject,
    )  # fmt: skip
    return GateWords(name, finding, say("Assign whole clusters, or drop the cluster"))


def _frozen(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name, mark, seen = term("Register as frozen", "check"), Listed.of(gate.names), gate.seen
    if not gate.names:
        finding = say("the register was never frozen: its rules may have been written after its data")
        return GateWords(
            name, finding, say("Freeze the next plan before its first unit; repeat this one before it costs much")
        )
    if gate.status == "PASS":
        return GateWords(name, say("unchanged since it was frozen as {mark}", mark=mark))
    if gate.status == "FAIL" and isinstance(seen, Frozen) and seen.on and seen.first_day:
        finding = say(
            "frozen on {day}, after the first unit was assigned on {first}: nothing shows that the rules came before the data",
            day=Day.of(seen.on, form="iso"), first=Day.of(seen.first_day, form="iso"),
        )  # fmt: skip
        return GateWords(name, finding, say("Repeat the test with this register, frozen before its first unit"))
    finding = say("the register was changed after it was frozen as {mark}", mark=mark)
    return GateWords(name, finding, say("Say what changed and why, or read it by the frozen register"))


def _nested(gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    name, seen = term("Units by themselves", "check"), gate.seen
    assert isinstance(seen, Nested)
    if gate.subject == KEY:
        finding = say(
            "the keys of units share {n} parts, {rows} rows each, and nearly all of them lie in one arm only: parts were "
            "assigned, not rows",
            n=seen.values, rows=Number(seen.rows, 1),
        )  # fmt: skip
        action = say("Give the part a column of its own (store, day) and name it as the 'cluster' of the register; if rows were "
                     "assigned one by one, list {column} under 'independent'", column=KEY)  # fmt: skip
        return GateWords(name, finding, action)
    finding = say(
        "the {n} values of {column} repeat, {rows} rows each, and nearly all lie in one arm only: whole values were "
        "assigned, not rows",
        n=seen.values, column=gate.subject, rows=Number(seen.rows, 1),
    )  # fmt: skip
    action = say(
        "Name {column} as the 'cluster' of the register; if rows were assigned one by one, list it under 'independent'",
        column=gate.subject,
    )
    return GateWords(name, finding, action)


def _looks(gate: Gate, found: ReadOut, experiment: Experiment) -> GateWords:
    name, state = term("Looks", "check"), found.look
    if state is None:
        return GateWords(name, say("no look was taken"))
    told = {"number": state.number, "planned": state.planned}
    if experiment.method == "fixed":
        finding = say(
            "look {number}, {planned} planned; had each look been judged by itself, {share} of tests without an effect would have "
            "found one",
            share=Percent(state.peeked, 0), **told,
        )  # fmt: skip
        return GateWords(name, finding, say("Judge it at the planned end only, or plan the looks beforehand"))
    finding = (
        say("look {number}, {planned} planned; all of the {alpha} chance of a false alarm allowed is used up",
            alpha=Level(experiment.alpha), **told)
        if used_up(state, experiment) else
        say("look {number}, {planned} planned; {spent} of the {alpha} chance of a false alarm is used",
            spent=Percent(state.spent), alpha=Level(experiment.alpha), **told)
    )  # fmt: skip
    return GateWords(name, finding, None if gate.status == "PASS" else say("Plan its looks"))


def _small_cells(_gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    finding = say("a group is too small to be shown")
    return GateWords(term("Small cells", "check"), finding, say("Read it from cells that are large enough"))


def _unseen(_gate: Gate, _found: ReadOut, _experiment: Experiment) -> GateWords:
    finding = say("only totals were given: double units, crossed arms, dates and values cannot be checked")
    return GateWords(term("Units unseen", "check"), finding, say("Have somebody with access run the full read-out"))


ASSIGNMENT: dict[GateCode, Wording] = {
    "units_identified": _identified, "arms_planned": _planned, "units_once": _once, "one_arm": _one_arm,
    "sample_ratio": _ratio, "sample_ratio_by": _ratio_by, "exposure_dates": _dates,
    "one_arm_per_cluster": _one_arm_per_cluster, "nested": _nested, "register_frozen": _frozen, "looks": _looks,
    "small_cells": _small_cells, "units_unseen": _unseen,
}  # fmt: skip
