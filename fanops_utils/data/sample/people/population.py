"""The one population: who joins through whom, on which days each person is there, who buys, who leaves and comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import apportion, calendar, stream, to_utc, waking_hours
from fanops_utils.data.sample.people import presence

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

PEAKS = np.array([7.6, 12.4, 18.2, 21.3])  # before work, at lunch, on the way home, at night: local hours
PEAK_SHARES = (0.18, 0.30, 0.22, 0.30)
INTERESTS = ("recipes", "origins", "ceremony", "wellness", "news")
LAST_KNOT = 730.0


@dataclass(frozen=True)
class Source:
    """One way of coming: its share, the share ever seen from day 30 on, and the shares seen on days 1 and 7 themselves."""

    share: float
    kept: float
    d1: float
    d7: float
    buys: float


@dataclass(frozen=True)
class Gathering:
    """A kind of activity: every how many days, in which markets, and what it does to activity on its days."""

    every: int
    markets: tuple[str, ...]
    factor: float = 1.0
    days: int = 2


@dataclass(frozen=True)
class PeopleTruth:
    """What makes the population; `referral` shares follow from the invitations and are not drawn."""

    members: int = 4000
    buyers_besides: int = 3500  # customers who are no members
    sources: tuple[tuple[str, Source], ...] = (
        ("organic", Source(0.43, 0.50, 0.38, 0.30, 0.45)), ("search", Source(0.22, 0.41, 0.36, 0.26, 0.42)),
        ("creator", Source(0.14, 0.38, 0.35, 0.25, 0.42)), ("giveaway", Source(0.21, 0.15, 0.32, 0.14, 0.15)),
    )  # fmt: skip
    invited: Source = Source(0.0, 0.45, 0.37, 0.28, 0.50)
    daily: float = 0.42  # mean chance of a member who has not left to be there on a day
    daily_spread: float = 3.0  # a + b of the beta distribution of that chance
    fading: float = 0.5  # after day 30 the share still there falls with the days to this power
    comes_back: float = 0.04
    onboarding: tuple[str, str, float] = (
        "BR",
        "2026-03-01",
        1.25,
    )  # market, since when, factor on being there on day 7
    invites: tuple[tuple[str, float], ...] = (("2024-11-01", 0.16), ("2026-02-01", 0.32))  # K of who joined since then
    invite_tail: float = 1.4  # sd of the log of how much somebody invites
    channels: tuple[tuple[str, float, float], ...] = (  # name, share of invitations, share of them taken up
        ("messenger", 0.5, 0.30), ("email", 0.25, 0.12), ("link", 0.25, 0.12),
    )  # fmt: skip
    invite_days: float = 12.0  # mean days from joining to an invitation
    gatherings: tuple[tuple[str, Gathering], ...] = (
        ("tasting", Gathering(28, ("US", "DE"), 1.5)), ("quiz", Gathering(14, ("US", "BR", "JP"), 1.0, 1)),
    )  # fmt: skip
    # offer to regular members who fell silent, day, days of silence (at most 240), share held out, what it adds to the
    # share seen within 30 days
    win_backs: tuple[tuple[str, str, int, float, float], ...] = (
        ("tea_sample_by_post", "2026-04-15", 30, 0.5, 0.15), ("we_miss_you_push", "2026-07-15", 30, 0.5, 0.0),
    )  # fmt: skip
    buying_with_activity: float = 0.5  # correlation of the chance to be there with the rate of buying, on normal scores


@dataclass(frozen=True)
class People:
    """The population: persons, their days, invitations, who was written to; `person` counts through all markets.

    persons: person, market, source, joined (UTC), day, leaves (day of the calendar, may lie past its end), returns,
    chance, peak, interest, invited_by (-1 = nobody). days: person, day. invitations: inviter, channel, sent, accepted
    (UTC), invited. offers: offer, person, arm, day.
    """

    persons: pd.DataFrame
    days: pd.DataFrame
    invitations: pd.DataFrame
    offers: pd.DataFrame


def population(setting: Setting) -> People:
    """Return the members of all markets, by market and then by time of joining."""
    truth, codes = setting.truths.people, setting.workspace.markets
    sizes = apportion(truth.members * setting.scale, {code: setting.market(code).community_share for code in codes})
    parts, first = [], 0
    for code, size in sizes.items():
        part = _market(code, setting.zone(code), truth, size, first, setting.seed)
        parts.append(part)
        first += len(part.persons)
    tables = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        for name in ("persons", "days", "invitations", "offers")
    )
    return People(*tables)


def _market(code: str, zone: str, truth: PeopleTruth, size: int, first: int, seed: int) -> People:
    """Return the people of one market, numbered from *first*."""
    rng = stream(seed, f"people {code}")
    persons, invitations = _joined(truth, zone, size, rng)
    persons = persons.assign(market=code, person=first + np.arange(len(persons)))
    for column in ("inviter", "invited"):
        known = invitations[column] >= 0
        invitations[column] = invitations[column] + first * known
    persons["invited_by"] += first * (persons["invited_by"] >= 0)
    persons = _lives(persons, truth, code, rng)
    seen = presence.there(persons, truth, code, rng)
    seen, offers = presence.won_back(persons, seen, truth, stream(seed, f"win back {code}"))
    row, day = np.nonzero(seen)
    days = pd.DataFrame({"person": first + row, "day": day})
    return People(persons, days, invitations.assign(market=code), offers.assign(market=code))


def _joined(truth: PeopleTruth, zone: str, size: int, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who came by themselves and, generation after generation, whom they brought, with all invitations."""
    names, kinds = zip(*truth.sources, strict=True)
    average = np.mean([k for _, k in truth.invites])
    alone = max(20, round(size * (1 - average)))
    days = rng.integers(0, len(calendar()), alone)
    came = rng.choice(names, alone, p=np.array([kind.share for kind in kinds]) / sum(kind.share for kind in kinds))
    joined = to_utc(calendar()[days], waking_hours(alone, rng), zone).tz_localize(None)
    generation = pd.DataFrame({"joined": joined, "source": came, "invited_by": -1})
    people, sent, count = [generation], [], 0
    while len(generation):
        found = _invitations(generation, count, truth, rng)
        count += len(generation)
        taken = found[found["accepted"].notna()]
        found.loc[taken.index, "invited"] = count + np.arange(len(taken))
        sent.append(found)
        generation = pd.DataFrame({
            "joined": taken["accepted"].to_numpy(), "source": "referral", "invited_by": taken["inviter"].to_numpy(),
        })  # fmt: skip
        people.append(generation)
    everybody = pd.concat([one for one in people if len(one)], ignore_index=True)
    order = np.argsort(everybody["joined"].to_numpy(), kind="stable")
    place = np.empty(len(order), dtype="int64")
    place[order] = np.arange(len(order))
    everybody = everybody.iloc[order].reset_index(drop=True)
    everybody["joined"] = everybody["joined"].dt.tz_localize("UTC")
    everybody["invited_by"] = np.where(everybody["invited_by"] >= 0, place[everybody["invited_by"]], -1)
    local = everybody["joined"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    everybody["day"] = (local - calendar()[0]).dt.days.to_numpy()
    invitations = pd.concat(sent, ignore_index=True)
    for column in ("sent", "accepted"):
        invitations[column] = invitations[column].dt.tz_localize("UTC")
    for column in ("inviter", "invited"):
        invitations[column] = np.where(invitations[column] >= 0, place[invitations[column]], -1)
    return everybody, invitations


def _invitations(joined: pd.DataFrame, first: int, truth: PeopleTruth, rng: np.random.Generator) -> pd.DataFrame:
    """Return what the people of one generation, numbered from *first*, send: heavy-tailed, K by when they joined."""
    names, shares, taken = (np.array(column) for column in zip(*truth.channels, strict=True))
    since = pd.to_datetime([day for day, _ in truth.invites])
    level = np.array([k for _, k in truth.invites])[np.searchsorted(since, joined["joined"], side="right") - 1]
    eager = rng.lognormal(-(truth.invite_tail**2) / 2, truth.invite_tail, len(joined))
    count = rng.poisson(level * eager / (shares @ taken))
    who = np.repeat(np.arange(len(joined)), count)
    channel = rng.choice(len(names), len(who), p=shares)
    sent = joined["joined"].to_numpy()[who] + _spell(truth.invite_days, len(who), rng)
    accepted = sent + _spell(2.0, len(who), rng)
    end = np.datetime64(calendar()[-1] + pd.Timedelta(hours=12))
    yes = (rng.random(len(who)) < taken[channel]) & (accepted < end)
    found = pd.DataFrame({
        "inviter": first + who, "channel": names[channel], "sent": sent, "accepted": accepted, "invited": -1,
    })  # fmt: skip
    found["accepted"] = found["accepted"].where(yes)
    return found[found["sent"] < end].reset_index(drop=True)


def _spell(mean: float, size: int, rng: np.random.Generator) -> np.ndarray:
    seconds = 300 + rng.exponential(mean * 86_400, size)
    return seconds.astype("int64").astype("timedelta64[s]")


def _lives(persons: pd.DataFrame, truth: PeopleTruth, code: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return *persons* with chance, peak, interest, the day they leave and the days on which a few come back."""
    from scipy.stats import beta, norm

    size, sources = len(persons), {**dict(truth.sources), "referral": truth.invited}
    score = rng.normal(size=size)
    a = truth.daily * truth.daily_spread
    chance = beta.ppf(norm.cdf(score), a, truth.daily_spread - a)
    luck, leaves = rng.random(size), np.empty(size)
    market, since, factor = truth.onboarding
    eased = ((persons["joined"] >= pd.Timestamp(since, tz="UTC")) & (market == code)).to_numpy()
    for name, source in sources.items():
        for helped in (False, True):
            mine = ((persons["source"] == name) & (eased == helped)).to_numpy()
            leaves[mine] = stays(source, truth, luck[mine], factor if helped else 1.0)
    back = (rng.random(size) < truth.comes_back) & (leaves < LAST_KNOT)
    gap, spell = rng.integers(40, 150, size), rng.integers(5, 40, size)
    left = persons["day"].to_numpy() + np.floor(leaves).astype("int64")
    return persons.assign(
        score=score, chance=chance, leaves=left, returns=np.where(back, left + gap, -1), spell=spell,
        peak=PEAKS[rng.choice(len(PEAKS), size, p=PEAK_SHARES)], interest=rng.choice(INTERESTS, size),
        weekend=rng.normal(0, 0.25, size),
    )  # fmt: skip


def stays(source: Source, truth: PeopleTruth, luck: np.ndarray, day7: float = 1.0) -> np.ndarray:
    """Return after how many days each leaves: the share still there falls through the planted days 1, 7 and 30."""
    month = (source.kept - truth.comes_back) / (1 - truth.comes_back)
    week = min(source.d7 / truth.daily * day7, source.d1 / truth.daily)
    there = np.array([1.0, source.d1 / truth.daily, week, month, month * (LAST_KNOT / 30) ** -truth.fading])
    knots = np.log(np.array([0.3, 1.0, 7.0, 30.0, LAST_KNOT]))
    return np.exp(np.interp(-np.log(luck), -np.log(there), knots))
