"""What was decided on a campaign, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.plays import role
from fanops_utils.sections.campaigns.words import DECISIONS, STATES
from fanops_utils.text import Day, Message, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.decision import Decision, DecisionState

COLUMNS = {
    "kind": term("Kind", "column"), "action": term("Action", "column"), "owner": term("Owner", "column"),
    "date": term("Taken on", "column"), "review": term("Review on", "column"), "state": term("State", "column"),
    "outcome": term("What came of it", "column"),
}  # fmt: skip


def decided(decisions: Iterable[Decision], *, on: date | None, campaign: Campaign | None = None) -> Section:
    """Return the decisions taken on a *campaign* or tested by it, as they stand on the day *on*, and what shaped it most."""
    listed = list(decisions)
    table = charts.table(ledger(listed, on=on), columns=COLUMNS, caption=say("Decisions in the register"))
    finding = answer(listed, on=on, campaign=campaign)
    if campaign is not None:
        finding = replace(finding, text=Sentences.of(finding.text, turning_point(campaign)))
    return Section.of(finding, table)


def turning_point(campaign: Campaign) -> Message:
    """Return the decision that shaped the result most as the register has it, or that it is still to be written."""
    told = campaign.turning_point
    if told is None:
        return say(
            "The one decision that shaped the result most is not written down: who took it, on what evidence, and what is "
            "decided otherwise next time."
        )
    return say(
        "What shaped the result most: {decision} ({by}), on this evidence: {evidence}. Next time: {next_time}.",
        decision=Written(told.decision),
        by=role(told.by),
        evidence=Written(told.evidence),
        next_time=Written(told.next_time),
    )


def state_of(one: Decision, *, on: date | None) -> DecisionState:
    """Return the state of a decision on the day *on*; without a day nothing is overdue."""
    return one.state(on or one.date)


def holds_until(decisions: Iterable[Decision], *, on: date | None) -> date | None:
    """Return the last day on which no further decision is overdue; None where none will be."""
    due = [
        one.review for one in decisions if one.review is not None and on is not None and state_of(one, on=on) == "open"
    ]
    return min(due, default=None)


def answer(decisions: list[Decision], *, on: date | None, campaign: Campaign | None = None) -> Finding:
    """Return the decisions taken on a campaign or tested by it, and how many are overdue for review."""
    if not decisions:
        text = say(
            "Keep, change, stop or test next: write it into the register, with an owner and the day it is looked at again."
        )
        return Finding(id="decided", title=say("Nothing was decided yet"), text=text, severity="watch", code="none")
    states = [state_of(one, on=on) for one in decisions]
    late, number = states.count("overdue"), len(decisions)
    title = say_n("{n} decision taken, {reviewed} reviewed", "{n} decisions taken, {reviewed} reviewed",
                  n=number, reviewed=states.count("reviewed"))  # fmt: skip
    if late:
        title = say_n("{n} decision taken, {late} overdue for review", "{n} decisions taken, {late} overdue for review",
                      n=number, late=late)  # fmt: skip
    return Finding(
        id="decided",
        title=title,
        text=Sentences.of(*(_told(one, state, campaign) for one, state in zip(decisions, states, strict=True))),
        severity="watch" if late else "info",
        estimate=float(number),
        unit=Unit("count", term("decisions", "unit")),
        code="overdue" if late else "in_time",
    )


def _told(one: Decision, state: DecisionState, campaign: Campaign | None) -> Message:
    facts = {
        "kind": DECISIONS[one.kind],
        "action": Written(one.action),
        "owner": role(one.owner),
        "state": STATES[state],
    }
    if one.outcome:
        return say("{kind}: {action} ({owner}, {state}). Outcome: {outcome}.", outcome=Written(one.outcome), **facts)
    if campaign is not None and one.tested_by == campaign.id and one.campaign != campaign.id:
        return say("{kind}: {action} ({owner}, {state}); this campaign tests it.", **facts)
    return say("{kind}: {action} ({owner}, {state}).", **facts)


def ledger(decisions: Iterable[Decision], *, on: date | None) -> pd.DataFrame:
    """Return decisions as rows to be shown: campaign, kind, action, owner, date, review, state, outcome."""
    rows = [
        (one.campaign or "", DECISIONS[one.kind], Written(one.action), role(one.owner), Day.of(one.date, form="iso"),
         Day.of(one.review, form="iso") if one.review else None, STATES[state_of(one, on=on)],
         Written(one.outcome) if one.outcome else None)
        for one in decisions
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["campaign", *COLUMNS])
