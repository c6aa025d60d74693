"""What moved, which branch of the tree moved it, and is it signal or noise?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import metric
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.targets.naming import metric_name, value_in
from fanops_utils.text import Day, Message, Sayable, Sentences, Signed, Unit, say, say_n, term

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
        return Section.of(
            Finding.nothing(
                "signals",
                say(
                    "no metric has twelve whole weeks in a row (exports: daily files of the accounts, orders, mentions)"
                ),
            )
        )
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
