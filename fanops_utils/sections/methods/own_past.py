"""How far a market's own past may be believed where no control stands beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.methods.hard_campaigns import WORLDS
from fanops_utils.sections.methods.promise import against
from fanops_utils.text import Level, Message, Percent, Sentences, Signed, Span, Unit, say, term

BY: dict[str, Message] = {
    "days": term("by days", "forecast of a campaign"), "weeks": term("by weeks", "forecast of a campaign"),
}  # fmt: skip


def campaign_own_past(table: pd.DataFrame, *, lift: float, level: float) -> Section:
    """Return how often the own past suggests what is not there (*table* of `own_past_calibration`), and what is.

    No verdict rests on it, so it breaks no promise: it is told as it is.
    """
    alone = table[table["shock"] == 0]
    worst: dict[Any, Any] = alone.sort_values("found").to_dict("records")[-1]
    text = Sentences.of(
        say("The most: {interval}, {cell}; up to {level} are promised.", level=Level(1 - level),
            interval=Span.of(worst["found_lower"], worst["found_upper"]), cell=_label(worst)),
        *(say("Where everything rose by {shock} in the live days, campaign or not, a change is suggested in {share}: that is why "
              "a campaign without a control gets no verdict.", shock=Signed(row["shock"], 0), share=Percent(row["found"]))
          for row in table[table["shock"] > 0].to_dict("records")),
        say("A planted {lift} is suggested in {least} to {most}.", lift=Signed(lift, 0), least=Percent(alone["lifted"].min()),
            most=Percent(alone["lifted"].max())),
    )  # fmt: skip
    share = {"share": Percent(worst["found"])}
    title = say(
        "Without a control, the own past suggests a change in up to {share} of campaigns that did nothing", **share
    )
    finding = Finding(
        id="campaign_own_past", title=title, verdict=say("{answer}.", answer=title), text=text, code="told",
        estimate=worst["found"], ci_lower=worst["found_lower"], ci_upper=worst["found_upper"], n=int(worst["n"]),
        unit=Unit("share", term("called a change", "unit")), weight="chapter",
        method=say("A market's own past forecasts the live days: 180 days before 28, or 52 weeks before 4. What is found is called "
                   "suggestive, never an effect."),
    )  # fmt: skip
    words = Words(
        title=say("Campaigns that did nothing, by the market's own past"),
        subtitle=say("Share of {n} simulated campaigns; promised {level}; band: where that ends 95 times in 100",
                     n=int(table["n"].min()), level=Level(1 - level)),
        axis=term("called a change", "axis"), alt=text,
        caption=say("Cross: everything rose in the live days, which no past foretells"),
    )  # fmt: skip
    labels = pd.Series([_label(row) for row in table.to_dict("records")], index=table.index, dtype=object)
    drawn = against(labels, table["found"], table["n"], nominal=1 - level, valid=table["shock"] == 0, most=True)
    return Section.of(finding, charts.against_promise(drawn, words=words))


def _label(row: dict[Any, Any]) -> Message:
    told: dict[str, Any] = {"world": WORLDS[row["world"]], "by": BY[row["by"]]}
    if row["shock"]:
        return say("{world}, {by}, everything {shock}", **told, shock=Signed(row["shock"], 0))
    return say("{world}, {by}", **told)
