"""A crisis by the clock, the words that are ready for it, and whether it was practised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from string import Formatter

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.playbooks.shared import NOBODY, by, first_few
from fanops_utils.text import (
    Listed,
    Message,
    Sayable,
    Sentences,
    Texts,
    Unit,
    Written,
    catalogue,
    in_words,
    say,
    say_n,
    speak,
    term,
)
from fanops_utils.text.sentences.message import Worded
from fanops_utils.workspace.operations.pattern import Pattern
from fanops_utils.workspace.operations.team import Team

CHECKLIST: tuple[Sayable, ...] = (
    term("Summary", "column of a task"), term("By, local time", "heading"), term("Assignee", "column of a task"),
    term("Role", "heading"), term("If away", "heading"), term("Done at", "column of a task"),
)  # fmt: skip
FACTS: dict[str, Message] = {
    "what_happened": term("what happened", "fact to be known"), "what_we_do": term("what we do now", "fact to be known"),
    "by_when": term("by when", "fact to be known"), "known_since": term("known since", "fact to be known"),
    "facts": term("what is known", "fact to be known"), "open": term("what is not known yet", "fact to be known"),
    "next_report": term("next report", "fact to be known"), "where_it_is": term("where it is", "fact to be known"),
    "sent_on": term("sent on", "fact to be known"), "expected_on": term("expected on", "fact to be known"),
}  # fmt: skip


def clock(table: pd.DataFrame | None, *, level: int, alarm: datetime, zone: str) -> Section:
    """Return what is done when, by whom (*table*: `timed`; None: no checklist) after an *alarm* (local) at *level*."""
    if table is None or table.empty:
        why = say("no checklist for a crisis of this level lies in {folder}", folder=Written("templates/"))
        return Section.of(Finding.nothing("clock", why))
    open_steps = table[table["person"].isna()]
    timed = table["due"].dropna()
    last = by(timed.iloc[-1], alarm) if len(timed) else "—"
    told: list[Sayable] = [say(
        "After an alarm at {alarm} ({zone}) the last step is due at {last}.",
        alarm=Written(alarm.strftime("%H:%M")), zone=Written(zone), last=Written(last),
    )]  # fmt: skip
    told += [say("Nobody is named for “{step}”.", step=Written(row["do"])) for row in open_steps.to_dict("records")]
    title = (
        say_n("For {n} step of the crisis nobody is named", "For {n} steps of the crisis nobody is named", n=len(open_steps))
        if len(open_steps) else say_n("{n} step, and somebody is named for it", "{n} steps, and somebody is named for each",
            n=len(table))
    )  # fmt: skip
    finding = Finding(
        id="clock", title=title, text=Sentences.of(*told), weight="chapter", n=len(table),
        severity="alert" if len(open_steps) else "good", code="gaps" if len(open_steps) else "named",
        estimate=float(len(open_steps)), unit=Unit("count", term("steps", "unit")), label=term("Steps nobody is named for",
            "label of a finding"),
    )  # fmt: skip
    shown = pd.DataFrame({
        "due": [Written(by(one, alarm)) if pd.notna(one) else None for one in table["due"]],
        "do": [Written(one) for one in table["do"]],
        "role": [Written(one) if one else NOBODY for one in table["role"]],
        "person": [Written(one) if one else NOBODY for one in table["person"]],
        "other": [Written(one) if one else NOBODY for one in table["stand_in_person"]],
        "box": [Written("☐")] * len(table),
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "due": term("By, local time", "heading"), "do": term("What is done", "heading"), "role": term("Role", "heading"),
        "person": term("Who", "heading"), "other": term("If away", "heading"), "box": term("Done", "heading"),
    }  # fmt: skip
    caption = say("Checklist for level {level} of 3; 1 is the worst", level=Written(str(level)))
    steps = Listing("checklist", say("Checklist of the crisis"), CHECKLIST, tuple(
        (row["do"], Written(f"{due:%Y-%m-%d %H:%M}") if pd.notna(due) else None, row["person"], row["role"], row["other"], None)
        for row, due in zip(shown.to_dict("records"), table["due"], strict=True)
    ))  # fmt: skip
    return Section.of(finding, charts.table(shown, columns=columns, caption=caption), handouts=(steps,))


def statements(patterns: Iterable[Pattern], *, team: Team) -> Section:
    """Return which statements and replies are ready, what must be known for each, and who signs."""
    ready = [one for one in patterns if one.kind in ("statement", "reply")]
    if not ready:
        return Section.of(
            Finding.nothing("statements", say("no statement or reply lies in {folder}", folder=Written("templates/")))
        )
    rules = {rule.id: rule for rule in team.sign_offs}
    lost = [one for one in ready if one.sign_off and one.sign_off not in rules]
    short = [
        one for one in ready if one.sign_off in rules and _signers(team, one.sign_off) < rules[one.sign_off].approvals
    ]
    title = (
        say_n("{n} statement cannot be signed as things stand", "{n} statements cannot be signed as things stand",
            n=len(lost) + len(short))
        if lost or short else say_n("{n} text is ready to be filled", "{n} texts are ready to be filled", n=len(ready))
    )  # fmt: skip
    told: list[Sayable] = [
        say("“{text}” names a sign-off that {file} does not have.", text=Written(one.name), file=Written("team.yml"))
        for one in lost
    ]
    told += [
        say("“{text}” asks for {asked} approvals by different persons; {there} can give one.", text=Written(one.name),
            asked=rules[str(one.sign_off)].approvals, there=_signers(team, str(one.sign_off)))
        for one in short
    ]  # fmt: skip
    finding = Finding(
        id="statements", title=title, text=Sentences.of(*told) if told
            else say("Each is sent only when everything in brackets is known."),
        severity="watch" if told else "good", code="unsigned" if told else "ready", weight="chapter", n=len(ready),
        about=first_few([say("“{text}”", text=Written(one.name)) for one in (*lost, *short)]),
    )  # fmt: skip
    shown = pd.DataFrame({
        "name": [Written(one.name) for one in ready], "text": [_filled(one) for one in ready],
        "facts": [Listed.of([_fact(name) for name in one.facts], how="plain") if one.facts else None for one in ready],
        "sign": [Written(rules[one.sign_off].name) if one.sign_off in rules else None for one in ready],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "name": term("Text", "heading"), "text": term("Words", "heading"), "facts": term("Must be known", "heading"),
        "sign": term("Signed as", "heading"),
    }  # fmt: skip
    if shown["sign"].isna().all():
        del columns["sign"]
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("Texts agreed beforehand")))


def _fact(name: str) -> Sayable:
    """Return what has to be known before a text goes out, by the name it has in the text."""
    return FACTS.get(name) or in_words(name)


def _filled(one: Pattern) -> Sayable:
    """Return the text agreed beforehand, what has to be known said in words in its place."""
    texts = one.text.texts if isinstance(one.text, Worded) else (("", one.text or ""),)
    said = []
    for language, text in texts:
        spoken = language if language in catalogue.languages() else "en"
        # braces that are doubled stand for themselves, whatever is between them
        parts = [before + (f"[{speak(_fact(name), spoken)}]" if name is not None else "")
                 for before, name, _, _ in Formatter().parse(text)]  # fmt: skip
        said.append((language, "".join(parts)))
    return Texts(tuple(said)) if said[0][0] else Written(said[0][1])


def _signers(team: Team, rule: str | None) -> int:
    """Return how many different persons fill the roles whose approval counts under *rule*."""
    (found,) = [one for one in team.sign_offs if one.id == rule]
    roles = [team.role(name) for name in found.roles]
    return len({str(role.person) for role in roles if role and role.person})
