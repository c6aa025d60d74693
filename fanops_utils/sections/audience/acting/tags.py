"""Tags of members by the rules of segments.yml, and who got or lost one since four weeks ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.cells import cells
from fanops_utils.sections.handing import people
from fanops_utils.text import (
    Count,
    Listed,
    Message,
    People,
    Percent,
    Sayable,
    Sentences,
    Unit,
    Written,
    say,
    term,
    valued,
)
from fanops_utils.workspace.registers.segments import TagRule

SMALL = 10
CHANGES: dict[str, Message] = {"got": term("got it", "change of a tag"), "lost": term("lost it", "change of a tag")}


def tags(
    table: pd.DataFrame, changes: pd.DataFrame, rules: Sequence[TagRule], *, members: int, spend: bool = True
) -> Section:
    """Return who carries which tag (*table*: `metrics.tag_sizes`) and who got or lost one (*changes*: `metrics.tag_changes`).

    *spend*: whether anybody's spend is known; without it nothing is said of tags that ask for it, which is not nobody.
    """
    if not rules:
        return Section.of(Finding.nothing("tags", say("{file} names no tags", file=Written("segments.yml"))))
    if table.empty or not members:
        return Section.of(Finding.nothing("tags", say("no members of this market (export: fans)")))
    unknown = [rule for rule in rules if rule.measure == "spend" and not spend]
    table = table[~table["tag"].isin([rule.name for rule in unknown])]
    if table.empty:
        return Section.of(Finding.nothing("tags", say("all tags ask for what members spent (export: orders)")))
    moved = len(changes.drop_duplicates("member_key"))
    finding = Finding(
        id="tags",
        label=term("Members whose tags changed", "label of a finding"),
        code="changed" if moved >= SMALL else "same",
        title=say("{n} members got or lost a tag in four weeks", n=People(moved)),
        text=Sentences.of(
            say("The list says who: a tool that writes to members by tag is to be told of both."),
            say("A member may carry several tags or none."),
            say(
                "Not told: {tags}. They ask for what members spent (export: orders).",
                tags=Listed.of(valued(rule.label) for rule in unknown),
            )
            if unknown
            else None,
        ),
        estimate=moved / members,
        unit=Unit("share", term("of members", "unit")),
        n=People(moved),
        method=say("Rules of {file}, judged by what was known on each of both days.", file=Written("segments.yml")),
    )
    labels = {rule.name: valued(rule.label) for rule in rules}
    shown = table.assign(
        tag=cells(labels[name] for name in table["tag"]),
        **{name: cells(_few(count) for count in table[name]) for name in ("got", "lost")},
    )
    columns = {
        "tag": term("Tag", "column"), "members": term("Members", "column"), "share": term("Share of members", "column"),
        "got": term("Got it in four weeks", "column"), "lost": term("Lost it in four weeks", "column"),
    }  # fmt: skip
    caption = say("Members by tag; counts of fewer than ten are hidden")
    drawn = charts.table(shown, columns=columns, formats={"share": Percent}, small="members", caption=caption)
    return Section.of(finding, drawn, handouts=(_list(changes, labels),))


def _few(count: int) -> Written | Count:
    return Written(f"<{SMALL}") if 0 < count < SMALL else Count(int(count))


def _list(changes: pd.DataFrame, labels: Mapping[str, Sayable]) -> Listing | None:
    named = changes.assign(
        tag=cells(labels[name] for name in changes["tag"]), change=cells(CHANGES[one] for one in changes["change"])
    )
    heads = {"tag": term("Tag", "column"), "change": term("Change", "column")}
    return people("tag_changes", say("Members who got or lost a tag in four weeks"), named, columns=heads)
