"""Which kind of post does best? Kinds in order at equal reach, beside what they earn as posted, named only where shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.models import Ranking
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections import words
from fanops_utils.sections.content import names
from fanops_utils.text import Listed, Message, Number, Period, Sentences, Signed, Span, Unit, say, say_n, term

SHOWN = 0.9


def ranked(equal: Ranking, posted: Ranking, *, platform: str, period: Period) -> Section:
    """Return which value of a way of sorting posts does best: *equal* at equal reach, *posted* with the reach it earned."""
    finding = _finding(equal, posted)
    if not finding.ok:
        return Section.of(finding)
    return Section.of(finding, _chart(equal, finding, platform, period), _table(equal, posted))


def _finding(equal: Ranking, posted: Ranking) -> Finding:
    sort, kinds = equal.cell, names.SORTS[equal.cell]
    if equal.table.empty:
        return Finding.nothing(
            sort, say("no post says its place among {kinds}: map a file to content_tags", kinds=kinds)
        )
    if equal.code == "few":
        return Finding.nothing(sort, say("fewer than two {kinds} have five posts to compare", kinds=kinds))
    if equal.code == "mixed_up":
        return Finding.nothing(sort, say("{kinds} go with accounts or formats: they cannot be told apart", kinds=kinds))
    table = equal.table[equal.table["rankable"].astype(bool)]
    best = table.iloc[0]
    lower = [names.value(sort, str(name)) for name in table.loc[table["mark"] == "below", sort]]
    told: dict[str, Any] = {
        "best": names.value(sort, str(best[sort])),
        "kinds": kinds,
        "gain": Signed(best["estimate"], 0),
        "interval": Span.of(best["ci_lower"], best["ci_upper"], form=Signed, level=SHOWN),
        "n": int(best["n"]),
    }
    clear = equal.code == "best"
    title = (
        say("Best of the {kinds}: {best}, {gain} interactions at equal reach", **told)
        if clear
        else _open_title(table, sort)
    )
    reading = (
        say("A post of this kind earns {gain} ({interval}) against the average of the {kinds}, over {n} posts.", **told)
        if clear
        else say("The one with most, {best}, stands at {gain} ({interval}) against the average of the {kinds}.", **told)
    )
    below = say("Clearly below average: {names}.", names=Listed.of(lower)) if lower else None
    return Finding(
        id=sort,
        code="clear" if clear else "open",
        title=title,
        verdict=say("{sentence}.", sentence=title),
        label=term("Lead of the best kind of post", "label of a finding"),
        text=Sentences.of(reading, below, _as_posted(posted), _unranked(equal)),
        weight="chapter" if clear or sort in ("content_type", "post_type") else "row",
        severity="good" if clear else "info",
        estimate=best["estimate"],
        ci_lower=best["ci_lower"],
        ci_upper=best["ci_upper"],
        unit=Unit("change", term("against the average kind", "unit")),
        n=equal.n,
        method=_method(equal),
    )


def _open_title(table: pd.DataFrame, sort: str) -> Message:
    maybe = table.loc[table["may_be_best"].astype(bool), sort]
    if len(maybe) == len(table):
        return say("Among {kinds} none is shown to do best", kinds=names.SORTS[sort])
    listed = Listed.of(names.value(sort, str(name)) for name in maybe)
    return say("Among {kinds} the best is one of {names}", kinds=names.SORTS[sort], names=listed)


def _as_posted(posted: Ranking) -> Message | None:
    if posted.code not in ("best", "set"):
        return None
    best = posted.table.iloc[0]
    told: dict[str, Any] = {
        "best": names.value(posted.cell, str(best[posted.cell])),
        "gain": Signed(best["estimate"], 0),
    }
    if posted.code == "best":
        return say("Counting the reach they earn as well, {best} leads with {gain} interactions a post.", **told)
    return say("Counting the reach they earn as well, no kind is shown to lead.")


def _unranked(equal: Ranking) -> Message | None:
    few = [
        names.value(equal.cell, str(name))
        for name in equal.table.loc[~equal.table["rankable"].astype(bool), equal.cell]
    ]
    return say("Too few posts to rank: {names}.", names=Listed.of(few)) if few else None


def _method(equal: Ranking) -> Message:
    slope = Number(equal.reach_slope, digits=2)
    return say(
        "Regression of log(interactions + 0.5), other traits, account, weekday, hour, age and trend held equal; slope of "
        "log reach left free (here {slope}); kinds shrunk to their mean, their spread integrated. 90% intervals. Best only with "
        "a chance of 0.8 and an interval above 0. {dropped} posts left out. Posts chose their kind: no proof of a cause.",
        slope=slope,
        dropped=equal.n_dropped,
    )


def _chart(equal: Ranking, finding: Finding, platform: str, period: Period) -> charts.Chart:
    table = equal.table[equal.table["rankable"].astype(bool)]
    label = pd.Series(
        [names.value(equal.cell, str(name)) for name in table[equal.cell]], index=table.index, dtype=object
    )
    return charts.intervals(
        table.assign(label=label),
        label="label",
        form=Signed,
        reference=0.0,
        reference_label=term("average kind", "line in a chart"),
        words=Words(
            title=say(
                "Interactions per post at equal reach, against the average of the {kinds}",
                kinds=names.SORTS[equal.cell],
            ),
            subtitle=say("90% intervals, {period}", period=period),
            axis=term("against the average", "axis"),
            alt=finding.text,
            caption=say("Posts on {platform}; n = posts; grey below 30", platform=words.platform(platform)),
        ),
    )


def _table(equal: Ranking, posted: Ranking) -> charts.Table:
    sort = equal.cell
    beside = posted.table.set_index(sort)["estimate"].reindex(equal.table[sort]).to_numpy(dtype=float)
    label = [names.value(sort, str(name)) for name in equal.table[sort]]
    shown = equal.table.assign(label=pd.Series(label, index=equal.table.index, dtype=object), posted=beside)
    columns = {
        "label": names.SORTS_FIRST[sort],
        "n": term("Posts", "column"),
        "estimate": term("At equal reach", "column"),
        "ci_lower": term("90% from", "column"),
        "ci_upper": term("to", "column, upper end"),
        "posted": term("As posted", "column"),
        "p_best": term("Chance to be best", "column"),
    }
    caption = say_n(
        "Against the average kind; fewer than five posts are not ranked ({n} post in all)",
        "Against the average kind; fewer than five posts are not ranked ({n} posts in all)",
        n=equal.n,
    )
    signed = dict.fromkeys(["estimate", "ci_lower", "ci_upper", "posted"], Signed)
    return charts.table(shown, columns=columns, formats={**signed, "p_best": words.chance_of}, caption=caption)
