"""Would a weighted mix of the controls say the same? Shown beside the default, with the gates that fail; never the verdict."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.intervals import Interval
from fanops_utils.models import CampaignEffect, Mixes, SyntheticEffect
from fanops_utils.models.reasons import NoTotals
from fanops_utils.models.synthetic.control import Gate
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.campaigns.retrospective.reasons import told
from fanops_utils.sections.campaigns.words import OF_COUNTERFACTUAL, counted
from fanops_utils.text import (
    Level,
    Listed,
    Message,
    Number,
    Percent,
    PValue,
    Sayable,
    Sentences,
    Signed,
    Span,
    say,
    say_n,
    term,
)  # fmt: skip
from fanops_utils.workspace import Campaign

NAMES: dict[str, Message] = {
    "synthetic control": term("Synthetic control", "method"),
    "synthetic difference in differences": term("Synthetic DiD", "method"),
}
PLAIN = term("Synthetic control, levels as they are", "method")
DEFAULT = term("Default: controls counted alike", "method")
METHOD = say(
    "Positive weights that add up to one, chosen on the days before the start alone; intervals from the same computation "
    "on each control. Abadie, Diamond and Hainmueller 2010; Arkhangelsky and others 2021."
)
COLUMNS = {
    "market": term("Control market", "column"),
    "control": term("Weight in synthetic control", "column"),
    "did": term("Weight in synthetic DiD", "column"),
}


def mixes(mixed: Mixes, found: CampaignEffect | None, campaign: Campaign, *, level: float) -> Section:
    """Return what both mixes say beside the default *found*, drawn, and how much each control counts."""
    finding = answer(mixed, found, level=level)
    drawn = Words(
        title=say("The default beside weighted mixes of the controls"),
        subtitle=say(
            "{metric} against what would have happened anyway; {level} intervals",
            metric=counted(campaign),
            level=Level(level),
        ),
        axis=term("effect", "axis"),
        alt=finding.text,
        caption=say("Weights from the days before the start alone"),
    )
    nothing = term("nothing", "reference line")
    chart = charts.intervals(
        estimates(mixed, found), label="label", form=Signed, reference=0.0, reference_label=nothing, words=drawn
    )
    shares = {"control": Percent, "did": Percent}
    table = charts.table(weights(mixed), columns=COLUMNS, caption=say("How much each control counts"), formats=shares)
    return Section.of(finding, chart, table)


def answer(mixed: Mixes, found: CampaignEffect | None, *, level: float) -> Finding:
    """Return what both mixes say, which gates fail, and whether they may be leant on."""
    if isinstance(mixed.reason, NoTotals):
        return Finding.nothing("mix", term("no daily totals of this metric", "why there is no data"))
    if mixed.reason is not None or not mixed.found:
        text = told(mixed.reason) if mixed.reason else say("A weighted mix needs controls with data.")
        return Finding(id="mix", title=_none(mixed), text=text, code="none")
    said = [*(_said(one, level) for one in mixed.found), *_plain(mixed.plain, level)]
    trusted = [one for one in mixed.found if one.trusted]
    if not trusted:
        rests = say("The verdict rests on the default alone.")
        text = Sentences.of(*said, *_gates(mixed.found), rests)
        return Finding(id="mix", title=_untrusted(mixed), text=text, method=METHOD, code="not_trusted")
    title, severity, code = _against(trusted, found, running=mixed.running)
    one = fraction(trusted[0])
    beside = say("The verdict rests on the default alone; a mix that passes its gates is held against it.")
    return Finding(
        id="mix",
        title=title,
        text=Sentences.of(*said, *_gates(mixed.found), beside),
        severity=severity,
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=OF_COUNTERFACTUAL,
        n=one.n,
        method=METHOD,
        code=code,
    )


def _none(mixed: Mixes) -> Message:
    if mixed.n_controls == 0:
        return say("No weighted mix can be made: there is no control market")
    if mixed.n_controls == 1:
        return say("No weighted mix can be made: there is one control market")
    return say("No weighted mix can be made")


def _untrusted(mixed: Mixes) -> Message:
    sizes = _sizes(mixed.found)
    if mixed.running:
        return say("So far, other mixes of the markets say {sizes}; too little to lean on", sizes=sizes)
    return say("Other mixes of the markets say {sizes}; too little to lean on", sizes=sizes)


def _against(
    trusted: list[SyntheticEffect], found: CampaignEffect | None, *, running: bool
) -> tuple[Message, Severity, str]:
    first = Signed(fraction(trusted[0]).estimate)
    if found is None or not np.isfinite(found.log_effect.ci_lower):
        if running:
            return say("So far, a weighted mix says {size}", size=first), "info", "alone"
        return say("A weighted mix says {size}", size=first), "info", "alone"
    if {_side(fraction(one)) for one in trusted} == {_side(found.log_effect)}:
        if running:
            return say("So far, a weighted mix of the controls says the same: {size}", size=first), "info", "same"
        return say("A weighted mix of the controls says the same: {size}", size=first), "info", "same"
    if running:
        return say("So far, a weighted mix does not say the same: {sizes}", sizes=_sizes(trusted)), "watch", "other"
    return say("A weighted mix does not say the same: {sizes}", sizes=_sizes(trusted)), "watch", "other"


def _said(one: SyntheticEffect, level: float) -> Message:
    """Return one mix in words: estimate, interval, rank among the placebos and what it can say at all."""
    effect = fraction(one)
    return say(
        "{method}: {change} ({interval}); rank {rank} of {markets} markets each taken for treated, p = {p}; with so few it "
        "cannot fall below {least}.",
        method=NAMES[one.method],
        change=Signed(effect.estimate),
        interval=Span.of(effect.ci_lower, effect.ci_upper, form=Signed, level=level),
        rank=one.rank,
        markets=len(one.placebos) + 1,
        p=PValue(one.p_value),
        least=PValue(one.p_smallest),
    )


def _plain(one: SyntheticEffect | None, level: float) -> list[Message]:
    if one is None:
        return []
    effect = fraction(one)
    return [
        say(
            "Both take each market against its own mean before the start. Synthetic control without that, levels as they are: "
            "{change} ({interval}).",
            change=Signed(effect.estimate),
            interval=Span.of(effect.ci_lower, effect.ci_upper, form=Signed, level=level),
        )
    ]


def _gates(found: tuple[SyntheticEffect, ...]) -> list[Message]:
    """Return the gates that fail, those of every mix once; empty where none does."""
    shared = [gate for gate in found[0].failed if all(gate in one.failed for one in found)]
    said = [say("Against both: {gates}.", gates=_listed(shared))] if shared else []
    for one in found:
        own = [gate for gate in one.failed if gate not in shared]
        if own:
            said.append(say("Against {method}: {gates}.", method=NAMES[one.method], gates=_listed(own)))
    return said


def _listed(gates: Iterable[Gate]) -> Listed:
    return Listed.of(_gate(gate) for gate in gates)


def _gate(gate: Gate) -> Message:
    match gate.code:
        case "few_units":
            return say_n("{n} market ({asked} are asked)", "{n} markets ({asked} are asked)",
                         n=gate.seen, asked=int(gate.asked))  # fmt: skip
        case "few_periods":
            return say_n("{n} day before the start ({asked} are asked)",
                         "{n} days before the start ({asked} are asked)", n=gate.seen, asked=int(gate.asked))  # fmt: skip
        case "poor_fit":
            return say(
                "before the start the mix misses by {miss} standard deviations ({asked} are allowed)",
                miss=Number(gate.seen, 2),
                asked=Number(gate.asked),
            )
        case "outside":
            return say(
                "on {share} of the days before the start the treated market lies beyond all controls",
                share=Percent(gate.seen, 0),
            )


def estimates(mixed: Mixes, found: CampaignEffect | None) -> pd.DataFrame:
    """Return the default, both mixes and the one of levels as rows to be drawn: label, estimate and bounds (fractions)."""
    rows: list[tuple[Sayable, float, float, float]] = []
    if mixed.found and found is not None and found.scale != "difference" and np.isfinite(found.effect.estimate):
        rows.append((DEFAULT, found.effect.estimate, found.effect.ci_lower, found.effect.ci_upper))
    for one in mixed.found:
        effect, name = fraction(one), NAMES[one.method]
        label = name if one.trusted else term("{method}, gates failed", "method", method=name)
        rows.append((label, effect.estimate, effect.ci_lower, effect.ci_upper))
    if mixed.plain is not None:
        effect = fraction(mixed.plain)
        rows.append((PLAIN, effect.estimate, effect.ci_lower, effect.ci_upper))
    return pd.DataFrame(rows, columns=["label", "estimate", "ci_lower", "ci_upper"])


def weights(mixed: Mixes) -> pd.DataFrame:
    """Return how much each control counts in each mix: market, control, did (shares), the largest first."""
    if not mixed.found:
        return pd.DataFrame(columns=["market", "control", "did"])
    control, did = (one.weights.set_index("unit")["weight"] for one in mixed.found)
    table = pd.DataFrame({"control": control, "did": did}).rename_axis("market")
    return table.sort_values(["control", "did"], ascending=False).reset_index()


def fraction(one: SyntheticEffect) -> Interval:
    """Return the effect of a mix as a fraction."""
    log = one.interval
    estimate, lower, upper = np.expm1([log.estimate, log.ci_lower, log.ci_upper])
    return Interval(float(estimate), float(lower), float(upper), log.n)


def _sizes(found: Iterable[SyntheticEffect]) -> Listed:
    return Listed.of(dict.fromkeys(Signed(round(fraction(one).estimate, 3)) for one in found), how="and")


def _side(interval: Interval) -> int:
    """Return 1 or -1 where the interval lies above or below zero, else 0."""
    return int(interval.ci_lower > 0) - int(interval.ci_upper < 0)
