"""The community: who is a member, what each did on which day, the activities and what came of them, check-ins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.worlds.members.acts import plan
from fanops_utils.data.sample.worlds.members.advocates import advocates

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("community/members.csv", "community/events.csv", "community/activities.csv")


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
    team = moderators(setting)
    roles = persons["person"].map(advocates(setting, besides=team)).fillna("member")
    role = roles.mask(persons["person"].isin(team), "moderator").to_numpy()
    table = pd.DataFrame({
        "Member ID": member_ids(persons["person"]), "Joined": iso(persons["joined"]), "Country": persons["market"],
        "Came through": persons["source"], "Role": role, "Screening": np.where(suspect, "suspected bot", "passed"),
        "Left": left, "Reason": np.where(gone, reason, ""),
        "Shop account": ("fan" + email.astype("Int64").astype("string") + "@example.com").fillna(""),
    })  # fmt: skip
    return table.iloc[np.argsort(persons["joined"].to_numpy(), kind="stable")].reset_index(drop=True)


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
