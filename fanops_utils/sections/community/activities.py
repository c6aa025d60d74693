"""Do members take part? Participation against the plans, activities against quiet days, and where streaks break."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import MetricSeries
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import ACTIVITIES, SMALL, lacking, named
from fanops_utils.text import Listed, Number, People, Percent, Signed, Span, Unit, say, say_n, term

LOW, HIGH = 0.15, 0.20


def participation(share: MetricSeries, *, as_of: object) -> Section:
    """Return whether 15 to 20 % of the members take part (*share*: the metric participation, by day)."""
    known = share.table.dropna(subset=["estimate"])
    if as_of is None or known.empty:
        return Section.of(Finding.nothing("participation", lacking("fan_day")))
    last = known.iloc[-1]
    low, high = float(last["ci_lower"]), float(last["ci_upper"])
    code = "below" if high < LOW else "above" if low > HIGH else "inside" if low >= LOW and high <= HIGH else "unclear"
    told = {
        "share": Percent(last["estimate"]),
        "interval": Span.of(low, high),
        "low": Percent(LOW),
        "high": Percent(HIGH),
    }
    titles = {
        "below": lambda: say(
            "{share} of all who ever joined took part in the last 28 days, less than the {low} of the plans",
            share=told["share"],
            low=told["low"],
        ),
        "above": lambda: say(
            "{share} of all who ever joined took part in the last 28 days, more than the plans ask for",
            share=told["share"],
        ),
        "inside": lambda: say(
            "{share} of all who ever joined took part in the last 28 days, as the plans ask for", share=told["share"]
        ),
        "unclear": lambda: say(
            "{share} of all who ever joined took part in the last 28 days: whether the plans are met cannot be told",
            share=told["share"],
        ),
    }
    finding = Finding(
        id="participation",
        code=code,
        severity="watch" if code == "below" else "good" if code in ("above", "inside") else "info",
        label=term("Members taking part", "label of a finding"),
        title=titles[code](),
        text=say(
            "{share} ({interval}) of all who ever joined liked, commented, shared or bought in 28 days; the plans ask for "
            "{low} to {high}. Looking alone does not count, and who left is still in the denominator.",
            **told,
        ),
        estimate=float(last["estimate"]),
        ci_lower=low,
        ci_upper=high,
        unit=Unit("share", term("of members", "unit")),
        n=int(last["n"]),
        method=say("Wilson interval; denominator: everybody who joined by that day."),
    )
    return Section.of(finding)


def activities(effects: pd.DataFrame, held: pd.DataFrame) -> Section:
    """Return which activities come with more members (*effects*: `models.against_matched_days`; *held*: table activities)."""
    if effects.empty:
        return Section.of(Finding.nothing("activities", lacking("activities")))
    names = [_kinds(kind) for kind in effects["kind"]]
    shown = effects.assign(name=cells(names))
    finding = _drawing(shown)
    chart = charts.intervals(
        shown.loc[shown["verdict"] != "too_few", ["name", "estimate", "ci_lower", "ci_upper"]],
        label="name",
        form=Signed,
        reference=0,
        reference_label=term("a day without", "line in a chart"),
        words=Words(
            title=say("Members there on days of an activity"),
            subtitle=say("Against the same weekday one to four weeks before and after"),
            axis=term("change of members there", "axis"),
            alt=finding.text,
            caption=say("The team chooses the days: what comes with an activity is not proved to come from it"),
        ),
    )
    return Section.of(finding, chart, _held(held))


def _kinds(kind: object) -> Listed:
    return Listed.of((named(ACTIVITIES, one) for one in str(kind).split(" + ")), how="and")


def _drawing(shown: pd.DataFrame) -> Finding:
    label = term("Members there on days of an activity", "label of a finding")
    method = say(
        "Members there on the day against the mean of the same weekday one to four weeks before and after without any "
        "activity; geometric mean over activities, t interval corrected for the number of kinds."
    )
    more = shown[shown["verdict"] == "more"].sort_values("estimate", ascending=False)
    if more.empty:
        return Finding(
            id="activities",
            code="none",
            label=label,
            method=method,
            n=int(shown["n"].sum()),
            title=say("No kind of activity clearly comes with more members"),
            text=say("Rates, satisfaction and cost stand in the table."),
        )
    best = more.iloc[0]
    interval = Span.of(best["ci_lower"], best["ci_upper"], form=Signed)
    return Finding(
        id="activities",
        code="more",
        severity="good",
        label=label,
        method=method,
        n=int(best["n"]),
        title=say(
            "More members come on days with {kind}: {change}", kind=best["name"], change=Signed(best["estimate"], 0)
        ),
        text=say_n(
            "{change} ({interval}) members there, over {n} such day. The team chose these days: a test on days drawn by "
            "lot would prove it.",
            "{change} ({interval}) members there, over {n} such days. The team chose these days: a "
            "test on days drawn by lot would prove it.",
            n=int(best["n"]),
            change=Signed(best["estimate"]),
            interval=interval,
        ),
        estimate=float(best["estimate"]),
        ci_lower=float(best["ci_lower"]),
        ci_upper=float(best["ci_upper"]),
        unit=Unit("change", term("of members there", "unit")),
    )


def _held(held: pd.DataFrame) -> charts.Table:
    each = held.assign(cost_each=held["cost"] / held["attended"].where(held["attended"] > 0)).groupby("kind")
    frame = pd.DataFrame(
        {
            "held": each.size(),
            "signed_up": each["signed_up"].sum(min_count=1),
            "attended": each["attended"].sum(min_count=1),
            "viewers": each["viewers"].mean(),
            "rating": each["rating"].mean(),
            "orders": each["orders"].sum(min_count=1),
            "cost_each": each["cost"].sum(min_count=1) / each["attended"].sum(min_count=1).where(lambda v: v > 0),
        }
    ).reset_index()
    frame["name"] = cells(named(ACTIVITIES, kind) for kind in frame["kind"])
    frame["came"] = (frame["attended"] / frame["signed_up"].where(frame["signed_up"] > 0)).astype(float)
    heads = {
        "name": term("Activity", "column"),
        "held": term("Held", "column"),
        "signed_up": term("Signed up", "column"),
        "came": term("Of them came", "column"),
        "viewers": term("Viewers, mean", "column"),
        "rating": term("Rating, 1 to 5", "column"),
        "orders": term("Orders", "column"),
        "cost_each": term("Cost per visitor", "column"),
    }
    forms: dict[str, Any] = {
        "came": Percent,
        "viewers": lambda v: Number(v, 0),
        "rating": lambda v: Number(v, 1),
        "cost_each": lambda v: Number(v, 2),
    }
    currencies = Listed.of(sorted(str(one) for one in held["currency"].dropna().unique()))
    return charts.table(
        frame,
        columns=heads,
        formats=forms,
        caption=say("How activities went; cost in {currency}; empty: not in the export", currency=currencies),
    )


def streaks(curve: pd.DataFrame, days: pd.DataFrame, day: int | None, *, started: int, length: int) -> Section:
    """Return how long check-ins hold and where they break (`models.left_after`, `models.break_day`)."""
    if started < SMALL or curve.empty:
        return Section.of(
            Finding.nothing("streaks", say("no check-ins (event check_in in table member_events) of ten members"))
        )
    kept = float(curve["share"].iloc[-1])
    told: dict[str, Any] = {"share": Percent(kept), "length": length}
    label = term("Check-ins that hold to the end", "label of a finding")
    method = say(
        "Share of streaks not yet broken (Kaplan-Meier); each day against the rate of all others, exact, corrected for the "
        "number of days."
    )
    if day is None:
        finding = Finding(
            id="streaks",
            code="even",
            label=label,
            method=method,
            estimate=kept,
            n=People(started),
            unit=Unit("share", term("of streaks", "unit")),
            title=say("{share} of the check-ins hold for {length} days; no day breaks clearly more", **told),
            text=say("{members} members began.", members=People(started)),
        )
    else:
        worst = days[days["day"] == day].iloc[0]
        finding = Finding(
            id="streaks",
            code="breaks",
            severity="watch",
            label=label,
            method=method,
            estimate=kept,
            n=People(started),
            unit=Unit("share", term("of streaks", "unit")),
            title=say(
                "Check-ins break on day {day}: {rate} of those still in stop there",
                day=day,
                rate=Percent(worst["rate"], 0),
            ),
            text=say(
                "{members} members began; {share} hold for {length} days. A reminder or a reward on the day "
                "before is worth a test.",
                members=People(started),
                **told,
            ),
        )
    return Section.of(finding, _unbroken(curve, finding))


def _unbroken(curve: pd.DataFrame, finding: Finding) -> charts.Chart:
    drawn = curve.rename(columns={"time": "days", "share": "value"})[["days", "value", "lower", "upper"]]
    start = pd.DataFrame({"days": [0.0], "value": [1.0], "lower": [1.0], "upper": [1.0]})
    return charts.step_curve(
        pd.concat([start, drawn], ignore_index=True),
        x="days",
        y="value",
        words=Words(
            title=say("Check-ins still unbroken"),
            axis=term("share of streaks", "axis"),
            x_axis=term("days", "axis"),
            alt=finding.text,
            caption=say("95% intervals"),
        ),
    )
