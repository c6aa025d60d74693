"""Partners before and after they are chosen: gates, the register's score as a choice, what is due."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from fanops_utils import charts, models
from fanops_utils.models.operations import choosing
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Agenda, Event
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import TIERS
from fanops_utils.sections.playbooks.shared import first_few
from fanops_utils.text import (
    Day,
    Listed,
    Message,
    Number,
    Sayable,
    Sentences,
    Unit,
    Written,
    catalogue,
    say,
    say_n,
    speak,
    term,
)
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace.operations.partners import Area, Partners
from fanops_utils.workspace.registers.choice import Choice

SOON = timedelta(days=14)
KINDS: dict[str, Message] = {
    "agency": term("agency", "kind of partner"), "creator": term("creator", "kind of partner"),
    "brand": term("brand", "kind of partner"), "supplier": term("supplier", "kind of partner"),
    "platform": term("platform", "kind of partner"),
}  # fmt: skip
STATES: dict[str, Message] = {
    "out": term("out", "standing of a partner"), "ended": term("ended", "standing of a partner"),
    "checking": term("a gate is open", "standing of a partner"), "ends_soon": term("ends within 30 days", "standing of a partner"),
    "in": term("all gates passed", "standing of a partner"),
}  # fmt: skip
AREAS: dict[Area, Message] = {
    "effect": term("Effect", "area of a score"), "service": term("Service", "area of a score"),
    "innovation": term("Innovation", "area of a score"),
}  # fmt: skip
DUE: dict[str, Message] = {
    "review": term("Review", "what is due with a partner"), "notice": term("Last day for notice", "what is due with a partner"),
    "end": term("The agreement ends", "what is due with a partner"),
}  # fmt: skip


def gates(table: pd.DataFrame, *, paid: Iterable[str] = ()) -> Section:
    """Return who passed the gates of `partners.yml` (*table*: `gate_table`), and who works without having passed them.

    *paid*: names of the partners that settlements name; those whose agreement has no first day are told.
    """
    if table.empty:
        return Section.of(Finding.nothing("gates", say("{file} names no partner", file=Written("partners.yml"))))
    breach, out = table[table["breach"].astype(bool)], table[table["state"] == "out"]
    passed = int(((table["passed"] == table["gates"]) & (table["state"] != "ended")).sum())
    title = (
        say_n("{n} agreement runs though a gate failed or is open", "{n} agreements run though a gate failed or is open",
            n=len(breach))
        if len(breach) else say("{passed} of {all} partners passed all gates", passed=passed, all=len(table))
    )  # fmt: skip
    told: list[Sayable] = []
    for row in breach.to_dict("records"):
        partner = Written(row["name"])
        if row["failed"]:
            told.append(say("{partner} failed: {gates}.", partner=partner, gates=_names(row["failed"])))
        else:
            told.append(say("Still open for {partner}: {gates}.", partner=partner, gates=_names(row["open"])))
    about = [
        say("{partner} (failed: {gates})", partner=Written(row["name"]), gates=_names(row["failed"])) if row["failed"]
        else say("{partner} (open: {gates})", partner=Written(row["name"]), gates=_names(row["open"]))
        for row in breach.to_dict("records")
    ]  # fmt: skip
    undated = sorted(set(paid) - set(table.loc[table["dated"].astype(bool), "name"]))
    unknown = say_n(
        "{n} partner is paid without a first day of an agreement in {file}: whether a gate is open there is not counted.",
        "{n} partners are paid without a first day of an agreement in {file}: whether a gate is open there is not counted.",
        n=len(undated), file=Written("partners.yml"),
    )  # fmt: skip
    lost = say_n("{n} is out: it failed a gate.", "{n} are out: they failed a gate.", n=len(out))
    finding = Finding(
        id="gates", title=title, code="breach" if len(breach) else "kept", severity="watch" if len(breach) else "good",
        weight="chapter", n=len(table), estimate=float(len(breach)), unit=Unit("count", term("agreements", "unit")),
        label=term("Agreements past an open gate", "label of a finding"), about=first_few(about),
        text=Sentences.of(*told, lost if len(out) else None, unknown if undated else None,
                          say("Who fails a gate is out, whatever the score.")),
    )  # fmt: skip
    shown = table.assign(
        name=cells(Written(one) for one in table["name"]), kind=cells(KINDS[one] for one in table["kind"]),
        tier=cells(TIERS.get(one) if one else None for one in table["tier"]),
        passed=cells(say("{passed} of {all}", passed=int(passed), all=int(every))
                     for passed, every in zip(table["passed"], table["gates"], strict=True)),
        failed=cells(_names(one) if one else None for one in table["failed"]),
        open=cells(_open(one, every) for one, every in zip(table["open"], table["gates"], strict=True)),
        state=cells(STATES[one] for one in table["state"]),
    )  # fmt: skip
    heads = {
        "name": term("Partner", "column"), "kind": term("Kind", "column"), "tier": term("Tier", "column"),
        "state": term("State", "column"), "passed": term("Gates passed", "column"), "failed": term("Failed", "column"),
        "open": term("Open", "column"), "score": term("Score, 0 to 5", "column"),
    }  # fmt: skip
    caption = say("Partners at the gates. Gates are those ticked in {file}; the dates of duties are not read here",
                  file=Written("partners.yml"))  # fmt: skip
    listed = charts.table(shown, columns=heads, formats={"score": lambda value: Number(value, 1)}, caption=caption)
    return Section.of(finding, listed)


def _open(names: list[str], gates: int) -> Sayable | None:
    if len(names) == gates:
        return term("all of them", "open gates of a partner")
    return _names(names) if names else None


def _names(names: list[str]) -> Sayable:
    return Listed.of([Written(one) for one in names], how="plain")


def weighed(register: Partners, *, market: str | None, on: date) -> Mapping[str, tuple[Choice, models.Score]]:
    """Return the scores of `partners.yml` as a weighed choice, for `sections.choice.choices`; empty where nobody is scored."""
    question = _in_all(say("Which partner stands first by its last review?"))
    choice = choosing.as_choice(
        register, market=market, on=on, question=question, names={area: _in_all(name) for area, name in AREAS.items()}
    )
    return {choice.id: (choice, models.score(choice))} if choice else {}


def _in_all(message: Message) -> Worded:
    """Return *message* as a register would give it: in every language."""
    return Worded({language: speak(message, language) for language in catalogue.languages()})


def _dated(row: Mapping[Hashable, Any]) -> Message:
    return say("{partner} ({what}, {day})", partner=Written(row["name"]), what=DUE[row["kind"]], day=Day.of(row["day"]))


def due(table: pd.DataFrame, *, on: date) -> Section:
    """Return what is due with partners in the 90 days after *on* (*table*: `dates_ahead`), by name what is late or near."""
    if table.empty:
        return Section.of(
            Finding.nothing(
                "due", say("{file} names no agreement that runs (start, end)", file=Written("partners.yml"))
            )
        )
    late = table[table["overdue"].astype(bool)]
    soon = table[~table["overdue"].astype(bool) & (pd.to_datetime(table["day"]) <= pd.Timestamp(on) + SOON)]
    code = "overdue" if len(late) else "soon" if len(soon) else "on_time"
    told, near = ([_dated(row) for row in part.to_dict("records")] for part in (late, soon))
    title = (
        say_n("{n} review or notice of a partner is overdue", "{n} reviews or notices of partners are overdue", n=len(late))
        if len(late)
        else say_n("{n} date with a partner in the coming two weeks", "{n} dates with partners in the coming two weeks",
            n=len(soon))
        if len(soon) else say("Nothing with partners is overdue")
    )  # fmt: skip
    finding = Finding(
        id="due", title=title, code=code, severity="good" if code == "on_time" else "watch",
        weight="chapter", n=len(table), estimate=float(len(late)), unit=Unit("count", term("dates", "unit")),
        label=term("Dates overdue", "label of a finding"), about=first_few([*told, *near], most=5),
        text=Sentences.of(
            say("Overdue: {dates}.", dates=Listed.of(told)) if told else None,
            say("In the coming two weeks: {dates}.", dates=Listed.of(near)) if near else None,
            say("A review falls due a quarter after the last, notice 30 days before the end: the contract may say otherwise."),
            say("After a review: reward, advice, another form, or exit; the best get joint development."),
        ),
    )  # fmt: skip
    shown = table.assign(name=cells(Written(one) for one in table["name"]), kind=cells(DUE[one] for one in table["kind"]),
                         late=cells(term("overdue", "date of a partner") if one else None for one in table["overdue"]))  # fmt: skip
    heads = {
        "day": term("Day", "column"), "name": term("Partner", "column"), "kind": term("What is due", "column"),
        "late": term("State", "column"),
    }  # fmt: skip
    events = tuple(
        Event(f"{row['id']} {row['kind']}", say("{what}: {partner}", what=DUE[row["kind"]], partner=Written(row["name"])),
              row["day"])
        for row in table.to_dict("records")
    )  # fmt: skip
    called = say("Dates with partners")
    agenda = Agenda("partner_dates", called, events)
    return Section.of(finding, charts.table(shown, columns=heads, caption=called), handouts=(agenda,))
