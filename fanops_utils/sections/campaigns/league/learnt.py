"""What came of past decisions: reviewed with an outcome, open, or overdue; and their ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.plays import role
from fanops_utils.sections.campaigns.retrospective.closing.decided import state_of
from fanops_utils.sections.campaigns.words import DECISIONS, STATES
from fanops_utils.text import Day, Message, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.decision import Decision

COLUMNS = {
    "campaign": term("Campaign", "column"),
    "decision": term("Decision", "column"),
    "owner": term("Owner", "column"),
    "state": term("State", "column"),
    "outcome": term("What came of it", "column"),
}


def learnt(decisions: Iterable[Decision], campaigns: Mapping[str, Campaign], *, on: date | None) -> Section:
    """Return what came of past decisions as it stands on the day *on*, and the ledger."""
    taken = list(decisions)
    table = charts.table(ledger(taken, campaigns, on=on), columns=COLUMNS, caption=say("Ledger of decisions"))
    return Section.of(answer(taken, on=on), table)


def answer(decisions: list[Decision], *, on: date | None) -> Finding:
    """Return how many decisions came back with an outcome, and which are overdue for review."""
    if not decisions:
        return Finding.nothing("learnt", term("no decision is written down in the registers", "why there is no data"))
    states = [state_of(one, on=on) for one in decisions]
    late = [one for one, state in zip(decisions, states, strict=True) if state == "overdue"]
    reviewed = states.count("reviewed")
    said = [*(_outcome(one) for one in decisions if one.outcome), *(_overdue(one) for one in late)]
    return Finding(
        id="learnt",
        title=say_n(
            "{reviewed} of {n} decision came back with an outcome",
            "{reviewed} of {n} decisions came back with an outcome",
            n=len(decisions),
            reviewed=reviewed,
        ),
        text=Sentences.of(*said) if said else say("No decision is due for review yet."),
        severity="watch" if late else "info",
        estimate=float(reviewed),
        unit=Unit("count", term("decisions reviewed", "unit")),
        n=len(decisions),
        code="overdue" if late else "in_time",
    )


def _outcome(one: Decision) -> Message:
    return say("{action}: {outcome}.", action=Written(one.action), outcome=Written(one.outcome or ""))


def _overdue(one: Decision) -> Message:
    return say(
        "Overdue since {day}: {action} ({owner}).",
        day=one.review or one.date,
        action=Written(one.action),
        owner=role(one.owner),
    )


def ledger(decisions: Iterable[Decision], campaigns: Mapping[str, Campaign], *, on: date | None) -> pd.DataFrame:
    """Return decisions as rows to be shown: campaign (its name), decision, owner, state with its day, outcome."""
    rows = [
        (
            Written(campaigns[one.campaign].name) if one.campaign else None,
            term("{kind}: {action}", "decision in a table", kind=DECISIONS[one.kind], action=Written(one.action)),
            role(one.owner),
            _state(one, on),
            Written(one.outcome) if one.outcome else None,
        )
        for one in decisions
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _state(one: Decision, on: date | None) -> Sayable:
    state = state_of(one, on=on)
    if one.review is None or state == "reviewed":
        return STATES[state]
    day = Day.of(one.review, form="iso")
    return term("{state}, review {day}", "state of a decision with its day", state=STATES[state], day=day)
