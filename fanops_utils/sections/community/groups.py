"""Are the groups the right size, for the right members, and who is silent in them?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections.cells import cells
from fanops_utils.sections.community.words import GROUPS, SMALL, lacking, named
from fanops_utils.sections.handing import people
from fanops_utils.text import Number, People, Percent, Sayable, Sentences, Unit, in_words, say, term

MANY_SILENT = 0.5


def groups(table: pd.DataFrame, places: pd.DataFrame | None = None) -> Section:
    """Return the groups with size, layer and talk, and the effect of pruning the silent (*table*: `models.drawn_groups`).

    *places*: `metrics.silent_places`, handed over as the list of whom to write to before a place is cleared.
    """
    known = table[table["members"] >= SMALL]
    if known.empty:
        return Section.of(Finding.nothing("groups", lacking("groups")))
    members, silent, messages = (int(known[name].sum()) for name in ("members", "inactive", "messages"))
    share = silent / members
    told = {"share": Percent(share, 0), "silent": People(silent), "members": People(members)}
    before, after = messages / members, messages / max(1, members - silent)
    full = known[known["capacity"].notna() & (known["members"] >= 0.9 * known["capacity"])]
    finding = Finding(
        id="groups",
        code="silent" if share > MANY_SILENT else "lively",
        severity="watch" if share > MANY_SILENT else "info",
        label=term("Silent members of groups", "label of a finding"),
        title=say("{share} of the places in groups are held by members not seen for 60 days", share=told["share"]),
        text=Sentences.of(
            say(
                "{silent} of {members} places. Without them a group would have {after} messages per member in 28 days instead of "
                "{before}: the same talk, an honest denominator.",
                silent=told["silent"],
                members=told["members"],
                after=Number(after, 1),
                before=Number(before, 1),
            ),
            say("{n} groups are nearly full: open new ones.", n=len(full))
            if len(full)
            else say("No group is nearly full."),
            _most(known),
        ),
        estimate=share,
        unit=Unit("share", term("of places", "unit")),
        n=People(members),
        method=say(
            "Silent: no act for 60 days, or never seen. Messages per member seen in 60 days drawn to the mean of the groups."
        ),
    )
    return Section.of(finding, _sizes(table), handouts=(_to_clear(places),))


def _most(known: pd.DataFrame) -> Sayable | None:
    """Return whose members write most, where the numbers of the table differ at all once luck is taken out."""
    if len(known) < 2:
        return None
    ranked = known.sort_values("shrunk", ascending=False)
    first, second = ranked["shrunk"].round(1).iloc[:2]
    if not first > second:
        return say("With luck taken out, no group's members write more than the others'.")
    name = str(ranked["name"].iloc[0] or ranked["group_id"].iloc[0])
    return say("With luck taken out, members of {group} write most.", group=in_words(name))


def _to_clear(places: pd.DataFrame | None) -> Listing | None:
    """Return who holds a silent place; of groups with fewer than ten such places nobody is named."""
    if places is None or places.empty:
        return None
    many = places.groupby("group_id")["member_key"].transform("size") >= SMALL
    listed = places[many]
    named = listed.assign(group=cells(in_words(str(name)) for name in listed["name"].fillna(listed["group_id"])))
    heads = {"group": term("Group", "column"), "days_away": term("Days not seen; empty: never", "column")}
    return people("silent_places", say("Silent places in groups: write first, then clear"), named, columns=heads)


def _sizes(table: pd.DataFrame) -> charts.Table:
    frame = table.assign(
        name=cells(in_words(str(name)) for name in table["name"].fillna(table["group_id"])),
        kind=cells(named(GROUPS, kind) for kind in table["kind"]),
        layer=cells(named(GROUPS, layer) for layer in table["layer"]),
    )
    heads = {
        "name": term("Group", "column"),
        "kind": term("Gathers by", "column"),
        "layer": term("Meant for", "column"),
        "silent_share": term("Not seen for 60 days", "column"),
        "each": term("Messages in 28 days, per member seen in 60 days", "column"),
        "shrunk": term("With luck taken out", "column"),
        "members": term("Members", "column"),
    }
    forms: dict[str, Any] = {"silent_share": Percent, "each": lambda v: Number(v, 1), "shrunk": lambda v: Number(v, 1)}
    return charts.table(
        frame,
        columns=heads,
        formats=forms,
        people="members",
        caption=say("Groups in the last 28 days; for whom a group is meant stands in the register"),
    )
