"""What is published when, what stands in its way, and were the slots of the past weeks kept?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import Interval
from fanops_utils.models.operations.slotting import share_of
from fanops_utils.playbook import Finding, Section, Severity
from fanops_utils.playbook.handouts import Agenda, Event, Listing
from fanops_utils.playbook.tasks import Task, tasks
from fanops_utils.sections import words
from fanops_utils.sections.playbooks.shared import first_few, named, who
from fanops_utils.text import (
    Day,
    Listed,
    Message,
    Percent,
    Period,
    Range,
    Sayable,
    Sentences,
    Span,
    Unit,
    Written,
    say,
    say_n,
    term,
)
from fanops_utils.workspace.operations.team import Team

STATES: dict[str, Message] = {
    "free": term("needs no sign-off", "state of a slot"), "signed": term("signed off", "state of a slot"),
    "open": term("to be signed off", "state of a slot"), "blocked": term("blocked: not signed off", "state of a slot"),
}  # fmt: skip


def slots(table: pd.DataFrame, *, team: Team, weeks: int, off: pd.DataFrame | None = None) -> Section:
    """Return the slots of the coming *weeks* (*table*: `slots`), and the pieces *off* their series' days (`off_series`)."""
    if table.empty:
        return Section.of(
            Finding.nothing("slots", say("{file} names no series for this market", file=Written("calendar.yml")))
        )
    blocked, near = table[table["state"] == "blocked"], table[table["moments"].map(len) > 0]
    title = (
        say_n("{n} slot is blocked: nobody has signed it off", "{n} slots are blocked: nobody has signed them off", n=len(blocked))
        if len(blocked) else say_n("{n} slot to fill", "{n} slots to fill", n=len(table))
    )  # fmt: skip
    told: list[Sayable] = [say("“{series}” on {day}: {given} of {asked} approvals.", series=Written(row["name"]), day=row["date"],
                               given=int(row["given"]), asked=int(row["asked"])) for row in blocked.to_dict("records")]  # fmt: skip
    told.append(
        say_n("In {weeks} weeks there is {n} slot", "In {weeks} weeks there are {n} slots", n=len(table), weeks=weeks)
    )
    told[-1] = say("{sentence}.", sentence=told[-1])
    if len(near):
        told.append(
            say_n(
                "{n} of them falls on a day that matters in the market.",
                "{n} of them fall on days that matter in the market.",
                n=len(near),
            )
        )
    told += _off(off)
    finding = Finding(
        id="slots", title=title, text=Sentences.of(*told), severity="alert" if len(blocked) else "info", weight="chapter",
        code="blocked" if len(blocked) else "open", estimate=float(len(blocked)), n=len(table),
        unit=Unit("count", term("slots", "unit")), label=term("Slots blocked", "label of a finding"),
        about=first_few([say("“{series}”, {day} ({who})", series=Written(row["name"]), day=Day.of(row["date"]),
                             who=who(team, row["owner"])) for row in blocked.to_dict("records")]),
    )  # fmt: skip
    shown = pd.DataFrame({
        "date": table["date"], "series": [Written(one) for one in table["name"]],
        "where": [words.platform(one) for one in table["platform"]],
        "format": [words.posts_of(one, first=True) if one else None for one in table["format"]],
        "who": [who(team, one) for one in table["owner"]], "state": [STATES[one] for one in table["state"]],
        "moments": [Listed.of([Written(name) for name in names], how="plain") if names else None for names in table["moments"]],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "date": term("Day", "heading"), "series": term("Series", "heading"), "where": term("Where", "heading"),
        "format": term("Format", "heading"), "who": term("Who", "heading"), "state": term("Sign-off", "heading"),
        "moments": term("Falls on", "heading"),
    }  # fmt: skip
    listed = charts.table(shown, columns=columns, caption=say("Slots of the coming weeks"))
    return Section.of(finding, listed, handouts=(_slots_by_day(shown, table), _slots_to_track(shown)))


def _off(off: pd.DataFrame | None) -> list[Sayable]:
    """Return which pieces of the calendar no slot takes up, by name: they would be missed without a word."""
    if off is None or off.empty:
        return []
    pieces = [
        say("“{series}” on {day}", series=Written(row["name"]), day=Day.of(row["date"]))
        for row in off.to_dict("records")
    ]
    return [
        say_n(
            "{n} planned piece is in no slot, as its series does not appear on that weekday or in this market: {pieces}.",
            "{n} planned pieces are in no slot, as their series do not appear on that weekday or in this market: {pieces}.",
            n=len(off), pieces=Listed.of(pieces),
        )
    ]  # fmt: skip


def _slots_by_day(shown: pd.DataFrame, table: pd.DataFrame) -> Agenda:
    """Return the slots as all-day events: no register sets an hour."""
    events = tuple(
        Event(f"{row['date']} {key}", _slot(row), row["date"], note=row["state"])
        for row, key in zip(shown.to_dict("records"), table["series"], strict=True)
    )
    return Agenda("slots", say("Slots of the coming weeks"), events)


def _slots_to_track(shown: pd.DataFrame) -> Listing | None:
    given = [Task(_slot(row), row["who"], None, row["date"], row["state"], row["moments"], "slot")
             for row in shown.to_dict("records")]  # fmt: skip
    return tasks("slots", say("Slots of the coming weeks"), given)


def _slot(row: Mapping[Hashable, Any]) -> Message:
    return say("{series}, {platform}", series=row["series"], platform=row["where"])


def kept(table: pd.DataFrame, *, period: Period, posts: int) -> Section:
    """Return whether the slots of a *period* were kept (*table*: `kept_slots`); *posts*: how many there are."""
    if table.empty:
        return Section.of(
            Finding.nothing("kept", say("{file} names no series for this market", file=Written("calendar.yml")))
        )
    table, unknown = table.dropna(subset=["kept"]), table[table["kept"].isna()]
    if not posts or table.empty:
        return Section.of(
            Finding.nothing(
                "kept",
                say(
                    "no post of these weeks, on a platform of the series, is in the warehouse; post exports bring them"
                ),
            )
        )
    told = share_of(table)
    hit, all_slots = int(table["kept"].sum()), int(table["planned"].sum())
    finding = Finding(
        id="kept", title=say("{kept} of {planned} slots were kept, {period}", kept=hit, planned=all_slots, period=period),
        text=Sentences.of(
            say("{kept} of {planned} slots, {share} ({interval}). A slot counts as kept when a post of its format went out on "
                "its day: which series it belonged to, no export tells.",
                kept=hit, planned=all_slots, share=Percent(told.estimate), interval=Span.of(told.ci_lower, told.ci_upper)),
            say("Not judged, as no post of their platform is in the data: {series}.",
                series=Listed.of(Written(one) for one in unknown["name"])) if len(unknown) else None,
        ),
        severity="watch" if told.ci_upper < 0.9 else "good" if told.ci_lower > 0.75 else "info", weight="chapter",
        code="missed" if told.ci_upper < 0.9 else "kept", estimate=told.estimate, ci_lower=told.ci_lower, ci_upper=told.ci_upper,
        unit=Unit("share", term("of slots", "unit")), n=all_slots,
        label=term("Slots with a post of their format on the day", "label of a finding"),
        method=say("Days of the market's time; one post keeps one slot; Wilson interval."),
    )  # fmt: skip
    drawn = table.assign(label=named(table), n=table["planned"])
    chart = charts.intervals(
        drawn[["label", "estimate", "ci_lower", "ci_upper", "n"]], label="label",
        words=Words(title=say("Slots kept, by series"),
            subtitle=say("Share of the slots of {period}, 95% intervals", period=period),
                    axis=term("share of slots", "axis"), alt=finding.text),
    )  # fmt: skip
    return Section.of(finding, chart)


def by_users(measured: Interval | None, band: tuple[float, float] | None) -> Section:
    """Return the share of what is made by users, against the band the calendar asks for now."""
    if measured is None or not measured.n:
        return Section.of(
            Finding.nothing(
                "by_users", say("no mention of the last 28 days says who made it; a listening export brings it")
            )
        )
    severity: Severity = "info"
    share, span = Percent(measured.estimate), Span.of(measured.ci_lower, measured.ci_upper)
    if band is None:
        text: Sayable = say(
            "{file} asks for no share here: it names no launch in this market.", file=Written("calendar.yml")
        )
        title, code = say("{share} of the public posts about us are by users", share=share), "no_band"
    else:
        below, above = measured.ci_upper < band[0], measured.ci_lower > band[1]
        text = say(
            "{share} ({interval}) of what others and we said in public. The {band} in the calendar is of our own output: another "
            "count.",
            share=share,
            interval=span,
            band=Range.of(*band),
        )
        code = "below" if below else "above" if above else "near"
        title = say("{share} of the public posts about us are by users", share=share)
    return Section.of(Finding(
        id="by_users", title=title, text=text, severity=severity, code=code, weight="chapter", n=measured.n,
        estimate=measured.estimate, ci_lower=measured.ci_lower, ci_upper=measured.ci_upper,
        unit=Unit("share", term("of pieces", "unit")), label=term("Made by users", "label of a finding"),
    ))  # fmt: skip
