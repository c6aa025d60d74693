"""Did the tone change: the share of negative mentions before, during and after, and the events of those weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.intervals import difference_of
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.people.joined import SMALL
from fanops_utils.text import Count, Listed, Message, Percent, Points, Sentences, Span, Unit, Written, say, say_n, term
from fanops_utils.workspace import Campaign

TOO_FEW = term("fewer than ten labelled mentions in the baseline or the live weeks", "why there is no data")
METHOD = say("Labels of the listening tool, as they are; bursts of copies make the interval too narrow.")
WINDOWS: dict[str, Message] = {
    "baseline": term("baseline", "stretch of days"),
    "live": term("live weeks", "stretch of days"),
    "after": term("four weeks after", "stretch of days"),
}


def tone(table: pd.DataFrame, campaign: Campaign, *, brand: str) -> Section:
    """Return whether the share of negative mentions changed (*table*: `metrics.tone`), drawn by stretch of days."""
    finding = answer(table, campaign)
    markets = Listed.of(campaign.treated)
    drawn = Words(
        title=say("The tone before, during and after"),
        subtitle=say(
            "Negative share of labelled mentions of {brand} in {markets}; 95% intervals", brand=brand, markets=markets
        ),
        axis=term("share of negative mentions", "axis"),
        alt=finding.title,
        caption=say("Labels of the listening tool"),
    )
    labelled = table.assign(label=table["window"].map(WINDOWS)).drop(columns="window")
    return Section.of(finding, charts.intervals(labelled, label="label", words=drawn))


def answer(table: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return whether the tone of the live weeks differs from the baseline's."""
    known = {row["window"]: row for row in table[table["n"] >= SMALL].to_dict("records")}
    if not {"baseline", "live"} <= set(known):
        if not campaign.events:
            return Finding.nothing("tone", TOO_FEW)
        title = say("Too few labelled mentions to hear a change of tone")
        return Finding(id="tone", title=title, text=_events(campaign), code="too_few")
    before, live = known["baseline"], known["live"]
    code, change, window = _change(known)
    told = known[window]
    return Finding(
        id="tone",
        title=_title(code, change),
        text=Sentences.of(*_shares(live, before), _later(known), _events(campaign)),
        severity="alert" if code.startswith("worse") else "info",
        estimate=float(told["estimate"]),
        ci_lower=float(told["ci_lower"]),
        ci_upper=float(told["ci_upper"]),
        unit=Unit("share", term("of labelled mentions, negative", "unit")),
        n=int(told["n"]),
        method=METHOD,
        code=code,
    )


def _change(known: Mapping[str, Mapping[Any, Any]]) -> tuple[str, float, str]:
    """Return what became of the tone, by how much, and in which window: what got worse in any goes before what got better."""
    gaps = {window: difference_of(known[window], known["baseline"]) for window in ("live", "after") if window in known}
    worse = [window for window, gap in gaps.items() if gap.ci_lower > 0]
    better = [window for window, gap in gaps.items() if gap.ci_upper < 0]
    if not worse and not better:
        return "not_clear", gaps["live"].estimate, "live"
    window = (worse or better)[0]
    code = ("worse" if worse else "better") + ("_after" if window == "after" else "")
    return code, gaps[window].estimate, window


def _later(known: Mapping[str, Mapping[Any, Any]]) -> Message | None:
    if "after" not in known:
        return None
    after = known["after"]
    return say_n(
        "In the four weeks after: {share} of {n} labelled mention ({interval}).",
        "In the four weeks after: {share} of {n} labelled mentions ({interval}).",
        n=after["mentions"],
        share=Percent(after["estimate"]),
        interval=Span.of(after["ci_lower"], after["ci_upper"]),
    )


def _title(code: str, change: float) -> Message:
    match code:
        case "worse":
            return say("The tone turned worse: {change} negative mentions", change=Points(change))
        case "better":
            return say("The tone turned better: {change} negative mentions", change=Points(change))
        case "worse_after":
            return say("The tone turned worse after the campaign: {change} negative mentions", change=Points(change))
        case "better_after":
            return say("The tone turned better after the campaign: {change} negative mentions", change=Points(change))
    return say("The tone did not clearly change")


def _shares(live: Mapping[Any, Any], before: Mapping[Any, Any]) -> tuple[Message, Message]:
    share = say_n(
        "Negative in the live weeks: {share} of {n} labelled mention ({interval}); in the baseline: {before}.",
        "Negative in the live weeks: {share} of {n} labelled mentions ({interval}); in the baseline: {before}.",
        n=live["mentions"],
        share=Percent(live["estimate"]),
        interval=Span.of(live["ci_lower"], live["ci_upper"]),
        before=Percent(before["estimate"]),
    )
    return share, say(
        "Mentions a day: {live}; before: {before}.", live=Count(live["per_day"]), before=Count(before["per_day"])
    )


def _events(campaign: Campaign) -> Message:
    if not campaign.events:
        return say("The register notes no event.")
    noted = (term("{event} ({day})", "event", day=one.date, event=Written(one.note)) for one in campaign.events)
    return say("Noted in the register: {events}.", events=Listed.of(noted))
