"""Estimates about growth: K, chains, win-back and the way to a target, on planted truths and without any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sample_worlds import SEEDS, TRUTHS, local_day, table

from fanops_utils.models.audience import growth

AS_OF = pd.Timestamp("2026-10-31")


def invitations(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    fans, sent = table(seed, "community/members.csv"), table(seed, "community/invitations.csv")
    fans = pd.DataFrame({"member_key": fans["Member ID"], "joined_on": local_day(fans["Joined"], fans["Country"])})
    taken = sent["Joined at"].notna()
    accepted = pd.Series(pd.NaT, index=sent.index, dtype="datetime64[ns]")
    accepted[taken] = local_day(sent.loc[taken, "Joined at"], sent.loc[taken, "Country"])
    return fans, pd.DataFrame({"inviter_key": sent["Inviter"], "invited_key": sent["Invited"], "accepted_on": accepted})


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_member_brings_is_what_was_planted(seed: int) -> None:
    cohorts = growth.k_by_cohort(*invitations(seed), as_of=AS_OF).set_index("cohort")
    (_, before), (_, after) = TRUTHS.people.invites
    for names, planted in ((["2025Q1", "2025Q2", "2025Q3", "2025Q4"], before), (["2026Q2", "2026Q3"], after)):
        part = cohorts.loc[names]
        seen = part["brought"].sum() / part["n"].sum()
        error = np.sqrt((((part["ci_upper"] - part["estimate"]) / 1.96 * part["n"]) ** 2).sum()) / part["n"].sum()
        assert abs(seen - planted) < 4 * error + 0.02
    assert growth.cohorts_differ(cohorts.reset_index())[0] > 0


def world(rng: np.random.Generator, k: float, size: int = 1500) -> tuple[pd.DataFrame, pd.DataFrame]:
    keys = np.arange(size).astype(str)
    joined = pd.Timestamp("2025-11-01") + pd.to_timedelta(rng.integers(0, 300, size), unit="D")
    each = rng.poisson(k * rng.lognormal(-0.5, 1.0, size))
    who = np.repeat(np.arange(size), each)
    accepted = joined[who] + pd.to_timedelta(rng.integers(1, 40, len(who)), unit="D")
    sent = pd.DataFrame(
        {"inviter_key": keys[who], "invited_key": [f"new{n}" for n in range(len(who))], "accepted_on": accepted}
    )
    return pd.DataFrame({"member_key": keys, "joined_on": joined}), sent


def test_a_steady_k_is_seldom_called_changed() -> None:
    rng = np.random.default_rng(11)
    changed = 0
    for _ in range(60):
        _, low, high = growth.cohorts_differ(growth.k_by_cohort(*world(rng, 0.3), as_of=AS_OF))
        changed += low > 0 or high < 0
    assert changed <= 9


def test_oneself_and_second_invitations_do_not_count() -> None:
    fans = pd.DataFrame({"member_key": ["a", "b"], "joined_on": pd.to_datetime(["2026-01-01"] * 2)})
    sent = pd.DataFrame(
        {
            "inviter_key": ["a", "a", "b"],
            "invited_key": ["a", "c", "c"],
            "accepted_on": pd.to_datetime(["2026-01-02", "2026-01-03", "2026-01-04"]),
        }
    )
    row = growth.k_by_cohort(fans, sent, as_of=AS_OF).iloc[0]
    assert (row["brought"], row["n"], row["inviters"]) == (1, 2, 1) and np.isnan(row["ci_lower"])


def test_chains_have_their_shape() -> None:
    day = pd.Timestamp("2026-01-01")
    line = pd.DataFrame({"inviter_key": ["a", "b", "c"], "invited_key": ["b", "c", "d"], "accepted_on": [day] * 3})
    star = pd.DataFrame({"inviter_key": ["a"] * 3, "invited_key": ["b", "c", "d"], "accepted_on": [day] * 3})
    long, wide = growth.chains(line, members=100), growth.chains(star, members=100)
    assert long is not None and wide is not None
    assert (long.depth, long.width, long.virality) == (3, 1, pytest.approx(10 / 6))
    assert (wide.depth, wide.width, wide.virality, wide.top_share) == (1, 3, pytest.approx(1.5), 1.0)
    circle = pd.DataFrame({"inviter_key": ["a", "b"], "invited_key": ["b", "a"], "accepted_on": [day] * 2})
    assert growth.chains(circle, members=10) is None and growth.chains(line.iloc[:0], members=10) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_the_message_that_works_is_told_from_the_one_that_does_not(seed: int) -> None:
    sent = table(seed, "loyalty/offers.csv")
    key = next(name for name in sent if "Member" in name or "erson" in name)
    acts = table(seed, "community/events.csv").query("Event == 'visit'")
    days = pd.DataFrame(
        {"member_key": acts["Member ID"], "date_day": local_day(acts["Time"], acts["Country"])}
    ).drop_duplicates()
    rows = sent[sent["Offer"].isin([name for name, *_ in TRUTHS.people.win_backs])]
    day = {name: pd.Timestamp(when) for name, when, *_ in TRUTHS.people.win_backs}
    arm = next(name for name in rows if rows[name].isin(["sent", "holdout"]).all())
    offers = pd.DataFrame(
        {
            "offer": rows["Offer"],
            "person_key": rows[key],
            "arm": rows[arm],
            "date_day": rows["Offer"].map(day),
            "cost": 1.0,
            "currency": "EUR",
        }
    )
    told = growth.won_back(offers, days, as_of=AS_OF).set_index("offer")
    assert told.loc["tea_sample_by_post", "verdict"] == "brings_back"
    assert told.loc["tea_sample_by_post", "ci_lower"] < 0.15 < told.loc["tea_sample_by_post", "ci_upper"]
    assert told.loc["we_miss_you_push", "verdict"] == "unclear"
    assert set(growth.won_back(offers[offers["arm"] == "sent"], days, as_of=AS_OF)["verdict"]) == {"no_holdout"}
    assert set(growth.won_back(offers, days, as_of=pd.Timestamp("2026-04-20"))["verdict"]) == {"not_over"}
    unwatched = growth.won_back(offers, days[days["date_day"] < pd.Timestamp("2026-01-01")], as_of=AS_OF)
    assert set(unwatched["verdict"]) == {"unwatched"} and unwatched["rate_sent"].isna().all(), "unseen is not absent"


def test_the_way_to_a_target_refuses_and_keeps_its_range() -> None:
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(200):
        log = np.cumsum(rng.normal(0.004, 0.02, 73)) + 7
        told = growth.outlook(pd.Series(np.exp(log[:60])), ahead=13, target=float(np.exp(log[59])))
        inside.append(told.lower <= np.exp(log[72]) <= told.upper)
    assert 0.7 <= np.mean(inside) <= 0.97  # promised: eight in ten
    assert growth.outlook(pd.Series([1.0] * 5), ahead=4, target=2).refused == "history"
    assert growth.outlook(pd.Series([5.0] * 12), ahead=30, target=2).refused == "horizon"
    assert growth.outlook(pd.Series(100 + np.arange(30.0)), ahead=4, target=10_000).probability == 0.05
    assert growth.pace_needed(100, 121, weeks=2) == pytest.approx(0.1)


def delayed(rng: np.random.Generator, k: float, size: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return members who joined over the last 200 days and whom they brought by AS_OF: *k* each within 60 days, in time."""
    joined = AS_OF - pd.to_timedelta(rng.integers(0, 200, size), unit="D")
    each = rng.poisson(k * rng.gamma(0.3, 1 / 0.3, size))
    who = np.repeat(np.arange(size), each)
    accepted = joined[who] + pd.to_timedelta(np.minimum(rng.gamma(2, 10, len(who)).astype(int), 60), unit="D")
    sent = pd.DataFrame(
        {
            "inviter_key": who.astype(str),
            "invited_key": [f"n{number}" for number in range(len(who))],
            "accepted_on": accepted,
        }
    )
    fans = pd.DataFrame({"member_key": np.arange(size).astype(str), "joined_on": joined})
    return fans, sent[sent["accepted_on"] <= AS_OF]


def test_k_of_young_members_is_that_once_all_have_come() -> None:
    found = [
        growth.k_when_all_arrive(*delayed(np.random.default_rng(seed), 0.35, 4000), as_of=AS_OF) for seed in range(40)
    ]
    assert np.mean([one.estimate for one in found]) == pytest.approx(0.35, abs=0.03)
    inside = np.mean([one.ci_lower <= 0.35 <= one.ci_upper for one in found])
    assert 0.85 <= inside <= 1
    fans, sent = delayed(np.random.default_rng(1), 0.35, 4000)
    young = fans["joined_on"] > AS_OF - pd.Timedelta(days=60)
    plain = sent["inviter_key"].isin(set(fans.loc[young, "member_key"])).sum() / young.sum()
    assert plain < 0.26, "what has come so far is less: read as it stands it would look like a fall"
    assert np.isnan(growth.k_when_all_arrive(fans.head(0), sent, as_of=AS_OF).estimate)
    assert np.isnan(growth.k_when_all_arrive(fans, sent.head(0), as_of=AS_OF).estimate)
