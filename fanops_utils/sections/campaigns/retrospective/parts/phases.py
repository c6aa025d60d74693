"""What each phase did, and what remained in the two weeks after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics.wording import worded_frame
from fanops_utils.models import CampaignEffect
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.sections.campaigns.retrospective.parts import AS_WHOLE
from fanops_utils.sections.campaigns.words import OF_COUNTERFACTUAL, between, counted, phase
from fanops_utils.text import Level, Listed, Message, Period, Sayable, Sentences, Signed, Span, Written, say, term
from fanops_utils.workspace import Campaign

READINGS: dict[str, Message] = {
    "above": term("above", "reading of a phase"),
    "below": term("below", "reading of a phase"),
    "dip": term("a dip: part of the gain was borrowed", "reading of a phase"),
    "no clear effect": term("no clear effect", "reading of a phase"),
    "cannot tell": term("cannot tell", "reading of a phase"),
}
COLUMNS = {
    "name": term("Phase", "column"), "aim": term("Goal of its own", "column"), "seen": term("Days seen", "column"),
    "said": term("Reading", "column"),
}  # fmt: skip


def phases(table: pd.DataFrame, found: CampaignEffect | None, campaign: Campaign, *, level: float) -> Section:
    """Return what each phase did (*table*: `models.phases_or_none`), drawn and listed, and what remained afterwards."""
    finding, rows = answer(table, level=level), listed(table)
    metric = {"metric": counted(campaign), "level": Level(level)}
    drawn = Words(
        title=say("Phases, and the days after"),
        subtitle=say("{metric} against what would have happened anyway; {level} intervals", **metric),
        axis=term("effect of the phase", "axis"),
        alt=finding.text,
        caption=say("Baseline {period}", period=Period.of(campaign.baseline.start, campaign.baseline.end)),
    )
    without = term("as without it", "reference line")
    shown = rows[["name", "estimate", "ci_lower", "ci_upper"]]
    chart = charts.intervals(shown, label="name", form=Signed, reference=0.0, reference_label=without, words=drawn)
    caption = say("Phases and their goals, as the register has them")
    return Section.of(finding, chart, charts.table(rows, columns=COLUMNS, caption=caption), afterwards(found))


def listed(table: pd.DataFrame) -> pd.DataFrame:
    """Return the phases as rows to be shown: the table with name, aim, seen (days), said (the reading)."""
    rows = [
        {**row, "name": phase(row["phase"]), "aim": Written(row["goal"]), "said": READINGS[row["reading"]],
         "seen": term("{seen} of {days}", "days of a phase", seen=row["days_seen"], days=row["days"])}
        for row in table.to_dict("records")
    ]  # fmt: skip
    columns = [*table.columns, "name", "aim", "said", "seen"]
    return worded_frame(rows, columns=columns, texts=["phase", "goal"])


def answer(table: pd.DataFrame, *, level: float) -> Finding:
    """Return what each phase did, and whether the days after gave some of it back."""
    known = table[table["estimate"].notna()]
    if known.empty:
        if len(table):
            why = term("no phase has data in every market, or there is no control", "why there is no data")
            return Finding.nothing("phases", why)
        return Finding.nothing("phases", term("no control market", "why there is no data"))
    rows = known.to_dict("records")
    left = [phase(name) for name in table.loc[table["estimate"].isna(), "phase"]]
    missing = say("Not over yet, or days are missing: {phases}.", phases=Listed.of(left)) if left else None
    title, code = _title(rows)
    severity: Severity = "watch" if {"dip", "below"} & {row["reading"] for row in rows} else "info"
    return Finding(
        id="phases",
        title=title,
        text=Sentences.of(*(_told(row, level) for row in rows), missing),
        severity=severity,
        n=len(known),
        method=AS_WHOLE,
        code=code,
    )


def _title(rows: list[dict[Any, Any]]) -> tuple[Message, str]:
    dips, above, below = (_named(rows, reading) for reading in ("dip", "above", "below"))
    if dips.items:
        return say("A dip followed, below what would have happened anyway: {phases}", phases=dips), "dip"
    if above.items:
        return say("The effect lies in: {phases}", phases=above), "above"
    if below.items:
        return say("Below what would have happened anyway: {phases}", phases=below), "below"
    return say("No phase stands out, up or down"), "none"


def _named(rows: list[dict[Any, Any]], reading: str) -> Listed:
    return Listed.of(phase(row["phase"]) for row in rows if row["reading"] == reading)


def _told(row: Mapping[Any, Any], level: float) -> Message:
    facts: dict[str, Sayable] = {"phase": phase(row["phase"]), "change": between(row, level=level)}
    match row["reading"]:
        case "above":
            return say("{phase}: {change}, above.", **facts)
        case "below":
            return say("{phase}: {change}, below.", **facts)
        case "dip":
            return say("{phase}: {change}, a dip: part of the gain was borrowed.", **facts)
        case "no clear effect":
            return say("{phase}: {change}, no clear effect.", **facts)
    return say("{phase}: {change}, too few past windows for an interval.", **facts)


def afterwards(found: CampaignEffect | None) -> Finding:
    """Return whether the weeks after the campaign fell below, stayed above or came back to what would have happened."""
    after = found.after if found else None
    if found is None or after is None or not np.isfinite(after.estimate):
        why = term("no full fourteen days after the live days, or no control market", "why there is no data")
        return Finding.nothing("afterwards", why)
    estimate, lower, upper = (float(value) for value in np.expm1([after.estimate, after.ci_lower, after.ci_upper]))
    title, more, severity, code = _remained(estimate, lower, upper, verdict=found.verdict)
    gap = say(
        "In the fourteen days after the live days the gap was {change} ({interval}).",
        change=Signed(estimate),
        interval=Span.of(lower, upper, form=Signed, level=found.level),
    )
    return Finding(
        id="afterwards",
        title=title,
        text=Sentences.of(gap, more),
        severity=severity,
        estimate=estimate,
        ci_lower=lower,
        ci_upper=upper,
        unit=OF_COUNTERFACTUAL,
        n=after.n,
        method=say("Computed as the effect, on the fourteen days after the live days."),
        code=code,
    )


def _remained(
    estimate: float, lower: float, upper: float, *, verdict: str
) -> tuple[Message, Message | None, Severity, str]:
    change = Signed(estimate)
    if lower > 0 and verdict == "worked":
        return (
            say("The effect lasted: {change} in the two weeks after the live days", change=change),
            None,
            "good",
            "lasted",
        )
    if upper < 0:
        title = say("A dip followed: {change} in the two weeks after the live days", change=change)
        return title, say("Part of the gain was borrowed."), "watch", "dip"
    if lower > 0:
        title = say("In the two weeks after the live days the market ran ahead: {change}", change=change)
        return title, None, "info", "ahead"
    return say("In the two weeks after the live days nothing clear remained"), None, "info", "normal"
