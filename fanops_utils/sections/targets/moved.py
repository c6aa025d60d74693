"""What moved, which branch of the tree moved it, and is it signal or noise? And which rule of the plan fires?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Interval, metric
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.targets.naming import metric_name, value_in
from fanops_utils.text import Day, Message, Percent, Sayable, Sentences, Signed, Unit, say, say_n, term

YEARLY_GROWTH = 0.30  # of the plans
FEW = 30


def tree(rows: pd.DataFrame, *, market: Sayable) -> Section:
    """Return which branch explains the change of each total in *market* (*rows*: `metrics.reconciled`), largest first."""
    if rows.empty:
        return Section.of(Finding.nothing("tree", say("no total with its base in both stretches of 28 days")))
    few = rows[["now", "before"]].min(axis=1) < FEW  # a change of so few is chance: told last
    frame = rows.assign(few=few, size=rows["change"].abs()).sort_values(["few", "size"], ascending=[True, False])
    shown = pd.DataFrame(
        {
            "name": [metric_name(one) for one in frame["total"]],
            "before": _values(frame, "before"),
            "now": _values(frame, "now"),
            "change": frame["change"],
            "base": [metric_name(one) for one in frame["base"]],
            "by_base": [value_in(one, number) for one, number in zip(frame["total"], frame["by_base"], strict=True)],
            "by_rate": [value_in(one, number) for one, number in zip(frame["total"], frame["by_rate"], strict=True)],
        }
    )
    columns = {
        "name": term("Total", "column"),
        "before": term("28 days before", "column"),
        "now": term("Last 28 days", "column"),
        "change": term("Change", "column"),
        "base": term("Counted by", "column"),
        "by_base": term("from more or fewer of them", "column"),
        "by_rate": term("from more or less of each", "column"),
    }
    caption = say("Each total is base times rate; both parts add up to its difference")
    table = charts.table(shown, columns=columns, formats={"change": Signed}, caption=caption)
    top = frame.iloc[0]
    told: dict[str, Any] = {
        "market": market,
        "total": metric_name(top["total"]),
        "change": Signed(top["change"]),
        "base": metric_name(top["base"]),
    }
    scarce = bool(top["few"])
    title: Message = (
        say("{market}, {total}: too few to tell apart", **told)
        if scarce
        else say("{market}, {total}: {change}, mainly through {base}", **told)
        if top["leads"] == "base"
        else say("{market}, {total}: {change}, mainly through what each brings, not through {base}", **told)
    )
    return Section.of(
        Finding(
            id="tree",
            label=term("What moved", "label of a finding"),
            code="few" if scarce else str(top["leads"]),
            title=title,
            text=say_n("{n} total is told apart.", "{n} totals are told apart.", n=len(frame)),
            estimate=float(top["change"]),
            unit=Unit("change", term("on the 28 days before", "unit")),
            n=len(frame),
            method=say(
                "The difference is shared out by logarithmic means, so that the parts add up. It says where the change sits, "
                "not why; whether it is more than noise is the next question."
            ),
        ),
        table,
    )


def _values(frame: pd.DataFrame, column: str) -> list[Sayable | None]:
    return [value_in(one, number) for one, number in zip(frame["total"], frame[column], strict=True)]


def signals(limits: Mapping[str, pd.DataFrame], *, market: Sayable) -> Section:
    """Return which metrics of *market* left their usual range in four weeks (*limits*: `models.control_limits` by metric)."""
    known = {name: frame for name, frame in limits.items() if len(frame) and frame["centre"].notna().any()}
    if not known:
        return Section.of(Finding.nothing("signals", say("no metric has twelve whole weeks in a row")))
    fired = {name: frame.tail(4)[frame.tail(4)["alarm"]] for name, frame in known.items()}
    fired = {name: rows for name, rows in fired.items() if len(rows)}
    first = next(iter(fired or known))
    frame = known[first].tail(26)
    title = (
        say_n(
            "{market}: {n} of {all} metrics left its usual range in the last four weeks",
            "{market}: {n} of {all} metrics left their usual range in the last four weeks",
            n=len(fired),
            all=len(known),
            market=market,
        )
        if fired
        else say("{market}: the last four weeks are usual swings, no metric left its range", market=market)
    )
    named = [_out(name, rows) for name, rows in fired.items()]
    finding = Finding(
        id="signals",
        label=term("Signal or noise", "label of a finding"),
        code="signal" if fired else "noise",
        title=title,
        text=Sentences.of(
            *named, say("Each week is held against the four before it, and how far weeks usually stray.")
        ),
        severity="watch" if fired else "info",
        estimate=float(len(fired)),
        unit=Unit("count", term("metrics outside their range", "unit")),
        n=len(known),
        method=say(
            "Centre: the mean of the four weeks before; limits: how far the 26 weeks before lay from the four before them, so that "
            "slow growth raises no alarm. About 1 in 300 usual weeks lies outside. A yearly season can look like a signal."
        ),
    )
    chart = charts.control_chart(
        frame[["date_day", "value", "centre", "lower", "upper", "alarm"]],
        x="date_day",
        y="value",
        form=metric(first).unit.value,
        words=Words(
            title=say("{metric} by week", metric=metric_name(first)),
            alt=finding.text,
            axis=metric_name(first),
            caption=say("Whole weeks from Monday"),
        ),
    )
    return Section.of(finding, chart)


def _out(name: str, rows: pd.DataFrame) -> Message:
    row = rows.iloc[-1]
    told: dict[str, Any] = {
        "metric": metric_name(name),
        "week": Day.of(row["date_day"]),
        "value": value_in(name, row["value"]),
        "centre": value_in(name, row["centre"]),
    }
    return say("{metric}: {value} in the week of {week}, where {centre} is usual.", **told)


def rules(
    now: Mapping[str, Interval | None], before: Mapping[str, Interval | None], missed: int, *, market: Sayable
) -> Section:
    """Return which rules of the plan fire in *market*, each with the numbers that fired it.

    *now*, *before*: engagement_rate_reach and site_conversion_rate of the last 28 days and the 28 before; followers today
    and a year ago. *missed*: targets that are surely not met.
    """
    rows = [_content(now, before), _growth(now, before), _emergency(missed)]
    fired = [row for row in rows if row["code"] == "fires"]
    columns = {
        "rule": term("Rule of the plan", "column"),
        "seen": term("What was seen", "column"),
        "state": term("State", "column"),
    }
    states = {
        "fires": term("fires", "state of a rule"),
        "rests": term("does not fire", "state of a rule"),
        "unknown": term("cannot tell", "state of a rule"),
    }
    frame = pd.DataFrame(rows).assign(state=cells(states[row["code"]] for row in rows))
    table = charts.table(frame, columns=columns, caption=say("Rules of the plans, judged by the numbers beside them"))
    title = (
        say_n(
            "{market}: {n} rule of the plan fires", "{market}: {n} rules of the plan fire", n=len(fired), market=market
        )
        if fired
        else say("{market}: no rule of the plan fires", market=market)
    )
    return Section.of(
        Finding(
            id="rules",
            label=term("Rules of the plan", "label of a finding"),
            code="fires" if fired else "rests",
            title=title,
            text=say("A rule fires only where the change is told apart from chance."),
            severity="watch" if fired else "info",
            estimate=float(len(fired)),
            unit=Unit("count", term("rules", "unit")),
            n=len(rows),
        ),
        table,
    )


def against(now: Interval | None, before: Interval | None) -> str:
    """Return up or down where the difference of the two is clear of zero, even where not, unknown where one is missing."""
    if now is None or before is None or now.estimate != now.estimate or before.estimate != before.estimate:
        return "unknown"
    moved = difference_of(vars(now), vars(before))
    return "up" if moved.ci_lower > 0 else "down" if moved.ci_upper < 0 else "even"


def _content(now: Mapping[str, Interval | None], before: Mapping[str, Interval | None]) -> dict[str, Any]:
    names = ("engagement_rate_reach", "site_conversion_rate")
    moves = [against(now.get(name), before.get(name)) for name in names]
    code = "unknown" if "unknown" in moves else "fires" if moves == ["up", "down"] else "rests"
    parts = []
    for name in names:
        new, old = now.get(name), before.get(name)
        first, last = (value_in(name, told.estimate) if told else None for told in (old, new))
        if first is not None and last is not None:
            parts.append(say("{metric}: {before} to {now}", metric=metric_name(name), before=first, now=last))
    seen: Sayable = (
        say("{first}; {second}", first=parts[0], second=parts[1]) if len(parts) == 2 else say("not measured both times")
    )
    return {"rule": say("Engagement up, conversion down: change content or form"), "seen": seen, "code": code}


def _growth(now: Mapping[str, Interval | None], before: Mapping[str, Interval | None]) -> dict[str, Any]:
    new, old = now.get("followers"), before.get("followers")
    rule = say(
        "Followers grow by less than {share} in a year: look at the sources of growth", share=Percent(YEARLY_GROWTH, 0)
    )
    if not new or not old or old.estimate <= 0:
        return {"rule": rule, "seen": say("no follower count a year ago"), "code": "unknown"}
    change = new.estimate / old.estimate - 1
    return {"rule": rule, "seen": Signed(change), "code": "fires" if change < YEARLY_GROWTH else "rests"}


def _emergency(missed: int) -> dict[str, Any]:
    return {
        "rule": say("A target is surely not met: call the owner before the next review"),
        "seen": say_n("{n} target not met", "{n} targets not met", n=missed),
        "code": "fires" if missed else "rests",
    }
