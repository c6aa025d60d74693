"""How many subscribers will still be there after the renewals to come, and how far did such a forecast miss before?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models.commerce.staying import StayingAhead
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.commerce import names
from fanops_utils.text import Number, People, Percent, Range, Sentences, Signed, Span, Unit, Written, say, term

FAR = 0.2  # a miss that asks for caution


def staying_on(found: Sequence[StayingAhead], *, as_of: date | None) -> Section:
    """Return what part of the subscribers is expected to stay (*found*: `models.staying_ahead`)."""
    if not found or as_of is None:
        why = say("no plan with thirty subscriptions that came to three renewals (export: subscriptions)")
        return Section.of(Finding.nothing("staying_on", why))
    most = found[0]
    last = most.course.iloc[-1]
    far = any(one.missed is not None and abs(one.missed) > FAR for one in found)
    told: dict[str, Any] = {
        "plan": names.plan(most.plan),
        "share": Percent(last["estimate"]),
        "renewals": int(last["renewals"]),
    }
    finding = Finding(
        id="staying_on",
        code="misses" if far else "forecast",
        severity="watch" if far else "info",
        label=term("Subscribers expected to stay", "label of a finding"),
        title=say("Plan {plan}: after {renewals} renewals {share} are expected to be subscribed still", **told),
        text=Sentences.of(
            say("{seen} renewals were seen, {now} stayed through them; {more} on it is {share} ({interval}).", seen=most.seen,
                now=Percent(most.now), more=int(last["renewals"]) - most.seen, share=told["share"],
                interval=Span.of(last["ci_lower"], last["ci_upper"])),
            say("The forecast takes it that who has stayed long leaves less often; where they do not, it is too high."),
            say("Made on the first half of the renewals, a forecast would have missed by more than {far} for a "
                "plan: see the table.", far=Percent(FAR, 0)) if far else None,
        ),
        estimate=float(last["estimate"]), ci_lower=float(last["ci_lower"]), ci_upper=float(last["ci_upper"]),
        unit=Unit("share", term("still subscribed", "unit")), n=People(most.n),
        method=say("Shifted beta-geometric by maximum likelihood on the terms that came due by {day}; interval of the fit alone, "
                   "no season and no change of price. Plan {plan}: alpha {alpha}, beta {beta}.", day=as_of, plan=told["plan"],
                   alpha=Number(most.model.alpha, 4), beta=Number(most.model.beta, 4)),
    )  # fmt: skip
    return Section.of(finding, _chart(found, finding), _table(found))


def _chart(found: Sequence[StayingAhead], finding: Finding) -> charts.Chart:
    rows = pd.concat(
        [one.course.assign(plan=one.plan, lower=one.course["ci_lower"], upper=one.course["ci_upper"]) for one in found]
    )
    rows = rows.assign(plan=cells(names.plan(one) for one in rows["plan"])).reset_index(drop=True)
    return charts.lines(
        rows[["renewals", "estimate", "lower", "upper", "plan"]], x="renewals", y="estimate", series="plan", form=Percent,
        dates=False,
        words=Words(
            title=say("Subscribers expected to stay"), axis=term("share still subscribed", "axis"), x_axis=term("renewals", "axis"),
            alt=finding.text, caption=say("Forecast with 95% bands; what was seen stands in the table"),
        ),
    )  # fmt: skip


def _table(found: Sequence[StayingAhead]) -> charts.Table:
    frame = pd.DataFrame({
        "plan": cells(names.plan(one.plan) for one in found), "seen": [one.seen for one in found],
        "now": [one.now for one in found], "then": [float(one.course["estimate"].iloc[-1]) for one in found],
        "range": cells(Range.of(one.course["ci_lower"].iloc[-1], one.course["ci_upper"].iloc[-1]) for one in found),
        "missed": cells(Written("—") if one.missed is None else Signed(one.missed) for one in found), "n": [one.n for one in found],
    })  # fmt: skip
    columns = {
        "plan": term("Plan", "column"), "seen": term("Renewals seen", "column"), "now": term("Stayed through them", "column"),
        "then": term("Expected five renewals on", "column"), "range": term("95% interval", "column"),
        "missed": term("Seen against a forecast from the first half", "column"), "n": term("Subscriptions", "column"),
    }  # fmt: skip
    forms: dict[str, Any] = {"seen": lambda value: Number(value, 0), "now": Percent, "then": Percent}
    return charts.table(
        frame, columns=columns, formats=forms, people="n", caption=say("Renewals seen and expected, by plan")
    )
