"""What changed against the weeks before? The rate of interactions, split into what was posted and how it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics import Change
from fanops_utils.models import Split
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.cells import cells
from fanops_utils.text import Count, Message, Percent, Points, Sentences, Signed, Span, Unit, say, term

NAMES: dict[str, Message] = {
    "followers": term("Followers", "figure"),
    "engagements": term("Interactions", "figure"),
    "views": term("Views", "figure"),
    "profile_visits": term("Profile visits", "figure"),
    "link_clicks": term("Link clicks", "figure"),
    "mentions": term("Mentions", "figure"),
    "negative": term("Share of negative mentions", "figure"),
}


def changed(split: Split, changes: Mapping[str, Change], *, denominator: str, year: Split | None = None) -> Section:
    """Return what changed against the 84 days before, split (*split*, *year*: `models.change_split`; *changes*:
    `market_changes`)."""
    table = _figures(changes)
    if split.code == "few":
        why = say(
            "twenty posts are needed in each of two stretches of 84 days; there are {before} and {after}",
            before=split.n_before,
            after=split.n_after,
        )
        return Section.of(Finding.nothing("changed", why), table)
    code = "both" if len(split.clear) == 2 else split.clear[0] if split.clear else "unclear"
    told: dict[str, Any] = {"rate": words.rate(denominator, first=True), "change": Points(split.change)}
    title = {
        "mix": say("{rate}: {change}, because other formats were posted", **told),
        "rate": say("{rate}: {change}, because formats did differently than before", **told),
        "both": say("{rate}: {change}, through other formats and through how they did", **told),
        "unclear": say("{rate}: {change}, inside what the luck of single posts explains", **told),
    }[code]
    finding = Finding(
        id="changed",
        label=term("Change of the rate against the 84 days before", "label of a finding"),
        code=code,
        title=title,
        verdict=say("{sentence}.", sentence=title),
        severity="watch" if code != "unclear" and split.change < 0 else "info",
        text=Sentences.of(
            say(
                "From {before} to {after}: {mix} ({mix_span}) by what was posted, {own} ({own_span}) by how it did.",
                before=Percent(split.before),
                after=Percent(split.after),
                mix=Points(split.mix.estimate),
                own=Points(split.rate.estimate),
                mix_span=Span.of(split.mix.ci_lower, split.mix.ci_upper, form=Points, level=0.9),
                own_span=Span.of(split.rate.ci_lower, split.rate.ci_upper, form=Points, level=0.9),
            ),
            say("A format with hardly any posts carries much of it: read with care.") if split.code == "thin" else None,
            say("A year before it was {rate}.", rate=Percent(year.before))
            if year is not None and year.code != "few"
            else None,
        ),
        estimate=split.change,
        unit=Unit("difference", words.rate(denominator)),
        n=split.n_before + split.n_after,
        method=say(
            "84 days to the last against the 84 before; split exactly with averages of both as weights; 90% by leaving "
            "out one post after the other. Called a change at most once in twenty where nothing changed, over both parts."
        ),
    )
    return Section.of(finding, _formats(split, denominator), table)


def _formats(split: Split, denominator: str) -> charts.Table:
    columns = {
        "name": term("Format", "column"),
        "n_before": term("Posts before", "column"),
        "n_after": term("Posts now", "column"),
        "rate_before": term("Rate before", "column"),
        "rate_after": term("Rate now", "column"),
        "mix": term("By what was posted", "column"),
        "rate": term("By how it did", "column"),
    }
    shown = split.table.assign(name=cells(words.posts_of(str(one), first=True) for one in split.table["post_type"]))
    forms = {
        "n_before": Count,
        "n_after": Count,
        "rate_before": Percent,
        "rate_after": Percent,
        "mix": Points,
        "rate": Points,
    }
    caption = say("{rate} by format; the parts add up to the change", rate=words.rate(denominator, first=True))
    return charts.table(shown, columns=columns, formats=forms, caption=caption)


def _figures(changes: Mapping[str, Change]) -> charts.Table | None:
    known = [(NAMES[name], one) for name, one in changes.items() if name in NAMES]
    if not known:
        return None
    frame = pd.DataFrame(
        {
            "name": [name for name, _ in known],
            "change": [one.change for _, one in known],
            "swing": [one.swing for _, one in known],
            "year": [one.year for _, one in known],
            "said": [_reading(one) for _, one in known],
        }
    )
    columns = {
        "name": term("Figure", "column"),
        "change": term("Against 28 days before", "column"),
        "swing": term("Usual swing", "column"),
        "said": term("Reading", "column"),
        "year": term("Against a year before", "column"),
    }
    forms = {"change": Signed, "swing": Percent, "year": Signed}
    return charts.table(
        frame,
        columns=columns,
        formats=forms,
        caption=say("28 days to the last; all figures are judged together: one beyond its usual swing may be chance"),
    )


def _reading(one: Change) -> Message:
    """Return how a figure moved: beyond its usual swing, but not where all are judged together, is neither."""
    if one.judgment in ("up", "down"):
        return term("clear", "judgment of a change")
    if one.judgment != "unclear":
        return term("too little history", "judgment of a change")
    beyond = abs(np.log1p(one.change)) > np.log1p(one.swing)  # the swing is a fraction upwards
    return term("not clear yet", "judgment of a change") if beyond else term("as usual", "judgment of a change")
