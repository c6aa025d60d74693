"""What was agreed before the start, and whether the brief in the register is still that one."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.plays import role
from fanops_utils.sections.campaigns.words import counted
from fanops_utils.text import Day, Listed, Money, Period, Sayable, Sentences, Signed, Written, say, term
from fanops_utils.workspace import Campaign

METHOD = say("Fingerprint of the register, without payments, events and decisions.")
NONE = term("none", "field of a brief")
COLUMNS = {"what": term("What", "column"), "agreed": term("Agreed", "column")}


def brief(campaign: Campaign) -> Section:
    """Return whether the brief is the one that was agreed, and the brief itself."""
    table = charts.table(agreed(campaign), columns=COLUMNS, caption=say("The brief, as the register holds it"))
    return Section.of(answer(campaign), table)


def answer(campaign: Campaign) -> Finding:
    """Return whether the brief in the register is still the one that was agreed before the start."""
    state = campaign.frozen_state()
    match state:
        case "frozen":
            text = say(
                "Its fingerprint {fingerprint} is that of the day it was agreed; metric, baseline and targets stand.",
                fingerprint=campaign.frozen or "",
            )
            title = say("The brief is the one that was agreed")
            return Finding(id="brief", title=title, text=text, severity="good", method=METHOD, code=state)
        case "changed":
            moved = say(
                "It was frozen as {agreed} and now reads {now}.",
                agreed=campaign.frozen or "",
                now=campaign.brief_hash(),
            )
            warning = say(
                "A goal that moves after the start can always be reached: see the register's history for what was changed."
            )
            title, text_of = say("The brief was changed after it was agreed"), Sentences.of(moved, warning)
            return Finding(id="brief", title=title, text=text_of, severity="alert", method=METHOD, code=state)
    text = say("Nobody can say whether metric, baseline or targets were chosen before the result was known.")
    title = say("The brief was never frozen")
    return Finding(id="brief", title=title, text=text, severity="watch", method=METHOD, code=state)


def agreed(campaign: Campaign) -> pd.DataFrame:
    """Return the brief as it is signed: what (field of the register) and agreed (its value)."""
    metric = term("{metric}, per day", "field of a brief", metric=counted(campaign))
    definition = Written(campaign.definition) if campaign.definition else None
    rows: list[tuple[Sayable, Sayable]] = [
        (term("Objective", "field of a brief"), Written(campaign.objective)),
        (term("Metric", "field of a brief"), metric),
        *([(term("What it counts", "field of a brief"), definition)] if definition else []),
        (term("Treated", "field of a brief"), Listed.of(campaign.treated)),
        (term("Held back", "field of a brief"), Listed.of(campaign.controls) if campaign.controls else NONE),
        (term("Baseline", "field of a brief"), Period.of(campaign.baseline.start, campaign.baseline.end)),
        (term("Live", "field of a brief"), Period.of(campaign.live.start, campaign.live.end)),
        (term("Target", "field of a brief"), NONE if campaign.target_lift is None else Signed(campaign.target_lift)),
        (term("Budget", "field of a brief"), Money(campaign.planned, campaign.currency) if campaign.planned else NONE),
        (term("Owner", "field of a brief"), role(campaign.owner)),
        (term("Review", "field of a brief"),
         Day.of(campaign.review) if campaign.review else term("not set", "field of a brief")),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "agreed"])
