"""How long does a post live? The time to half of what it comes to in seven days, and the claim of 72 hours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.models import Fading
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.content import names
from fanops_utils.text import Number, Percent, Sayable, Sentences, Span, Unit, say, say_n, term

FEWEST = 10


def fades(whole: Fading, by_type: Mapping[str, Fading]) -> Section:
    """Return how fast posts fade: all of them, and by content type (`models.summarise`, `models.fading_by`)."""
    if whole.n < FEWEST:
        return Section.of(
            Finding.nothing(
                "fades",
                say(
                    "fewer than ten posts were read several times up to seven days; an export at 3 hours, 1, 3 and 7 days brings it"
                ),
            )
        )
    known = bool(np.isfinite(whole.median))
    hours = say("{hours} hours", hours=Number(whole.median if known else whole.under, digits=0))
    title = (
        say("Half of what a post comes to in a week is there after {hours}", hours=hours)
        if known
        else say("Half of what a post comes to in a week is there within {hours}", hours=hours)
    )
    text = Sentences.of(
        say(
            "After 72 hours the post in the middle has {share} of its seven-day total: {n} posts.",
            share=Percent(whole.share_at_72, 0),
            n=whole.n_at_72,
        )
        if np.isfinite(whole.share_at_72)
        else None,
        say("Interval of the half-life: {interval}.", interval=Span.of(whole.ci_lower, whole.ci_upper, form=Number))
        if np.isfinite(whole.ci_lower) and np.isfinite(whole.ci_upper)
        else None,
        _claim(whole),
    )
    finding = Finding(
        id="fades",
        code="known" if known else "under",
        title=title,
        verdict=say("{sentence}.", sentence=title),
        text=text,
        label=term("Half-life of posts", "label of a finding"),
        estimate=whole.median if known else None,
        ci_lower=whole.ci_lower,
        ci_upper=whole.ci_upper,
        unit=Unit("number", term("hours", "unit")),
        n=whole.n,
        method=say_n(
            "Interactions between two readings taken as linear in the log of the age; no curve assumed. "
            "{n} post without the readings.",
            "Interactions between two readings taken as linear in the log of the age; no curve assumed. "
            "{n} posts without the readings.",
            n=whole.n_without,
        ),
    )
    return Section.of(finding, _table(whole, by_type))


def _claim(whole: Fading) -> Sayable | None:
    """Return whether what is said of topics, that they are over after 72 hours, holds for these posts."""
    if not np.isfinite(whole.share_at_72):
        return None
    if whole.share_at_72 >= 0.8:
        return say("That agrees with the rule of thumb that a topic is over after 72 hours.")
    return say("A topic here outlives the rule of thumb of 72 hours.")


def _table(whole: Fading, by_type: Mapping[str, Fading]) -> charts.Table:
    groups: list[tuple[Sayable, Fading]] = [(term("All posts", "row of a table"), whole)]
    groups += [(names.value("content_type", name), one) for name, one in by_type.items()]
    rows = [(name, one.n, one.median, one.ci_lower, one.ci_upper, one.n_under, one.share_at_72) for name, one in groups]
    keys = ["label", "n", "median", "low", "high", "under", "at_72"]
    table = pd.DataFrame(rows, columns=keys).astype({"label": object})
    headings = (
        term("Content type", "column"),
        term("Posts", "column"),
        term("Half-life, hours", "column"),
        term("95% from", "column"),
        term("to", "column, upper end"),
        term("Half before the first reading", "column"),
        term("There after 72 hours", "column"),
    )
    caption = say("Time to half of the seven-day total; empty below ten posts")
    hours = dict.fromkeys(["median", "low", "high"], Number)
    return charts.table(
        table, columns=dict(zip(keys, headings, strict=True)), formats={**hours, "at_72": Percent}, caption=caption
    )
