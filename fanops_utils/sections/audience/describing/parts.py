"""Core, potential and silent members by recency, frequency, spend and engagement within market and platform."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.data.privacy.small_cells import hidden_parts
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Message, Number, People, Percent, Sentences, Span, Unit, say, term

SMALL = 10
PARTS: dict[str, Message] = {
    "core": term("Core", "part of the members"), "potential": term("Potential", "part of the members"),
    "silent": term("Silent for 60 days", "part of the members"),
}  # fmt: skip


def parts(members: pd.DataFrame) -> Section:
    """Return which part of the *members* is core, potential or silent (`metrics.rfme`), and what each did and spent."""
    if members.empty:
        return Section.of(Finding.nothing("parts", say("no members of this market (export: fans)")))
    each = members.groupby("part", observed=False)
    counts = each.size()
    table = wilson_frame(counts, pd.Series(len(members), index=counts.index)).assign(members=counts)
    fifths = {name: each[name].mean() for name in ("r", "f", "m", "e")}
    total, acts = float(members["spend"].sum()), float(members["acts"].sum())
    table = table.assign(
        **fifths,
        spend_share=each["spend"].sum() / total if total else float("nan"),
        acts_share=each["acts"].sum() / acts if acts else float("nan"),
    )
    core: dict[Any, Any] = table.loc["core"].to_dict()
    few = core["members"] < SMALL
    share, interval = Percent(core["estimate"]), Span.of(core["ci_lower"], core["ci_upper"])
    finding = Finding(
        id="parts",
        label=term("Core members", "label of a finding"),
        code="few" if few else "sized",
        title=say("Fewer than ten members are core") if few else
              say("{share} of the members are core, by the last 91 days", share=share),
        text=Sentences.of(
            None if few else say(
                "{share} ({interval}) of the members were seen in the last 28 days and stand in the upper two fifths by what "
                "they do or spend; they make {acts} of all acts other than visits.",
                share=share, interval=interval, acts=Percent(core["acts_share"], 0),
            ),
            say("Fifths are within market and platform: whoever is core here need not be elsewhere."),
        ),
        estimate=None if few else float(core["estimate"]),
        ci_lower=None if few else float(core["ci_lower"]), ci_upper=None if few else float(core["ci_upper"]),
        unit=Unit("share", term("of members", "unit")), n=People(len(members)),
        method=say(
            "Fifths, 5 the best, of days since the last act, of days seen and of acts other than visits in 91 days, and of spend "
            "among members with a linked shop who bought. Core: frequency and engagement 4 or more on average, or spend 4 or more. "
            "Silent: not seen for 60 days. Wilson interval."
        ),
    )  # fmt: skip
    shown = table.reset_index()
    hidden = hidden_parts(shown["members"])
    shown = shown.assign(part=shown["part"].astype(str).map(PARTS))
    columns = {
        "part": term("Part", "column"), "members": term("Members", "column"), "estimate": term("Share of members", "column"),
        "r": term("Recency", "column"), "f": term("Frequency", "column"), "m": term("Spend", "column"),
        "e": term("Engagement", "column"), "acts_share": term("Share of acts", "column"),
        "spend_share": term("Share of spend", "column"),
    }  # fmt: skip
    formats: dict[str, Any] = {
        **dict.fromkeys(["estimate", "acts_share", "spend_share"], Percent),
        **dict.fromkeys(["r", "f", "m", "e"], lambda value: Number(value, 1)),
    }
    caption = say("Parts of the members, with the mean of their fifths (5 is the best)")
    return Section.of(
        finding, charts.table(shown, columns=columns, formats=formats, hidden=hidden, small="members", caption=caption)
    )
