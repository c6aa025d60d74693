"""Covariates for the estimator that has no control to compare with: events that the registers noted, and series of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from fanops_utils.workspace.registers.campaign import Campaign


def event_covariates(
    campaign: Campaign, others: Iterable[Campaign], *, since: date | None, own: pd.DataFrame | None = None
) -> pd.DataFrame | None:
    """Return the events noted for the treated markets as day x event, 1.0 on its days, else 0.0.

    Events of *others*' registers count too where they name a treated market of *campaign*, or no market at all; the
    same note in two years is one column, so that the first teaches what the second does. Days: from *since* to the
    campaign's last. *own*: series by day that stand beside the events (`campaign_covariates`); NaN on days they lack. None
    without any of these, or where *since* is None (no data).
    """
    if since is None or since > campaign.live.end:
        return None
    days = pd.date_range(since, campaign.live.end, freq="D")
    found: dict[str, set[pd.Timestamp]] = {}
    for one in (*others, campaign):
        for event in one.events:
            when = pd.Timestamp(event.date)
            if days[0] <= when <= days[-1] and (event.market is None or event.market in campaign.treated):
                found.setdefault(event.note, set()).add(when)
    marks = {note: days.isin(list(dates)).astype(float) for note, dates in found.items()}
    table = pd.DataFrame(marks, index=days)
    if own is not None:
        table = table.join(own.reindex(days))
    return table if len(table.columns) else None
