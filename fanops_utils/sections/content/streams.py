"""What do live streams bring: viewers, time watched, orders, one kind of stream against another?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils import charts
from fanops_utils.metrics.intervals import Interval
from fanops_utils.metrics.multiple import sides_of_gaps
from fanops_utils.playbook import Finding, Section
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
    in_words,
    say,
    term,
)

LEVEL = 0.95  # of the intervals of `live_compared`


def live(sessions: pd.DataFrame, compared: pd.DataFrame, *, period: Period) -> Section:
    """Return what live streams bring (`metrics.live_sessions`, `metrics.live_compared`)."""
    if sessions.empty:
        return Section.of(Finding.nothing("live", say("no live stream in this period: map a file to activities")))
    first, told = sessions.iloc[0], _compared(compared)
    n = int(sessions["n"].sum())
    bought = Percent(first["bought"])
    usual = say(
        "A usual stream ({kind}) has {viewers} viewers, who watch {minutes} minutes; orders come to {bought} of viewers.",
        kind=in_words(str(first["kind"])),
        viewers=Count(first["viewers"]),
        minutes=Number(first["watch_seconds"] / 60, digits=1),
        bought=bought,
    )
    viewers = compared[compared["measure"] == "viewers"] if len(compared) else compared
    apart = viewers[_clear(viewers)] if len(viewers) else viewers
    head = apart.iloc[0] if len(apart) else None
    finding = Finding(
        id="live",
        code="apart" if head is not None else "measured",
        label=term("Live streams", "label of a finding"),
        title=say(
            "Live streams: {kind} draws {gain} viewers against {against}",
            kind=in_words(str(head["kind"])),
            gain=Signed(head["estimate"], 0),
            against=in_words(str(head["against"])),
        )
        if head is not None
        else say("Live streams have {viewers} viewers in the middle", viewers=Count(first["viewers"])),
        text=Sentences.of(usual, *told),
        n=n,
        weight="chapter" if head is not None else "row",
        estimate=None if head is None else head["estimate"],
        ci_lower=None if head is None else head["ci_lower"],
        ci_upper=None if head is None else head["ci_upper"],
        unit=Unit("change", term("viewers against the usual stream", "unit")),
        method=say(
            "Viewers: ratio of geometric means, Welch; orders per viewer: ratio over streams, delta method. Orders under the "
            "stream's own code or link; streams were not held at random."
        ),
    )
    return Section.of(finding, _table(sessions, period))


def _clear(viewers: pd.DataFrame) -> np.ndarray:
    """Return which kinds clearly draw more or fewer viewers than the usual one, read together."""
    bounds = np.log1p(viewers[["estimate", "ci_lower", "ci_upper"]].to_numpy(float))
    return sides_of_gaps([Interval(row[0], row[1], row[2], 0) for row in bounds.tolist()], level=LEVEL) != 0


def _table(sessions: pd.DataFrame, period: Period) -> charts.Table:
    columns = {
        "kind": term("Stream", "column"),
        "n": term("Streams", "column"),
        "viewers": term("Viewers, median", "column"),
        "peak": term("At the peak", "column"),
        "watch_seconds": term("Seconds watched", "column"),
        "messages": term("Messages per viewer", "column"),
        "bought": term("Orders per viewer", "column"),
        "bought_lower": term("95% from", "column"),
        "bought_upper": term("to", "column, upper end"),
    }
    forms = {
        "viewers": Count,
        "peak": Percent,
        "watch_seconds": Count,
        "bought": Percent,
        "bought_lower": Percent,
        "bought_upper": Percent,
    }
    caption = say("Live streams by title, {period}", period=period)
    return charts.table(sessions, columns=columns, formats=forms, caption=caption)


def _compared(compared: pd.DataFrame) -> list[Message]:
    told = []
    for _, row in compared.iterrows():
        values = {
            "kind": in_words(str(row["kind"])),
            "against": in_words(str(row["against"])),
            "gain": Signed(row["estimate"], 0),
            "interval": Span.of(row["ci_lower"], row["ci_upper"], form=Signed),
        }
        apart = row["ci_lower"] > 0 or row["ci_upper"] < 0
        if row["measure"] == "viewers":
            told.append(
                say("{kind} draws {gain} ({interval}) viewers against {against}.", **values)
                if apart
                else say("In viewers {kind} and {against} are not told apart ({interval}).", **values)
            )
        else:
            told.append(
                say("Orders per viewer: {kind} {gain} ({interval}) against {against}.", **values)
                if apart
                else say("In orders per viewer {kind} and {against} are not told apart ({interval}).", **values)
            )
    return told
