"""Who makes the content, is the calendar kept, and what do live streams bring?"""

from __future__ import annotations

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
    Number,
    Percent,
    Period,
    Sentences,
    Signed,
    Span,
    Unit,
    Written,
    say,
    say_n,
    term,
)

STAGES: dict[str, Message] = {
    "start": term("months 1 to 3", "stage of a community"), "building": term("months 4 to 6", "stage of a community"),
    "running": term("month 7 and later", "stage of a community"),
}  # fmt: skip
KEPT: dict[str, Message] = {
    "on_the_day": term("Published on the day planned", "row of a table"),
    "within_a_day": term("Published within a day of it", "row of a table"),
    "signed_off": term("Signed off before publication", "row of a table"),
}
HALF = 0.5


def makers(table: pd.DataFrame, *, stage: str, tagged: bool) -> Section:
    """Return who made the posts (`metrics.origins`) against the band of *stage*; *tagged*: whether any post says so."""
    share = user_share(table)
    if not share.n or not tagged:
        return Section.of(Finding.nothing("makers", say("no post says who made it: map origin in content_tags")))
    low, high = STAGE_BANDS[stage]
    code = against_stage(share, stage)
    told = {
        "share": Percent(share.estimate, 0),
        "stage": STAGES[stage],
        "low": Percent(low, 0),
        "high": Percent(high, 0),
    }
    band = say("at least {low}", **told) if high >= 1 else say("{low} to {high}", **told)
    finding = Finding(
        id="makers", code=code, label=term("Content made by users", "label of a finding"),
        title=say("Users made {share} of what we published; for {stage} the plan wants {band}", band=band, **told),
        text=Sentences.of(
            say("{share} ({interval}) of {n} posts on our own accounts.", interval=Span.of(share.ci_lower, share.ci_upper), n=share.n,
                share=told["share"]),
            say("The band is the plan's proposal for the stage, not a measured optimum."),
        ),
        severity="watch" if code == "below" else "info", estimate=share.estimate, ci_lower=share.ci_lower, ci_upper=share.ci_upper,
        unit=Unit("share", term("of our posts", "unit")), n=share.n, weight="row",
        method=say("Posts by origin as tagged; a post without a tag counts as the brand's own; Wilson interval."),
    )  # fmt: skip
    label = [names.MAKERS[name] for name in table["origin"]]
    shown = table.assign(label=pd.Series(label, index=table.index, dtype=object))
    columns = {"label": term("Made by", "column"), "hits": term("Posts", "column"), "estimate": term("Share", "column"),
               "ci_lower": term("95% from", "column"), "ci_upper": term("to", "column, upper end")}  # fmt: skip
    return Section.of(finding, charts.table(shown, columns=columns, caption=say("Who made the posts on our accounts"),
                                            formats=dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent)))  # fmt: skip


def calendar(table: pd.DataFrame, matrix: pd.DataFrame) -> Section:
    """Return how far the calendar was kept (`metrics.calendar_kept`); *matrix*: content_type, post_type, n of the posts."""
    rows = table.set_index("what")
    if not int(rows.loc["on_the_day", "n"]):
        return Section.of(
            Finding.nothing(
                "calendar", say("no post carries the day it was planned for: map planned_for in content_tags")
            )
        )
    day, signed = rows.loc["on_the_day"], rows.loc["signed_off"]
    told = {
        "day": Percent(day["estimate"], 0),
        "n": int(day["n"]),
        "interval": Span.of(day["ci_lower"], day["ci_upper"]),
    }
    unsigned = int(signed["n"] - signed["hits"])
    finding = Finding(
        id="calendar", code="kept" if day["estimate"] >= HALF else "missed", label=term("Calendar kept", "label of a finding"),
        title=say("{day} of the planned posts went out on their day", **told),
        text=Sentences.of(
            say("{day} ({interval}) of {n} planned posts.", **told),
            say_n("{n} post went out without a reviewer's sign-off.", "{n} posts went out without a reviewer's sign-off.", n=unsigned)
            if unsigned else say("Every planned post was signed off before it went out."),
        ),
        severity="watch" if unsigned else "info", weight="row", estimate=day["estimate"], ci_lower=day["ci_lower"], ci_upper=day["ci_upper"],
        unit=Unit("share", term("of planned posts", "unit")), n=int(day["n"]),
        method=say("Day planned against the day of publication in the market's time; Wilson interval."),
    )  # fmt: skip
    label = [KEPT[name] for name in table["what"]]
    shown = table.assign(label=pd.Series(label, index=table.index, dtype=object))
    columns = {"label": term("What was kept", "column"), "hits": term("Posts", "column"), "n": term("Of", "column"),
               "estimate": term("Share", "column"), "ci_lower": term("95% from", "column"),
               "ci_upper": term("to", "column, upper end")}  # fmt: skip
    kept = charts.table(shown, columns=columns, caption=say("The calendar and the sign-off"),
                        formats=dict.fromkeys(["estimate", "ci_lower", "ci_upper"], Percent))  # fmt: skip
    return Section.of(finding, kept, _matrix(matrix))


def _matrix(matrix: pd.DataFrame) -> charts.Chart:
    label = [names.value("content_type", str(name)) for name in matrix["content_type"]]
    formats = [names.value("post_type", str(name)) for name in matrix["post_type"]]
    shown = matrix.rename(columns={"n": "posts"}).assign(
        kind=pd.Series(label, index=matrix.index, dtype=object),
        format=pd.Series(formats, index=matrix.index, dtype=object),
    )
    return charts.heat_map(shown, x="format", y="kind", value="posts", form=Count, words=Words(
        title=say("What is produced for what: posts by type and format"), alt=say("Number of posts by content type and format"),
        axis=term("posts", "axis"), x_axis=term("format", "axis"), caption=say("As tagged by the team"),
    ))  # fmt: skip


def live(sessions: pd.DataFrame, compared: pd.DataFrame, *, period: Period) -> Section:
    """Return what live streams bring (`metrics.live_sessions`, `metrics.live_compared`)."""
    if sessions.empty:
        return Section.of(Finding.nothing("live", say("no live stream in this period: map a file to activities")))
    first, told = sessions.iloc[0], _compared(compared)
    n = int(sessions["n"].sum())
    bought = Percent(first["bought"])
    usual = say("A usual stream ({kind}) has {viewers} viewers, who watch {minutes} minutes and buy {bought} of the time.",
                kind=Written(str(first["kind"])), viewers=Count(first["viewers"]), minutes=Number(first["watch_seconds"] / 60, digits=1),
                bought=bought)  # fmt: skip
    viewers = compared[compared["measure"] == "viewers"] if len(compared) else compared
    apart = viewers[(viewers["ci_lower"] > 0) | (viewers["ci_upper"] < 0)] if len(viewers) else viewers
    head = apart.iloc[0] if len(apart) else None
    finding = Finding(
        id="live", code="apart" if head is not None else "measured", label=term("Live streams", "label of a finding"),
        title=say("Live streams: {kind} draws {gain} viewers against {against}", kind=Written(str(head["kind"])),
                  gain=Signed(head["estimate"], 0), against=Written(str(head["against"]))) if head is not None
        else say("Live streams have {viewers} viewers in the middle", viewers=Count(first["viewers"])),
        text=Sentences.of(usual, *told), n=n, weight="chapter" if head is not None else "row",
        estimate=None if head is None else head["estimate"], ci_lower=None if head is None else head["ci_lower"],
        ci_upper=None if head is None else head["ci_upper"], unit=Unit("change", term("viewers against the usual stream", "unit")),
        method=say("Viewers: ratio of geometric means, Welch; orders per viewer: ratio over streams, delta method. Orders under the "
                   "stream's own code or link; streams were not held at random."),
    )  # fmt: skip
    columns = {
        "kind": term("Stream", "column"), "n": term("Streams", "column"), "viewers": term("Viewers, median", "column"),
        "peak": term("At the peak", "column"), "watch_seconds": term("Seconds watched", "column"),
        "messages": term("Messages per viewer", "column"), "bought": term("Orders per viewer", "column"),
        "bought_lower": term("95% from", "column"), "bought_upper": term("to", "column, upper end"),
    }  # fmt: skip
    forms = {
        "viewers": Count,
        "peak": Percent,
        "watch_seconds": Count,
        "bought": Percent,
        "bought_lower": Percent,
        "bought_upper": Percent,
    }
    return Section.of(
        finding,
        charts.table(
            sessions, columns=columns, formats=forms, caption=say("Live streams by title, {period}", period=period)
        ),
    )


def _compared(compared: pd.DataFrame) -> list[Message]:
    told = []
    for _, row in compared.iterrows():
        values = {"kind": Written(str(row["kind"])), "against": Written(str(row["against"])), "gain": Signed(row["estimate"], 0),
                  "interval": Span.of(row["ci_lower"], row["ci_upper"], form=Signed)}  # fmt: skip
        apart = row["ci_lower"] > 0 or row["ci_upper"] < 0
        if row["measure"] == "viewers":
            told.append(say("{kind} draws {gain} ({interval}) viewers against {against}.", **values) if apart
                        else say("In viewers {kind} and {against} are not told apart ({interval}).", **values))  # fmt: skip
        else:
            told.append(say("Orders per viewer: {kind} {gain} ({interval}) against {against}.", **values) if apart
                        else say("In orders per viewer {kind} and {against} are not told apart ({interval}).", **values))  # fmt: skip
    return told
