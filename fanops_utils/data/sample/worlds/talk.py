"""Talk in the groups: who carries it, what waits for an answer and how long, what breaks the rules and who judges it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.people import own_hours
from fanops_utils.data.sample.truth import LISTENING
from fanops_utils.data.sample.worlds.club import member_ids, moderators

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

WRITES = ("community/groups.csv", "community/group_members.csv", "community/messages.csv", "community/cases.csv")
TOPICS = ("taste", "delivery", "packaging", "price", "brewing")
END = np.datetime64(calendar()[-1] + pd.Timedelta(hours=12), "s")


@dataclass(frozen=True)
class TalkTruth:
    """How much is written by whom in which group, and what becomes of what needs an answer."""

    threads: float = 0.22  # per person and day there, in a group of the usual kind
    talk_tail: float = 1.3  # sd of the log of how much a person writes
    groups: tuple[tuple[str, str, float], ...] = (  # name, kind, factor on talk
        ("brewing", "interest", 1.6), ("newcomers", "theme", 1.0), ("city", "region", 1.0),
    )  # fmt: skip
    replies: float = 0.5  # per thread
    leaders: float = 0.015  # of the members, those whose threads are answered `leader_factor` times as often
    leader_factor: float = 6.0
    kinds: tuple[tuple[str, float], ...] = (
        ("chat", 0.70),
        ("question", 0.20),
        ("suggestion", 0.06),
        ("complaint", 0.04),
    )
    wait_minutes: tuple[tuple[str, float], ...] = (  # median time to the first answer of a question or complaint
        ("US", 45.0), ("MX", 240.0), ("BR", 60.0), ("DE", 30.0), ("FR", 60.0), ("JP", 45.0),
    )  # fmt: skip
    wait_sd: float = 1.1  # of the log
    bot_wait: float = 0.5  # minutes
    unanswered: float = 0.06
    by_bot: float = 0.25
    bot_contains: float = 0.60  # of what the bot answers, not handed over
    asked_again: tuple[float, float] = (0.22, 0.08)  # after an answer of the bot, of a person
    adopted: float = 0.12  # of the suggestions closed
    violations: tuple[tuple[str, float], ...] = (
        ("JP", 4.0),
        ("US", 14.0),
    )  # per 1,000 messages; others `violations_else`
    violations_else: float = 7.0
    repeaters: tuple[float, float] = (0.03, 0.6)  # of the members; of the violations, those by them
    reversed_share: float = 0.04  # of the decisions on violations
    harsh: tuple[str, float] = ("US", 0.25)  # market whose first moderator's decisions are reversed this often
    crisis_complaints: float = 8.0  # times as many in the crisis's market and week, all on its topic
    compensation: tuple[float, float] = (10.0, 0.6)  # euros offered for complaints of the crisis, share taken up


def talk_files(setting: Setting) -> list[RawFile]:
    """Return groups, who is in them, messages and cases."""
    persons = setting.people.persons
    groups, places = _groups(setting, persons)
    written = [messages(setting, code, places) for code in setting.workspace.markets]
    every = pd.concat(written, ignore_index=True).sort_values(["time", "person"], kind="stable", ignore_index=True)
    number = pd.Series(np.arange(1, len(every) + 1), index=every["key"].to_numpy())
    every["id"] = np.char.add("M", np.char.zfill(number.to_numpy().astype(str), 7)).astype(object)
    ids = pd.Series(every["id"].to_numpy(), index=every["key"].to_numpy())
    role = np.where(np.isin(every["person"], moderators(setting)), "moderator", "member")
    table = pd.DataFrame({
        "Message ID": every["id"], "Member ID": member_ids(every["person"]), "Country": every["market"],
        "Group ID": every["group"], "Sent": iso(every["time"]), "Role": role,
        "Reply to": every["answers"].map(ids).fillna(""), "Kind": every["kind"], "Topic": every["topic"], "Words": every["words"],
    })  # fmt: skip
    joined = persons["joined"] + pd.Timedelta(minutes=30)
    listed = pd.DataFrame({
        "Group ID": places, "Member ID": member_ids(persons["person"]), "Country": persons["market"],
        "Joined group": iso(joined), "Role in group": np.where(np.isin(persons["person"], moderators(setting)), "moderator", "member"),
    })  # fmt: skip
    found = pd.concat([cases(setting, every[every["market"] == code], code) for code in setting.workspace.markets])
    return [
        raw_file("community/groups.csv", "groups", groups, plain_csv),
        raw_file("community/group_members.csv", "group_members", listed, plain_csv),
        raw_file("community/messages.csv", "messages", table, plain_csv),
        raw_file("community/cases.csv", "cases", _case_table(found), plain_csv),
    ]


def _groups(setting: Setting, persons: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the list of groups, and the group of each person."""
    truth, rng = setting.truths.talk, setting.rng("groups")
    rows = [
        (f"{code}-{name}", code, name, kind) for code in setting.workspace.markets for name, kind, _ in truth.groups
    ]
    table = pd.DataFrame(rows, columns=["Group ID", "Country", "Group", "Group kind"])
    table = table.assign(
        Layer=np.where(table["Group"] == "newcomers", "new", "active"),
        Opened=calendar()[0].tz_localize("UTC").isoformat(),
        Capacity=2000,
    )
    drawn = rng.integers(0, len(truth.groups), len(persons))
    names = np.array([name for name, _, _ in truth.groups])[drawn]
    return table, (persons["market"].to_numpy(dtype=object) + "-" + names.astype(object))


def messages(setting: Setting, code: str, places: np.ndarray) -> pd.DataFrame:
    """Return threads and replies of market *code*: key, person, market, group, time, kind, topic, words, answers."""
    truth, rng, days = setting.truths.talk, setting.rng(f"talk {code}"), setting.people.days
    persons = setting.people.persons[setting.people.persons["market"] == code]
    first, size = int(persons["person"].iloc[0]), len(persons)
    factor = {f"{code}-{name}": factor for name, _, factor in truth.groups}
    chatty = rng.lognormal(-(truth.talk_tail**2) / 2, truth.talk_tail, size)
    chatty = chatty * pd.Series(places[first : first + size]).map(factor).to_numpy()
    leads = rng.random(size) < truth.leaders
    there = days[days["person"].isin(persons["person"])].sort_values(["day", "person"], kind="stable")
    row, day = there["person"].to_numpy() - first, there["day"].to_numpy()
    of = np.repeat(np.arange(len(row)), rng.poisson(truth.threads * chatty[row]))
    who, when = row[of], day[of]
    time = to_utc(calendar()[when], own_hours(persons.iloc[who], rng), setting.zone(code)).tz_localize(None)
    names, shares = zip(*truth.kinds, strict=True)
    kind, topic = rng.choice(names, len(of), p=shares), rng.choice(TOPICS, len(of))
    stirred, at = _stirred(setting, code, there, first, rng)
    who, when = np.append(who, stirred), np.append(when, at)
    time = np.append(
        time.to_numpy(),
        to_utc(calendar()[at], 9 + 12 * rng.random(len(at)), setting.zone(code)).tz_localize(None).to_numpy(),
    )
    kind = np.append(kind, np.full(len(at), "complaint"))
    topic = np.append(topic, np.full(len(at), LISTENING.crisis_topic))
    threads = pd.DataFrame(
        {"person": first + who, "day": when, "time": time, "kind": kind, "topic": topic, "answers": ""}
    )
    threads["key"] = [f"{code}{number}" for number in range(len(threads))]
    mean = truth.replies * np.where(leads[who], truth.leader_factor, 1.0)
    replied = np.repeat(np.arange(len(threads)), rng.poisson(mean))
    bounds = np.searchsorted(day, np.arange(len(calendar()) + 1))
    low, high = bounds[threads["day"].to_numpy()[replied]], bounds[threads["day"].to_numpy()[replied] + 1]
    by = row[low + np.floor(rng.random(len(replied)) * (high - low)).astype("int64")]
    after = (60 + rng.exponential(5400, len(replied))).astype("int64").astype("timedelta64[s]")
    answers = pd.DataFrame({
        "person": first + by, "time": threads["time"].to_numpy()[replied] + after, "kind": "answer",
        "topic": threads["topic"].to_numpy()[replied], "answers": threads["key"].to_numpy()[replied],
    })  # fmt: skip
    answers["key"] = [f"{code}r{number}" for number in range(len(answers))]
    found = pd.concat([threads, answers], ignore_index=True)
    found = found[found["time"] < END]
    found["time"] = pd.DatetimeIndex(found["time"]).as_unit("s").tz_localize("UTC")
    words = 1 + rng.poisson(9, len(found))
    return found.assign(market=code, group=places[found["person"]], words=words)


def _stirred(
    setting: Setting, code: str, there: pd.DataFrame, first: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return who complains in the week of the crisis, and when; nobody in other markets."""
    if code != LISTENING.crisis_market:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    truth, start = setting.truths.talk, (pd.Timestamp(LISTENING.crisis_start) - calendar()[0]).days
    near = there[there["day"].between(start, start + 6)]
    usual = len(near) * truth.threads * dict(truth.kinds)["complaint"]
    chosen = np.sort(
        rng.choice(len(near), min(len(near), rng.poisson(usual * (truth.crisis_complaints - 1))), replace=False)
    )
    return near["person"].to_numpy()[chosen] - first, near["day"].to_numpy()[chosen]


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
    start = (pd.Timestamp(LISTENING.crisis_start) - calendar()[0]).days
    day = (asked["time"].dt.tz_convert(setting.zone(code)).dt.tz_localize(None).dt.normalize() - calendar()[0]).dt.days
    crisis = ((code == LISTENING.crisis_market) & (asked["kind"] == "complaint") & (asked["topic"] == LISTENING.crisis_topic)
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
        "closed": np.where(none, np.datetime64("NaT"), closed), "by": np.where(bot & ~handed, -1, by), "by_kind": np.where(bot & ~handed, "bot", "moderator"),
        "escalated": np.where(handed, first, np.datetime64("NaT")), "outcome": np.where(none, "", outcome),
        "reversed": np.datetime64("NaT", "s"), "again": np.where(again, closed + pause, np.datetime64("NaT")),
        "rating": np.where(rated, np.clip(happy, 1, 5).astype(int).astype(str), ""), "offered": np.where(crisis, truth.compensation[0], np.nan),
        "taken": np.where(crisis, np.where(taken, truth.compensation[0], 0.0), np.nan),
    })  # fmt: skip
    return pd.concat([found, _violations(setting, said, code, mine, rng)], ignore_index=True)


def _violations(
    setting: Setting, said: pd.DataFrame, code: str, team: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the messages that broke a rule, by few more often than by others, and what moderators decided."""
    truth = setting.truths.talk
    rate = dict(truth.violations).get(code, truth.violations_else) / 1000
    people = setting.people.persons
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
        "market": code, "kind": "violation", "topic": rng.choice(["advertising", "insult", "off topic", "spam"], size, p=[0.4, 0.15, 0.25, 0.2]),
        "group": broke["group"].to_numpy(), "message": broke["id"].to_numpy(), "person": broke["person"].to_numpy(), "opened": opened,
        "first": first, "closed": first, "by": by, "by_kind": "moderator", "escalated": np.datetime64("NaT", "s"),
        "outcome": rng.choice(["warned", "removed", "banned"], size, p=[0.6, 0.34, 0.06]),
        "reversed": np.where(taken_back, first + np.timedelta64(86_400, "s"), np.datetime64("NaT")), "again": np.datetime64("NaT", "s"),
        "rating": "", "offered": np.nan, "taken": np.nan,
    })  # fmt: skip


def _case_table(found: pd.DataFrame) -> pd.DataFrame:
    found = found.sort_values(["opened", "message", "kind"], kind="stable", ignore_index=True)
    money = found["offered"].notna()
    times = {name: _written(found[name]) for name in ("opened", "first", "closed", "escalated", "reversed", "again")}
    return pd.DataFrame({
        "Case ID": [f"C{number:06d}" for number in range(1, len(found) + 1)], "Country": found["market"], "Case kind": found["kind"],
        "Topic": found["topic"], "Group ID": found["group"], "Message ID": found["message"], "Member ID": member_ids(found["person"]),
        "Opened": times["opened"], "First response": times["first"], "Closed": times["closed"], "Handled by": member_ids(found["by"].astype("int64")),
        "Handled by kind": np.where(times["first"] == "", "", found["by_kind"]), "Escalated": times["escalated"], "Outcome": found["outcome"],
        "Reversed": times["reversed"], "Asked again": times["again"], "Rating": found["rating"],
        "Offered": found["offered"].map("{:.2f}".format).where(money, ""), "Taken": found["taken"].map("{:.2f}".format).where(money, ""),
        "Currency": np.where(money, "EUR", ""),
    })  # fmt: skip


def _written(times: pd.Series) -> np.ndarray:
    known = pd.DatetimeIndex(times).as_unit("s")
    some = ~known.isna()
    cells = np.full(len(known), "", dtype=object)
    cells[some] = iso(known[some].tz_localize("UTC"))
    return cells
