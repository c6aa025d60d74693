"""The community: members by how they came, and what they did there until they fell silent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fanops_utils.data.sample.draws import apportion, calendar, stream, to_utc, waking_hours
from fanops_utils.data.sample.truth import COMMUNITY, market_truth
from fanops_utils.workspace import Workspace

ACTS = {"visit": 0.60, "like": 0.21, "comment": 0.10, "share": 0.05, "buy": 0.04}
END = calendar()[-1].tz_localize("UTC") + pd.Timedelta(days=1)


def community(workspace: Workspace, *, seed: int, scale: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return members (member, market, joined, came) and events (member, market, time, event, value), both by time."""
    sizes = apportion(
        COMMUNITY.members * scale, {code: market_truth(code).community_share for code in workspace.markets}
    )
    parts = []
    for code, size in sizes.items():
        rng, zone = stream(seed, f"community {code}"), workspace.market(code).time_zone
        joined = join(size, zone, rng=rng).assign(market=code)
        parts.append((joined, act(joined, zone, rng=rng)))
    members = pd.concat([joined for joined, _ in parts]).sort_values("joined", kind="stable", ignore_index=True)
    members["member"] = [f"LC-{number:06d}" for number in range(1, len(members) + 1)]
    names = members.set_index(["market", "place"])["member"]
    events = pd.concat([acts for _, acts in parts])
    events["member"] = names.loc[pd.MultiIndex.from_frame(events[["market", "place"]])].to_numpy()
    events = events.drop_duplicates(["member", "time", "event"])
    return members, events.sort_values(["time", "member", "event"], ignore_index=True)


def join(size: int, zone: str, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return *size* members of one market: when and how they came, how long and how often they are active."""
    names, shares, retained = zip(*COMMUNITY.came_through, strict=True)
    came = rng.choice(len(names), size, p=shares)
    stays = rng.random(size) < np.array(retained)[came]
    day = np.sort(rng.integers(0, len(calendar()), size))
    # Who stays is active past day 30 by construction, who does not has fallen silent before.
    span = np.where(stays, 33 + rng.exponential(300, size), 27 * rng.beta(0.6, 2, size))
    rate = np.where(stays, np.maximum(0.1, rng.gamma(1.5, 0.27, size)), rng.gamma(2, 0.4, size))
    days_left = len(calendar()) - 1 - day
    return pd.DataFrame(
        {
            "place": np.arange(size),
            "day": day,
            "joined": to_utc(calendar()[day], waking_hours(size, rng), zone),
            "came": np.array(names)[came],
            "span": np.minimum(span, days_left),
            "left": span <= days_left,
            "rate": rate,
        }
    )


def act(members: pd.DataFrame, zone: str, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return the events of *members* of one market: a first visit, acts that thin out, and the last one."""
    counts = rng.poisson(members["rate"] * members["span"])
    row = np.repeat(np.arange(len(members)), counts)
    passed = np.floor(members["span"].to_numpy()[row] * rng.beta(1, 1.2, len(row))).astype("int64")
    last = np.flatnonzero(members["left"])
    row, passed = np.append(row, last), np.append(passed, np.floor(members["span"].to_numpy()[last]).astype("int64"))
    times = to_utc(calendar()[members["day"].to_numpy()[row] + passed], waking_hours(len(row), rng), zone)
    event = rng.choice(list(ACTS), len(row), p=list(ACTS.values()))
    event[len(row) - len(last) :] = "visit"
    acts = pd.DataFrame({"place": row, "time": times, "event": event})
    acts = acts[(acts["time"] > members["joined"].to_numpy()[row]) & (acts["time"] < END)]
    hello = members["joined"] + pd.to_timedelta(rng.integers(20, 900, len(members)), unit="s")
    acts = pd.concat(
        [pd.DataFrame({"place": members["place"], "time": hello, "event": "visit"}), acts], ignore_index=True
    )
    paid = np.round(rng.lognormal(3.1, 0.5, len(acts)), 2)
    return acts.assign(market=members["market"].iloc[0], value=np.where(acts["event"] == "buy", paid, np.nan))
