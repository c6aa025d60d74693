"""The community: who is a member, what each did on which day, the activities and what came of them, check-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.people import gathering_days, own_hours
from fanops_utils.data.sample.shop import PER_EURO

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("community/members.csv", "community/events.csv", "community/activities.csv")
PLATFORM_END = pd.Timestamp(calendar()[-1], tz="UTC") + pd.Timedelta(days=1)


@dataclass(frozen=True)
class ClubTruth:
    """What members do on a day they are there, what activities lead to, how long a streak of check-ins holds."""

    like: float = 0.36  # of the days with a visit
    comment: float = 0.40  # of the days with a like
    leak: tuple[str, float] = ("MX", 0.5)  # market, factor on the step from like to comment
    share: float = 0.06
    sign_up: float = 0.30  # of who is there on a day of an activity, signed up before
    come: float = 0.60  # of who signed up
    review: float = 0.25  # of who came
    streak_start: str = "2026-05-04"
    streak_break: float = 0.05  # chance per day to end a streak of check-ins
    streak_worse: tuple[str, int, float] = ("JP", 8, 0.35)  # market, day of the streak, chance on that day
    streak_markets: tuple[str, ...] = ("US", "JP")
    streak_length: int = 21
    left_share: float = 0.35  # of who has left in fact, left the list too
    reasons: tuple[tuple[str, float], ...] = (
        ("too many messages", 0.40), ("nothing for me", 0.25), ("moved to another group", 0.20), ("unfriendly tone", 0.15),
    )  # fmt: skip
    reason_given: float = 0.6
    bots: float = 0.04  # suspected on joining; they never come back after the first day in which they came
    moderators: int = 3  # per market


def member_ids(persons: pd.Series | np.ndarray) -> np.ndarray:
    """Return the ids of *persons* as the community tool writes them; -1 is nobody."""
    numbers = np.asarray(persons)
    return np.where(numbers >= 0, np.char.add("LC-", np.char.zfill((numbers + 1).astype(str), 6)), "").astype(object)


def club_files(setting: Setting) -> list[RawFile]:
    """Return the member list, the activity log and the list of activities."""
    truth, acts = setting.truths.club, setting.events
    log = pd.DataFrame({
        "Member ID": member_ids(acts["person"]), "Time": iso(acts["time"]), "Event": acts["event"], "Country": acts["market"],
        "Value": acts["value"].map("{:.2f}".format).where(acts["value"].notna(), ""), "Subject": acts["subject"],
    })  # fmt: skip
    return [
        raw_file("community/members.csv", "community_members", _members(setting, truth), plain_csv),
        raw_file("community/events.csv", "community_events", log, plain_csv),
        raw_file("community/activities.csv", "activities", happened(setting), plain_csv),
    ]


def moderators(setting: Setting) -> np.ndarray:
    """Return the persons who are moderators: the members of each market who came first and are there most."""
    persons = setting.people.persons
    early = persons[persons["day"] < 120].sort_values(["market", "chance"], ascending=[True, False], kind="stable")
    return np.sort(early.groupby("market", sort=False).head(setting.truths.club.moderators)["person"].to_numpy())


def _members(setting: Setting, truth: ClubTruth) -> pd.DataFrame:
    """Return the member list, by time of joining."""
    persons, rng, size = setting.people.persons, setting.rng("club list"), len(setting.people.persons)
    gone = (persons["leaves"] < len(calendar()) - 30) & (persons["returns"] < 0)
    gone &= rng.random(size) < truth.left_share
    names, shares = zip(*truth.reasons, strict=True)
    reason = np.where(rng.random(size) < truth.reason_given, rng.choice(names, size, p=shares), "")
    left_day = np.minimum(persons["leaves"].to_numpy() + 1 + rng.integers(0, 25, size), len(calendar()) - 1)
    zone = persons["market"].map({code: setting.zone(code) for code in setting.workspace.markets})
    left = pd.Series("", index=persons.index, dtype=object)
    for name in zone.unique():
        mine = (zone == name).to_numpy() & gone.to_numpy()
        left[mine] = iso(to_utc(calendar()[left_day[mine]], np.full(mine.sum(), 12.0), name))
    customer = setting.customer_of_person
    email = persons["person"].map(customer)
    short = (persons["leaves"] - persons["day"] < 1).to_numpy()
    suspect = short & (rng.random(size) < truth.bots * size / max(1, short.sum()))
    role = np.where(np.isin(persons["person"], moderators(setting)), "moderator", "member")
    table = pd.DataFrame({
        "Member ID": member_ids(persons["person"]), "Joined": iso(persons["joined"]), "Country": persons["market"],
        "Came through": persons["source"], "Role": role, "Screening": np.where(suspect, "suspected bot", "passed"),
        "Left": left, "Reason": np.where(gone, reason, ""),
        "Shop account": ("fan" + email.astype("Int64").astype("string") + "@example.com").fillna(""),
    })  # fmt: skip
    return table.iloc[np.argsort(persons["joined"].to_numpy(), kind="stable")].reset_index(drop=True)


def events(setting: Setting) -> pd.DataFrame:
    """Return what members did: person, market, time (UTC), event, value (euros), subject; by time.

    A day begins with a visit; a like, a comment and a share may follow, each after the other. Orders of members are
    their `buy`; who signed up for an activity may come, and who came may write a review.
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
    parts.append(pd.DataFrame({
        "person": bought["person"], "market": bought["market"], "time": bought["created"], "event": "buy",
        "value": (bought["total"] / bought["currency"].map(PER_EURO)).round(2), "subject": "",
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


def happened(setting: Setting) -> pd.DataFrame:
    """Return the list of activities with who signed up and came, costs and ratings."""
    acts = setting.events
    rng = setting.rng("activities")
    counted = acts[acts["subject"] != ""].groupby(["subject", "event"]).size().unstack(fill_value=0)
    rows = []
    for code in setting.workspace.markets:
        rows.append(plan(setting, code).assign(market=code))
    found = pd.concat(rows, ignore_index=True)
    counts = counted.reindex(found["activity"]).fillna(0).astype("int64")
    found["starts"] = [to_utc(calendar()[[day]], np.array([hour]), setting.zone(code))[0]
                       for day, hour, code in zip(found["day"], found["hour"], found["market"], strict=True)]  # fmt: skip
    came = counts.get("attend", pd.Series(0, index=counts.index)).to_numpy()
    tasting = (found["kind"] == "tasting").to_numpy()
    rating = np.where(tasting, 4.5, 3.9) + rng.normal(0, 0.8, len(found)) / np.sqrt(np.maximum(came, 1))
    return pd.DataFrame({
        "Activity": found["activity"], "Kind": found["kind"], "Country": found["market"],
        "Place": np.where(tasting, "offline", "online"), "Starts": iso(pd.DatetimeIndex(found["starts"])),
        "Ends": iso(pd.DatetimeIndex(found["starts"]) + pd.Timedelta(hours=2)),
        "Signed up": counts.get("sign_up", pd.Series(0, index=counts.index)).to_numpy(), "Attended": came,
        "Cost": np.where(tasting, 400 + 12 * came, 60).astype("int64"), "Currency": "EUR",
        "Rating": np.round(np.clip(rating, 1, 5), 1), "Ratings": (came * 0.4).astype("int64"),
    }).sort_values(["Starts", "Activity"], ignore_index=True)  # fmt: skip
