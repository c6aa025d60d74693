"""Who buys when: members and others, who come back as in the BG/NBD model, and what sales and coupons do to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import apportion, calendar, to_utc, waking_hours
from fanops_utils.data.sample.people.population import PeopleTruth

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

MOST_REPEATS = 90
AT_ONCE = pd.Timedelta(minutes=10)  # after joining, where a sale would have drawn the order before it


@dataclass(frozen=True)
class Sale:
    """A sale of some days: it draws orders forward that would have come in the `after` days, or adds new ones."""

    market: str
    start: str
    days: int
    pulled: float = 0.0  # share of the orders of the days after it that come in its days instead
    after: int = 28
    added: float = 0.0  # orders per known customer that nobody would have placed


@dataclass(frozen=True)
class Coupon:
    """A coupon for who has bought before; `held` were drawn by lot not to get it (None = everybody got it)."""

    market: str
    start: str
    held: float | None
    added: float  # orders it adds per person who got it, within `days`
    used: float  # share of the orders of the days, by who got it, that carry its code
    code: str
    days: int = 28


@dataclass(frozen=True)
class ShopTruth:
    """Buying: BG/NBD per day (r, alpha of the rate; a, b of leaving after a repeat), sales, coupons."""

    r: float = 0.7
    alpha: float = 120.0
    a: float = 0.6
    b: float = 3.0
    to_first_order: float = 40.0  # mean days from joining to a member's first order
    sales: tuple[tuple[str, Sale], ...] = (
        ("midsummer_flash_us", Sale("US", "2026-06-12", 3, pulled=0.5)),
        ("harvest_sale_fr", Sale("FR", "2026-05-20", 3, added=0.15)),
    )  # fmt: skip
    coupons: tuple[tuple[str, Coupon], ...] = (
        ("come_back_us", Coupon("US", "2026-08-03", 0.5, 0.15, 0.9, "BACK15")),
        ("winter_thanks_br", Coupon("BR", "2026-07-06", 0.5, 0.0, 0.8, "GRACIAS15")),
        ("new_year_jp", Coupon("JP", "2026-01-05", None, 0.0, 0.8, "NEWYEAR15")),
    )  # fmt: skip


@dataclass(frozen=True)
class Purchases:
    """Purchases (customer, person, market, day, created, code) by time, and to whom coupons went (offers)."""

    orders: pd.DataFrame
    offers: pd.DataFrame


def purchases(setting: Setting) -> Purchases:
    """Return every purchase and every coupon of all markets; `person` is -1 for a customer who is no member."""
    crowd, truth, persons = setting.truths.people, setting.truths.shop, setting.people.persons
    shares = {code: setting.market(code).shop_share for code in setting.workspace.markets}
    others = apportion(crowd.buyers_besides * setting.scale, shares)
    orders, offers, first = [], [], 0
    for code, size in others.items():
        rng = setting.rng(f"buying {code}")
        customers = _customers(persons[persons["market"] == code], crowd, truth, size, rng)
        who, day = _bought(customers, rng)
        sold = pd.DataFrame({"customer": who, "day": day, "code": ""})
        sold = _sales(sold, truth, code, rng)
        sold, written = _coupons(sold, truth, code, rng)
        sold["created"] = to_utc(calendar()[sold["day"]], waking_hours(len(sold), rng), setting.zone(code))
        sold["person"] = customers["person"].to_numpy()[sold["customer"]]
        member = sold["person"].to_numpy() >= 0
        joined = customers["joined"].to_numpy()[sold["customer"]]
        early = member & (sold["created"].to_numpy() <= joined)
        sold.loc[early, "created"] = (sold["created"] + pd.Timedelta(days=1))[early]
        sold["joined"] = sold["customer"].map(customers["joined"])
        for frame, column in ((sold, "customer"), (written, "customer")):
            frame[column] += first
        orders.append(sold.assign(market=code))
        offers.append(written.assign(market=code))
        first += len(customers)
    every = pd.concat(orders).sort_values(["created", "customer"], kind="stable", ignore_index=True)
    every["created"] = every["created"].where(every["created"] > every["joined"], every["joined"] + AT_ONCE)
    end = pd.Timestamp(calendar()[-1], tz="UTC") + pd.Timedelta(days=1)
    return Purchases(every[every["created"] < end].drop(columns="joined"), pd.concat(offers))


def _customers(
    members: pd.DataFrame, crowd: PeopleTruth, truth: ShopTruth, others: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the customers of one market: person, joined, first (day of the first order), rate per day, leaving."""
    from scipy.stats import gamma, norm

    buys = members["source"].map({name: kind.buys for name, kind in (*crowd.sources, ("referral", crowd.invited))})
    chosen = members[rng.random(len(members)) < buys.to_numpy(dtype=float)]
    waits = np.floor(rng.exponential(truth.to_first_order, len(chosen))).astype("int64")
    first = np.append(
        chosen["day"].to_numpy() + waits, np.floor(len(calendar()) * rng.beta(1.2, 1, others)).astype("int64")
    )
    tie = crowd.buying_with_activity
    score = np.append(
        tie * chosen["score"].to_numpy() + np.sqrt(1 - tie**2) * rng.normal(size=len(chosen)), rng.normal(size=others)
    )
    joined = np.append(
        chosen["joined"].dt.tz_localize(None).to_numpy(), np.full(others, np.datetime64("1970-01-01", "s"))
    )
    found = pd.DataFrame({
        "person": np.append(chosen["person"].to_numpy(), np.full(others, -1)), "joined": pd.to_datetime(joined, utc=True),
        "first": first, "rate": gamma.ppf(norm.cdf(score), truth.r, scale=1 / truth.alpha),
        "leaving": rng.beta(truth.a, truth.b, len(first)),
    })  # fmt: skip
    return found[found["first"] < len(calendar())].reset_index(drop=True)


def _bought(customers: pd.DataFrame, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return customer and day of every purchase: the first one, and repeats until the customer leaves after one."""
    size, last = len(customers), len(calendar())
    gaps = rng.exponential(size=(size, MOST_REPEATS)) / np.maximum(customers["rate"].to_numpy(), 1e-9)[:, None]
    days = customers["first"].to_numpy()[:, None] + rng.random((size, 1)) + np.cumsum(gaps, axis=1)
    stays = rng.geometric(np.maximum(customers["leaving"].to_numpy(), 1e-9))[:, None]
    row, place = np.nonzero((days < last) & (np.arange(MOST_REPEATS) < stays))
    who = np.append(np.arange(size), row)
    return who, np.append(customers["first"].to_numpy(), np.floor(days[row, place]).astype("int64"))


def _sales(sold: pd.DataFrame, truth: ShopTruth, code: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return *sold* with the sales of market *code*: orders that move forward, orders that are added."""
    for _, sale in truth.sales:
        if sale.market != code:
            continue
        start = _day(sale.start)
        over = start + sale.days
        later = np.flatnonzero(((sold["day"] >= over) & (sold["day"] < over + sale.after)).to_numpy())
        moved = later[rng.random(len(later)) < sale.pulled]
        sold.loc[moved, "day"] = start + rng.integers(0, sale.days, len(moved))
        known = sold.loc[sold["day"] < start, "customer"].unique()
        more = np.sort(known)[rng.random(len(known)) < sale.added]
        extra = pd.DataFrame({"customer": more, "day": start + rng.integers(0, sale.days, len(more)), "code": ""})
        sold = pd.concat([sold, extra], ignore_index=True)
    return sold


def _coupons(
    sold: pd.DataFrame, truth: ShopTruth, code: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return *sold* with the orders that coupons add and their codes, and who got a coupon or was held out."""
    parts = [
        pd.DataFrame(
            {"offer": [], "customer": np.empty(0, "int64"), "arm": [], "day": np.empty(0, "int64"), "code": []}
        )
    ]
    for name, coupon in truth.coupons:
        if coupon.market != code:
            continue
        start = _day(coupon.start)
        known = np.sort(sold.loc[sold["day"] < start, "customer"].unique())
        out = rng.random(len(known)) < (coupon.held or 0.0)
        more = known[~out & (rng.random(len(known)) < coupon.added)]
        extra = pd.DataFrame({"customer": more, "day": start + rng.integers(1, coupon.days, len(more)), "code": ""})
        sold = pd.concat([sold, extra], ignore_index=True)
        inside = (sold["day"] >= start) & (sold["day"] < start + coupon.days) & sold["customer"].isin(known[~out])
        first = ~sold[inside].sort_values("day", kind="stable").duplicated("customer")
        mine = first.index[first]
        used = mine[rng.random(len(mine)) < coupon.used]
        sold.loc[used, "code"] = coupon.code
        arm = np.where(out, "holdout", "sent")
        parts.append(pd.DataFrame({"offer": name, "customer": known, "arm": arm, "day": start, "code": coupon.code}))
    return sold, pd.concat(parts, ignore_index=True)


def _day(when: str) -> int:
    return (date.fromisoformat(when) - calendar()[0].date()).days
