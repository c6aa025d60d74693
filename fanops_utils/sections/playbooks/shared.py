"""What the playbooks share: whether their registers are filled, the names of roles, the verdict, the figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from fanops_utils.playbook import Check, Finding, KeyNumber, KeyNumbers, Section, Severity
from fanops_utils.playbook.findings import RANK
from fanops_utils.playbook.handouts import Agenda, Handout, Listing
from fanops_utils.sections.data_checks import check
from fanops_utils.text import Listed, Message, Sayable, Sentences, Written, say, say_n, term
from fanops_utils.workspace.operations.team import Team

NAME = term("Registers", "check")
AGREED, DEFAULT = term("Agreed", "column"), term("default, nobody has agreed on it", "entry of a register")
NOBODY = term("nobody", "who does it")


def filled(defaults: dict[str, bool], *, empty: Iterable[str] = ()) -> Check:
    """Return whether the registers (file name: still the defaults) are the workspace's own; *empty* ones hold nothing."""
    untouched, missing = [name for name, still in defaults.items() if still], list(empty)
    if not untouched and not missing:
        return check("registers", "PASS", say("the registers behind this are the brand's own"), name=NAME)
    told: list[Sayable] = []
    if untouched:
        told.append(say("{files} still hold the defaults: nobody has agreed on them", files=_files(untouched)))
    if missing:
        told.append(say("{files} hold nothing yet", files=_files(missing)))
    action = say("Make the entries yours, then delete the line {line}", line=Written("defaults: true"))
    return check("registers", "REVIEW", Listed.of(told), action, name=NAME)


def marked(section: Section, *, defaults: bool) -> Section:
    """Return *section*; where its register still holds the *defaults*, its files say so as the page does: title and rows."""
    if not defaults:
        return section
    return replace(section, handouts=tuple(_as_default(one) for one in section.handouts))


def _as_default(one: Handout) -> Handout:
    title = say("{title} (defaults: nobody has agreed on them)", title=one.title)
    if isinstance(one, Listing):
        return replace(
            one, title=title, columns=(*one.columns, AGREED), rows=tuple((*row, DEFAULT) for row in one.rows)
        )
    if isinstance(one, Agenda):
        events = tuple(replace(event, note=Listed.of([DEFAULT, event.note], how="plain") if event.note else DEFAULT)
                       for event in one.events)  # fmt: skip
        return replace(one, title=title, events=events)
    return one


def _files(names: Sequence[str]) -> Listed:
    return Listed.of(Written(name) for name in names)


def who(team: Team, name: str | None) -> Sayable:
    """Return the role with id *name* as readers call it; what is no role of the team as written, nobody where None."""
    if name is None:
        return NOBODY
    role = team.role(name)
    return Written(role.name if role else name)


def people(team: Team, names: Iterable[str]) -> Sayable | None:
    """Return the roles *names* in a row; None without any."""
    told = [who(team, name) for name in names]
    return Listed.of(told, how="plain") if told else None


def verdict(answers: Iterable[Section], *, nothing: Message, own: bool = True) -> tuple[Sayable, Severity]:
    """Return the gravest of *answers* as title, the next ones after it; *nothing* where none has anything.

    *own* is whether a register is the brand's own: of defaults alone nothing is concluded.
    """
    if not own:
        untouched = say("What stands here are defaults: nobody has agreed on them.")
        return Sentences.of(untouched, say("Fill the registers first; then this page says what is missing.")), "info"
    told = [answer.finding for answer in answers if answer.finding.ok]
    if not told:
        return nothing, "info"
    ranked = sorted(told, key=lambda finding: RANK[finding.severity])
    others = [say("{sentence}.", sentence=one.title) for one in ranked[1:3] if one.severity in ("alert", "watch")]
    return Sentences.of(say("{sentence}.", sentence=ranked[0].title), *others), ranked[0].severity


def key_numbers(*answers: Section) -> KeyNumbers:
    """Return what *answers* counted, each under its label, six at most."""
    told = [answer.finding for answer in answers]
    return KeyNumbers.of(*(_figure(one) for one in [one for one in told if one.label][:6]))


def _figure(finding: Finding) -> KeyNumber | None:
    if not finding.ok or finding.unit is None or finding.estimate is None or finding.label is None:
        return None
    return KeyNumber(id=finding.id, label=finding.label, value=finding.unit.value(finding.estimate))


def first_few(told: Sequence[Sayable], *, most: int = 3) -> Sayable | None:
    """Return the first *most* of what is *told* in a row, and how many more there are; None without any."""
    if not told:
        return None
    rest = len(told) - most
    shown = list(told) if rest <= 0 else [*told[:most], say_n("{n} more", "{n} more", n=rest)]
    return Listed.of(shown)


def named(frame: pd.DataFrame) -> pd.Series:
    """Return the names of *frame* as the labels of a chart."""
    labels: list[Sayable] = [Written(name) for name in frame["name"]]
    return pd.Series(labels, index=frame.index, dtype=object)


def by(due: datetime, alarm: datetime) -> str:
    """Return the local time of *due*, with its day where that is another than the alarm's."""
    return due.strftime("%H:%M" if due.date() == alarm.date() else "%Y-%m-%d %H:%M")
