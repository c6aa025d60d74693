"""Which plans do customers hold, and which trials turn into paid ones?"""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.multiple import side_of_all
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.commerce import names
from fanops_utils.text import Message, Money, People, Percent, Sayable, Sentences, Span, Unit, say, say_n, term

SMALL, FEW = 10, 30


def plans(standing: pd.DataFrame, moves: pd.DataFrame, *, as_of: date | None) -> Section:
    """Return who is subscribed to what (*standing*: `metrics.plan_standing`) and who changed (*moves*: `metrics.plan_moves`)."""
    total = int(standing["subscribers"].sum())
    if as_of is None or not total:
        return Section.of(Finding.nothing("plans", say("no subscription runs in this market (export: subscriptions)")))
    share = total / int(standing["n"].iloc[0])
    currency = str(standing["currency"].iloc[0])
    monthly = float((standing["per_month"] * standing["subscribers"]).sum() / total)
    finding = Finding(
        id="plans",
        label=term("Customers with a subscription", "label of a finding"),
        code="subscribed",
        title=say("{share} of all who ever ordered subscribe, on {day}", share=Percent(share), day=as_of),
        verdict=say("{share} of all who ever ordered subscribe, on {day}.", share=Percent(share), day=as_of),
        text=Sentences.of(
            say("{subscribers} of {customers} customers hold a paid plan, at {money} a month on average.",
                subscribers=People(total), customers=People(int(standing["n"].iloc[0])), money=Money(monthly, currency)),
            _moved(moves),
        ),
        estimate=share,
        unit=Unit("share", term("of customers", "unit")),
        n=People(int(standing["n"].iloc[0])),
        method=say("Paid terms that run on {day}; customers are all who ever ordered. Trials are left out.", day=as_of),
    )  # fmt: skip
    shown = standing.assign(plan=standing["plan"].map(names.plan))
    table = charts.table(
        shown,
        columns={
            "plan": term("Plan", "column"), "subscribers": term("Subscribers", "column"),
            "share": term("Share of customers", "column"), "per_month": term("A month, {currency}", "column", currency=currency),
        },
        formats={"share": Percent},
        people="subscribers",
        caption=say("Paid plans on {day}", day=as_of),
    )  # fmt: skip
    return Section.of(finding, table, _matrix(moves, finding))


def _moved(moves: pd.DataFrame) -> Message | None:
    if moves.empty:
        return None
    changed = moves[moves["before"] != moves["now"]]
    if not len(changed):
        return say("Nobody took another plan after a paid term.")
    return say_n(
        "{n} change to another plan is known.", "{n} changes to another plan are known.", n=int(changed["people"].sum())
    )


def _matrix(moves: pd.DataFrame, finding: Finding) -> charts.Chart | None:
    if moves.empty or not (moves["before"] != moves["now"]).any():
        return None
    shown = moves.assign(before=moves["before"].map(names.plan), now=moves["now"].map(names.plan))
    return charts.migration_matrix(
        shown, origin="before", target="now", share="share",
        words=Words(
            title=say("From plan to plan"), subtitle=say("Share of those who took another term or plan"),
            axis=term("plan before, by plan after", "axis"), alt=finding.text,
        ),
    )  # fmt: skip


def trials(whole: pd.DataFrame, by_source: pd.DataFrame, *, as_of: date | None) -> Section:
    """Return what part of the trials was paid for, in all and by source (`metrics.trial_conversion`)."""
    if whole.empty or as_of is None:
        return Section.of(
            Finding.nothing("trials", say("no trial has ended in this market (export: subscriptions, term 0)"))
        )
    row = whole.iloc[0]
    ranked = by_source[by_source["n"] >= FEW].sort_values("estimate", ascending=False)
    code, title = _ranked(row, ranked)
    finding = Finding(
        id="trials",
        weight="chapter",
        label=term("Trials that were paid for", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=Sentences.of(
            say("{paid} of {n} finished trials were paid for: {share} ({interval}).", paid=People(row["paid"]),
                n=People(int(row["n"])),
                share=Percent(row["estimate"]), interval=Span.of(row["ci_lower"], row["ci_upper"])),
            say("How they came was not drawn by lot: people who are invited may be readier to pay anyway.")
            if code == "source_leads" else None,
        ),
        severity="good" if code == "source_leads" else "info",
        estimate=float(row["estimate"]), ci_lower=float(row["ci_lower"]), ci_upper=float(row["ci_upper"]),
        unit=Unit("share", term("of finished trials", "unit")), n=People(int(row["n"])),
        method=say("Paid for: a first paid term follows. Trials that ended less than three days ago are left out. Wilson "
                   "interval."),
    )  # fmt: skip
    chart = charts.intervals(
        by_source.assign(source=by_source["source"].map(names.source)),
        label="source",
        words=Words(
            title=say("Trials paid for, by where they came from"),
            subtitle=say("Share of the trials that ended by {day}, 95% intervals", day=as_of),
            axis=term("share of finished trials", "axis"),
            alt=finding.text,
            caption=say("Trials that had not ended are left out; n = finished trials"),
        ),
    )
    return Section.of(finding, chart)


def _ranked(row: pd.Series, ranked: pd.DataFrame) -> tuple[str, Sayable]:
    """Return the code and title: the source that clearly leads all others, or the share alone."""
    if len(ranked) > 1 and side_of_all(ranked.iloc[0], ranked.iloc[1:]) > 0:
        first = ranked.iloc[0]
        return "source_leads", say(
            "{source}: its trials are paid for most often, {share} against {whole} of all finished so far",
            source=names.source(str(first["source"])), share=Percent(first["estimate"]), whole=Percent(row["estimate"]),
        )  # fmt: skip
    return "share", say("{share} of all trials finished so far were paid for", share=Percent(row["estimate"]))
