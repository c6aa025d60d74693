"""Whether the answer rests on a choice of analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.statistics.bayes import Reading
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import SUREST, amount, amounts, interval, p_value
from fanops_utils.sections.experiments.readout.cuts.axis import axis
from fanops_utils.sections.experiments.readout.reading import best_of, held_back, named_arm
from fanops_utils.text import Level, Message, Percent, Sayable, Sentences, in_words, say, term
from fanops_utils.workspace import Experiment

CHOICES: dict[str, Message] = {
    "as_registered": term("As registered", "choice"),
    "cuped": term("With CUPED", "choice"),
    "no_cuped": term("Without CUPED", "choice"),
    "winsorised": term("Winsorised", "choice"),
    "not_winsorised": term("Not winsorised", "choice"),
    "cuped_winsorised": term("With CUPED, winsorised", "choice"),
    "cuped_not_winsorised": term("With CUPED, not winsorised", "choice"),
    "no_cuped_winsorised": term("Without CUPED, winsorised", "choice"),
    "no_cuped_not_winsorised": term("Without CUPED, not winsorised", "choice"),
    "bootstrap_t": term("Bootstrap-t, plain values", "choice"),
    "washout_kept": term("With the slots that are left out", "choice"),
    "by_lot": term("Arms of each block drawn again by lot", "choice"),
}


def sensitivity(
    found: ReadOut | None,
    experiment: Experiment,
    table: pd.DataFrame,
    *,
    belief: Reading | None = None,
    rows: bool = True,
) -> Section:
    """Return whether the answer rests on a choice of analysis, from *table* of `choices`; without *rows*, what is missing."""
    finding, metric = _rests(found, experiment, table, belief, rows=rows), experiment.first_decision
    words = Words(
        title=say("{metric}, by choice of analysis", metric=metric.label),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("Treatment less control"),
        axis=axis(metric),
        caption=say("Only the registered choice decides"),
    )
    names = pd.Series([_name(row, experiment) for row in table.to_dict("records")], table.index, dtype="object")
    drawn = table[["estimate", "ci_lower", "ci_upper", "n"]].assign(label=names)
    return Section.of(finding, charts.intervals(drawn, label="label", reference=0, form=amounts(metric), words=words))


def _rests(
    found: ReadOut | None, experiment: Experiment, table: pd.DataFrame, belief: Reading | None, *, rows: bool
) -> Finding:
    if held := held_back("sensitivity", say("Nothing is cut out of an invalid experiment"), found):
        return held
    told = table.dropna(subset=["estimate", "ci_lower"])
    after = (None if rows else _unseen(experiment), _belief(belief, found, experiment))
    if told.empty:
        title = say("Other choices cannot be told either")
        text = Sentences.of(say("No choice gives an interval."), *after)
        return Finding(id="sensitivity", title=title, text=text, code="untold")
    signs = told.assign(sign=(told["ci_lower"] > 0).astype(int) - (told["ci_upper"] < 0).astype(int))
    rests = bool((signs.groupby("treatment")["sign"].nunique() > 1).any())
    if told["choice"].nunique() == 1:
        title, code = say("The register leaves no other choice to make"), "only"
    elif rests:
        title, code = say("The answer rests on the choice of analysis"), "rests"
    else:
        title, code = say("Every choice says the same"), "same"
    lines = (_line(row, experiment) for row in table.to_dict("records"))
    return Finding(
        id="sensitivity", title=title, text=Sentences.of(*lines, *after), severity="watch" if rests else "info",
        method=_method(experiment), code=code,
    )  # fmt: skip


def _belief(belief: Reading | None, found: ReadOut | None, experiment: Experiment) -> Message | None:
    if belief is None or found is None:
        return None
    one = best_of(found, experiment.first_decision)
    arms = {"arm": in_words(one.treatment), "control": in_words(one.control)}
    if belief.better < SUREST:
        return say(
            "If every effect was as likely as any other beforehand, the chance that “{arm}” is better than “{control}” is "
            "{chance}; that is no rule for stopping.",
            chance=Percent(belief.better), **arms,
        )  # fmt: skip
    return say(
        "If every effect was as likely as any other beforehand, the chance that “{arm}” is better than “{control}” is more than "
        "{chance}; that is no rule for stopping.",
        chance=Level(SUREST), **arms,
    )  # fmt: skip


def _unseen(experiment: Experiment) -> Message | None:
    if experiment.cluster:
        return None
    if experiment.counts_slots:
        return say("Single units are compared here, and only totals may be seen.")
    if experiment.first_decision.kind in ("mean", "count"):
        return say("The bootstrap of single units is not read: only totals may be seen.")
    return None


def _line(row: Mapping[Any, Any], experiment: Experiment) -> Message | None:
    metric, name = experiment.first_decision, _name(row, experiment)
    if row["ci_lower"] == row["ci_lower"]:
        change, limits = (
            amount(row["estimate"], metric),
            interval(row["ci_lower"], row["ci_upper"], metric, alpha=experiment.alpha),
        )
        return say("{choice}: {change} ({range}).", choice=name, change=change, range=limits)
    return say("{choice}: {p}.", choice=name, p=p_value(row["p_value"])) if row["p_value"] == row["p_value"] else None


def _name(row: Mapping[Any, Any], experiment: Experiment) -> Sayable:
    name = _choice(str(row["choice"]), experiment)
    if row["registered"] and row["choice"] != "as_registered":
        name = term("{choice} (registered)", "choice", choice=name)
    return named_arm(name, str(row["treatment"]), experiment)


def _choice(code: str, experiment: Experiment) -> Message:
    match code:
        case "blocks_ignored" if experiment.cluster:
            return term("Slots without regard to their block", "choice")
        case "blocks_ignored":
            return term("Units without regard to their block", "choice")
        case "every_unit" if not experiment.counts_slots:
            return term("Every unit counts, large clusters more", "choice")
        case "every_cluster":
            return term("Every cluster counts once", "choice")
        case "every_unit":
            return term("Every {unit} by itself (too sure)", "choice", unit=experiment.unit)
    return CHOICES[code]


def _method(experiment: Experiment) -> Message:
    if not experiment.counts_slots:
        return say("The registered choice decides; the others say how much rests on it. Bootstrap-t of 400 resamples.")
    if experiment.cluster:
        return say(
            "The registered choice decides. Units that share a slot are not independent: one by one they promise too much."
        )
    return say("The registered choice decides. Within blocks, what the units of a block share is in no difference.")
