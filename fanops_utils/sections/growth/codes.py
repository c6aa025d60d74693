"""Do partners' codes bring members into the community, by who stays and not by clicks?"""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.intervals import wilson
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import FEW, SMALL
from fanops_utils.text import Message, People, Percent, Range, Sentences, Unit, Written, is_few, say, term


def by_code(table: pd.DataFrame) -> Section:
    """Return what partners' codes bring into the community (*table*: `metrics.growing.joined_by_code`)."""
    whole = table[table["code"] == ""]
    if whole.empty or whole["people"].iloc[0] < SMALL:
        why = say(
            "fewer than ten customers with a partner's code (tables partners and orders; codes by a mapping of your list)"
        )
        return Section.of(Finding.nothing("by_code", why))
    row = whole.iloc[0]
    people, members, after = (int(row[name]) for name in ("people", "members", "after"))
    share = wilson(members, people)
    finding = Finding(
        id="by_code",
        code="brings" if after >= SMALL else "buyers_only",
        severity="info" if after >= SMALL else "watch",
        label=term("Members among those who used a partner's code", "label of a finding"),
        title=say("Partners' codes brought {n} people into the community", n=People(after)) if after >= SMALL
        else _hardly(people, after),
        text=Sentences.of(
            say("{people} customers used one. {members} of them are known as members; {after} joined on that day or later.",
                people=People(people), members=People(members), after=People(after) if after else Written("0")),
            _kept(row),
            say("Who has not linked the shop's account may be a member unseen."),
        ),
        estimate=None if is_few(members) else share.estimate,
        ci_lower=None if is_few(members) else share.ci_lower, ci_upper=None if is_few(members) else share.ci_upper,
        unit=Unit("share", term("of those who used a code", "unit")), n=People(people),
        method=say("Orders under a code of table partners, each person once; members by linked accounts. Staying: seen on day 30 "
                   "after the first such order or later, of members who have had these days (Wilson). A code may be used by "
                   "somebody who would have come anyway; clicks are not counted."),
    )  # fmt: skip
    return Section.of(finding, _table(table))


def _hardly(people: int, after: int) -> Message:
    if not after:
        return say(
            "Of {people} customers with a partner's code none is known to have joined the community after it",
            people=People(people),
        )
    return say(
        "Of {people} customers with a partner's code fewer than ten are known to have joined the community after it",
        people=People(people),
    )


def _kept(row: pd.Series) -> Message | None:
    if row["n"] < SMALL:
        return None
    if is_few(int(row["kept"])):
        return say(
            "Of {n} who have had 30 days since, fewer than ten were seen in the community after them.",
            n=People(int(row["n"])),
        )
    told = {
        "n": People(int(row["n"])),
        "share": Percent(row["estimate"], 0),
        "interval": Range.of(row["ci_lower"], row["ci_upper"]),
    }
    if row["n"] < FEW:
        return say(
            "Of {n} who have had 30 days since, {share} ({interval}) were seen after them: too few to rank codes.",
            **told,
        )
    return say("Of {n} who have had 30 days since, {share} ({interval}) were seen in the community after them.", **told)


def _table(table: pd.DataFrame) -> charts.Table:
    every = term("all codes", "row of a table")
    few = table["n"] < SMALL
    shown = table.assign(
        name=cells(Written(str(code).upper()) if code else every for code in table["code"]),
        inside=cells(People(int(one)) if one else Written("0") for one in table["members"]),
        later=cells(People(int(one)) if one else Written("0") for one in table["after"]),
        kept_share=table["estimate"].mask(few | table["kept"].map(is_few).astype(bool)),
    )
    columns = {
        "name": term("Code", "column"), "inside": term("Of them members", "column"), "later": term("Joined after it", "column"),
        "kept_share": term("Seen from day 30 on", "column"), "people": term("Customers who used it", "column"),
    }  # fmt: skip
    return charts.table(
        shown, columns=columns, formats={"kept_share": Percent}, small="people",
        caption=say("From partners' posts into the community, by code; a person with two codes stands in both rows"),
    )  # fmt: skip
