"""What was agreed before the start, and whether the brief in the register is still that one."""

from __future__ import annotations

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.plan.agreed import COLUMNS, agreed
from fanops_utils.text import Sentences, say
from fanops_utils.workspace import Campaign

METHOD = say("Fingerprint of the register, without payments, events and decisions.")


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
            return Finding(id="brief", title=title, text=text, severity="good", method=METHOD, code=state, weight="row")
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
