"""How was it run? Agreed days, planned days and sign-offs, as far as the files hold them; rounds and waits as people remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.plays import role
from fanops_utils.sections.cells import cells
from fanops_utils.text import Listed, Message, Percent, Range, Sayable, Sentences, Unit, say, say_n, term
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.registers.campaign import Course

HALF = 0.5
KEPT: dict[str, Message] = {
    "deliveries": term("Partners' deliveries by the agreed day, a day's grace", "row of a table"),
    "on_the_day": term("Posts on the day planned", "row of a table"),
    "signed_off": term("Posts signed off before publication", "row of a table"),
}


def run(late: pd.DataFrame, calendar: pd.DataFrame, campaign: Campaign | None = None) -> Section:
    """Return what was kept of the days agreed and of the sign-offs, and how the work went by the register of *campaign*.

    *late*: `models.punctuality` of the campaign's deliveries; *calendar*: `metrics.calendar_kept` of its posts.
    """
    went = remembered(campaign.course) if campaign is not None else None
    table = _kept(late, calendar)
    if table.empty:
        why = say(
            "no delivery names its agreed day, no post its planned one: map due_at of partners and planned_for of content_tags"
        )
        if campaign is None or campaign.course is None:
            return Section.of(Finding.nothing("run", why))
        title = say("How the work went, as those who did it remember")
        return Section.of(Finding(id="run", title=title, text=remembered(campaign.course),
                                  weight="row", code="remembered"))  # fmt: skip
    rows: dict[str, Mapping[Any, Any]] = {str(row["what"]): row for row in table.to_dict("records")}
    dated = [rows[name] for name in ("deliveries", "on_the_day") if name in rows]
    slipped = [row for row in dated if row["estimate"] < HALF]
    unsigned = _unsigned(rows)
    weakest = min(dated, key=lambda row: row["estimate"])
    finding = Finding(
        id="run",
        code="slipped" if slipped else "unsigned" if unsigned else "kept",
        label=term("Agreed days kept", "label of a finding"),
        title=say("Agreed days: {rows}", rows=Listed.of(_told(row) for row in dated)),
        text=Sentences.of(
            _signed(rows),
            _unknown(rows),
            went,
        ),
        severity="watch" if slipped or unsigned else "info",
        weight="row",
        estimate=weakest["estimate"],
        ci_lower=weakest["ci_lower"],
        ci_upper=weakest["ci_upper"],
        unit=Unit("share", term("of agreed days kept", "unit")),
        n=int(weakest["n"]),
        method=say(
            "Deliveries against due_at, posts of the treated markets in the campaign's days against planned_for; Wilson intervals."
        ),
    )
    return Section.of(finding, _listed(table))


def remembered(course: Course | None) -> Sayable:
    """Return what the register says of brief, rounds of approval and waits; what nobody wrote down is named."""
    if course is None:
        return say("Whether the brief was understood, how many rounds of approval it took and where it waited is not written down "
                   "(“course” in the register).")  # fmt: skip
    understood = {
        True: say("The brief was understood."), False: say("The brief had to be explained again."), None: None,
    }[course.brief_understood]  # fmt: skip
    rounds, waited = course.rounds, None
    if course.waited_for is not None and course.waited_days is not None:
        waited = say_n("It waited longest for {whom}: {n} day.", "It waited longest for {whom}: {n} days.", n=course.waited_days,
                       whom=role(course.waited_for))  # fmt: skip
    elif course.waited_for is not None:
        waited = say("It waited longest for {whom}.", whom=role(course.waited_for))
    return Sentences.of(
        understood,
        say_n("What took most went through {n} round of approval.", "What took most went through {n} rounds of approval.", n=rounds)
        if rounds is not None else None,
        waited,
    )  # fmt: skip


def _kept(late: pd.DataFrame, calendar: pd.DataFrame) -> pd.DataFrame:
    """Return what, hits, n with Wilson's interval: of deliveries and posts, those without any left out."""
    due, missed = int(late["n"].sum()), int(late["late"].sum())
    counts = calendar[calendar["what"].isin(list(KEPT))][["what", "hits", "n"]]
    table = pd.concat([pd.DataFrame([("deliveries", due - missed, due)], columns=counts.columns), counts])
    table = table[table["n"] > 0].reset_index(drop=True)
    bounds = wilson_frame(table["hits"], table["n"])
    return table.assign(**{name: bounds[name].to_numpy() for name in ("estimate", "ci_lower", "ci_upper")})


def _told(row: Mapping[Any, Any]) -> Message:
    told = {"hits": int(row["hits"]), "n": int(row["n"])}
    if row["what"] == "deliveries":
        return say("{hits} of {n} deliveries of partners", **told)
    return say("{hits} of {n} posts", **told)


def _unsigned(rows: dict[str, Mapping[Any, Any]]) -> int:
    return int(rows["signed_off"]["n"] - rows["signed_off"]["hits"]) if "signed_off" in rows else 0


def _signed(rows: dict[str, Mapping[Any, Any]]) -> Message | None:
    if "signed_off" not in rows:
        return None
    if unsigned := _unsigned(rows):
        return say_n("{n} post went out without a reviewer's sign-off.", "{n} posts went out without a reviewer's sign-off.",
                     n=unsigned)  # fmt: skip
    return say("Every planned post was signed off before it went out.")


def _unknown(rows: dict[str, Mapping[Any, Any]]) -> Message | None:
    if "deliveries" not in rows:
        return say("No delivery of a partner names the day agreed.")
    return None if "on_the_day" in rows else say("No post names the day it was planned for.")


def _listed(table: pd.DataFrame) -> charts.Table:
    shown = table.assign(
        label=cells(KEPT[str(what)] for what in table["what"]),
        range=cells(Range.of(low, high) for low, high in zip(table["ci_lower"], table["ci_upper"], strict=True)),
    )
    columns = {
        "label": term("What was agreed", "column"),
        "hits": term("Kept", "column"),
        "n": term("Of", "column"),
        "estimate": term("Share", "column"),
        "range": term("95% interval", "column"),
    }
    caption = say("How it was run, as far as the files tell")
    return charts.table(shown, columns=columns, formats={"estimate": Percent}, caption=caption)
