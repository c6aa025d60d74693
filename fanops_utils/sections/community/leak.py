"""Where do members get lost between looking and buying? Each step against the other markets."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SMALL, STEPS, lacking, named
from fanops_utils.text import People, Percent, Period, Points, Span, Unit, is_few, say, term


def leak(own: pd.DataFrame, steps: pd.DataFrame, *, period: Period, against: str) -> Section:
    """Return the step that loses most (*own*: the fold `funnel`, *steps*: `models.leaks`); *against*: "markets" or "before"."""
    if own.empty or own["members"].iloc[0] < SMALL:
        return Section.of(Finding.nothing("leak", lacking("member_events")))
    if steps.empty or steps["base_rate"].isna().all():
        why = say("no acts of other markets, nor of the time before, to compare the steps with (export: member events)")
        return Section.of(Finding.nothing("leak", why))
    finding = _finding(steps, own, against)
    drawn = own.assign(name=cells(named(STEPS, name) for name in own["name"]), value=own["members"].astype(float))
    chart = charts.funnel(
        drawn[["name", "value"]],
        label="name",
        value="value",
        people=True,
        words=Words(
            title=say("From looking to buying"),
            subtitle=say("Members who got so far within 7 days of their first visit, {period}", period=period),
            axis=term("members", "axis"),
            alt=finding.text,
            caption=say("In this order; steps of fewer than ten members hidden"),
        ),
    )
    return Section.of(finding, chart, _table(steps, against))


def _finding(steps: pd.DataFrame, own: pd.DataFrame, against: str) -> Finding:
    method = say(
        "Share of the step before, compared step by step, corrected for the number of steps; Newcombe intervals."
    )
    label = term("Leak between looking and buying", "label of a finding")
    leaking = steps[steps["leaks"]]
    if leaking.empty:
        many = int(own["members"].iloc[0])
        title = (
            say("No step clearly loses more members than elsewhere")
            if against == "markets"
            else say("No step clearly loses more members than before")
        )
        return Finding(
            id="leak",
            code="none",
            label=label,
            title=title,
            method=method,
            n=many,
            text=say("Small losses may hide: the table shows what each step loses."),
        )
    worst = leaking.iloc[int(leaking["difference"].argmin())]
    told = {"step": named(STEPS, worst["name"]), "rate": Percent(worst["rate"]), "base": Percent(worst["base_rate"])}
    few = is_few(round(worst["rate"] * worst["before"]))
    title = (
        say("The leak is at “{step}”: fewer than ten members get there", step=told["step"])
        if few
        else say("The leak is at “{step}”: {rate} get there, {base} elsewhere", **told)
        if against == "markets"
        else say("The leak is at “{step}”: {rate} get there, {base} before", **told)
    )
    return Finding(
        id="leak",
        code=str(worst["name"]),
        severity="watch",
        label=label,
        title=title,
        method=method,
        text=say("Look there first: at the wording, the place and the effort it asks for.")
        if few
        else say(
            "That is {points} ({interval}) of those who reached the step before. Look there first: at the wording, the "
            "place and the effort it asks for.",
            points=Points(worst["difference"]),
            interval=Span.of(worst["ci_lower"], worst["ci_upper"], form=Points),
        ),
        estimate=None if few else float(worst["rate"]),
        unit=Unit("share", term("of the step before", "unit")),
        n=People(int(worst["before"])),
    )


def _few(steps: pd.DataFrame) -> pd.Series:
    """Return of each step whether some, but fewer than ten got there: no share may tell how many."""
    return (steps["rate"].fillna(0) * steps["before"]).round().map(is_few).astype(bool)


def _table(steps: pd.DataFrame, against: str) -> charts.Table:
    few = _few(steps)
    frame = steps.assign(
        name=cells(named(STEPS, name) for name in steps["name"]),
        rate=steps["rate"].mask(few),
        difference=steps["difference"].mask(few),
    )
    other = term("Other markets", "column") if against == "markets" else term("The period before", "column")
    heads = {
        "name": term("Step", "column"),
        "rate": term("Of the step before", "column"),
        "base_rate": other,
        "difference": term("Difference", "column"),
        "before": term("Members in the step before", "column"),
    }
    forms = {"rate": Percent, "base_rate": Percent, "difference": Points}
    return charts.table(
        frame,
        columns=heads,
        formats=forms,
        small="before",
        caption=say("Each step against the baseline; empty where fewer than ten got there"),
    )
