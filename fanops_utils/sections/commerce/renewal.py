"""Who stays subscribed? How long subscriptions last, by plan, and what part of the terms is renewed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import still_there
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import People, Percent, Sayable, Sentences, Span, Unit, say, term

YEAR, HALF = 365.0, 183.0
CLAIMED = 0.91
FEW = 30
DRAWN = 10  # a curve is drawn while so many are watched: the last ones would take it anywhere


def renewal(curve: pd.DataFrame, by_plan: pd.DataFrame, rates: pd.DataFrame, *, as_of: date | None) -> Section:
    """Return how long subscriptions last (*curve*: `models.kaplan_meier`; *by_plan*: the same with plan) and are renewed.

    *rates*: `metrics.renewals` by plan.
    """
    after = YEAR if still_there(curve, YEAR) is not None else HALF
    row = still_there(curve, after)
    if row is None or as_of is None:
        why = say("no paid subscription was watched for half a year (export: subscriptions)")
        return Section.of(Finding.nothing("renewal", why))
    share, days = Percent(row["estimate"]), int(after)
    ripe = rates[rates["n"] >= FEW].sort_values("estimate")
    below = ripe[ripe["ci_upper"] < CLAIMED]
    finding = Finding(
        id="renewal",
        weight="chapter",
        label=term("Subscriptions still paid", "label of a finding"),
        code="below_case" if len(below) else "known",
        title=say("After {days} days {share} of the subscriptions are still paid", days=days, share=share),
        verdict=say("After {days} days {share} of the subscriptions are still paid ({interval}).", days=days, share=share,
                    interval=Span.of(row["ci_lower"], row["ci_upper"])),
        text=Sentences.of(
            say("{share} ({interval}) of {n} subscriptions, all plans together, are still paid {days} days after the first "
                "payment.", share=share, interval=Span.of(row["ci_lower"], row["ci_upper"]), days=days,
                n=People(int(curve["at_risk"].max()))),
            _least(ripe),
            say("Plans often cite a renewal of {claimed}; that is another brand's case, not checked, and it depends on the length "
                "of a term.", claimed=Percent(CLAIMED)),
        ),
        severity="watch" if len(below) else "info",
        estimate=float(row["estimate"]), ci_lower=float(row["ci_lower"]), ci_upper=float(row["ci_upper"]),
        unit=Unit("share", term("still paid", "unit")), n=People(int(curve["at_risk"].max())),
        method=say("Kaplan-Meier with Greenwood's interval; subscriptions that still run count until {day}. Renewals: delta method "
                   "by subscription.", day=as_of),
    )  # fmt: skip
    drawn = by_plan[by_plan["at_risk"] >= DRAWN].reset_index(drop=True)
    chart = charts.step_curve(
        drawn.assign(plan=drawn["plan"].map(names.plan), lower=drawn["ci_lower"], upper=drawn["ci_upper"]).drop(
            columns=["censored"]
        ),
        x="time", y="estimate", series="plan",
        words=Words(
            title=say("Subscriptions still paid"), subtitle=say("Share of the subscriptions by plan, with 95% bands"),
            axis=term("share still paid", "axis"), x_axis=term("days since the first payment", "axis"), alt=finding.text,
            caption=say("Plans with 30 subscriptions or more, as long as ten are watched; data to {day}", day=as_of),
        ),
    )  # fmt: skip
    return Section.of(finding, chart, _table(rates, as_of))


def _least(ripe: pd.DataFrame) -> Sayable | None:
    if len(ripe) < 2:
        return None
    row = ripe.iloc[0]
    return say("Of {due} {plan} terms that came due {renewed} ({interval}) were renewed, the least of the plans.",
               due=int(row["due"]), plan=names.plan(str(row["plan"])), renewed=Percent(row["estimate"]),
               interval=Span.of(row["ci_lower"], row["ci_upper"]))  # fmt: skip


def _table(rates: pd.DataFrame, as_of: date) -> charts.Table:
    return charts.table(
        rates.assign(plan=rates["plan"].map(names.plan)),
        columns={
            "plan": term("Plan", "column"), "days": term("Days a term", "column"), "n": term("Subscriptions", "column"),
            "due": term("Terms due", "column"), "estimate": term("Renewed", "column"), "ci_lower": term("95% from", "column"),
            "ci_upper": term("to", "column, upper end"),
        },
        formats=dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent),
        people="n",
        caption=say("Terms that came due by {day} and were followed by another; 95% intervals", day=as_of),
    )  # fmt: skip
