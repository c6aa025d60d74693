"""A funnel: how many people did one thing after the other, in order, within a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import ibis
import pandas as pd

from fanops_utils.errors import DataError
from fanops_utils.metrics.folds.tables import counted, needs
from fanops_utils.text import say


def funnel(events: ibis.Table, steps: Sequence[str], *, within: timedelta, by: str | None = None) -> pd.DataFrame:
    """Return how many members reached each of *steps*, in this order, within *within* of their first step.

    Columns of *events* (table member_events): member_key, event_timestamp, event_name, and *by*. A member's window
    opens at their first act of the first step; a later step counts where it comes no earlier than the one before it and
    no later than the window's end. Returned: [by,] step (from 1), name, members; a step nobody reached is 0. Raises
    DataError for a step that stands twice.
    """
    keys = [*([by] if by else []), "member_key"]
    needs(events, "event_timestamp", "event_name", *keys)
    if len(set(steps)) < len(steps):
        raise DataError(say("a step stands twice"), value=next(one for one in steps if list(steps).count(one) > 1))
    acts = events.filter(events.event_name.isin(list(steps))).select(*keys, "event_timestamp", "event_name")
    whole = counted(acts, "member_key", lambda part: _reached(part, steps, within, keys), by=[*keys[:-1], "step"])
    return _tidy(whole, list(steps), keys[:-1])


def _reached(acts: ibis.Table, steps: Sequence[str], within: timedelta, keys: Sequence[str]) -> ibis.Table:
    """Return [by,] step, members: who of these came as far."""
    here = acts.filter(acts.event_name == steps[0])
    here = here.group_by(*keys).agg(opened=here.event_timestamp.min(), at=here.event_timestamp.min())
    reached = [_count(here, 1, keys)]
    for number, name in enumerate(steps[1:], start=2):
        following = acts.filter(acts.event_name == name).select(*keys, "event_timestamp")
        both = here.inner_join(following, keys)
        both = both.filter(
            both.event_timestamp >= both.at,
            both.event_timestamp <= both.opened + ibis.interval(seconds=int(within.total_seconds())),
        )
        here = both.group_by(*keys).agg(opened=both.opened.min(), at=both.event_timestamp.min())
        reached.append(_count(here, number, keys))
    return ibis.union(reached[0], *reached[1:]) if len(reached) > 1 else reached[0]


def _count(here: ibis.Table, number: int, keys: Sequence[str]) -> ibis.Table:
    return here.group_by(*keys[:-1], step=ibis.literal(number, "int64")).agg(members=here.count())


def _tidy(frame: pd.DataFrame, steps: list[str], keys: list[str]) -> pd.DataFrame:
    numbers = pd.Index(range(1, len(steps) + 1), name="step")
    if keys:
        counts: Any = frame.pivot_table(index=keys[0], columns="step", values="members", aggfunc="sum")
        counts = counts.reindex(columns=numbers).fillna(0).stack()
    else:
        counts = frame.set_index("step")["members"].reindex(numbers).fillna(0)
    tidy = counts.astype("int64").rename("members").rename_axis([*keys, "step"]).reset_index()
    tidy.insert(len(keys) + 1, "name", [steps[step - 1] for step in tidy["step"]])
    return tidy.astype({"step": "int64"})
