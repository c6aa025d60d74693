"""Partners beyond campaigns: what they ask for, what they deliver and sell, whose numbers are not real, what was settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, stream, to_utc, waking_hours
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.people.shop import PER_EURO
from fanops_utils.data.sample.period import EXPORTED

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = (
    "partners/programme.csv",
    "partners/watched_days.csv",
    "partners/watched_posts.csv",
    "partners/settlements.csv",
)
SELLS_IN = (*WRITES, "shopify/*")


@dataclass(frozen=True)
class Partner:
    """One partner: followers, what it asks relative to its size, interactions, fault, punctuality, share of code orders."""

    name: str
    market: str
    followers: int
    price: float = 1.0  # factor on the usual fee for the number of followers
    rate: float = 0.04
    fault: str = ""  # "bought_followers", "bought_likes", "copied_comments"
    late: float = 0.1  # share of deliveries after the day agreed
    sells: float = 0.0  # share of the orders with a house code in its market that carry its own


@dataclass(frozen=True)
class ProgrammeTruth:
    """The partners, the usual fee and how settlements are made."""

    partners: tuple[Partner, ...] = (
        Partner("Anna Leaf", "US", 42_000, sells=0.25), Partner("Tea Tom", "US", 180_000, price=2.2, late=0.5),
        Partner("Morning Mug", "US", 9_500, rate=0.075), Partner("Steam Room", "US", 96_000, fault="bought_followers"),
        Partner("Blatt & Bohne", "DE", 55_000, sells=0.20), Partner("Ruhepol", "DE", 21_000, fault="bought_likes"),
        Partner("Kanne Voll", "DE", 12_000), Partner("Cha Diário", "BR", 70_000, sells=0.20),
        Partner("Folha Viva", "BR", 33_000, fault="copied_comments"), Partner("Matcha Mori", "JP", 110_000, sells=0.25),
        Partner("Sora Tea", "JP", 28_000), Partner("Hoja Fina", "MX", 24_000),
    )  # fmt: skip
    since: str = "2026-03-01"
    per_month: int = 2
    fee: float = 0.9  # dollars at 1 follower
    fee_power: float = 0.62  # the fee grows with followers to this power
    fee_noise: float = 0.12
    commission: float = 0.10
    not_clawed: str = "Blatt & Bohne"  # paid for returned orders too


def code_of(partner: Partner) -> str:
    """Return the discount code of *partner*."""
    return "".join(letter for letter in partner.name.upper() if "A" <= letter <= "Z")[:8] + "10"


def partner_codes(truth: ProgrammeTruth, orders: pd.DataFrame, house: list[str], *, seed: int) -> pd.DataFrame:
    """Return *orders* in which some that had a code of the *house* anyway carry a partner's; no order is added."""
    codes = orders["discount_code"].to_numpy(dtype=object).copy()
    since = orders["created"] >= pd.Timestamp(truth.since, tz="UTC")
    for partner in truth.partners:
        rng = stream(seed, f"sells {partner.name}")
        mine = np.flatnonzero(
            (since & (orders["market"] == partner.market) & orders["discount_code"].isin(house)).to_numpy()
        )
        codes[mine[rng.random(len(mine)) < partner.sells]] = code_of(partner)
    return orders.assign(discount_code=codes)


def programme_files(setting: Setting) -> list[RawFile]:
    """Return deliveries, followers and posts of the partners as watched, and the settlements."""
    truth = setting.truths.programme
    known = [one for one in truth.partners if one.market in setting.workspace.markets]
    found = [_partner(setting, one) for one in known]
    names = ("programme", "watched_days", "watched_posts")
    tables = [pd.concat([one[place] for one in found], ignore_index=True) for place in range(3)]
    settled = pd.concat([_settled(setting, one) for one in known if one.sells], ignore_index=True)
    return [
        *(
            raw_file(f"partners/{name}.csv", f"partner_{name}", table, plain_csv)
            for name, table in zip(names, tables, strict=True)
        ),
        raw_file("partners/settlements.csv", "settlements", settled, plain_csv),
    ]


def _partner(setting: Setting, partner: Partner) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    truth, rng, zone = setting.truths.programme, setting.rng(f"partner {partner.name}"), setting.zone(partner.market)
    first, size = (pd.Timestamp(truth.since) - calendar()[0]).days, len(calendar())
    days = np.arange(first, size)
    gains = rng.poisson(partner.followers * 0.0006, len(days)).astype(float)
    if partner.fault == "bought_followers":
        gains[[60, 61, 150]] += partner.followers * np.array([0.12, 0.10, 0.15])
    followers = np.rint(partner.followers + np.cumsum(gains)).astype("int64")
    handle = "".join(letter for letter in partner.name.lower() if letter.isalnum() and letter.isascii())
    day = np.sort(rng.choice(np.arange(len(days) - 12), truth.per_month * 8, replace=False))
    count = len(day)
    late = rng.random(count) < partner.late
    due = to_utc(calendar()[first + day], np.full(count, 18.0), zone)
    published = to_utc(
        calendar()[first + day + np.where(late, rng.integers(1, 8, count), 0)],
        np.where(late, waking_hours(count, rng), 9 + 8 * rng.random(count)),
        zone,
    )
    reach = rng.poisson(followers[day] * 0.34 * rng.lognormal(0, 0.25, count))
    views = np.rint(reach * rng.uniform(1.2, 1.7, count)).astype("int64")
    likes = rng.poisson(reach * partner.rate * (4.0 if partner.fault == "bought_likes" else 1.0))
    comments = rng.poisson(reach * partner.rate * 0.08)
    repeated = rng.beta(4, 60, count) if partner.fault != "copied_comments" else rng.beta(20, 24, count)
    fee = truth.fee * partner.followers**truth.fee_power * partner.price * rng.lognormal(0, truth.fee_noise, count)
    ids = [f"{handle}-{number:02d}" for number in range(1, count + 1)]
    tier = "nano" if partner.followers < 10_000 else "micro" if partner.followers < 50_000 else "mid"
    delivered = pd.DataFrame({
        "Partner": partner.name, "Delivery": ids, "Network": "instagram", "Country": partner.market, "Tier": tier,
        "Code": code_of(partner) if partner.sells else "", "Agreed for": iso(due), "Published": iso(published),
        "Followers": followers[day],
        "Reach": reach, "Views": views, "Interactions": likes + comments, "Fee": [f"{one:.2f}" for one in fee], "Currency": "USD",
        "Our rating": rng.choice([3, 4, 5], count, p=[0.2, 0.5, 0.3]),
    })  # fmt: skip
    owner = {"Network": "instagram", "Handle": handle, "Partner": partner.name, "Country": partner.market}
    daily = pd.DataFrame({**owner, "Day": calendar()[days].strftime("%Y-%m-%d"), "Followers": followers})
    posts = pd.DataFrame({
        **owner, "Post ID": ids, "Published": iso(published), "Followers": followers[day], "Views": views, "Likes": likes,
        "Comments": comments, "Shares": rng.poisson(reach * partner.rate * 0.05), "Repeated comments": np.round(repeated, 3),
        "Read at": pd.Timestamp(EXPORTED).isoformat(),
    })  # fmt: skip
    return delivered, daily, posts


def _settled(setting: Setting, partner: Partner) -> pd.DataFrame:
    """Return what was paid to *partner* for the orders under its code, month by month."""
    truth, orders = setting.truths.programme, setting.sales.orders
    mine = orders[orders["discount_code"] == code_of(partner)]
    local = mine["created"].dt.tz_convert(setting.zone(partner.market)).dt.tz_localize(None)
    worth = mine["total"] / mine["currency"].map(PER_EURO).astype(float)
    back = mine["refunded"] / mine["currency"].map(PER_EURO).astype(float) + worth.where(mine["state"] == "voided", 0.0)
    rows = []
    for month in pd.period_range(truth.since[:7], calendar()[-1].to_period("M"), freq="M"):
        inside = (local.dt.to_period("M") == month).to_numpy()
        revenue, returned = float(worth[inside].sum()), float(back[inside].sum())
        clawed = 0.0 if partner.name == truth.not_clawed else truth.commission * returned
        rows.append({
            "Partner": partner.name, "Country": partner.market, "From": f"{month.start_time:%Y-%m-%d}",
            "To": f"{month.end_time:%Y-%m-%d}",
            "Code": code_of(partner), "Orders": int(inside.sum()), "Revenue": f"{revenue:.2f}",
            "Commission": f"{truth.commission:.2f}",
            "Paid": f"{truth.commission * revenue:.2f}", "Clawed back": f"{clawed:.2f}", "Currency": "EUR",
            "Paid on": f"{(month + 1).start_time:%Y-%m-%d}T10:00:00+00:00",
        })  # fmt: skip
    return pd.DataFrame(rows)
