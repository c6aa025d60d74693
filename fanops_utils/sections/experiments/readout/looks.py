"""How many looks were planned and used, and how much of the chance of a false alarm they spent."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import LookState, ReadOut
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import p_value, used_up
from fanops_utils.text import Level, Message, Percent, Sayable, Sentences, say, say_n
from fanops_utils.workspace import Experiment

METHODS: dict[str, Message] = {
    "fixed": say("One look, at the planned end, at the whole of alpha."),
    "sequential": say("Group-sequential: each look spends a share of alpha, so that all of them together spend alpha."),
    "always-valid": say("Always-valid mixture: looks may be taken at any time; wider intervals are the price."),
}


def looks(found: ReadOut | None, experiment: Experiment, taken: pd.DataFrame) -> Section:
    """Return whether it was looked at as planned; *taken* of `look_table`."""
    finding = _spent(found, experiment)
    words = Words(
        title=say("The looks taken, against the bounds they had to pass"),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("{metric}: difference in standard errors at each look", metric=experiment.first_decision.label),
        caption=say("Beyond the orange bound a look may end the test"),
    )
    return Section.of(finding, charts.look_bounds(taken, words=words))


def _spent(found: ReadOut | None, experiment: Experiment) -> Finding:
    if found is None or found.look is None:
        return Finding.nothing("looks", say("no look was taken"))
    state = found.look
    peeked = experiment.method == "fixed" and state.number > 1
    more = peeked or (experiment.method != "fixed" and state.unplanned > 0)
    text = Sentences.of(
        say_n("This is look {number}; {n} was planned.", "This is look {number}; {n} were planned.",
              n=state.planned, number=state.number),
        say("{share} of the planned data are in.", share=Percent(min(state.fractions[-1], 1.0))),
        say("All of the {alpha} chance of a false alarm allowed is used up.", alpha=Level(experiment.alpha))
        if used_up(state, experiment)
        else say("Of the {alpha} chance of a false alarm allowed, {spent} is used.", alpha=Level(experiment.alpha),
                 spent=Percent(state.spent)),
        _peeked(state) if peeked else _unplanned(state) if more else None,
    )  # fmt: skip
    method = Sentences.of(METHODS[experiment.method], say("This look is judged at {p}.", p=p_value(state.level)))
    return Finding(
        id="looks", title=_title(state, more=more), text=text, severity="watch" if more else "info", method=method,
        code="more" if more else "as_planned",
    )  # fmt: skip


def _title(state: LookState, *, more: bool) -> Sayable:
    left = 0 if state.is_final else max(state.planned - state.number, 0)
    told = {"number": state.number, "planned": state.planned}
    if more:
        return say("More looks than planned: {number} of {planned} used", **told)
    if left:
        return say("Looks as planned: {number} of {planned} used, {left} left", left=left, **told)
    return say("Looks as planned: {number} of {planned} used", **told)


def _peeked(state: LookState) -> Message:
    return say(
        "One was planned: judged by itself each time, {share} of tests without any effect would have shown one.",
        share=Percent(state.peeked),
    )


def _unplanned(state: LookState) -> Message:
    return say_n("{n} look was not planned.", "{n} looks were not planned.", n=state.unplanned)
