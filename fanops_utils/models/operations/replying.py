"""Replies agreed beforehand against the topics people ask about, and the monthly review of conflicts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
from scipy import stats

from fanops_utils.metrics.columns import days, need
from fanops_utils.metrics.multiple import holm
from fanops_utils.workspace.operations.pattern import Pattern

if TYPE_CHECKING:
    import ibis

ASKED = ("complaint", "question")
CONFLICTS = ("complaint", "violation")
FEW = 10
REPLIES = ["topic", "complaint", "question", "answered", "reply", "state"]
REVIEW = ["kind", "topic", "before", "now", "p", "state"]


def reply_table(cases: pd.DataFrame, patterns: Iterable[Pattern]) -> pd.DataFrame:
    """Return per topic of complaints and questions: their numbers, answered, reply (a Pattern or None), state; most first.

    Columns of *cases*: kind, topic, first_response_at. state: own (a reply names the topic), general (only one without a
    topic is there) or none.
    """
    need(cases, "kind", "topic", "first_response_at")
    replies = [one for one in patterns if one.kind == "reply"]
    general = next((one for one in replies if not one.topic), None)
    own = {one.topic: one for one in replies if one.topic}
    asked = cases[cases["kind"].isin(ASKED) & cases["topic"].notna()]
    rows = []
    for topic, part in asked.groupby("topic"):
        reply = own.get(str(topic), general)
        state = "own" if str(topic) in own else "general" if general else "none"
        counts = [int((part["kind"] == kind).sum()) for kind in ASKED]
        rows.append((str(topic), *counts, int(part["first_response_at"].notna().sum()), reply, state))
    table = pd.DataFrame(rows, columns=REPLIES)
    return table.sort_values(["complaint", "question", "topic"], ascending=[False, False, True], ignore_index=True)


def last_month(day: date) -> tuple[date, date]:
    """Return the first and last day of the last whole month up to and including *day*."""
    first = (day + timedelta(days=1)).replace(day=1)
    end = first - timedelta(days=1)
    return end.replace(day=1), end


def conflict_review(
    cases: pd.DataFrame, messages: pd.Series | ibis.Table, *, on: date, alpha: float = 0.05
) -> pd.DataFrame:
    """Return per kind (complaint, violation) and topic the last whole month by *on* against the one before, most first.

    Columns of *cases*: kind, topic, date_day; *messages*, the exposure: the days of the messages written, or the messages
    in the engine (date_day). before, now: cases; p:
    exact, given both months' cases and messages (days where nothing was written), Holm over all rows; state: more, fewer,
    alike, or few (under ten in both together).
    """
    need(cases, "kind", "topic", "date_day")
    start, end = last_month(on)
    earlier, before_end = last_month(start - timedelta(days=1))
    now_n, before_n = (_written(messages, *month) for month in ((start, end), (earlier, before_end)))
    if not now_n or not before_n:
        now_n, before_n = (end - start).days + 1, (before_end - earlier).days + 1
    own = cases[cases["kind"].isin(CONFLICTS)]
    own = own.assign(topic=own["topic"].fillna("other"), day=days(own["date_day"]))
    rows = []
    for (kind, topic), part in own.groupby(["kind", "topic"]):
        now, before = (int(part["day"].between(str(a), str(b)).sum()) for a, b in ((start, end), (earlier, before_end)))
        if now + before:
            p = float(stats.binomtest(now, now + before, now_n / (now_n + before_n)).pvalue)
            rows.append(
                (kind, topic, before, now, p if now + before >= FEW else float("nan"), now / now_n > before / before_n)
            )
    table = pd.DataFrame(rows, columns=[*REVIEW[:5], "up"])
    known = table["p"].notna()
    table.loc[known, "p"] = holm(table.loc[known, "p"].to_numpy(dtype=float))
    clear = table["p"] < alpha
    table["state"] = [
        "few" if pd.isna(p) else ("more" if up else "fewer") if sure else "alike"
        for p, up, sure in zip(table["p"], table["up"], clear, strict=True)
    ]
    return table.sort_values(["now", "before", "topic"], ascending=[False, False, True], ignore_index=True)[REVIEW]


def _written(messages: pd.Series | ibis.Table, start: date, end: date) -> int:
    """Return how many of *messages* were written from *start* to *end*."""
    if isinstance(messages, pd.Series):
        return int(days(messages).between(str(start), str(end)).sum())
    return int(messages.filter(messages.date_day.between(start, end)).count().to_pandas())
