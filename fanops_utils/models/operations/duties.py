"""What is due: obligations by the day they were last done, risks by the day somebody last looked, partners by theirs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pandas as pd

from fanops_utils.metrics.catalogue.series import MetricSeries
from fanops_utils.metrics.intervals import Interval, wilson
from fanops_utils.workspace.operations.partners import Partner, Partners
from fanops_utils.workspace.operations.regulations import Regulation
from fanops_utils.workspace.operations.risks import Risk

REVIEW_DAYS = 92  # a risk or partner nobody looked at for a quarter is due
SOON = timedelta(days=30)


def obligations(regulations: Iterable[Regulation], *, market: str | None, on: date) -> pd.DataFrame:
    """Return the obligations in *market* (None: all): id, name, law, owner, done, due, checked, before_launch, state.

    state: never (not done yet), overdue (its day is past), soon (due within 30 days), done.
    """
    rows = []
    for one in regulations:
        if market and one.markets and market not in one.markets:
            continue
        due = one.done + timedelta(days=one.every_days) if one.done and one.every_days else None
        state = "never" if one.done is None else "done"
        if due is not None:
            state = "overdue" if due < on else "soon" if due <= on + SOON else "done"
        rows.append((one.id, one.name, one.law, one.owner, one.done, due, one.checked, one.before_launch, state))
    columns = ["id", "name", "law", "owner", "done", "due", "checked", "before_launch", "state"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def alarm_of(risk: Risk, measured: Interval | None) -> str:
    """Return whether the metric of *risk* gives the alarm: none (no metric), unknown, ringing, clear or unsure.

    ringing: the whole interval lies beyond the trigger; clear: wholly on the right side; unsure: across it.
    """
    if risk.metric is None or (risk.above is None and risk.below is None):
        return "none"
    if measured is None or not (math.isfinite(measured.ci_lower) and math.isfinite(measured.ci_upper)):
        return "unknown"
    over = risk.above is not None and measured.ci_lower > risk.above
    under = risk.below is not None and measured.ci_upper < risk.below
    if over or under:
        return "ringing"
    inside = (risk.above is None or measured.ci_upper <= risk.above) and (
        risk.below is None or measured.ci_lower >= risk.below
    )
    return "clear" if inside else "unsure"


def stale(reviewed: date | None, *, on: date, days: int = REVIEW_DAYS) -> bool:
    """Return whether nobody looked at something for more than *days* before *on*, or ever."""
    return reviewed is None or (on - reviewed).days > days


def partner_states(register: Partners, *, market: str | None, on: date) -> pd.DataFrame:
    """Return the partners in *market*: id, name, kind, tier, passed, gates, failed, open, score, reviewed, stale, end, state.

    score: 0 to 5, weighted, NaN where an area of the weights has none. state: out (a gate failed), ended, ends_soon (within
    30 days), checking (a gate is open) or in.
    """
    names = {gate.id: gate.name for gate in register.gates}
    rows = []
    for one in register.partners:
        if market and one.markets and market not in one.markets:
            continue
        missing = [names[gate] for gate in names if gate not in one.passed and gate not in one.failed]
        failed = [names[gate] for gate in names if gate in one.failed]
        rows.append((one.id, one.name, one.kind, one.tier, len(one.passed), len(names), failed, missing, score(one, register),
                     one.reviewed, stale(one.reviewed, on=on), one.end, _standing(one, failed, missing, on)))  # fmt: skip
    columns = [
        "id",
        "name",
        "kind",
        "tier",
        "passed",
        "gates",
        "failed",
        "open",
        "score",
        "reviewed",
        "stale",
        "end",
        "state",
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"score": float})


def score(partner: Partner, register: Partners) -> float:
    """Return the weighted score of *partner*, 0 to 5; NaN where an area that counts was not judged."""
    if not register.weights or any(one.area not in partner.scores for one in register.weights if one.weight):
        return float("nan")
    return sum(one.weight * partner.scores.get(one.area, 0.0) for one in register.weights)


def _standing(partner: Partner, failed: list[str], missing: list[str], on: date) -> str:
    if failed:
        return "out"
    if partner.end and partner.end < on:
        return "ended"
    if missing:
        return "checking"
    return "ends_soon" if partner.end and partner.end <= on + SOON else "in"


def by_market(told: MetricSeries) -> dict[str, tuple[Interval, ...]]:
    """Return every number of the series *told* that is known, by market: one per platform and stretch it is told by."""
    found: dict[str, tuple[Interval, ...]] = {}
    for row in told.table.dropna(subset=["estimate"]).to_dict("records"):
        one = Interval(float(row["estimate"]), float(row["ci_lower"]), float(row["ci_upper"]), int(row["n"]))
        market = str(row.get("market"))
        found[market] = (*found.get(market, ()), one)
    return found


def pooled(shares: Iterable[Interval]) -> Interval | None:
    """Return the share over all of what *shares* count, with its Wilson interval; None without any."""
    told = list(shares)
    n = sum(one.n for one in told)
    return wilson(sum(round(one.estimate * one.n) for one in told), n) if n else None


def ringing_in(risk: Risk, measured: Mapping[str, tuple[Interval, ...]]) -> list[str]:
    """Return the markets, of those *risk* is about, in which a number lies wholly past its trigger."""
    here = {name: numbers for name, numbers in measured.items() if not risk.markets or name in risk.markets}
    return [name for name, numbers in here.items() if alarm_anywhere(risk, numbers) == "ringing"]


def alarm_anywhere(risk: Risk, numbers: Iterable[Interval]) -> str:
    """Return `alarm_of` over all *numbers*: ringing where one rings, clear where all are, unsure otherwise."""
    told = [alarm_of(risk, one) for one in numbers] or [alarm_of(risk, None)]
    return next((code for code in ("none", "ringing", "unsure", "unknown") if code in told), "clear")
