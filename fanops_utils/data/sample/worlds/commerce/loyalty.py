"""Points and offers: what is issued for what, used or left to expire; who got a coupon or a message, who was held out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.formats.shopify import FIRST_ID, email_of
from fanops_utils.data.sample.people.shop import PER_EURO
from fanops_utils.data.sample.worlds.members.club import member_ids
from fanops_utils.data.sample.worlds.members.referral import REWARD, cells

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("loyalty/points.csv", "loyalty/offers.csv")
END = pd.Timestamp(calendar()[-1], tz="UTC") + pd.Timedelta(days=1)


@dataclass(frozen=True)
class LoyaltyTruth:
    """Points: the share of bookings ever used, by reason (others are all alike), after how long, and when they expire."""

    per_euro: float = 1.0
    review: int = 50
    check_in: int = 5
    used: tuple[tuple[str, float], ...] = (("order", 0.55), ("check_in", 0.55), ("review", 0.55), ("invitation", 0.80))
    use_days: float = 90.0  # mean, of those used within the year
    lives_days: int = 365


def loyalty_files(setting: Setting) -> list[RawFile]:
    """Return the ledger of points and the list of offers."""
    return [
        raw_file("loyalty/points.csv", "points", _ledger(setting), plain_csv),
        raw_file("loyalty/offers.csv", "offers", _offers(setting), plain_csv),
    ]


def _issued(setting: Setting) -> pd.DataFrame:
    """Return the points issued: person, market, time, reason, points, order."""
    truth, orders, acts = setting.truths.loyalty, setting.sales.orders, setting.events
    bought = orders[(orders["person"] >= 0) & (orders["state"] == "paid")]
    worth = bought["total"] / bought["currency"].map(PER_EURO).astype(float) * truth.per_euro
    parts = [pd.DataFrame({
        "person": bought["person"], "market": bought["market"], "time": bought["created"], "reason": "order",
        "points": np.rint(worth).astype("int64"), "order": (FIRST_ID + bought.index.to_numpy()).astype(str),
    })]  # fmt: skip
    for event, points in (("review", truth.review), ("check_in", truth.check_in)):
        did = acts.loc[acts["event"] == event, ["person", "market", "time"]]
        parts.append(did.assign(reason=event, points=points, order=""))
    came = setting.people.invitations.dropna(subset=["accepted"])
    came = came[["inviter", "market", "accepted"]].set_axis(["person", "market", "time"], axis=1)
    parts.append(came.assign(reason="invitation", points=REWARD, order=""))
    every = pd.concat(parts, ignore_index=True)
    return every[every["points"] > 0].sort_values(["time", "person", "reason"], kind="stable", ignore_index=True)


def _ledger(setting: Setting) -> pd.DataFrame:
    truth, issued, rng = setting.truths.loyalty, _issued(setting), setting.rng("points")
    used = rng.random(len(issued)) < issued["reason"].map(dict(truth.used)).to_numpy(dtype=float)
    waits = np.minimum(1 + rng.exponential(truth.use_days, len(issued)), truth.lives_days - 1)
    expires = issued["time"] + pd.Timedelta(days=truth.lives_days)
    then = (issued["time"] + pd.to_timedelta((waits * 86_400).astype("int64"), unit="s")).where(used, expires)
    out = issued.assign(
        time=then, kind=np.where(used, "redeemed", "expired"), points=-issued["points"], expires=None, order=""
    )
    both = pd.concat([issued.assign(kind="issued", expires=expires), out[out["time"] < END]], ignore_index=True)
    both["expires"] = pd.to_datetime(both["expires"], utc=True)
    both = both.sort_values(["time", "person", "kind", "reason"], kind="stable", ignore_index=True)
    return pd.DataFrame({
        "Booking ID": [f"B{number:06d}" for number in range(1, len(both) + 1)], "Member ID": member_ids(both["person"]),
        "Country": both["market"], "Booked": iso(both["time"]), "Booking": both["kind"], "Points": both["points"],
        "For": both["reason"], "Expires": cells(both["expires"]), "Order ID": both["order"],
    })  # fmt: skip


def _offers(setting: Setting) -> pd.DataFrame:
    """Return coupons by customer and messages to silent members by member, with who was held out."""
    coupons, silent = setting.sales.offers, setting.people.offers
    life = {name: coupon.days for name, coupon in setting.truths.shop.coupons}
    parts = []
    for frame, kind, who in (
        (coupons, "coupon", email_of(coupons["customer"])),
        (silent, "win_back", member_ids(silent["person"])),
    ):
        day, market = frame["day"].to_numpy(dtype="int64"), frame["market"].to_numpy()
        sent = np.full(len(frame), "", dtype=object)
        over = np.full(len(frame), "", dtype=object)
        days = frame["offer"].map(life).fillna(30).to_numpy(dtype="int64")
        for code in np.unique(market):
            mine = market == code
            sent[mine] = iso(to_utc(calendar()[day[mine]], np.zeros(mine.sum()), setting.zone(code)))
            last = np.minimum(day + days, len(calendar()) - 1)[mine]
            over[mine] = iso(to_utc(calendar()[last], np.zeros(mine.sum()), setting.zone(code)))
        used = frame["number"] if "number" in frame else pd.Series(np.nan, index=frame.index)
        known = used.notna().to_numpy()
        order = np.where(known, (FIRST_ID + used.fillna(1001).to_numpy(dtype="int64") - 1001).astype(str), "")
        parts.append(pd.DataFrame({
            "Offer": frame["offer"].to_numpy(), "Person": np.asarray(who), "Country": market, "Offer kind": kind,
            "Arm": frame["arm"].to_numpy(), "Offered": sent, "Expires": over,
            "Redeemed": cells(frame["created"]) if "created" in frame else "", "Order ID": order,
            "Code": frame["code"].to_numpy() if "code" in frame else "",
            "Discount": [f"{value:.2f}" if ok else "" for value, ok in zip(frame.get("discount", used), known, strict=True)],
            "Cost": np.where(frame["arm"] == "holdout", "0.00", "1.20" if kind == "win_back" else "0.05"), "Currency": "EUR",
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True).sort_values(
        ["Offered", "Offer", "Person"], kind="stable", ignore_index=True
    )
