"""Are the goals of the first months reached, and does the screening on joining help?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import SCREENING, SMALL, named
from fanops_utils.text import Number, People, Percent, Range, Sayable, Signed, Unit, say, term

GOALS = {
    "members": term("Members", "goal"),
    "messages_each": term("Messages a week per member seen in it", "goal"),
    "activities": term("Activities a week", "goal"),
}
REACHED = {
    "hit": term("reached", "goal"),
    "miss": term("not reached", "goal"),
    "cannot tell": term("cannot be told", "goal"),
}


def goals(table: pd.DataFrame) -> Section:
    """Return the goals of the plans for three months (*table*: `metrics.goals`)."""
    known = table[table["reached"] != "cannot tell"]
    if known.empty:
        return Section.of(Finding.nothing("goals", say("fewer than six blocks of four weeks with members seen")))
    hit = int((known["reached"] == "hit").sum())
    finding = Finding(
        id="goals",
        code=str(hit),
        severity="good" if hit == len(known) else "info",
        label=term("Goals of the first three months reached", "label of a finding"),
        title=say("{hit} of {n} goals of the plans are reached in the last 12 weeks", hit=hit, n=len(known)),
        text=say(
            "The last 12 weeks against the 12 before. The plans ask for them in the first three months of a community; later they "
            "are a yardstick, no promise. What changed is not what the team did: season and campaigns are in it."
        ),
        estimate=float(hit),
        unit=Unit("count", term("goals", "unit")),
        n=len(known),
        method=say(
            "Members: who is in at the end of each 12 weeks. Messages: mean of three blocks of four weeks. Activities: mean a week."
        ),
    )
    frame = table.assign(
        name=cells(GOALS[goal] for goal in table["goal"]),
        result=cells(REACHED[code] for code in table["reached"]),
        asked=cells(_asked(row) for row in table.to_dict("records")),
    )
    heads = {
        "name": term("Goal", "column"),
        "before": term("12 weeks before", "column"),
        "now": term("Last 12 weeks", "column"),
        "change": term("Change", "column"),
        "asked": term("Asked for", "column"),
        "result": term("Result", "column"),
    }
    forms: dict[str, Any] = {"before": lambda v: Number(v, 1), "now": lambda v: Number(v, 1), "change": Signed}
    return Section.of(finding, charts.table(frame, columns=heads, formats=forms, caption=say("Goals of months 1 to 3")))


def _asked(row: dict) -> Sayable:
    return Signed(row["wanted"], 0) if row["goal"] != "activities" else say("2 to 3 a week")


def screening(table: pd.DataFrame) -> Section:
    """Return what the screening on joining lets through (*table*: `metrics.screening`)."""
    asked = table[table["screening"] != "not screened"]
    if asked.empty or asked["members"].sum() < SMALL:
        return Section.of(Finding.nothing("screening", say("no results of screening (column screening of table fans)")))
    passed = asked[asked["screening"] == "passed"]
    share = float(passed["members"].sum() / asked["members"].sum())
    kept = passed.iloc[0] if len(passed) else asked.iloc[0]
    finding = Finding(
        id="screening",
        code="passed",
        label=term("Newcomers who passed the screening", "label of a finding"),
        title=say("{share} of all who were ever screened on joining passed", share=Percent(share, 1)),
        text=say(
            "Of those who passed, {kept} were seen from day 7 on. The others show in the table: where they never come back, the "
            "screening is right about them.",
            kept=Percent(kept["estimate"], 0),
        ),
        estimate=share,
        unit=Unit("share", term("of newcomers", "unit")),
        n=People(int(asked["members"].sum())),
        method=say("As the community tool marks them on joining; Wilson intervals."),
    )
    frame = table.assign(
        name=cells(named(SCREENING, one) for one in table["screening"]),
        range=cells(Range.of(low, high) for low, high in zip(table["ci_lower"], table["ci_upper"], strict=True)),
    )
    heads = {
        "name": term("Result of screening", "column"),
        "share": term("Share", "column"),
        "estimate": term("Seen from day 7 on", "column"),
        "range": term("95% interval", "column"),
        "n": term("Members", "column"),
    }
    forms: dict[str, Any] = {"share": Percent, "estimate": Percent}
    return Section.of(
        finding, charts.table(frame, columns=heads, formats=forms, people="n", caption=say("Screening on joining"))
    )
