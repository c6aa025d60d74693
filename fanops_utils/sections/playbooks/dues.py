"""What is asked of us and what could go wrong: obligations that are due, risks without an owner or an eye on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import Interval
from fanops_utils.models.operations.duties import alarm_anywhere, ringing_in, stale
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Agenda, Event, Listing
from fanops_utils.playbook.tasks import Task, tasks
from fanops_utils.sections.playbooks.shared import first_few, who
from fanops_utils.text import Listed, Message, Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.operations.risks import Risk
from fanops_utils.workspace.operations.team import Team

STATES: dict[str, Message] = {
    "never": term("not done yet", "state of an obligation"), "overdue": term("overdue", "state of an obligation"),
    "soon": term("due soon", "state of an obligation"), "done": term("done", "state of an obligation"),
}  # fmt: skip
ALARMS: dict[str, Message] = {
    "ringing": term("past its trigger", "alarm of a risk"), "clear": term("quiet", "alarm of a risk"),
    "unsure": term("cannot be told", "alarm of a risk"), "unknown": term("not measured", "alarm of a risk"),
}  # fmt: skip


def obligations(table: pd.DataFrame, *, team: Team) -> Section:
    """Return which obligations are open (*table*: `obligations`)."""
    if table.empty:
        return Section.of(
            Finding.nothing(
                "obligations", say("{file} names no obligation for this market", file=Written("regulations.yml"))
            )
        )
    late = table[table["state"].isin(["never", "overdue"])]
    unchecked = int(table["checked"].isna().sum())
    title = (
        say_n("{n} obligation is not on record as done", "{n} obligations are not on record as done", n=len(late))
        if len(late) else say("All obligations are on record as done")
    )  # fmt: skip
    text = say_n("Of {n} no lawyer has written down that it is in force. This page is no legal advice.",
                 "Of {n} no lawyer has written down that they are in force. This page is no legal advice.",
                     n=unchecked)  # fmt: skip
    finding = Finding(
        id="obligations", title=title, text=text, severity="watch" if len(late) else "good", weight="chapter",
        code="open" if len(late) else "done", estimate=float(len(late)), unit=Unit("count", term("obligations", "unit")),
        n=len(table), label=term("Obligations open", "label of a finding"),
        about=first_few([say("“{name}” ({who})", name=Written(row["name"]), who=who(team, row["owner"]))
                         for row in late.to_dict("records")]),
    )  # fmt: skip
    shown = pd.DataFrame({
        "name": [Written(one) for one in table["name"]], "law": [Written(one) if one else None for one in table["law"]],
        "who": [who(team, one) for one in table["owner"]], "done": table["done"], "due": table["due"],
        "state": [STATES[one] for one in table["state"]],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "name": term("What is asked", "heading"), "law": term("By", "heading"), "who": term("Who", "heading"),
        "done": term("Last done", "heading"), "due": term("Due again", "heading"), "state": term("State", "heading"),
    }  # fmt: skip
    return Section.of(
        finding, charts.table(shown, columns=columns, caption=say("Obligations")), handouts=_to_fulfil(table, team)
    )


def _to_fulfil(table: pd.DataFrame, team: Team) -> tuple[Agenda | None, Listing | None]:
    """Return the days on which obligations are due again, and all of them as tasks."""
    rows = table.to_dict("records")
    events = tuple(
        Event(row["id"], say("Due: {name}", name=Written(row["name"])), row["due"], note=who(team, row["owner"]))
        for row in rows
        if row["due"]
    )
    listed = tasks("obligations", say("Obligations"), [
        Task(Written(row["name"]), who(team, row["owner"]), None, row["due"], STATES[row["state"]],
             Written(row["law"]) if row["law"] else None, "obligation")
        for row in rows
    ])  # fmt: skip
    return Agenda("obligations", say("Obligations due"), events) if events else None, listed


def risks(
    listed: tuple[Risk, ...], measured: Mapping[str, Mapping[str, tuple[Interval, ...]]], *, team: Team, on: date
) -> Section:
    """Return which risks ring, have no owner, or were not looked at for a quarter.

    *measured*: id of a risk to market to the numbers of its metric.
    """
    if not listed:
        return Section.of(
            Finding.nothing("risks", say("{file} names no risk for this market", file=Written("risks.yml")))
        )
    alarms = {one.id: _alarm(one, measured.get(one.id, {})) for one in listed}
    ringing = [one for one in listed if alarms[one.id] == "ringing"]
    ownerless, unseen = [one for one in listed if not one.owner], [one for one in listed if stale(one.reviewed, on=on)]
    told: list[Sayable] = [
        say(
            "“{risk}” is past its trigger in {markets}.",
            risk=Written(one.name),
            markets=Listed.of(ringing_in(one, measured[one.id])),
        )
        for one in ringing
        if len(ringing) > 1  # one alone is the title
    ]
    told.append(say_n("{n} risk has no owner.", "{n} risks have no owner.", n=len(ownerless)))
    told.append(
        say_n(
            "At {n} nobody has looked for a quarter or more.",
            "At {n} nobody has looked for a quarter or more.",
            n=len(unseen),
        )
    )
    if len(ringing) == 1:
        where = Listed.of(ringing_in(ringing[0], measured[ringing[0].id]))
        title = say("“{risk}” is past its trigger in {markets}", risk=Written(ringing[0].name), markets=where)
    elif ringing:
        title = say_n("{n} risk is past its trigger", "{n} risks are past their triggers", n=len(ringing))
    elif ownerless:
        title = say_n("{n} risk has no owner", "{n} risks have no owner", n=len(ownerless))
    else:
        title = say("Every risk has an owner, and none is known to be past its trigger")
    finding = Finding(
        id="risks", title=title, text=Sentences.of(*told), weight="chapter", n=len(listed),
        about=first_few([
            say("“{risk}” in {markets} ({who})", risk=Written(one.name), who=who(team, one.owner),
                markets=Listed.of(ringing_in(one, measured[one.id])))
            for one in ringing
        ]) if ringing else first_few([say("“{risk}”", risk=Written(one.name)) for one in ownerless]),
        severity="alert" if ringing else "watch" if ownerless or unseen else "good",
        code="ringing" if ringing else "ownerless" if ownerless else "stale" if unseen else "calm",
        estimate=float(len(ownerless)), unit=Unit("count", term("risks", "unit")),
        label=term("Risks without an owner", "label of a finding"),
        method=say("A risk is past its trigger when the whole interval of the last 28 days lies beyond it in one market or more."),
    )  # fmt: skip
    return Section.of(finding, _register(listed, alarms, team))


def _register(listed: tuple[Risk, ...], alarms: Mapping[str, str], team: Team) -> charts.Table:
    """Return the risks *listed*, with what their alarm says of each."""
    ordered = sorted(listed, key=lambda one: (alarms[one.id] != "ringing", -(one.level or 0)))
    shown = pd.DataFrame({
        "risk": [Written(one.name) for one in ordered], "sign": [Written(one.sign) if one.sign else None for one in ordered],
        "measure": [Written(one.measure) if one.measure else None for one in ordered],
        "who": [who(team, one.owner) for one in ordered],
        "level": [Written(str(one.level)) if one.level else None for one in ordered],
        "alarm": [ALARMS.get(alarms[one.id]) for one in ordered], "seen": [one.reviewed for one in ordered],
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "risk": term("Risk", "heading"), "sign": term("Seen by", "heading"), "measure": term("What is done", "heading"),
        "who": term("Who", "heading"), "level": term("Level, of 25", "heading"), "alarm": term("Now", "heading"),
        "seen": term("Last looked at", "heading"),
    }  # fmt: skip
    return charts.table(shown, columns=columns, caption=say("Risks, the gravest first"))


def _alarm(risk: Risk, measured: Mapping[str, tuple[Interval, ...]]) -> str:
    here = [one for name, numbers in measured.items() if not risk.markets or name in risk.markets for one in numbers]
    return alarm_anywhere(risk, here)
