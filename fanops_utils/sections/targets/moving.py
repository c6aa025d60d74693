"""What does each function cost per outcome, and would money bring more elsewhere?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Reallocation
from fanops_utils.models.money.marginal import Response
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.sections.targets.naming import metric_name
from fanops_utils.text import (
    Listed,
    Message,
    Money,
    Number,
    Percent,
    Range,
    Sayable,
    Sentences,
    Unit,
    Written,
    say,
    term,
)

PER = 1000  # of money
REASONS: dict[str, Message] = {
    "short": term("fewer than 26 weeks of spending and outcome", "why money's response is not told"),
    "rare": term("money was spent in fewer than 8 weeks", "why money's response is not told"),
    "flat": term("spending hardly varied", "why money's response is not told"),
    "follows": term("spending follows last week's outcome", "why money's response is not told"),
    "no_outcome": term("weeks without an outcome", "why money's response is not told"),
}


NAMES: dict[str, Message] = {
    "people": term("People", "function"), "social": term("Social media", "function"),
    "marketing": term("Marketing", "function"), "content": term("Content", "function"),
    "community": term("Community", "function"), "advertising": term("Advertising", "function"),
}  # fmt: skip


def _called(function: str) -> Sayable:
    """Return a function by the name it has in the trade; what a list calls otherwise stays as written."""
    return NAMES.get(function.strip().lower()) or Written(function)


def functions(rows: pd.DataFrame, *, currency: str) -> Section:
    """Return what each function spent and what that is per outcome (*rows*: `metrics.cost_by_function`)."""
    if rows.empty:
        return Section.of(Finding.nothing("functions", say("no booked budget line with its function")))
    outcomes = [name for name in rows.columns[3:] if rows[name].notna().any()]
    columns: Mapping[str, Sayable] = {
        "function": term("Function", "column"),
        "spent": term("Spent, {currency}", "column", currency=currency),
        "share": term("Share spent", "column"),
        **{
            name: term("Cost for each of: {outcome}", "column of costs", outcome=metric_name(name)) for name in outcomes
        },
    }
    shown = rows.assign(function=cells(_called(one) for one in rows["function"]))
    formats: dict[str, Callable[[float], Sayable]] = {
        "spent": _whole,
        "share": Percent,
        **dict.fromkeys(outcomes, _cost),
    }
    table = charts.table(
        shown, columns=columns, formats=formats, caption=say("Spending by function, beside what came in meanwhile")
    )
    top = rows.iloc[0]
    finding = Finding(
        id="functions",
        label=term("Cost by function", "label of a finding"),
        code="told",
        title=say(
            "Most was spent by {function}: {share}", function=_called(top["function"]), share=Percent(top["share"], 0)
        ),
        text=say("Each function's money stands beside all of the outcome: what it brought by itself is not told."),
        estimate=float(top["share"]),
        unit=Unit("share", term("of spending", "unit")),
        n=len(rows),
    )
    return Section.of(finding, table)


def reallocation(told: Reallocation, *, outcome: str, currency: str) -> Section:
    """Return what a little more money brings per channel (*told*: `models.marginal_response`), and whether to move some."""
    if not told.channels:
        return Section.of(
            Finding.nothing("reallocation", say("no spending by week: import an advertising manager's days"))
        )
    known = [one for one in told.channels if one.marginal is not None]
    if not known:
        why = Listed.of(REASONS[one] for one in dict.fromkeys(one.reason for one in told.channels) if one)
        return Section.of(
            Finding.nothing("reallocation", say("where more money would bring more is not told: {why}", why=why))
        )
    text = Sentences.of(
        _alone(known[0], outcome, currency) if len(known) == 1 else None,
        say("With one channel there is nothing to move between.") if len(known) == 1 else None,
        say("Weeks that move together prove no cause: try it in some markets first, with the others to compare."),
    )
    finding = Finding(
        id="reallocation",
        label=term("Moving money", "label of a finding"),
        code="move" if told.move else "cannot_tell",
        title=_title(told),
        text=text,
        severity="watch" if told.move else "info",
        n=max(one.weeks for one in told.channels),
        method=say(
            "Outcome by week against spending by channel, in logs (more money brings less and less), with a trend and from a "
            "year on a season; errors that hang together from week to week, made wider by a quarter. Moved only where the best "
            "and the worst channel differ beyond chance at 98%, over all pairs."
        ),
    )
    return Section.of(finding, _table(told.channels, currency))


def _title(told: Reallocation) -> Message:
    if told.move is None:
        return say("No channel surely brings more than another for the next money")
    from_, to = (words.platform(one) for one in told.move)
    return say("The next money brings more in {best} than in {worst}", best=to, worst=from_)


def _alone(one: Response, outcome: str, currency: str) -> Message:
    more, low, high = _more(one)
    told: dict[str, Any] = {
        "amount": Money(PER, currency), "channel": words.platform(one.channel), "outcome": metric_name(outcome),
        "range": Range.of(low, high, form=lambda it: Number(it, 1)),
    }  # fmt: skip
    if low > 0:
        return say(
            "{amount} more a week in {channel} go with {more} more {outcome} (90 in 100: {range}).",
            more=Number(more, 1),
            **told,
        )
    return say(
        "Whether {amount} more a week in {channel} bring more {outcome} is not clear (90 in 100: {range}).", **told
    )


def _more(one: Response) -> tuple[float, float, float]:
    assert one.marginal is not None
    return PER * one.marginal.estimate, PER * one.marginal.ci_lower, PER * one.marginal.ci_upper


def _table(channels: tuple[Response, ...], currency: str) -> charts.Table:
    rows = []
    for one in channels:
        more = _more(one) if one.marginal is not None else None
        rows.append({
            "channel": words.platform(one.channel), "spent": one.spent, "weeks": one.weeks,
            "more": float("nan") if more is None else more[0],
            "range": None if more is None else Range.of(more[1], more[2], form=lambda it: Number(it, 1)),
            "state": REASONS[one.reason] if one.reason else term("told", "state of a channel"),
        })  # fmt: skip
    columns = {
        "channel": term("Channel", "column"),
        "spent": term("A week lately, {currency}", "column", currency=currency),
        "weeks": term("Weeks", "column"),
        "more": term("More per {amount}", "column", amount=Money(PER, currency)),
        "range": term("90 in 100", "column"),
        "state": term("State", "column"),
    }
    frame = pd.DataFrame(rows)
    for name in ("channel", "range", "state"):
        frame[name] = cells(frame[name])
    return charts.table(
        frame, columns=columns, formats={"spent": _whole, "more": lambda it: Number(it, 1)},
        caption=say("What a little more spending goes with, by channel"),
    )  # fmt: skip


def _whole(value: float) -> Number:
    return Number(value, 0)


def _cost(value: float) -> Number:
    return Number(value, 2)
