"""Was it the mix of formats, or each of them: a change of the rate of interactions split exactly."""

from __future__ import annotations

import pandas as pd

from fanops_utils import charts
from fanops_utils.models import MixRate
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.campaigns.words import between
from fanops_utils.text import Form, Listed, Message, Percent, Points, Sentences, Unit, say, term

COLUMNS = {
    "format": term("Format", "column"), "n_before": term("Posts before", "column"), "n_after": term("Posts live", "column"),
    "weight_before": term("Share of reach before", "column"), "weight_after": term("Share of reach live", "column"),
    "rate_before": term("Rate before", "column"), "rate_after": term("Rate live", "column"), "mix": term("By mix", "column"),
    "rate": term("Within", "column"),
}  # fmt: skip
FORMATS: dict[str, Form] = {
    **dict.fromkeys(["weight_before", "weight_after", "rate_before", "rate_after"], Percent), "mix": Points, "rate": Points,
}  # fmt: skip
METHOD = say("Baseline against live weeks, posts of the platform; weighted by reach (Marshall-Edgeworth). No effect.")


def formats(found: MixRate | None, *, level: float = 0.9) -> Section:
    """Return whether the rate changed because formats did, or by the mix of them, and every format with its numbers."""
    caption = say("Interactions per account reached; rates of fewer than ten posts are left out")
    return Section.of(
        answer(found, level=level), charts.table(rows(found), columns=COLUMNS, caption=caption, formats=FORMATS)
    )


def answer(found: MixRate | None, *, level: float) -> Finding:
    """Return whether the rate of interactions changed because formats did, or because more or less of each was made."""
    if found is None:
        why = term("no posts with a known reach in both the baseline and the live weeks", "why there is no data")
        return Finding.nothing("formats", why)
    went = say(
        "Interactions per account reached went from {before} to {after}: {mix} by the mix of formats, {rate} within formats.",
        before=Percent(found.before),
        after=Percent(found.after),
        mix=Points(found.mix),
        rate=Points(found.rate),
    )
    simpson = say("The mix alone did that (Simpson's paradox).") if found.reversed else None
    title, code = _title(found)
    return Finding(
        id="formats",
        title=title,
        text=Sentences.of(went, _each(found, level), simpson),
        estimate=found.change,
        unit=Unit("difference", term("interactions per account reached", "unit")),
        n=int(found.table[["n_before", "n_after"]].to_numpy().sum()),
        method=METHOD,
        code=code,
    )


def _title(found: MixRate) -> tuple[Message, str]:
    if found.reversed:
        return say("Every format moved one way, the whole the other"), "reversed"
    if abs(found.mix) > abs(found.rate):
        return say("The rate moved by {change}, more by the mix of formats", change=Points(found.change)), "mix"
    return say("The rate moved by {change}, more by the rate within formats", change=Points(found.change)), "rate"


def _each(found: MixRate, level: float) -> Message:
    shown = found.table[~found.table["hidden"]].to_dict("records")
    if not shown:
        return say("No format has ten posts on both sides, so none is told apart.")
    listed = Listed.of(
        say(
            "{format} {change}",
            format=words.posts_of(row["post_type"]),
            change=between({**row, "estimate": row["change"]}, level=level, form=Points),
        )
        for row in shown
    )
    return say("By format: {formats}.", formats=listed)


def rows(found: MixRate | None) -> pd.DataFrame:
    """Return the formats as rows to be shown: names in words, numbers of those with few posts left out."""
    if found is None:
        return pd.DataFrame(columns=list(COLUMNS))
    table = found.table.assign(format=found.table["post_type"].map(lambda kind: words.posts_of(kind, first=True)))
    table[["rate_before", "rate_after"]] = table[["rate_before", "rate_after"]].mask(table["hidden"])
    return table[list(COLUMNS)]
