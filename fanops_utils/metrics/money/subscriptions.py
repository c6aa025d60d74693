"""Subscriptions: trials that were paid for, terms that were renewed, what plans bring in, who changed plan."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from fanops_utils.metrics.columns import need, numbers
from fanops_utils.metrics.intervals import interval_frame, ratio_of_sums, wilson_frame

GRACE_DAYS = 3  # a trial or term that ran out counts as not paid on only after so long
MONTH = 365.25 / 12
PLANS = ["plan", "subscribers", "share", "ci_lower", "ci_upper", "n", "per_month", "currency"]
RATES = ["n", "estimate", "ci_lower", "ci_upper"]


def trial_conversion(terms: pd.DataFrame, *, as_of: date, by: str | None = None) -> pd.DataFrame:
    """Return what part of the finished trials was paid for, all together or by a column (plan, source, cohort).

    Columns of *terms* (table subscriptions): subscription_id, term, started_at, due_at, and *by*; cohort is the quarter
    in which the trial began. Trials that ended less than three days before the end of *as_of* are left out: they had no
    time yet. Returned: [*by*,] paid, n, estimate, ci_lower, ci_upper (Wilson).
    """
    lives = _lives(terms, as_of)
    trials = lives[lives["tried"] & (lives["trial_due"] <= _end(as_of) - pd.Timedelta(days=GRACE_DAYS))]
    trials = trials.assign(cohort=_quarter(trials["trial_started"]))
    if trials.empty:
        return pd.DataFrame(columns=[*([by] if by else []), "paid", *RATES])
    each = trials.groupby(by)["paid"].agg(["sum", "size"]) if by else trials["paid"].agg(["sum", "size"]).to_frame().T
    rates = wilson_frame(each["sum"], each["size"])
    rates.insert(0, "paid", each["sum"].astype("int64"))
    return rates.reset_index() if by else rates.reset_index(drop=True)


def renewals(terms: pd.DataFrame, *, as_of: date, by: str = "plan") -> pd.DataFrame:
    """Return what part of the paid terms that came due was followed by another, by *by* (plan or source).

    A subscription counts with every term that came due; the interval rests on subscriptions (delta method). Returned:
    *by*, due, renewed, days (of a term), estimate, ci_lower, ci_upper, n (subscriptions).
    """
    due = _due(terms, as_of)
    groups = list(due.groupby(by, sort=True))
    found = [ratio_of_sums(part["renewed"], np.ones(len(part)), clusters=part["subscription_id"]) for _, part in groups]
    frame = interval_frame(found)
    frame[["ci_lower", "ci_upper"]] = frame[["ci_lower", "ci_upper"]].clip(0.0, 1.0)
    frame.insert(0, "days", [float(part["days"].median()) for _, part in groups])
    frame.insert(0, "renewed", [int(part["renewed"].sum()) for _, part in groups])
    frame.insert(0, "due", [len(part) for _, part in groups])
    frame.insert(0, by, [name for name, _ in groups])
    return frame


def renewals_by_term(terms: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return how many came to the end of their first, second, … paid term, and renewed: plan, renewal (from 1), due, renewed."""
    due = _due(terms, as_of)
    due["renewal"] = due.groupby("subscription_id").cumcount() + 1
    each = due.groupby(["plan", "renewal"], as_index=False).agg(due=("renewed", "size"), renewed=("renewed", "sum"))
    return each.astype({"due": "int64", "renewed": "int64"})


def subscription_lives(terms: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """Return one row per subscription that was paid for: plan, source, time (days paid), ended (False: runs or just ran out)."""
    lives = _lives(terms, as_of)
    paid = lives[lives["paid"]]
    over = paid["last_due"] <= _end(as_of) - pd.Timedelta(days=GRACE_DAYS)
    until = paid["last_due"].where(over, _end(as_of))
    days = ((until - paid["paid_from"]).dt.total_seconds() / 86_400).clip(lower=0.0)
    return pd.DataFrame({"plan": paid["plan"], "source": paid["source"], "time": days, "ended": over}).reset_index()


def plan_standing(terms: pd.DataFrame, *, as_of: date, customers: int) -> pd.DataFrame:
    """Return who is subscribed to what on *as_of*: plan, subscribers, share (of *customers*, Wilson), per_month, currency.

    per_month is what a subscriber's term costs per month of 30.4 days; trials are left out.
    """
    end = _end(as_of)
    running = terms[(terms["term"] > 0) & (_when(terms["started_at"]) <= end) & (_when(terms["due_at"]) > end)]
    if running.empty or not customers:
        return pd.DataFrame(columns=PLANS)
    length = (_when(running["due_at"]) - _when(running["started_at"])).dt.total_seconds() / 86_400
    rows = running.assign(monthly=numbers(running["price"]) / length * MONTH)
    each = rows.groupby("plan").agg(
        subscribers=("customer_key", "nunique"), per_month=("monthly", "mean"), currency=("currency", "first")
    )
    total = pd.Series(max(customers, int(each["subscribers"].max())), index=each.index)
    share = wilson_frame(each["subscribers"], total).rename(columns={"estimate": "share"})
    return each.join(share).reset_index()[PLANS]


def plan_moves(terms: pd.DataFrame) -> pd.DataFrame:
    """Return what people took after a paid term, where they took another: before, now (plans), people, n, share of n.

    A later subscription of the same person counts as the next one.
    """
    paid = terms[terms["term"] > 0].sort_values(["customer_key", "started_at"])
    later = paid.groupby("customer_key")["plan"].shift(-1)
    both = paid.assign(now=later).dropna(subset=["now"]).rename(columns={"plan": "before"})
    if both.empty:
        return pd.DataFrame(columns=["before", "now", "people", "n", "share"])
    pairs = both.drop_duplicates(["customer_key", "before", "now"]).groupby(["before", "now"]).size()
    table = pairs.rename("people").reset_index()
    total = table.groupby("before")["people"].transform("sum")
    return table.assign(n=total, share=table["people"] / total)


def _due(terms: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the paid terms that came due, with days and whether another followed (renewed: 0, 1), in order."""
    paid = terms[(terms["term"] > 0) & (_when(terms["started_at"]) <= _end(as_of))].copy()
    paid = paid.sort_values(["subscription_id", "term"])
    next_term = paid.groupby("subscription_id")["term"].shift(-1)
    paid["renewed"] = (next_term == paid["term"] + 1).fillna(value=False).astype(float)
    paid["days"] = (_when(paid["due_at"]) - _when(paid["started_at"])).dt.total_seconds() / 86_400
    return paid[_when(paid["due_at"]) <= _end(as_of) - pd.Timedelta(days=GRACE_DAYS)].copy()


def _lives(terms: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return one row per subscription: when trial and paid terms began and were due, plan, source, whether it was paid."""
    need(terms, "subscription_id", "term", "plan", "source", "started_at", "due_at")
    known = terms.assign(start=_when(terms["started_at"]), due=_when(terms["due_at"]))
    known = known[known["start"] <= _end(as_of)].sort_values(["subscription_id", "term"])
    trial, paid = known[known["term"] == 0], known[known["term"] > 0]
    first, each = known.drop_duplicates("subscription_id").set_index("subscription_id"), paid.groupby("subscription_id")
    trial = trial.drop_duplicates("subscription_id").set_index("subscription_id")
    frame = first[["plan", "source"]].assign(
        trial_started=trial["start"], trial_due=trial["due"], paid_from=each["start"].min(), last_due=each["due"].max()
    )
    return frame.assign(tried=frame["trial_due"].notna(), paid=frame["paid_from"].notna())


def _end(as_of: date) -> pd.Timestamp:
    return pd.Timestamp(as_of, tz="UTC") + pd.Timedelta(days=1)


def _when(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, utc=True)


def _quarter(times: pd.Series) -> pd.Series:
    return times.dt.tz_localize(None).dt.to_period("Q").dt.start_time
