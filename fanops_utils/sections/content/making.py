"""Who makes the content, is the calendar kept, and what do live streams bring?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from fanops_utils import charts
from fanops_utils.charts.words import Words
from fanops_utils.metrics import against_stage, user_share
from fanops_utils.metrics.social.output import STAGE_BANDS
from fanops_utils.playbook import Finding, Section
from fanops_utils.sections.content import names
from fanops_utils.text import (
    Count,
    Message,
    Percent,
    Sentences,
    Span,
    Unit,
    say,
    say_n,
    term,
)

STAGES: dict[str, Message] = {
    "start": term("months 1 to 3", "stage of a community"),
    "building": term("months 4 to 6", "stage of a community"),
    "running": term("month 7 and later", "stage of a community"),
}
KEPT: dict[str, Message] = {
    "on_the_day": term("Published on the day planned", "row of a table"),
    "within_a_day": term("Published within a day of it", "row of a table"),
    "signed_off": term("Signed off before publication", "row of a table"),
}
HALF = 0.5
SIGNED = 0.95  # below this share of the planned posts, sign-off is no habit


def makers(table: pd.DataFrame, *, stage: str, tagged: bool) -> Section:
    """Return who made the posts (`metrics.origins`) against the band of *stage*; *tagged*: whether any post says so."""
    share = user_share(table)
    if not share.n or not tagged:
        return Section.of(Finding.nothing("makers", say("no post says who made it: map origin in content_tags")))
    low, high = STAGE_BANDS[stage]
    code = against_stage(share, stage)
    told: dict[str, Any] = {
        "share": Percent(share.estimate, 0),
        "stage": STAGES[stage],
        "low": Percent(low, 0),
        "high": Percent(high, 0),
    }
    band = say("at least {low}", **told) if high >= 1 else say("{low} to {high}", **told)
    finding = Finding(
        id="makers",
        code=code,
        about=say("users made {made} of {n} posts on our accounts", made=round(share.estimate * share.n), n=share.n),
        label=term("Content made by users", "label of a finding"),
        title=say("Users made {share} of what we published; for {stage} the plan wants {band}", band=band, **told),
        text=Sentences.of(
            say(
                "{share} ({interval}) of {n} posts on our own accounts.",
                interval=Span.of(share.ci_lower, share.ci_upper),
                n=share.n,
                share=told["share"],
            ),
            say("The band is the plan's proposal for the stage, not a measured optimum."),
        ),
        severity="watch" if code == "below" else "info",
        estimate=share.estimate,
        ci_lower=share.ci_lower,
        ci_upper=share.ci_upper,
        unit=Unit("share", term("of our posts", "unit")),
        n=share.n,
        weight="row",
        method=say("Posts by origin as tagged; a post without a tag counts as the brand's own; Wilson interval."),
    )
    label = [names.MAKERS[name] for name in table["origin"]]
    shown = table.assign(label=pd.Series(label, index=table.index, dtype=object))
    columns = {
        "label": term("Made by", "column"),
        "hits": term("Posts", "column"),
        "estimate": term("Share", "column"),
        "ci_lower": term("95% from", "column"),
        "ci_upper": term("to", "column, upper end"),
    }
    return Section.of(
        finding,
        charts.table(
            shown,
            columns=columns,
            caption=say("Who made the posts on our accounts"),
            formats=dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent),
        ),
    )


def calendar(table: pd.DataFrame, matrix: pd.DataFrame) -> Section:
    """Return how far the calendar was kept (`metrics.calendar_kept`); *matrix*: content_type, post_type, n of the posts."""
    rows: dict[str, Any] = {str(row["what"]): row for row in table.to_dict("records")}
    if not int(rows["on_the_day"]["n"]):
        return Section.of(
            Finding.nothing(
                "calendar", say("no post carries the day it was planned for: map planned_for in content_tags")
            )
        )
    day, signed = rows["on_the_day"], rows["signed_off"]
    told: dict[str, Any] = {
        "day": Percent(day["estimate"], 0),
        "n": int(day["n"]),
        "interval": Span.of(day["ci_lower"], day["ci_upper"]),
    }
    unsigned = int(signed["n"] - signed["hits"])
    short = signed["estimate"] < SIGNED
    finding = Finding(
        id="calendar",
        code="kept" if day["estimate"] >= HALF else "missed",
        label=term("Calendar kept", "label of a finding"),
        title=say_n(
            "{n} of {all} planned posts went out without a sign-off",
            "{n} of {all} planned posts went out without a sign-off",
            n=unsigned,
            all=told["n"],
        )
        if short
        else say("{day} of the planned posts went out on their day", **told),
        text=Sentences.of(
            say("{day} ({interval}) of {n} planned posts.", **told),
            say_n(
                "{n} post went out without a reviewer's sign-off.",
                "{n} posts went out without a reviewer's sign-off.",
                n=unsigned,
            )
            if unsigned
            else say("Every planned post was signed off before it went out."),
        ),
        severity="watch" if short else "info",
        weight="row",
        estimate=day["estimate"],
        ci_lower=day["ci_lower"],
        ci_upper=day["ci_upper"],
        unit=Unit("share", term("of planned posts", "unit")),
        n=int(day["n"]),
        method=say("Day planned against the day of publication in the market's time; Wilson interval."),
    )
    return Section.of(finding, _kept(table), _matrix(matrix))


def _kept(table: pd.DataFrame) -> charts.Table:
    """Return what was kept of the calendar and the sign-off as a table."""
    label = [KEPT[name] for name in table["what"]]
    shown = table.assign(label=pd.Series(label, index=table.index, dtype=object))
    columns = {
        "label": term("What was kept", "column"),
        "hits": term("Posts", "column"),
        "n": term("Of", "column"),
        "estimate": term("Share", "column"),
        "ci_lower": term("95% from", "column"),
        "ci_upper": term("to", "column, upper end"),
    }
    return charts.table(
        shown,
        columns=columns,
        caption=say("The calendar and the sign-off"),
        formats=dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent),
    )


def _matrix(matrix: pd.DataFrame) -> charts.Chart:
    label = [names.value("content_type", str(name)) for name in matrix["content_type"]]
    formats = [names.value("post_type", str(name)) for name in matrix["post_type"]]
    shown = matrix.rename(columns={"n": "posts"}).assign(
        kind=pd.Series(label, index=matrix.index, dtype=object),
        format=pd.Series(formats, index=matrix.index, dtype=object),
    )
    return charts.heat_map(
        shown,
        x="format",
        y="kind",
        value="posts",
        form=Count,
        words=Words(
            title=say("What is produced for what: posts by type and format"),
            alt=say("Number of posts by content type and format"),
            axis=term("posts", "axis"),
            x_axis=term("format", "axis"),
            caption=say("As tagged by the team"),
        ),
    )
