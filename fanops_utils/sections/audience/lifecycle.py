"""Who is slipping away? Members whose silence is longer than these members' own pauses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import TierThresholds
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.text import Level, Message, Percent, Sayable, Sentences, Span, Unit, say, term

SMALL = 10
MANY_AT_RISK = 0.1
STAGES: dict[str, Message] = {
    "new": term("New", "stage of a member"),
    "active": term("Active", "stage of a member"),
    "at-risk": term("At risk", "stage of a member"),
    "silent": term("Silent", "stage of a member"),
}


def lifecycle(table: pd.DataFrame, *, rules: TierThresholds, as_of: date | None) -> Section:
    """Return how many members are slipping away (*table*: `models.segment_shares` over stage)."""
    finding = _finding(table, gap=rules.gap)
    if as_of is None or not finding.ok:
        return Section.of(finding)
    shown = table[table["members"] >= SMALL]
    gap, silent = words.days(rules.gap), words.days(int(rules.gap * rules.silent_factor))
    chart = charts.intervals(
        shown.assign(stage=shown["stage"].astype(str).map(STAGES))[["stage", "estimate", "ci_lower", "ci_upper", "n"]],
        label="stage",
        words=Words(
            title=say("Members by stage"),
            subtitle=say(
                "Share of all members on {day}; at risk: silent for over {gap}, silent: for over {silent}",
                day=as_of,
                gap=gap,
                silent=silent,
            ),
            axis=term("share of members", "axis"),
            alt=finding.text,
            caption=say("95% intervals; stages of ten members or more; days of the market's time"),
        ),
    )
    return Section.of(finding, chart)


def _finding(table: pd.DataFrame, *, gap: int) -> Finding:
    if not int(table["members"].sum()):
        return Finding.nothing("lifecycle", say("no members of this market"))
    rows = {str(row["stage"]): row for row in table.to_dict("records")}
    risk = rows["at-risk"]
    method = say("Days since the last act against the 95th percentile of all completed pauses; Wilson interval.")
    told: dict[str, Any] = {"days": words.days(gap), "level": Level(0.95)}
    silent = (_silent(int(rows["silent"]["members"])), say("Silent is not gone."))
    if risk["members"] < SMALL:
        return Finding(
            id="lifecycle",
            label=term("Members slipping away", "label of a finding"),
            code="hardly_any",
            title=say("Hardly any member is slipping away"),
            verdict=say("Hardly any member is slipping away."),
            text=Sentences.of(_few_at_risk(int(risk["members"]), told), *silent),
            n=int(risk["n"]),
            method=method,
        )
    share, interval = Percent(risk["estimate"]), Span.of(risk["ci_lower"], risk["ci_upper"])
    at_risk = say(
        "{members} members, {share} ({interval}), have been silent for longer than {days}. {level} of these members' own "
        "pauses are shorter.",
        members=int(risk["members"]),
        share=share,
        interval=interval,
        **told,
    )
    return Finding(
        id="lifecycle",
        weight="chapter",
        label=term("Members slipping away", "label of a finding"),
        code="slipping",
        title=say("{share} of the members are slipping away", share=share),
        verdict=say("{share} of the members are slipping away ({interval}).", share=share, interval=interval),
        text=Sentences.of(at_risk, *silent),
        severity="watch" if risk["estimate"] > MANY_AT_RISK else "info",
        estimate=risk["estimate"],
        ci_lower=risk["ci_lower"],
        ci_upper=risk["ci_upper"],
        unit=Unit("share", term("of members", "unit")),
        n=int(risk["n"]),
        method=method,
    )


def _few_at_risk(members: int, told: dict[str, Any]) -> Message:
    if members:
        return say(
            "Fewer than ten members have been silent for longer than {days}. {level} of these members' own pauses are "
            "shorter.",
            **told,
        )
    return say(
        "No member has slipped into a silence longer than {days}. {level} of these members' own pauses are shorter.",
        **told,
    )


def _silent(members: int) -> Sayable:
    """Return how many have been silent for three times as long; fewer than ten are not counted aloud."""
    if not members:
        return say("None has been silent three times as long.")
    if members < SMALL:
        return say("Fewer than ten have been silent three times as long.")
    return say("{members} have been silent three times as long.", members=members)
