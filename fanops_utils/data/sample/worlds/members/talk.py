"""Talk in the groups: who carries it, what waits for an answer and how long, what breaks the rules and who judges it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import calendar, iso, to_utc
from fanops_utils.data.sample.formats.files import RawFile, plain_csv, raw_file
from fanops_utils.data.sample.people.presence import own_hours
from fanops_utils.data.sample.worlds.members.cases import case_table, cases
from fanops_utils.data.sample.worlds.members.club import member_ids, moderators

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
    in_group = persons["joined"] + pd.Timedelta(minutes=30)
    every["time"] = _once_there(every, in_group)
    role = np.where(np.isin(every["person"], moderators(setting)), "moderator", "member")
    table = pd.DataFrame({
        "Message ID": every["id"], "Member ID": member_ids(every["person"]), "Country": every["market"],
        "Group ID": every["group"], "Sent": iso(every["time"]), "Role": role,
        "Reply to": every["answers"].map(ids).fillna(""), "Kind": every["kind"], "Topic": every["topic"], "Words": every["words"],
    })  # fmt: skip
    listed = pd.DataFrame({
        "Group ID": places, "Member ID": member_ids(persons["person"]), "Country": persons["market"],
        "Joined group": iso(in_group),
        "Role in group": np.where(np.isin(persons["person"], moderators(setting)), "moderator", "member"),
    })  # fmt: skip
    found = pd.concat([cases(setting, every[every["market"] == code], code) for code in setting.workspace.markets])
    return [
        raw_file("community/groups.csv", "groups", groups, plain_csv),
        raw_file("community/group_members.csv", "group_members", listed, plain_csv),
        raw_file("community/messages.csv", "messages", table, plain_csv),
        raw_file("community/cases.csv", "cases", case_table(found), plain_csv),
    ]


def _once_there(every: pd.DataFrame, in_group: pd.Series) -> pd.Series:
    """Return the times of all messages: nobody writes before the half hour in which they joined their group, nor answers
    before the question."""
    start, time = every["person"].map(in_group), every["time"]
    early = time < start
    time = time.mask(early, start + pd.to_timedelta(60 + (start - time).dt.total_seconds() % 1800, unit="s"))
    asked = every["answers"].map(time.set_axis(every["key"]))
    return time.mask(asked.notna() & (time <= asked), asked + pd.Timedelta(seconds=60)).dt.as_unit("s")


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
    time = to_utc(calendar()[when], own_hours(persons.iloc[who], rng), setting.zone(code)).tz_localize(None).to_numpy()
    names, shares = zip(*truth.kinds, strict=True)
    kind, topic = rng.choice(names, len(of), p=shares), rng.choice(TOPICS, len(of))
    stirred, at = _stirred(setting, code, there, first, rng)
    who, when = np.append(who, stirred), np.append(when, at)
    time = np.append(time, _by_day(setting, code, at, rng))
    kind = np.append(kind, np.full(len(at), "complaint"))
    topic = np.append(topic, np.full(len(at), setting.truths.listening.crisis_topic))
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


def _by_day(setting: Setting, code: str, days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return an instant by daylight on each of *days*, UTC without a zone."""
    return to_utc(calendar()[days], 9 + 12 * rng.random(len(days)), setting.zone(code)).tz_localize(None).to_numpy()


def _stirred(
    setting: Setting, code: str, there: pd.DataFrame, first: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return who complains in the week of the crisis, and when; nobody in other markets."""
    heard = setting.truths.listening
    if code != heard.crisis_market:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="int64")
    truth, start = setting.truths.talk, heard.crisis_day
    near = there[there["day"].between(start, start + 6)]
    usual = len(near) * truth.threads * dict(truth.kinds)["complaint"]
    chosen = np.sort(
        rng.choice(len(near), min(len(near), rng.poisson(usual * (truth.crisis_complaints - 1))), replace=False)
    )
    return near["person"].to_numpy()[chosen] - first, near["day"].to_numpy()[chosen]
