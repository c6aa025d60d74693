"""Are the duties kept, and are ambassadors active? What somebody has looked at, and what is open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.partners.words import DUTIES, named
from fanops_utils.text import Day, Listed, Message, People, Percent, Sayable, Sentences, Unit, say, say_n, term
from fanops_utils.workspace.operations.partners import DUTIES as ALL
from fanops_utils.workspace.operations.partners import Partner

WANTED = (1_000, 5_000)
ASKED_FIRST = 3


def duties(
    known: Sequence[Partner],
    seen: Sequence[str],
    *,
    fees: Mapping[str, float] | None = None,
    questioned: Collection[str] = (),
) -> Section:
    """Return which duties of the partners in the data nobody has looked at (*known*: partners.yml, *seen*: names in the data).

    Whom to ask first: those *questioned*, whose numbers show a sign of having been bought, then who is paid most (*fees*).
    """
    names, register = sorted(set(seen)), {one.name: one for one in known}
    if not names:
        return Section.of(Finding.nothing("duties", say("no partner in the data")))
    days = {name: {duty: getattr(register.get(name), duty, None) for duty in ALL} for name in names}
    open_ = {name: [duty for duty, day in told.items() if day is None] for name, told in days.items()}
    bare = [name for name in names if name not in register]
    finding = _duties(
        open_, bare, sorted(names, key=lambda one: (one not in questioned, -(fees or {}).get(one, 0.0), one))
    )
    columns: dict[str, Sayable] = {"name": term("Partner", "column"), **{duty: DUTIES[duty] for duty in ALL}}
    shown = pd.DataFrame({"name": cells(named(name) for name in names)}).assign(
        **{
            duty: cells(
                Day.of(day, form="iso") if (day := days[name][duty]) else term("open", "duty of a partner")
                for name in names
            )
            for duty in ALL
        }
    )
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("Day each duty was last looked at")))


def _duties(open_: Mapping[str, Sequence[str]], bare: Sequence[str], order: Sequence[str]) -> Finding:
    """Return what is open, *bare* those no register has, and whom to ask first by *order*."""
    number = sum(len(some) for some in open_.values())
    asked = [
        say("{partner}: {duties}", partner=named(one), duties=Listed.of(DUTIES[duty] for duty in open_[one]))
        for one in order
        if open_[one]
    ]
    return Finding(
        id="duties",
        label=term("Duties looked at", "label of a finding"),
        code="open" if number else "kept",
        title=say_n("{n} duty of partners is open", "{n} duties of partners are open", n=number)
        if number
        else say("Every duty of every partner has been looked at"),
        about=Listed.of(asked[:ASKED_FIRST]) if asked else None,
        text=Sentences.of(
            say_n(
                "{n} partner in the data stands in no register.",
                "{n} partners in the data stand in no register.",
                n=len(bare),
            )
            if bare
            else None,
            say("Open means that nobody wrote down having looked: it is no breach, and no fulfilment."),
        ),
        severity="watch" if number else "good",
        weight="row",
        estimate=1 - number / (len(open_) * len(ALL)),
        unit=Unit("share", term("of the duties", "unit")),
        n=len(open_),
        method=say("Days in partners.yml; nothing is read from the data itself."),
    )


def ladder(deliveries: pd.DataFrame, *, ambassadors: int, active: int) -> Section:
    """Return how many partners came back to deliver again, and how many ambassadors are active.

    *deliveries*: partner, market; *ambassadors* enrolled (role ambassador), *active* of them with a deed in 90 days.
    """
    counts = deliveries.groupby("partner").size() if len(deliveries) else pd.Series(dtype=int)
    steps = [
        (say("delivered once"), int((counts >= 1).sum())),
        (say("delivered twice"), int((counts >= 2).sum())),
        (say("delivered three times or more"), int((counts >= 3).sum())),
    ]
    if not ambassadors:
        told = Finding.nothing(
            "ambassadors", say("no member has the role ambassador; the mapping of members names it (role)")
        )
        return Section.of(told, _steps(steps) if len(counts) else None)
    title = say(
        "{active} of {all} ambassadors did something in 90 days", active=People(active), all=People(ambassadors)
    )
    code = "inside" if WANTED[0] <= active <= WANTED[1] else "below" if active < WANTED[0] else "above"
    text = {
        "inside": say("The plan wants 1,000 to 5,000 active ones: it is met."),
        "below": say("The plan wants 1,000 to 5,000 active ones; those enrolled are not counted."),
        "above": say("The plan wants 1,000 to 5,000 active ones: it is passed."),
    }[code]
    finding = Finding(
        id="ambassadors",
        label=term("Active ambassadors", "label of a finding"),
        code=code,
        title=title,
        text=text,
        severity="good" if code != "below" else "watch",
        weight="row",
        estimate=float(active),
        unit=Unit("count", term("ambassadors", "unit")),
        n=People(ambassadors),
        method=say("Members with the role ambassador and at least one act in the last 90 days."),
    )
    return Section.of(finding, _steps(steps) if len(counts) else None)


def _steps(steps: list[tuple[Message, int]]) -> charts.Table:
    whole = steps[0][1] or 1
    frame = pd.DataFrame(
        {"step": [one for one, _ in steps], "partners": [n for _, n in steps], "share": [n / whole for _, n in steps]}
    )
    columns = {"step": term("Step", "column"), "partners": term("Partners", "column"), "share": term("Share", "column")}
    return charts.table(frame, columns=columns, formats={"share": Percent}, caption=say("How far partners come"))
