"""Who is told in a crisis, in which order, by whom and by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.tasks import Task, tasks
from fanops_utils.sections.playbooks.shared import NOBODY, by, who
from fanops_utils.text import Sayable, Sentences, Unit, Written, say, say_n, term
from fanops_utils.workspace.operations.team import Team
from fanops_utils.workspace.registers.crisis import Stakeholder


def stakeholders(register: Iterable[Stakeholder], *, team: Team, level: int, alarm: datetime, zone: str) -> Section:
    """Return who is told at *level* after an *alarm* (local, in *zone*), in the order of `crisis.yml`."""
    listed = [one for one in register if level in one.levels]
    if not listed:
        why = say(
            "{file} names nobody who is told at this level ({key})",
            file=Written("crisis.yml"),
            key=Written("stakeholders"),
        )
        return Section.of(Finding.nothing("stakeholders", why))
    callers = [_caller(team, one) for one in listed]
    silent = callers.count(None)
    title = (
        say_n("{n} group is told by nobody", "{n} groups are told by nobody", n=silent)
        if silent
        else say_n("{n} group to be told, and somebody tells it", "{n} groups to be told, and somebody tells each",
            n=len(listed))
    )  # fmt: skip
    finding = Finding(
        id="stakeholders", title=title, code="gaps" if silent else "named", severity="watch" if silent else "good",
        weight="chapter", n=len(listed), estimate=float(silent), unit=Unit("count", term("groups", "unit")),
        label=term("Groups nobody tells", "label of a finding"),
        text=Sentences.of(
            say("From the top: who is hit hardest or can forbid us first, the public last."),
            say("Facts under our own name only; nobody is paid to speak for us."),
        ),
    )  # fmt: skip
    shown = pd.DataFrame({
        "place": [Written(str(place)) for place in range(1, len(listed) + 1)],
        "name": [Written(one.name) for one in listed],
        "by": [_due(one, alarm, zone) for one in listed],
        "how": [Written(one.how) if one.how else None for one in listed],
        "role": [who(team, one.owner) for one in listed],
        "person": [Written(person) if person else NOBODY for person in callers],
        "box": [Written("☐")] * len(listed),
    }, dtype=object)  # fmt: skip
    columns: dict[str, Sayable] = {
        "place": term("Order", "heading"), "name": term("Who is told", "heading"), "by": term("By, local time", "heading"),
        "how": term("How", "heading"), "role": term("Role", "heading"), "person": term("Who", "heading"),
        "box": term("Done", "heading"),
    }  # fmt: skip
    caption = say("Who is told, in this order")
    given = [
        Task(row["name"], row["person"], status=None, note=row["by"], label="stakeholders")
        for row in shown.to_dict("records")
    ]
    return Section.of(
        finding,
        charts.table(shown, columns=columns, caption=caption),
        handouts=(tasks("stakeholders", caption, given),),
    )


def _caller(team: Team, one: Stakeholder) -> str | None:
    role = team.role(one.owner)
    return role.person if role else None


def _due(one: Stakeholder, alarm: datetime, zone: str) -> Sayable | None:
    if one.minutes is None:
        return None
    due = (alarm.astimezone(UTC) + timedelta(minutes=one.minutes)).astimezone(ZoneInfo(zone))
    return Written(by(due, alarm))
