"""What members did: their days in the community, activities from sign-up to review, streaks of check-ins, orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, to_utc
from fanops_utils.data.sample.people.presence import gathering_days, own_hours
from fanops_utils.data.sample.people.shop import PER_EURO

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

PLATFORM_END = pd.Timestamp(calendar()[-1], tz="UTC") + pd.Timedelta(days=1)


def events(setting: Setting) -> pd.DataFrame:
    """Return what members did: person, market, time (UTC), event, value (euros), subject; by time.

    A day begins with a visit; a like, a comment and a share may follow, each after the other. What members order
    while they are there is their `buy`; who signed up for an activity may come, and who came may write a review.
    """
    persons = setting.people.persons
    parts = []
    for code, members in persons.groupby("market", sort=False):
        rng = setting.rng(f"club {code}")
        parts.append(_daily(setting, str(code), members, rng))
        parts.append(_at_activities(setting, str(code), members, rng))
        if code in setting.truths.club.streak_markets:
            parts.append(_streaks(setting, str(code), members, rng))
    bought = setting.sales.orders
    bought = bought[bought["person"] >= 0]
    bought = bought[bought["day"].to_numpy() <= persons["leaves"].to_numpy()[bought["person"]]]
    parts.append(pd.DataFrame({
        "person": bought["person"], "market": bought["market"], "time": bought["created"], "event": "buy",
        "value": (bought["total"] / bought["currency"].map(PER_EURO).astype(float)).round(2), "subject": "",
    }))  # fmt: skip
    every = pd.concat(parts, ignore_index=True)
    every = every[(every["time"] < PLATFORM_END) & (every["time"] > persons["joined"].to_numpy()[every["person"]])]
    every = every.drop_duplicates(["person", "time", "event"])
    return every.sort_values(["time", "person", "event"], kind="stable", ignore_index=True)


def _daily(setting: Setting, code: str, members: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    truth, days = setting.truths.club, setting.people.days
    mine = days[days["person"].isin(members["person"])]
    of = members.iloc[mine["person"].to_numpy() - int(members["person"].iloc[0])].reset_index(drop=True)
    times = (
        to_utc(calendar()[mine["day"]], own_hours(of, rng), setting.zone(code))
        .tz_localize(None)
        .to_numpy()
        .astype("datetime64[s]")
    )
    hello = mine["day"].to_numpy() == of["day"].to_numpy()
    joined = of["joined"].dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    times = np.where(hello, joined + rng.integers(20, 240, len(of)).astype("timedelta64[s]"), times)
    like = rng.random(len(of)) < truth.like
    step = truth.comment * (truth.leak[1] if code == truth.leak[0] else 1.0)
    comment = like & (rng.random(len(of)) < step)
    share = like & (rng.random(len(of)) < truth.share)
    parts, later = [], np.zeros(len(of), dtype="int64")
    for event, does in (
        ("visit", np.ones(len(of), dtype=bool)),
        ("like", like),
        ("comment", comment),
        ("share", share),
    ):
        parts.append(
            pd.DataFrame(
                {
                    "person": of["person"].to_numpy()[does],
                    "time": (times + later.astype("timedelta64[s]"))[does],
                    "event": event,
                }
            )
        )
        later = later + rng.integers(5, 240, len(of))
    found = pd.concat(parts, ignore_index=True)
    found["time"] = found["time"].dt.tz_localize("UTC")
    return found.assign(market=code, value=np.nan, subject="")


def plan(setting: Setting, code: str) -> pd.DataFrame:
    """Return the activities of market *code*: activity, kind, day, hour."""
    truth = setting.truths.people
    parts = [
        pd.DataFrame(
            {"kind": name, "day": gathering_days(truth, name, code), "hour": 18.0 if name == "tasting" else 20.0}
        )
        for name, _ in truth.gatherings
    ]
    found = pd.concat(parts, ignore_index=True)
    found["activity"] = [
        f"{kind}-{code.lower()}-{calendar()[day]:%Y%m%d}" for kind, day in zip(found["kind"], found["day"], strict=True)
    ]
    return found


def _at_activities(setting: Setting, code: str, members: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return sign-ups, attendance and reviews: online first, then in person, then online again."""
    truth, days, first = setting.truths.club, setting.people.days, int(members["person"].iloc[0])
    there = days[days["person"].isin(members["person"])]
    planned = plan(setting, code)
    at = there.merge(planned, on="day")
    known = members["day"].to_numpy()[at["person"].to_numpy() - first] < at["day"].to_numpy() - 6
    at = at[known & (rng.random(len(at)) < truth.sign_up)].reset_index(drop=True)
    come = rng.random(len(at)) < truth.come
    review = come & (rng.random(len(at)) < truth.review)
    parts = []
    for event, does, day, hour in (
        (
            "sign_up",
            np.ones(len(at), dtype=bool),
            at["day"] - rng.integers(1, 6, len(at)),
            9 + 12 * rng.random(len(at)),
        ),
        ("attend", come, at["day"], at["hour"] + 0.5 * rng.random(len(at))),
        ("review", review, at["day"] + rng.integers(1, 4, len(at)), 9 + 12 * rng.random(len(at))),
    ):
        time = to_utc(calendar()[np.minimum(day.to_numpy(), len(calendar()) - 1)], np.asarray(hour), setting.zone(code))
        parts.append(
            pd.DataFrame({"person": at["person"], "time": time, "event": event, "subject": at["activity"]})[does]
        )
    return pd.concat(parts, ignore_index=True).assign(market=code, value=np.nan)


def _streaks(setting: Setting, code: str, members: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the check-ins of a challenge: day after day until the streak breaks."""
    truth, start = setting.truths.club, (pd.Timestamp(setting.truths.club.streak_start) - calendar()[0]).days
    days = setting.people.days
    near = days[days["person"].isin(members["person"]) & days["day"].between(start - 45, start)]
    who = np.sort(near["person"].unique())
    chance = np.full(truth.streak_length, truth.streak_break)
    if code == truth.streak_worse[0]:
        chance[truth.streak_worse[1] - 1] = truth.streak_worse[2]
    holds = np.cumprod(rng.random((len(who), truth.streak_length)) >= np.append(0.0, chance[1:]), axis=1).astype(bool)
    row, day = np.nonzero(holds)
    time = to_utc(calendar()[start + day], 6 + 16 * rng.random(len(row)), setting.zone(code))
    subject = f"streak-{code.lower()}-{truth.streak_start}"
    return pd.DataFrame(
        {"person": who[row], "time": time, "event": "check_in", "market": code, "value": np.nan, "subject": subject}
    )
