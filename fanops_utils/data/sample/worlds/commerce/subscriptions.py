"""Subscriptions: free trials, who pays after them, and who stays term after term."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.formats.shopify import email_of
from fanops_utils.data.sample.people.shop import PER_EURO
from fanops_utils.data.sample.worlds.members.referral import cells

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("subscriptions/terms.csv",)
END = np.datetime64(calendar()[-1] + pd.Timedelta(hours=12), "s")
MOST_TERMS = 30


@dataclass(frozen=True)
class Plan:
    """A plan: its share of the trials, days per term, price in euros, and the share that renews at the end of a term."""

    share: float
    days: int
    price: float
    renews: float


@dataclass(frozen=True)
class SubscriptionTruth:
    """Trials of seven days: who takes one, the share that pays after it by source, plans and their renewal."""

    takers: float = 0.26  # of the customers
    trial_days: int = 7
    pays: tuple[tuple[str, float, float], ...] = (  # source, share of the trials, share that pays
        ("referral", 0.25, 0.55), ("social", 0.40, 0.34), ("search", 0.35, 0.34),
    )  # fmt: skip
    plans: tuple[tuple[str, Plan], ...] = (
        ("basic", Plan(0.45, 30, 9.0, 0.88)), ("advanced", Plan(0.25, 30, 16.0, 0.88)), ("vip", Plan(0.10, 30, 29.0, 0.95)),
        ("yearly", Plan(0.20, 365, 89.0, 0.78)),
    )  # fmt: skip


def subscription_files(setting: Setting) -> list[RawFile]:
    """Return the list of terms, one row each: the trial, then every term paid."""
    truth, parts, number = setting.truths.subscriptions, [], 0
    first = setting.sales.orders.drop_duplicates("customer")
    for code in setting.workspace.markets:
        found = terms(truth, first[first["market"] == code], setting.rng(f"subscriptions {code}"), setting.zone(code))
        found["subscription"] += number
        number = int(found["subscription"].max()) + 1 if len(found) else number
        parts.append(found.assign(market=code, currency=setting.workspace.market(code).currency))
    every = pd.concat(parts, ignore_index=True)
    price = every["price"] * every["currency"].map(PER_EURO).astype(float)
    table = pd.DataFrame({
        "Subscription": [f"S{one:05d}" for one in every["subscription"] + 1], "Term": every["term"],
        "Customer": email_of(every["customer"]),
        "Country": every["market"], "Plan": every["plan"], "Came through": every["source"], "Begins": iso(every["start"]),
        "Due": iso(every["due"]), "Cancelled": cells(every["cancelled"]), "Price": price.map("{:.2f}".format),
        "Currency": every["currency"],
    })  # fmt: skip
    table = table.sort_values(["Begins", "Subscription", "Term"], kind="stable", ignore_index=True)
    return [raw_file("subscriptions/terms.csv", "subscriptions", table, plain_csv)]


def terms(truth: SubscriptionTruth, customers: pd.DataFrame, rng: np.random.Generator, zone: str) -> pd.DataFrame:
    """Return subscription, term, customer, plan, source, start, due, cancelled, price of the takers among *customers*."""
    takers = customers[rng.random(len(customers)) < truth.takers]
    takers = takers[takers["day"] < len(calendar()) - 1]
    size = len(takers)
    day = np.minimum(takers["day"].to_numpy() + 1 + rng.integers(0, 60, size), len(calendar()) - 2)
    start = to_utc(calendar()[day], 8 + 14 * rng.random(size), zone).tz_localize(None).to_numpy()
    sources, shares, pays = zip(*truth.pays, strict=True)
    source = rng.choice(len(sources), size, p=shares)
    names, plans = zip(*truth.plans, strict=True)
    plan = rng.choice(len(names), size, p=[one.share for one in plans])
    days, price, renews = (
        np.array([getattr(one, name) for one in plans])[plan] for name in ("days", "price", "renews")
    )
    paid = rng.random(size) < np.array(pays)[source]
    lasts = np.where(paid, rng.geometric(1 - renews), 0)  # terms paid
    term = np.arange(MOST_TERMS)
    begins = truth.trial_days * (term > 0) + days[:, None] * np.maximum(term - 1, 0)
    at = start[:, None] + (begins * 86_400).astype("timedelta64[s]")
    row, place = np.nonzero((term <= lasts[:, None]) & (at < END))
    length = np.where(place == 0, truth.trial_days, days[row])
    due = at[row, place] + (length * 86_400).astype("timedelta64[s]")
    final = place == lasts[row]
    cancelled = due - (rng.random(len(row)) * np.minimum(length, 20) * 86_400).astype("int64").astype("timedelta64[s]")
    shown = final & (cancelled < END)
    found = pd.DataFrame({
        "subscription": row, "term": place, "customer": takers["customer"].to_numpy()[row], "plan": np.array(names)[plan][row],
        "source": np.array(sources)[source][row], "start": at[row, place], "due": due,
        "cancelled": np.where(shown, cancelled, np.datetime64("NaT")), "price": np.where(place == 0, 0.0, price[row]),
    })  # fmt: skip
    for column in ("start", "due", "cancelled"):
        found[column] = pd.DatetimeIndex(found[column]).as_unit("s").tz_localize("UTC")
    return found
