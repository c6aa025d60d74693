"""What is agreed before the start: the brief, whether it is frozen, and the line that freezes it."""

from __future__ import annotations

from datetime import date

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.campaigns.plan.agreed import COLUMNS, agreed
from fanops_utils.text import Sentences, Written, say
from fanops_utils.workspace import Campaign

METHOD = say("Fingerprint (SHA-256) of everything in the register but payments, events and decisions.")


def agreement(campaign: Campaign, *, on: date | None = None) -> Section:
    """Return whether the brief is frozen, and the brief as it is signed; once it has started on the day *on* it is too late."""
    caption = say("The brief of “{campaign}”", campaign=campaign.name)
    return Section.of(answer(campaign, on=on), charts.table(agreed(campaign), columns=COLUMNS, caption=caption))


def answer(campaign: Campaign, *, on: date | None = None) -> Finding:
    """Return whether the brief is frozen, and the line that freezes it."""
    state, line = campaign.frozen_state(), Written(f"frozen: {campaign.brief_hash()}")
    match state:
        case "frozen":
            title, text = (
                say("The brief is frozen as it stands"),
                say("The register holds the line “{line}”.", line=line),
            )
            return Finding(
                id="agreement", title=title, text=text, severity="good", method=METHOD, code=state, weight="row"
            )
        case "changed":
            text_of = Sentences.of(
                say("It was frozen as {fingerprint}.", fingerprint=campaign.frozen or ""),
                say("If the change is agreed, write “{line}” and say why in the decisions.", line=line),
            )
            title = say("The brief was changed after it was frozen")
            return Finding(id="agreement", title=title, text=text_of, severity="alert", method=METHOD, code=state)
    if on is not None and on >= campaign.live.start:
        text_of = Sentences.of(
            say("Whether its goals stayed where they were cannot be shown."),
            say("Freeze the next one before it starts."),
        )
        title = say("This brief was never frozen")
        return Finding(id="agreement", title=title, text=text_of, severity="watch", method=METHOD, code="too_late")
    text_of = Sentences.of(
        say(
            "Once all have agreed, put the line “{line}” into {file}.",
            line=line,
            file=Written(f"campaigns/{campaign.id}.yml"),
        ),
        say("A later change will show."),
    )
    title = say("The brief is not frozen yet")
    return Finding(id="agreement", title=title, text=text_of, severity="watch", method=METHOD, code=state)
