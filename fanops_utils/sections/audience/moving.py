"""Where do members move? From stage to stage since four weeks ago."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.lifecycle import SMALL, STAGES
from fanops_utils.text import People, Percent, Sentences, Unit, say, term

QUIET = ("silent", "lapsed")


def moving(table: pd.DataFrame, *, before: date | None) -> Section:
    """Return where the members of each stage on the day *before* are now (*table*: `models.stage_moves`)."""
    if table.empty or before is None:
        return Section.of(Finding.nothing("moving", say("no member was there four weeks before")))
    active = table[table["origin"].isin(["active", "won-back"])]
    kept, lost = (
        int(active.loc[active["target"].isin(names), "members"].sum()) for names in (("active", "won-back"), QUIET)
    )
    back = int(table[table["origin"].isin(QUIET) & table["target"].isin(["active", "won-back"])]["members"].sum())
    total = int(active["members"].sum())
    if total < SMALL:
        return Section.of(Finding.nothing("moving", say("fewer than ten members were active four weeks before")))
    finding = Finding(
        id="moving",
        weight="chapter",
        label=term("Active members still active", "label of a finding"),
        code="moved",
        title=say("{share} of the members active four weeks ago still are", share=Percent(kept / total)),
        verdict=say("{share} of the members active four weeks ago still are.", share=Percent(kept / total)),
        text=Sentences.of(
            say("Of those active on {day}, {lost} have fallen silent or lapsed; {back} came back from silence.", day=before,
                lost=People(lost), back=People(back)),
            say("For the active to stay as many, as many must join or come back as fall silent."),
        ),
        estimate=kept / total,
        unit=Unit("share", term("of members active before", "unit")),
        n=People(total),
        method=say("Stages by own rhythm on both days; members who joined since are not in it."),
    )  # fmt: skip
    large = table[table["members"] >= SMALL]
    shown = large.assign(**{name: large[name].astype(str).map(STAGES) for name in ("origin", "target")})
    chart = charts.migration_matrix(
        shown, origin="origin", target="target", share="share", order=list(STAGES.values()),
        words=Words(
            title=say("From stage to stage"), subtitle=say("Share of the members of each stage on {day}, by stage now", day=before),
            axis=term("stage then, by stage now", "axis"), alt=finding.text,
            caption=say("Cells of fewer than ten members are left empty; who stayed is framed"),
        ),
    )  # fmt: skip
    return Section.of(finding, chart)
