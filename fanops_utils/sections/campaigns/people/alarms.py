"""Weeks of the campaign in which negative mentions jumped beyond the weeks before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from fanops_utils.playbook import Finding, Section
from fanops_utils.text import Count, Message, Sentences, say, say_n, term
from fanops_utils.workspace import Campaign


def alarms(weeks: pd.DataFrame, campaign: Campaign) -> Section:
    """Return the weeks of the campaign that raised an alarm (*weeks*: `metrics.weekly_negative`)."""
    return Section.of(answer(weeks, campaign))


def answer(weeks: pd.DataFrame, campaign: Campaign) -> Finding:
    """Return how many weeks raised an alarm, and which."""
    if weeks.empty:
        why = term("no mention of the brand in these markets (export: mentions)", "why there is no data")
        return Finding.nothing("alarms", why)
    start, end = (pd.Timestamp(day) for day in (campaign.whole.start, campaign.whole.end))
    inside = weeks[(weeks["week_start"] + pd.Timedelta(days=6) >= start) & (weeks["week_start"] <= end)]
    known = inside[inside["p_value"].notna()]
    if known.empty:
        why = term("too few weeks before the campaign to know what is usual", "why there is no data")
        return Finding.nothing("alarms", why)
    loud = known[known["alarm"].astype(bool)].to_dict("records")
    if not loud:
        text = say_n(
            "In {n} week, no jump of negative mentions beyond the twelve weeks before.",
            "In {n} weeks, no jump of negative mentions beyond the twelve weeks before.",
            n=len(known),
        )
        title = say("No week of the campaign raised an alarm")
        return Finding(id="alarms", title=title, text=text, severity="good", n=len(known), code="quiet", weight="row")
    title = say_n("{n} week of the campaign raised an alarm", "{n} weeks of the campaign raised an alarm", n=len(loud))
    act = say("Read those mentions before repeating the campaign.")
    text_of = Sentences.of(*(_week(row) for row in loud), act)
    return Finding(id="alarms", title=title, text=text_of, severity="alert", n=len(known), code="alarm")


def _week(row: Mapping[Any, Any]) -> Message:
    week, negatives = row["week_start"], int(row["negatives"])
    if not np.isfinite(row["expected"]):
        return say(
            "Week of {day}: {negatives} negative mentions; what is usual is not known.", day=week, negatives=negatives
        )
    usual = Count(row["expected"])
    return say(
        "Week of {day}: {negatives} negative mentions; usual are {usual}.", day=week, negatives=negatives, usual=usual
    )
