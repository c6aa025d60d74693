"""What a message to silent members brings back: those it was sent to against those held out by lot."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from fanops_utils.metrics.folds import by_value, days_after

if TYPE_CHECKING:
    import ibis

FEWEST = 30
KEPT_DAYS = 30
OF_PEOPLE = ("person_key", "arm", "cost", "currency")
RATES = ("rate_sent", "rate_held", "difference", "ci_lower", "ci_upper", "kept")
UNWATCHED: dict[str, object] = {**dict.fromkeys(RATES, np.nan), "verdict": "unwatched"}


def won_back(
    offers: pd.DataFrame | ibis.Table, days: pd.DataFrame | ibis.Table, *, as_of: date, within: int = KEPT_DAYS
) -> pd.DataFrame:
    """Return per offer how many were seen within *within* days, sent and held out: offer, sent, n_sent, rate_sent,
    held, n_held, rate_held, difference, ci_lower, ci_upper, kept, cost, currency, verdict.

    Columns of *offers* (a frame, or in the engine, where one offer after the other is read): offer, person_key, arm (sent,
    holdout), date_day, cost, currency; of *days* (likewise): member_key, date_day. kept is the difference of shares seen
    again within the 30 days after those. Offers whose days are not over on *as_of* are not_over; without a holdout nothing
    is netted (no_holdout); where the days hold nobody at all in that time, who came is not known (unwatched); verdict else
    brings_back, unclear, drives_away, too_few (an arm under 30). Intervals: Newcombe, 95 %.
    """
    rows = []
    for name, people in by_value(offers, "offer", *OF_PEOPLE):
        first = people.drop_duplicates("person_key")
        starts = first.rename(columns={"person_key": "member_key", "date_day": "since"})[["member_key", "since"]]
        seen = first.assign(
            back=days_after(days, starts, first=1, last=within) > 0,
            kept=days_after(days, starts, first=within + 1, last=within + KEPT_DAYS) > 0,
        )
        row = _offer(name, seen, pd.Timestamp(as_of), within)
        told = row["verdict"] == "not_over" or seen["back"].any() or _watched(days, first["date_day"], within)
        rows.append(row if told else row | UNWATCHED)
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["offer", "verdict"])


def _offer(name: str, part: pd.DataFrame, as_of: pd.Timestamp, within: int) -> dict[str, object]:
    sent, held = part[part["arm"] == "sent"], part[part["arm"] == "holdout"]
    row: dict[str, object] = {
        "offer": name,
        "day": part["date_day"].min(),
        "n_sent": len(sent),
        "rate_sent": _rate(sent, "back"),
        "n_held": len(held),
        "rate_held": _rate(held, "back"),
        "difference": np.nan,
        "ci_lower": np.nan,
        "ci_upper": np.nan,
        "kept": np.nan,
        "cost": float(part["cost"].sum(min_count=1)),
        "currency": next(iter(part["currency"].dropna()), None),
    }
    if part["date_day"].max() + pd.Timedelta(days=within) > as_of:
        return {**row, "verdict": "not_over"}
    if held.empty:
        return {**row, "verdict": "no_holdout"}
    if min(len(sent), len(held)) < FEWEST:
        return {**row, "verdict": "too_few"}
    hits = int(sent["back"].sum()), len(sent), int(held["back"].sum()), len(held)
    low, high = confint_proportions_2indep(*hits, method="newcomb")
    row |= {"difference": hits[0] / hits[1] - hits[2] / hits[3], "ci_lower": float(low), "ci_upper": float(high)}
    if part["date_day"].max() + pd.Timedelta(days=within + KEPT_DAYS) <= as_of:
        row["kept"] = _rate(sent, "kept") - _rate(held, "kept")
    return {**row, "verdict": "brings_back" if low > 0 else "drives_away" if high < 0 else "unclear"}


def _watched(days: pd.DataFrame | ibis.Table, sent: pd.Series, within: int) -> bool:
    """Return whether anybody at all, written to or not, was seen in the days in which an answer to the offer could come."""
    first, last = sent.min(), sent.max() + pd.Timedelta(days=within)
    if isinstance(days, pd.DataFrame):
        return bool(pd.to_datetime(days["date_day"]).between(first, last).any())
    return bool(days.filter(days.date_day.between(first.date(), last.date())).count().execute())


def _rate(arm: pd.DataFrame, name: str) -> float:
    return float(arm[name].mean()) if len(arm) else float("nan")
