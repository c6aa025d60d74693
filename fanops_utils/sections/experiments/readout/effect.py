"""What the decision metric did: by how much, how sure, counted how, and whether it matters."""

from __future__ import annotations

from fanops_utils import charts
from fanops_utils.charts import Words
from fanops_utils.experiments import Comparison, ReadOut, improvement
from fanops_utils.experiments.statistics.proportions import newcombe
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.experiments.amounts import CURRENCY, amount, level, named, per_unit, sureness, towards
from fanops_utils.sections.experiments.readout.counted import counts, how, skewed
from fanops_utils.sections.experiments.readout.reading import SEVERITY, best_of, difference, no_units, span, too_few
from fanops_utils.sections.experiments.readout.rules import ruled
from fanops_utils.sections.experiments.readout.tables import compared, drawn
from fanops_utils.sections.experiments.reasons import because
from fanops_utils.text import (
    Message,
    Percent,
    Points,
    Sayable,
    Sentences,
    Signed,
    Span,
    Unit,
    in_words,
    say,
    say_n,
    term,
)
from fanops_utils.workspace import Experiment, Metric


def effect(found: ReadOut | None, experiment: Experiment) -> Section:
    """Return what the decision metric did, with its interval against the smallest effect that matters."""
    finding = _effect(found, experiment)
    words = Words(
        title=say(
            "{metric}: treatment less “{control}”",
            metric=experiment.first_decision.label,
            control=in_words(experiment.control),
        ),
        alt=Sentences.of(say("{title}.", title=finding.title), finding.text),
        subtitle=say("Per {unit}, with the smallest effect that matters", unit=experiment.unit),
        caption=say("Intervals at the level of this look"),
    )
    rows = drawn(found, experiment, role="decision")
    return Section.of(finding, charts.metric_differences(rows, words=words), compared(found, experiment))


def _effect(found: ReadOut | None, experiment: Experiment) -> Finding:
    if found is None:
        return Finding.nothing("effect", no_units())
    if found.has_too_few:
        return Finding.nothing("effect", too_few())
    if found.verdict == "invalid":
        title = say("No effect is read from an invalid experiment")
        text = say("Whatever the arms show, it may be the fault and not the treatment.")
        return Finding(id="effect", title=title, text=text, code="invalid")
    metric = experiment.first_decision
    one = best_of(found, metric)
    if one.cannot_tell:
        return _untold(one, metric, found, experiment)
    clear = one.ci_lower > 0 or one.ci_upper < 0
    change = per_unit(difference(one, metric), metric, experiment)
    told: dict[str, Sayable | str] = {"metric": named(metric), "change": change, "arm": in_words(one.treatment)}
    title, verdict = (
        (say("{metric}: {change} with “{arm}”, but that hangs on one unit", **told),
         say("{metric}: {change} with “{arm}” ({interval}), but that hangs on one unit.", interval=span(one, metric), **told))
        if clear and one.doubt else
        (say("{metric}: {change} with “{arm}”", **told),
         say("{metric}: {change} with “{arm}” ({interval}).", interval=span(one, metric), **told))
        if clear else
        (say("{metric}: no clear change ({change})", **told),
         say("{metric}: no clear change ({change}; {interval}).", interval=span(one, metric), **told))
    )  # fmt: skip
    return Finding(
        id="effect", title=title, text=_text(found, one, metric, experiment), severity=SEVERITY[found.verdict],
        estimate=one.estimate, ci_lower=one.ci_lower, ci_upper=one.ci_upper, unit=_unit(metric), n=one.n,
        method=Sentences.of(how(one, experiment), *ruled(found, experiment)), verdict=verdict,
        code="hangs" if clear and one.doubt else "clear" if clear else "unclear",
    )  # fmt: skip


def _untold(one: Comparison, metric: Metric, found: ReadOut, experiment: Experiment) -> Finding:
    assert one.cannot_tell is not None
    title = say("{metric}: the effect cannot be told", metric=metric.label)
    text = Sentences.of(
        say(
            "Between “{control}” and “{arm}”: {why}.",
            control=in_words(one.control),
            arm=in_words(one.treatment),
            why=because(one.cannot_tell),
        ),
        _any(one),
        say("No number is better than a wrong one."),
    )
    return Finding(
        id="effect", title=title, text=text, severity="watch", n=one.n, method=Sentences.of(*ruled(found, experiment)),
        verdict=say("{title}.", title=title), code="untold",
    )  # fmt: skip


def _any(one: Comparison) -> Message | None:
    """Return the share of units that have any value at all, where they are too few for a mean."""
    if one.nonzero is None:
        return None
    counts = one.nonzero[0], one.treatment_n, one.nonzero[1], one.control_n
    lower, upper = newcombe(*counts, alpha=one.alpha)
    shares = counts[0] / counts[1], counts[2] / counts[3]
    return say(
        "{share} have any at all with “{arm}” and {base} with “{control}”: {change} ({interval}).",
        share=Percent(shares[0]), arm=in_words(one.treatment), base=Percent(shares[1]), control=in_words(one.control),
        change=Points(shares[0] - shares[1]), interval=Span.of(float(lower), float(upper), form=Points, level=sureness(one.alpha)),
    )  # fmt: skip


def _unit(metric: Metric) -> Unit:
    if metric.in_percent:
        return Unit("difference", term("difference of two shares", "unit"))
    if metric.unit is not None and CURRENCY.fullmatch(metric.unit):
        return Unit("money", term("difference in {metric}", "unit", metric=metric.label), metric.unit)
    return Unit("number", term("difference in {metric}", "unit", metric=metric.label))


def _text(found: ReadOut, one: Comparison, metric: Metric, experiment: Experiment) -> Sentences:
    return Sentences.of(
        say(
            "{control_level} with “{control}” (n={control_n}), {level} with “{arm}” (n={arm_n}): {change} ({interval}).",
            control_level=level(one.control_mean, metric), control=in_words(one.control), control_n=one.control_n,
            level=level(one.treatment_mean, metric), arm=in_words(one.treatment), arm_n=one.treatment_n,
            change=difference(one, metric), interval=span(one, metric),
        ),
        _matters(one, metric),
        _lift(one),
        counts(one, experiment),
        skewed(one),
        say("Without one unit this would be open: it hangs on that unit.") if one.doubt else None,
        *_others(found, one, metric),
    )  # fmt: skip


def _matters(one: Comparison, metric: Metric) -> Message | None:
    if metric.smallest_effect is None:
        return None
    _, lower, upper = improvement(one, metric)
    limit = amount(towards(metric) * metric.smallest_effect, metric)
    falls = {"limit": _fall(metric.smallest_effect, metric)}
    if lower >= metric.smallest_effect and metric.direction == "decrease":
        return say(
            "It falls by at least {least}, wherever in the interval the truth lies: more than the {limit} that matter.",
            least=_fall(lower, metric), **falls,
        )  # fmt: skip
    if upper < metric.smallest_effect and metric.direction == "decrease":
        return say("A fall of {limit}, the smallest that matters, is ruled out.", **falls)
    if lower >= metric.smallest_effect:
        return say(
            "That is more than {limit}, the smallest effect that matters, wherever in the interval the truth lies.",
            limit=limit,
        )
    if upper < metric.smallest_effect:
        return say(
            "That is less than {limit}, the smallest effect that matters, wherever in the interval the truth lies.",
            limit=limit,
        )
    return say(
        "The smallest effect that matters is {limit}: the change may or may not be worth it.",
        limit=limit,
    )


def _fall(size: float, metric: Metric) -> Sayable:
    return Points(size, sign=False) if metric.in_percent else level(size, metric)


def _lift(one: Comparison) -> Message | None:
    if one.lift is not None:
        interval = Span.of(one.lift.ci_lower, one.lift.ci_upper, form=Signed, level=sureness(one.alpha))
        return say("Relative to the control: {lift} ({interval}).", lift=Signed(one.lift.estimate), interval=interval)
    return say("A relative change is not told: {why}.", why=because(one.lift_why)) if one.lift_why else None


def _others(found: ReadOut, best: Comparison, metric: Metric) -> list[Message]:
    """Say what the other treatments did, and that treatments are compared with the control alone."""
    rest = [one for one in found.comparisons if one.metric == metric.name and one.treatment != best.treatment]
    if not rest:
        return []
    together = say_n(
        "The {n} treatment was compared with the control alone.",
        "The {n} treatments were compared with the control, not with one another: that one is better than the next is not tested.",
        n=len(rest) + 1,
    )  # fmt: skip
    return [*(_other(one, metric) for one in rest), together]


def other_results(found: ReadOut, experiment: Experiment) -> list[Message]:
    """Return every clear result of a treatment that is not the one in the headline, a sentence each."""
    metric = experiment.first_decision
    if found.verdict in ("invalid", "run_on") or not found.comparisons:
        return []
    best = best_of(found, metric).treatment
    return [
        say("“{arm}”: {change} ({interval}).", arm=in_words(one.treatment),
            change=difference(one, metric), interval=span(one, metric))
        for one in found.comparisons
        if one.metric == metric.name and one.treatment != best and not one.cannot_tell and not one.doubt
        and (one.p_adjusted or 0.0) < experiment.alpha and (one.ci_lower > 0 or one.ci_upper < 0)
    ]  # fmt: skip


def _other(one: Comparison, metric: Metric) -> Message:
    if one.cannot_tell:
        return say("With “{arm}” it cannot be told: {why}.", arm=in_words(one.treatment), why=because(one.cannot_tell))
    return say(
        "With “{arm}”: {change} ({interval}).",
        arm=in_words(one.treatment),
        change=difference(one, metric),
        interval=span(one, metric),
    )
