"""What the effect is worth, where the register gives a value."""

from __future__ import annotations

from fanops_utils.experiments import ReadOut
from fanops_utils.experiments.effects.value import Worth, worth
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Finding
from fanops_utils.sections.experiments.amounts import sureness
from fanops_utils.sections.experiments.readout.reading import best_of, held_back
from fanops_utils.text import Form, Money, Number, Sayable, Sentences, Span, Unit, say, say_n, term
from fanops_utils.workspace import Experiment


def money(found: ReadOut | None, experiment: Experiment, *, rollout: int | None = None) -> Finding:
    """Return what the effect is worth; *rollout* units for a total."""
    if held := held_back("money", say("What an invalid experiment is worth cannot be told"), found):
        return held
    assert found is not None
    metric = experiment.first_decision
    if metric.value is None:
        text = say("The register gives no value for one more of “{metric}”.", metric=metric.label)
        return Finding(
            id="money", title=say("What it is worth is not known"), text=text, code="no_value", status="no_data"
        )
    read = best_of(found, metric)
    value = worth(read, experiment, units=rollout or None)
    if value is None:
        text = say("The decision metric gives no number.")
        return Finding(id="money", title=say("What it is worth cannot be told"), text=text, code="untold")
    return _worth(value, experiment, metric.value, level=sureness(read.alpha))


def _worth(value: Worth, experiment: Experiment, each: float, *, level: float) -> Finding:
    form, per = _form(experiment), value.per_thousand
    text = Sentences.of(
        say("Per thousand units {amount} ({range}), at {each} for one more.", each=form(each), **_amount(per, form, level)),
        say_n("Over {n} unit {amount} ({range}).", "Over {n} units {amount} ({range}).", n=value.units or 0,
              **_amount(value.whole, form, level))
        if value.whole is not None else None,
    )  # fmt: skip
    sure = per.ci_lower > 0 or per.ci_upper < 0
    title = (
        say("Worth {amount} per thousand units", amount=form(per.estimate)) if sure else say("It may be worth nothing")
    )
    label, currency = term("per thousand units", "unit"), experiment.currency
    return Finding(
        id="money", title=title, text=text, estimate=per.estimate, ci_lower=per.ci_lower, ci_upper=per.ci_upper, n=per.n,
        unit=Unit("money", label, currency) if currency else Unit("number", label), code="worth" if sure else "unclear",
        method=say("The interval is the effect's alone; the value of one more is taken as the register gives it."),
    )  # fmt: skip


def _form(experiment: Experiment) -> Form:
    currency = experiment.currency
    return (lambda amount: Money(amount, currency)) if currency else Number


def _amount(value: Interval, form: Form, level: float) -> dict[str, Sayable]:
    return {"amount": form(value.estimate), "range": Span.of(value.ci_lower, value.ci_upper, form=form, level=level)}
