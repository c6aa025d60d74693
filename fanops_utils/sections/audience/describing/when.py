"""When are members there? Each tier's hours where they clearly differ from those of the others, else those of all together."""

from __future__ import annotations

from datetime import date

import pandas as pd

from fanops_utils import charts, metrics
from fanops_utils.charts.words import Words
from fanops_utils.metrics.members.hours import FEWEST_THERE
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.audience.tiers import TIERS
from fanops_utils.sections.content.when import spans
from fanops_utils.text import Message, People, Sentences, say, term


def when(table: pd.DataFrame, *, as_of: date | None) -> Section:
    """Return when members of each tier act (*table*: `metrics.hours_of` by tier), on the market's own clock."""
    known = table[table["n"] >= FEWEST_THERE]
    if known.empty or as_of is None:
        return Section.of(
            Finding.nothing("when", say("fewer than thirty members with five acts or more (export: member events)"))
        )
    together = metrics.busy_hours(metrics.hours_together(known))
    sizes = known.groupby("tier", observed=True)["n"].first().sort_values(ascending=False)
    apart = [str(tier) for tier in sizes.index if known.loc[known["tier"] == tier, "apart"].any()]
    finding = Finding(
        id="when",
        label=term("Busiest hour of members", "label of a finding"),
        code="apart" if apart else "known" if together else "even",
        title=say("Members are there more than at other hours: {hours}", hours=spans(together)) if together
        else say("No hour stands out among those at which members are there"),
        text=Sentences.of(
            *(_own(tier, known[known["tier"] == tier]) for tier in apart),
            None if apart or len(sizes) < 2
            else say("The tiers do not clearly differ in their hours: read them together."),
            say("The other tiers do not clearly differ from the rest: for them the hours of all hold.")
            if apart and len(apart) < len(sizes) else None,
            say("When members are there is not yet when a post does best: that is for a test to show."),
        ),
        n=People(int(sizes.sum())),
        method=say(
            "Each member's acts by hour of the market's own clock, right across changes of the clock, as shares of their own; then "
            "the mean over members with five acts or more. Named are hours above the average of all, read together (Holm). The "
            "chart is smoothed by four waves of the day, each drawn to what the tiers share (empirical Bayes); a tier's own hours "
            "are told only where its waves clearly differ from those of the others (Hotelling's T, Holm)."
        ),
    )  # fmt: skip
    chart = charts.heat_map(
        known.assign(tier=known["tier"].astype(str).map(TIERS), share=known["smooth"])[["tier", "hour", "share", "n"]],
        x="hour", y="tier", value="share", numbers=False,
        words=Words(
            title=say("When members are there"), subtitle=say("Share of a member's own acts by hour, mean over members, "
                                                              "smoothed, to {day}", day=as_of),
            axis=term("share of a member's acts", "axis"), x_axis=term("hour, the market's clock", "axis"), alt=finding.text,
            caption=say("Tiers with thirty members or more"),
        ),
    )  # fmt: skip
    return Section.of(finding, chart)


def _own(tier: str, hours: pd.DataFrame) -> Message:
    busy = metrics.busy_hours(hours)
    if not busy:
        return say("{tier}: no hour stands out, though they clearly differ from the others.", tier=TIERS[tier])
    return say("{tier}, clearly unlike the others: {hours}.", tier=TIERS[tier], hours=spans(busy))
