"""How soon people get an answer: questions, complaints and suggestions of the community."""

from __future__ import annotations

import pandas as pd

from fanops_utils.metrics.catalogue.asked import Asked
from fanops_utils.metrics.catalogue.entries import words
from fanops_utils.metrics.catalogue.estimates import SHARE
from fanops_utils.metrics.catalogue.metric import Metric
from fanops_utils.metrics.catalogue.moments import shares
from fanops_utils.text import term

BY = ["date_day", "market", "platform"]
KINDS = ("question", "complaint", "suggestion")
AGREED_MINUTES = 60


def _in_time(asked: Asked) -> pd.DataFrame:
    """Return who was answered within an hour; who wrote less than that before the last thing known is left out."""
    import ibis

    every = asked.everywhere().rows("cases")
    until = every.aggregate(last=ibis.greatest(every.opened_at.max(), every.first_response_at.max())).to_pandas()[
        "last"
    ][0]
    rows = asked.within(asked.rows("cases"))
    rows = rows.filter(rows.kind.isin(KINDS))
    if pd.isna(until):
        return shares(rows.filter(False), rows.kind.notnull(), by=BY)
    span = ibis.interval(minutes=AGREED_MINUTES)
    rows = rows.filter(rows.opened_at + span <= ibis.literal(until))
    return shares(rows, (rows.first_response_at <= rows.opened_at + span).fill_null(False), by=BY)


METRICS = (
    Metric("answered_within_hour", "members", term("Answered within an hour", "metric"),
           term("What part of the questions, complaints and suggestions had a first answer within 60 minutes; who still waits "
                "counts as not answered", "metric"),
           term("cases answered within 60 minutes", "counted"), SHARE, words.SHARE,
           ("cases.opened_at", "cases.first_response_at"), _in_time,
           per=term("questions, complaints and suggestions", "counted"), aliases=("response time", "answered in time")),
)  # fmt: skip
