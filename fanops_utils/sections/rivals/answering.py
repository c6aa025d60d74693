"""Who answers criticism, and how fast?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.playbook import Finding, Section
from fanops_utils.text import (
    Number,
    Percent,
    Sentences,
    Span,
    Unit,
    Written,
    say,
    term,
)


def answers(table: pd.DataFrame, *, brand: str) -> Section:
    """Return which share of criticism each brand answers within a day, and how fast (`models.answered`)."""
    known = table[table["n"] > 0]
    ours, rivals = known[known["brand"] == brand], known[known["brand"] != brand]
    if known.empty:
        return Section.of(
            Finding.nothing("answers", say("no file says when a brand answered: map answered_at of mentions"))
        )
    slowest = rivals.sort_values("median_hours").iloc[0] if len(rivals) else None
    if ours.empty:
        title = say("Our own answers to criticism are in no file; those of rivals are")
    else:
        own = ours.iloc[0]
        title = say(
            "We answer {share} of criticism within a day, in the middle after {hours} hours",
            share=Percent(own["estimate"], 0),
            hours=Number(own["median_hours"], digits=1),
        )
    fastest = (
        None
        if slowest is None
        else say(
            "The fastest rival, {rival}, takes {hours} hours and answers {share} ({interval}) within a day.",
            rival=Written(str(slowest["brand"])),
            hours=Number(slowest["median_hours"], digits=1),
            share=Percent(slowest["estimate"], 0),
            interval=Span.of(slowest["ci_lower"], slowest["ci_upper"]),
        )
    )
    own_row = ours.iloc[0] if len(ours) else None
    finding = Finding(
        id="answers",
        code="compared" if len(ours) and len(rivals) else "alone",
        title=title,
        label=term("Criticism answered", "label of a finding"),
        text=Sentences.of(fastest, say("Hours are those of the answers given: criticism never answered has none.")),
        estimate=None if own_row is None else own_row["estimate"],
        ci_lower=None if own_row is None else own_row["ci_lower"],
        ci_upper=None if own_row is None else own_row["ci_upper"],
        unit=Unit("share", term("of criticism", "unit")),
        n=int(known["n"].sum()),
        weight="row",
        method=say(
            "Negative mentions older than a day; first public answer of the brand as the tool saw it; Wilson interval."
        ),
    )
    columns = {
        "brand": term("Brand", "column"),
        "n": term("Criticism", "column"),
        "estimate": term("Answered within a day", "column"),
        "ci_lower": term("95% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "median_hours": term("Hours to the answer, median", "column"),
    }
    percent = dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent)
    shown = known.assign(median_hours=known["median_hours"].replace(np.nan, None).astype(float))
    return Section.of(
        finding, charts.table(shown, columns=columns, formats=percent, caption=say("Answers to criticism by brand"))
    )
