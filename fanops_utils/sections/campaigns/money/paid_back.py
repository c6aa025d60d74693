"""Did it pay: the return on the cost as a distribution, and the steps from what was paid to what is left."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import FullCost
from fanops_utils.metrics.wording import worded
from fanops_utils.models import Roi
from fanops_utils.models.reasons import NoUnits
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.money.contents import NO_COST, contents
from fanops_utils.sections.campaigns.retrospective.reasons import told
from fanops_utils.text import (
    Message,
    Money,
    Percent,
    Sayable,
    Sentences,
    Signed,
    Span,
    Unit,
    Written,
    say,
    term,
)  # fmt: skip
from fanops_utils.workspace import Campaign

NO_VALUE = term("no value of a unit is agreed in the register (value_per_unit)", "why there is no data")
METHOD = say(
    "Gain against the counterfactual, drawn 20,000 times from its own uncertainty, times the value of a unit, less the cost."
)
STEPS = ["item", "amount", "total"]
SURELY_NOT, PROBABLY_NOT = 0.01, 0.25  # chances that it paid, below which its title says so


def paid_back(roi: Roi | None, cost: FullCost, campaign: Campaign, *, level: float) -> Section:
    """Return whether the campaign paid for itself, with its return as a distribution and as steps from the cost."""
    finding = answer(roi, cost, campaign, level=level)
    return Section.of(finding, _spread(roi, cost, finding), _steps(roi, cost, campaign, finding))


def answer(roi: Roi | None, cost: FullCost, campaign: Campaign, *, level: float) -> Finding:
    """Return the return on the cost, and the chance that it is above zero."""
    if roi is None:
        return Finding.nothing("roi", NO_VALUE if cost.amount else NO_COST)
    if roi.reason is not None:
        why = say("A rate has no extra units to be valued.") if isinstance(roi.reason, NoUnits) else told(roi.reason)
        title = say("Whether it paid cannot be told")
        return Finding(id="roi", title=title, text=why, severity="watch", code="cannot_tell")
    one, chance = roi.interval, roi.p_positive
    severity: Severity = "good" if chance >= level else "watch" if chance > 1 - level else "alert"
    code = {"good": "paid", "watch": "open", "alert": "not_paid"}[severity]
    size = say(
        "The return on {cost} is {change} ({interval}).",
        cost=Money(roi.cost, cost.currency),
        change=Signed(one.estimate),
        interval=Span.of(one.ci_lower, one.ci_upper, form=Signed, level=level),
    )
    return Finding(
        id="roi",
        title=_title(code, chance),
        text=Sentences.of(
            size, _worth(roi, cost, campaign), _break_even(roi, cost), _less_drift(roi, level), contents(cost)
        ),
        severity=severity,
        estimate=one.estimate,
        ci_lower=one.ci_lower,
        ci_upper=one.ci_upper,
        unit=Unit("change", term("return on the cost", "unit")),
        n=one.n,
        method=METHOD,
        verdict=_in_short(code, chance),
        code=code,
    )


def _odds(chance: float) -> str:
    return str(min(max(round(chance * 100), 1), 99))


def _in_short(code: str, chance: float) -> Message:
    """Return the title for the head of a report: the same degree of certainty, in a sentence."""
    odds = _odds(chance)
    if code == "paid":
        return say("At the value assumed for a unit it paid for itself.")
    if chance < SURELY_NOT:
        return say("It almost certainly did not pay.")
    if chance < PROBABLY_NOT:
        return say("It probably did not pay ({odds} in 100 that it did).", odds=odds)
    return say("Whether it paid is open ({odds} in 100 that it did).", odds=odds)


def _title(code: str, chance: float) -> Message:
    odds = _odds(chance)
    if code == "paid":
        return say(
            "It very probably paid for itself, at the value assumed for a unit ({odds} in 100 that it did)", odds=odds
        )
    if chance < SURELY_NOT:
        return say("It almost certainly did not pay for itself, at the value assumed for a unit")
    if chance < PROBABLY_NOT:
        return say(
            "It probably did not pay for itself, at the value assumed for a unit ({odds} in 100 that it did)", odds=odds
        )
    return say(
        "Whether it paid for itself is open, at the value assumed for a unit ({odds} in 100 that it did)", odds=odds
    )


def _worth(roi: Roi, cost: FullCost, campaign: Campaign) -> Message:
    values = {"unit": words.per(campaign.metric), "money": Money(roi.value_per_unit, cost.currency)}
    if roi.margin < 1:
        return say(
            "Assumed: an extra {unit} is worth {money}, of which {margin} is left after the goods.",
            margin=Percent(roi.margin, 0),
            **values,
        )
    return say("Assumed: an extra {unit} is worth {money}.", **values)


def _break_even(roi: Roi, cost: FullCost) -> Message | None:
    if not np.isfinite(roi.break_even):
        return None
    return say("It breaks even where one is worth {money}.", money=Money(roi.break_even, cost.currency))


def _less_drift(roi: Roi, level: float) -> Message | None:
    """Return the return that is left where the drift before the start went on; None where there was none to speak of."""
    if roi.less_drift is None:
        return None
    one = roi.less_drift
    return say(
        "If the drift seen before the start had gone on by itself, the return would be {change} ({interval}).",
        change=Signed(one.estimate),
        interval=Span.of(one.ci_lower, one.ci_upper, form=Signed, level=level),
    )


def _spread(roi: Roi | None, cost: FullCost, finding: Finding) -> charts.Chart:
    drawn = Words(
        title=say("Return on the cost, as sure as it is"),
        subtitle=say("Dark: half of the draws, then eight and nine in ten"),
        axis=term("return: 0% = the cost came back", "axis"),
        alt=finding.title,
        caption=contents(cost),
    )
    return charts.spread(roi.quantiles if roi else None, words=drawn)


def _steps(roi: Roi | None, cost: FullCost, campaign: Campaign, finding: Finding) -> charts.Chart:
    drawn = Words(
        title=say("From what was paid to what is left"),
        subtitle=say("{currency}; the gain at its median", currency=campaign.currency),
        axis=Written(campaign.currency),
        alt=finding.title,
        caption=say("What the gain is worth is agreed in the register, not measured"),
    )
    return charts.waterfall(steps(roi, campaign, cost), words=drawn)


def steps(roi: Roi | None, campaign: Campaign, cost: FullCost) -> pd.DataFrame:
    """Return cost and contribution as steps: item, amount, total; empty where no return is told."""
    if roi is None or not roi.told:
        return pd.DataFrame(columns=STEPS)
    lines, items = [line.item for line in campaign.budget], dict[str, float]()
    for booked in campaign.payments if cost.paid else campaign.budget:
        item = worded(booked.item, lines)
        items[item] = items.get(item, 0.0) + booked.amount
    rows: list[tuple[Sayable, float, bool]] = [(Written(item), -amount, False) for item, amount in items.items()]
    left = cost.amount - sum(items.values())
    if left > 0.5:
        rows.append((term("advertisements", "step of a chart"), -left, False))
    gain = (1 + roi.interval.estimate) * roi.cost
    rows.append((term("value of the gain (median)", "step of a chart"), gain, False))
    rows.append((term("left over", "step of a chart"), gain - cost.amount, True))
    return pd.DataFrame(rows, columns=STEPS)
