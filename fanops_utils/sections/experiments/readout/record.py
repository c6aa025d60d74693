"""The record of the decision: the verdict, the rule, and the register it was read by."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from fanops_utils import charts
from fanops_utils.experiments import ReadOut
from fanops_utils.playbook import Section
from fanops_utils.playbook.plays import role
from fanops_utils.sections.experiments.readout.rules import ruled
from fanops_utils.text import Count, Day, Listed, Message, Sayable, Sentences, Written, say, term
from fanops_utils.workspace import Experiment
from fanops_utils.workspace.frozen import changed_keys, fingerprint, frozen_copy

VERDICTS: dict[str, Message] = {
    "ship": term("ship", "verdict"), "do_not_ship": term("do not ship", "verdict"),
    "run_on": term("inconclusive, run on", "verdict"), "stop": term("inconclusive, stop", "verdict"),
    "invalid": term("invalid", "verdict"),
}  # fmt: skip


def record(found: ReadOut | None, experiment: Experiment, *, folder: Path | None = None) -> Section:
    """Return the record of the decision; empty without a read-out.

    *folder* is the workspace's: a register that was frozen is held against its copy there, and what changed is named.
    """
    rows = [] if found is None else _rows(found, experiment, folder)
    columns = {"item": term("Record", "column"), "value": term("Value", "column")}
    caption = say("Decision record of “{title}”", title=experiment.title)
    return Section.of(charts.table(pd.DataFrame(rows, columns=list(columns)), columns=columns, caption=caption))


def _rows(found: ReadOut, experiment: Experiment, folder: Path | None) -> list[tuple[Message, Sayable | None]]:
    state = found.look
    look = say("{number} of {planned}", number=state.number, planned=state.planned) if state else None
    return [
        (term("Verdict", "record"), VERDICTS[found.verdict]),
        (term("Rule", "record"), Sentences.of(*ruled(found, experiment))),
        (term("Winner", "record"), Written(found.winner) if found.winner else term("none", "winner")),
        (term("Register", "record"), _register(experiment, folder)),
        (term("Data up to", "record"), Day.of(found.last_day, form="iso") if found.last_day else term("not dated", "record")),
        (term("Units", "record"), Count(float(found.units))),
        (term("Look", "record"), look or term("none", "look")),
        (term("Owner", "record"), role(experiment.owner)),
        (term("Follow-up", "record"),
         Day.of(experiment.follow_up, form="iso") if experiment.follow_up else term("not set", "record")),
    ]  # fmt: skip


def _register(experiment: Experiment, folder: Path | None) -> Message:
    mark = Written(fingerprint(experiment, without=("frozen",)))
    if experiment.frozen is None:
        return say("{mark}, never frozen", mark=mark)
    if not experiment.is_changed:
        return say("{mark}, as frozen", mark=mark)
    copy = frozen_copy(folder / "experiments" / f"{experiment.id}.yml") if folder else None
    frozen = Written(experiment.frozen)
    if not copy:
        return say(
            "{mark}, changed since it was frozen as {frozen}; what changed cannot be told: the frozen copy is missing",
            mark=mark, frozen=frozen,
        )  # fmt: skip
    changed = Listed.of(Written(key, "en") for key in changed_keys(experiment, copy))
    return say("{mark}, changed since it was frozen as {frozen}: {keys}", mark=mark, frozen=frozen, keys=changed)
