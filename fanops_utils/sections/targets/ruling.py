"""Which rules of the plans fire, and by which numbers?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import Interval
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.targets.naming import metric_name, value_in
from fanops_utils.text import Message, Percent, Sayable, Signed, Unit, say, say_n, term

YEARLY_GROWTH = 0.30  # of the plans


class Rule(NamedTuple):
    """A rule that fires where *metric* moved that way beyond chance."""

    metric: str
    way: Literal["up", "down"]
    text: Message


MOVED = (
    Rule("retention_d1", "down", say("Fewer new members come back on the next day: look at how they are received")),
    Rule(
        "retention_d30",
        "down",
        say("Fewer new members come back after a month: look at what the content is worth, and rewards"),
    ),
    Rule(
        "active_member_share",
        "down",
        say("Fewer members are active: call them back by content they like, or by a coupon"),
    ),
    Rule("participation", "down", say("Fewer members take part: lower the threshold, change the form")),
    Rule("negative_share", "up", say("The tone gets worse: look at product and community, answer fast")),
    Rule("share_of_voice", "down", say("Rivals are talked of more: look at what they do, and at what is our own")),
)
RULED = ("engagement_rate_reach", "site_conversion_rate", "followers", *(rule.metric for rule in MOVED))


def rules(
    now: Mapping[str, Interval | None],
    before: Mapping[str, Interval | None],
    missed: int | None,
    *,
    market: Sayable,
    outside: int | None = None,
) -> Section:
    """Return which rules of the plan fire in *market*, each with the numbers that fired it.

    *now*, *before*: the metrics of RULED over the last 28 days and the 28 before; followers today and a year ago.
    *missed*: targets that are surely not met, None where none can be told; *outside*: metrics that left their usual range, None
    where none has weeks enough.
    """
    moved = [_moved(rule, now, before) for rule in MOVED]
    rows = [_content(now, before), *moved, _growth(now, before), _anomaly(outside), _emergency(missed)]
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
    unknown = sum(row["code"] == "unknown" for row in rows)
    return Section.of(
        Finding(
            id="rules",
            label=term("Rules of the plan", "label of a finding"),
            code="fires" if fired else "unknown" if unknown == len(rows) else "rests",
            title=_title(len(fired), unknown, len(rows), market),
            text=say("A rule fires only where the change is told apart from chance."),
            severity="watch" if fired else "info",
            estimate=float(len(fired)) if unknown < len(rows) else None,
            unit=Unit("count", term("rules", "unit")),
            n=len(rows),
        ),
        table,
    )


def _title(fired: int, unknown: int, rules: int, market: Sayable) -> Message:
    """Return how many rules fire; where none does, how many of them cannot be told: that none fires is then no all-clear."""
    if fired:
        return say_n(
            "{market}: {n} rule of the plan fires", "{market}: {n} rules of the plan fire", n=fired, market=market
        )
    if unknown == rules:
        return say("{market}: no rule of the plan can be told", market=market)
    if unknown:
        return say_n(
            "{market}: no rule of the plan fires, but {n} of {all} cannot be told",
            "{market}: no rule of the plan fires, but {n} of {all} cannot be told",
            n=unknown, all=rules, market=market,
        )  # fmt: skip
    return say("{market}: no rule of the plan fires", market=market)


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


def _emergency(missed: int | None) -> dict[str, Any]:
    rule = say("A target is surely not met: call the owner before the next review")
    if missed is None:
        return {"rule": rule, "seen": say("no target can be told yet"), "code": "unknown"}
    return {
        "rule": rule,
        "seen": say_n("{n} target not met", "{n} targets not met", n=missed),
        "code": "fires" if missed else "rests",
    }


def _moved(rule: Rule, now: Mapping[str, Interval | None], before: Mapping[str, Interval | None]) -> dict[str, Any]:
    new, old = now.get(rule.metric), before.get(rule.metric)
    way = against(new, old)
    code = "unknown" if way == "unknown" else "fires" if way == rule.way else "rests"
    seen: Sayable = say("not measured both times")
    if way != "unknown" and new and old:
        first, last = value_in(rule.metric, old.estimate), value_in(rule.metric, new.estimate)
        if first is not None and last is not None:
            seen = say("{metric}: {before} to {now}", metric=metric_name(rule.metric), before=first, now=last)
    return {"rule": rule.text, "seen": seen, "code": code}


def _anomaly(outside: int | None) -> dict[str, Any]:
    rule = say("A metric leaves its usual range: find the cause, then adjust")
    if outside is None:
        return {"rule": rule, "seen": say("no metric has weeks enough"), "code": "unknown"}
    return {
        "rule": rule,
        "seen": say_n("{n} metric outside its range", "{n} metrics outside their range", n=outside),
        "code": "fires" if outside else "rests",
    }
