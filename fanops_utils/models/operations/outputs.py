"""What went into each duty in a month, and what came out: money by duty, what it made, and the cost of one piece."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd

from fanops_utils.data.warehouse import Store
from fanops_utils.errors import FanopsError
from fanops_utils.metrics.catalogue.series import series
from fanops_utils.metrics.catalogue.together import measured
from fanops_utils.workspace.operations.team import Duty, Team

PEOPLE = "people"  # the category of the budget that is shared by hours
COLUMNS = ["id", "name", "own", "people", "cost", "output", "made", "per", "cost_before", "made_before", "per_before"]
Made = Callable[[str, date, date], float | None]


def counted(store: Store) -> Made:
    """Return what counts a metric between two days: totals added up over markets, platforms and kinds, else its one number."""

    def made(name: str, first: date, last: date) -> float | None:
        try:
            told = series(store, name, start=first, end=last, grain="period")
        except FanopsError:  # a metric of another house, or its files are missing
            return None
        if told.metric.estimator.code != "total":
            one = measured(store, name, last=last, days=(last - first).days + 1)
            return one.estimate if one else None
        values = told.table["estimate"]
        return float(values.sum()) if len(values) and values.notna().all() else None

    return made


def booked_months(lines: pd.DataFrame, *, on: date) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """Return the last whole month before *on* of which all lines are booked, and the month before it; None without two.

    *lines*: `budget_lines` (period_start, period_end, spent). A month with a line still open is not told.
    """
    if lines.empty:
        return None
    booked: dict[tuple[date, date], bool] = {}
    for row in lines.to_dict("records"):
        stretch = (pd.Timestamp(row["period_start"]).date(), pd.Timestamp(row["period_end"]).date())
        if stretch[1] < on and _is_month(*stretch):
            booked[stretch] = booked.get(stretch, True) and not pd.isna(row["spent"])
    months = [stretch for stretch, told in sorted(booked.items()) if told]
    if len(months) < 2 or months[-2][1] != months[-1][0] - timedelta(days=1):
        return None
    return months[-1], months[-2]


def input_output(
    team: Team, lines: pd.DataFrame, made: Made, *, month: tuple[date, date], before: tuple[date, date]
) -> pd.DataFrame:
    """Return what each duty cost and made in *month* and the one *before*: COLUMNS, the dearest first.

    own: the lines of its categories. people: its part, by hours, of the lines for people. per: cost of one piece of its
    output, NaN where nothing counts it or nothing was made. *made* (metric, first day, last day) counts; None: not known.
    """
    hours = sum(duty.hours for duty in team.duties)
    rows = []
    for duty in team.duties:
        (own, people, number), (own_before, people_before, number_before) = (
            _of_month(duty, lines, made, hours, *one) for one in (month, before)
        )
        cost, cost_before = own + people, own_before + people_before
        rows.append((duty.id, duty.name, own, people, cost, duty.output, number, _per(cost, number), cost_before, number_before,
                     _per(cost_before, number_before)))  # fmt: skip
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values("cost", ascending=False, kind="stable").reset_index(drop=True)


def _of_month(
    duty: Duty, lines: pd.DataFrame, made: Made, hours: float, first: date, last: date
) -> tuple[float, float, float]:
    own = sum(_spent(lines, name, first, last) for name in duty.costs)
    people = _spent(lines, PEOPLE, first, last) * duty.hours / hours if hours else 0.0
    told = made(duty.output, first, last) if duty.output else None
    return own, people, math.nan if told is None else told


def _spent(lines: pd.DataFrame, category: str, first: date, last: date) -> float:
    starts, ends = pd.to_datetime(lines["period_start"]).dt.date, pd.to_datetime(lines["period_end"]).dt.date
    return float(lines.loc[(lines["category"] == category) & (starts == first) & (ends == last), "spent"].sum())


def _is_month(first: date, last: date) -> bool:
    return (last + timedelta(days=1)).day == 1 and first == last.replace(day=1)


def _per(cost: float, number: float) -> float:
    return cost / number if number and not math.isnan(number) else math.nan
