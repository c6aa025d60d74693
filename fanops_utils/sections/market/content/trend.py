"""Which formats are posted more than half a year ago."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Percent, Points, Unit, say, term


def trend(table: pd.DataFrame) -> Section:
    """Return which formats are posted more than half a year ago, on each platform (*table*: `models.format_trends`)."""
    if table.empty:
        why = say("no platform has two formats and twenty posts in each of the last two half years")
        return Section.of(Finding.nothing("format_trend", why))
    moved = table[table["moved"] != "unclear"]
    first = (moved if len(moved) else table).iloc[0]
    told: dict[str, Any] = {
        "format": words.posts_of(str(first["post_type"]), first=True),
        "change": Points(first["change"]),
        "platform": words.platform(str(first["platform"])),
    }
    title = (
        say("{format} on {platform}: {change} of the posts against the half year before", **told)
        if len(moved)
        else say("The mix of formats did not clearly change in half a year")
    )
    finding = Finding(
        id="format_trend",
        label=term("Change of the mix of formats", "label of a finding"),
        code="moved" if len(moved) else "steady",
        title=title,
        text=say("What a format earns of the interactions on its platform stands beside it in the table."),
        estimate=first["change"],
        ci_lower=first["ci_lower"],
        ci_upper=first["ci_upper"],
        unit=Unit("difference", term("of the posts", "unit")),
        n=int(table["posts_after"].sum()),
        weight="row",
        method=say(
            "182 days to the last against the 182 before; Newcombe, called a change over all formats and platforms together."
        ),
    )
    columns = {
        "place": term("Platform", "column"),
        "name": term("Format", "column"),
        "share_before": term("Of posts, before", "column"),
        "share_after": term("now", "column"),
        "earned_before": term("Of interactions, before", "column"),
        "earned_after": term("now", "column"),
        "posts_after": term("Posts", "column"),
    }
    shown = table.assign(
        name=cells(words.posts_of(str(one), first=True) for one in table["post_type"]),
        place=cells(words.platform(str(one)) for one in table["platform"]),
    )
    forms = dict.fromkeys(["share_before", "share_after", "earned_before", "earned_after"], Percent)
    return Section.of(
        finding,
        charts.table(
            shown, columns=columns, formats={**forms, "posts_after": Count}, caption=say("Formats in half years")
        ),
    )
