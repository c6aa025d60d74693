"""Cases: what in the talk waits for an answer, how long and from whom; what breaks the rules and who judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso
from fanops_utils.data.sample.worlds.members.club import member_ids, moderators

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting


def cases(setting: Setting, said: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return what had to be dealt with among the messages *said* in market *code*, and how it was."""
    truth, rng = setting.truths.talk, setting.rng(f"cases {code}")
    asked = said[said["kind"].isin(["question", "suggestion", "complaint"])].reset_index(drop=True)
    size = len(asked)
    bot = (asked["kind"] == "question").to_numpy() & (rng.random(size) < truth.by_bot)
    median = np.where(bot, truth.bot_wait, dict(truth.wait_minutes).get(code, 60.0))
    wait = median * rng.lognormal(0, np.where(bot, 0.3, truth.wait_sd))
    none = ~bot & (rng.random(size) < truth.unanswered)
    handed = bot & (rng.random(size) >= truth.bot_contains)
    opened = asked["time"].dt.tz_localize(None).to_numpy()
    first = opened + (wait * 60).astype("int64").astype("timedelta64[s]")
    closed = first + (60 * rng.exponential(np.where(handed, 400.0, 60.0))).astype("int64").astype("timedelta64[s]")
    again = ~none & (rng.random(size) < np.where(bot, *truth.asked_again))
    suggestion = (asked["kind"] == "suggestion").to_numpy()
    outcome = np.where(
        suggestion, np.where(rng.random(size) < truth.adopted, "adopted", "declined"), "answered"
    ).astype(object)
    heard = setting.truths.listening
    start = heard.crisis_day
    day = (asked["time"].dt.tz_convert(setting.zone(code)).dt.tz_localize(None).dt.normalize() - calendar()[0]).dt.days
    crisis = ((code == heard.crisis_market) & (asked["kind"] == "complaint") & (asked["topic"] == heard.crisis_topic)
              & day.between(start, start + 6)).to_numpy()  # fmt: skip
    taken = crisis & (rng.random(size) < truth.compensation[1])
    happy = rng.choice([1, 2, 3, 4, 5], size, p=[0.06, 0.09, 0.2, 0.35, 0.3]) - (again & (rng.random(size) < 0.5))
    rated = ~none & (rng.random(size) < 0.35)
    team = moderators(setting)
    mine = team[np.isin(team, setting.people.persons.loc[setting.people.persons["market"] == code, "person"])]
    by = rng.choice(mine, size)
    pause = rng.integers(3600, 80_000, size).astype("timedelta64[s]")
    found = pd.DataFrame({
        "market": code, "kind": asked["kind"], "topic": asked["topic"], "group": asked["group"], "message": asked["id"],
        "person": asked["person"], "opened": opened, "first": np.where(none, np.datetime64("NaT"), first),
        "closed": np.where(none, np.datetime64("NaT"), closed), "by": np.where(bot & ~handed, -1, by),
        "by_kind": np.where(bot & ~handed, "bot", "moderator"),
        "escalated": np.where(handed, first, np.datetime64("NaT")), "outcome": np.where(none, "", outcome),
        "reversed": np.datetime64("NaT", "s"), "again": np.where(again, closed + pause, np.datetime64("NaT")),
        "rating": np.where(rated, np.clip(happy, 1, 5).astype(int).astype(str), ""),
        "offered": np.where(crisis, truth.compensation[0], np.nan),
        "taken": np.where(crisis, np.where(taken, truth.compensation[0], 0.0), np.nan),
    })  # fmt: skip
    return pd.concat([found, _violations(setting, said, code, mine, rng)], ignore_index=True)


def _violations(
    setting: Setting, said: pd.DataFrame, code: str, team: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the messages that broke a rule, by few more often than by others, and what moderators decided."""
    truth = setting.truths.talk
    rate = dict(truth.violations).get(code, truth.violations_else) / 1000
    writers = np.sort(said["person"].unique())
    few = writers[rng.random(len(writers)) < truth.repeaters[0]]
    theirs = np.isin(said["person"], few)
    weight = np.where(
        theirs, truth.repeaters[1] / max(1, theirs.sum()), (1 - truth.repeaters[1]) / max(1, (~theirs).sum())
    )
    broke = said[rng.random(len(said)) < np.minimum(1.0, weight * rate * len(said))]
    size, by = len(broke), rng.choice(team, len(broke))
    harsh = (by == team[0]) & (code == truth.harsh[0])
    taken_back = rng.random(size) < np.where(harsh, truth.harsh[1], truth.reversed_share)
    opened = broke["time"].dt.tz_localize(None).to_numpy()
    first = opened + rng.integers(60, 7200, size).astype("timedelta64[s]")
    return pd.DataFrame({
        "market": code, "kind": "violation",
        "topic": rng.choice(["advertising", "insult", "off topic", "spam"], size, p=[0.4, 0.15, 0.25, 0.2]),
        "group": broke["group"].to_numpy(), "message": broke["id"].to_numpy(), "person": broke["person"].to_numpy(),
        "opened": opened,
        "first": first, "closed": first, "by": by, "by_kind": "moderator", "escalated": np.datetime64("NaT", "s"),
        "outcome": rng.choice(["warned", "removed", "banned"], size, p=[0.6, 0.34, 0.06]),
        "reversed": np.where(taken_back, first + np.timedelta64(86_400, "s"), np.datetime64("NaT")),
        "again": np.datetime64("NaT", "s"),
        "rating": "", "offered": np.nan, "taken": np.nan,
    })  # fmt: skip


def case_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return the cases *found* as moderators log them, by time."""
    found = found.sort_values(["opened", "message", "kind"], kind="stable", ignore_index=True)
    money = found["offered"].notna()
    times = {name: _written(found[name]) for name in ("opened", "first", "closed", "escalated", "reversed", "again")}
    return pd.DataFrame({
        "Case ID": [f"C{number:06d}" for number in range(1, len(found) + 1)], "Country": found["market"],
        "Case kind": found["kind"],
        "Topic": found["topic"], "Group ID": found["group"], "Message ID": found["message"],
        "Member ID": member_ids(found["person"]),
        "Opened": times["opened"], "First response": times["first"], "Closed": times["closed"],
        "Handled by": member_ids(found["by"].astype("int64")),
        "Handled by kind": np.where(times["first"] == "", "", found["by_kind"]), "Escalated": times["escalated"],
        "Outcome": found["outcome"],
        "Reversed": times["reversed"], "Asked again": times["again"], "Rating": found["rating"],
        "Offered": found["offered"].map("{:.2f}".format).where(money, ""),
        "Taken": found["taken"].map("{:.2f}".format).where(money, ""),
        "Currency": np.where(money, "EUR", ""),
    })  # fmt: skip


def _written(times: pd.Series) -> np.ndarray:
    known = pd.DatetimeIndex(times).as_unit("s")
    some = known.notna()
    cells = np.full(len(known), "", dtype=object)
    cells[some] = iso(known[some].tz_localize("UTC"))
    return cells
