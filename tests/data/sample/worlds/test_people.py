"""Members: who comes back on which day, who invites whom, what brings silent ones back; planted, and where nothing is."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sample_worlds import END, SEEDS, TRUTHS, are_members, differ, is_near, local_day, making, setting, table
from scipy.stats import spearmanr

from fanops_utils.data.sample.formats.lists import trial_files

PEOPLE = TRUTHS.people


def ages(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return members with their day of joining, and one row per member and day seen with its age in days."""
    members = table(seed, "community/members.csv").dropna(subset=["Joined"])
    members = members.assign(day=local_day(members["Joined"], members["Country"]))
    events = table(seed, "community/events.csv")
    seen = pd.DataFrame(
        {"Member ID": events["Member ID"], "on": local_day(events["Time"], events["Country"])}
    ).drop_duplicates()
    seen = seen.merge(members[["Member ID", "day"]], on="Member ID")
    return members, seen.assign(age=(seen["on"] - seen["day"]).dt.days)


def seen_on(seen: pd.DataFrame, members: pd.DataFrame, age: int) -> tuple[int, int]:
    there = seen.loc[seen["age"] == age, "Member ID"]
    return int(members["Member ID"].isin(there).sum()), len(members)


@pytest.mark.parametrize("seed", SEEDS)
def test_retention_by_source_is_the_planted_one_on_days_1_7_and_30(seed: int) -> None:
    members, seen = ages(seed)
    mature = members[members["day"] < "2026-08-15"]
    for name, source in (*PEOPLE.sources, ("referral", PEOPLE.invited)):
        own = mature[mature["Came through"] == name]
        assert is_near(*seen_on(seen, own, 1), source.d1, beside=0.015), (name, 1)
        assert is_near(*seen_on(seen, own, 7), source.d7, beside=0.03), (name, 7)
        later = seen.loc[seen["age"] >= 30, "Member ID"]
        assert is_near(own["Member ID"].isin(later).sum(), len(own), source.kept, beside=0.03), (name, 30)
    plain = mature[mature["Came through"].isin(["search", "creator"])].groupby("Came through")
    twins = [seen_on(seen, own, 1) for _, own in plain]
    assert abs(differ(*twins)) < 3, "two sources of nearly the same first day are not told apart"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_new_onboarding_moves_day_7_in_its_market_alone(seed: int) -> None:
    members, seen = ages(seed)
    market, since, factor = PEOPLE.onboarding
    mature = members[(members["day"] < "2026-10-20") & (members["Came through"] != "giveaway")]
    moved = {}
    for code, own in mature.groupby("Country"):
        after = own["day"] >= since
        new, old = seen_on(seen, own[after], 7), seen_on(seen, own[~after], 7)
        moved[code] = (new[0] / new[1]) / (old[0] / old[1])
        if code != market:
            assert abs(differ(new, old)) < 3.2, code
    assert moved[market] == pytest.approx(factor, abs=0.35)
    assert moved[market] > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_invitations_per_member_double_with_the_later_cohorts(seed: int) -> None:
    members, sent = table(seed, "community/members.csv"), table(seed, "community/invitations.csv")
    taken = sent[sent["Joined at"].notna()].groupby("Inviter").size()
    found = {}
    for (since, planted), until in zip(PEOPLE.invites, ("2026-02-01", "2026-08-15"), strict=True):
        cohort = members[
            (members["Joined"] >= pd.Timestamp(since, tz="UTC")) & (members["Joined"] < pd.Timestamp(until, tz="UTC"))
        ]
        brought = taken.reindex(cohort["Member ID"]).fillna(0).to_numpy()
        error = brought.std() / np.sqrt(len(brought))
        found[since] = (brought.mean(), error)
        assert abs(brought.mean() - planted) < 4 * error, since
    (early, a), (late, b) = found.values()
    assert (late - early) / np.hypot(a, b) > 3
    assert taken.max() >= 6, "a few bring many"
    by_channel = sent.assign(yes=sent["Joined at"].notna()).groupby("Channel")["yes"].agg(["sum", "size"])
    for name, _, share in PEOPLE.channels:
        whole = by_channel.loc[name]
        assert is_near(whole["sum"], whole["size"], share, beside=0.01), name
    assert abs(differ(tuple(by_channel.loc["email"]), tuple(by_channel.loc["link"]))) < 3, "twins"


@pytest.mark.parametrize("seed", SEEDS)
def test_invitations_form_chains_of_members_who_came_in_that_order(seed: int) -> None:
    members = table(seed, "community/members.csv").set_index("Member ID")["Joined"]
    sent = table(seed, "community/invitations.csv").dropna(subset=["Invited"])
    assert sent["Invited"].is_unique
    came = members.reindex(sent["Invited"]).to_numpy()
    known = ~pd.isna(came)
    assert (pd.to_datetime(came[known], utc=True) == pd.DatetimeIndex(sent["Joined at"])[known]).all()
    assert (sent["Joined at"] > sent["Invited at"]).all()
    parent, depth = sent.set_index("Invited")["Inviter"].to_dict(), {}
    for one in parent:
        steps, at = 0, one
        while at in parent:
            at, steps = parent[at], steps + 1
        depth[one] = steps
    assert max(depth.values()) >= 3
    assert set(parent) == set(table(seed, "community/members.csv").query("`Came through` == 'referral'")["Member ID"])


@pytest.mark.parametrize("seed", SEEDS)
def test_one_message_to_silent_members_works_and_the_other_does_not(seed: int) -> None:
    offers, events = table(seed, "loyalty/offers.csv"), table(seed, "community/events.csv")
    for name, _, _, held, adds in PEOPLE.win_backs:
        own = offers[offers["Offer"] == name]
        day = own["Offered"].min().normalize()
        after = events[(events["Time"] > day + pd.Timedelta(days=1)) & (events["Time"] < day + pd.Timedelta(days=30))]
        back = own.assign(back=own["Person"].isin(after["Member ID"])).groupby("Arm")["back"].agg(["sum", "size"])
        sent, left = tuple(back.loc["sent"]), tuple(back.loc["holdout"])
        assert is_near(left[1], left[1] + sent[1], held)
        lift = sent[0] / sent[1] - left[0] / left[1]
        error = np.sqrt(max(adds, 0.02) / sent[1] + 0.02 / left[1])
        assert abs(lift - adds) < 4 * error, name
        assert (differ(sent, left) > 3) == (adds > 0), name


@pytest.mark.parametrize("seed", SEEDS)
def test_tastings_lift_their_days_and_quizzes_do_not(seed: int) -> None:
    listed, events = table(seed, "community/activities.csv"), table(seed, "community/events.csv")
    seen = pd.DataFrame(
        {"who": events["Member ID"], "market": events["Country"], "day": local_day(events["Time"], events["Country"])}
    )
    seen = seen[events["Event"] == "visit"].drop_duplicates().groupby(["market", "day"]).size()
    for kind, gathering in PEOPLE.gatherings:
        ratios = []
        for code, starts in zip(
            *(listed.loc[listed["Kind"] == kind, name] for name in ("Country", "Starts")), strict=True
        ):
            day = local_day(pd.Series([starts]), pd.Series([code]))[0]
            near = [seen.get((code, day + pd.Timedelta(days=step)), 0) for step in (-7, 7)]
            if min(near) > 0:
                ratios.append((seen.get((code, day), 0), sum(near) / 2))
        on, off = np.sum(ratios, axis=0)
        error = np.sqrt(1 / on + 1 / (2 * off))
        assert np.log(on / off) == pytest.approx(np.log(gathering.factor), abs=4 * error + 0.03), kind


@pytest.mark.parametrize("seed", SEEDS)
def test_members_who_buy_are_the_shops_customers(seed: int) -> None:
    members, events = table(seed, "community/members.csv"), table(seed, "community/events.csv")
    orders = table(seed, "shopify/lumentea-shop/orders_export_1.csv").dropna(subset=["Email"])
    linked = members.dropna(subset=["Shop account"])
    assert 0.2 < len(linked) / len(members) < 0.5
    assert linked["Shop account"].is_unique
    assert linked["Shop account"].isin(orders["Email"]).all()
    bought = events[events["Event"] == "buy"].merge(linked, on="Member ID")
    assert len(bought) > 500
    times = pd.to_datetime(orders["Created at"], utc=True, format="mixed")
    known = set(zip(orders["Email"], times, strict=True))
    assert all(pair in known for pair in zip(bought["Shop account"], bought["Time"], strict=True))
    assert (events["Time"].dropna() < END + pd.Timedelta(hours=12)).all()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tail", [PEOPLE.invite_tail, 0.0])
def test_few_invite_many_where_the_tail_is_heavy_and_all_alike_where_it_is_not(seed: int, tail: float) -> None:
    truths = replace(TRUTHS, people=replace(PEOPLE, invite_tail=tail))
    people = setting(seed, truths=truths).people
    early = people.persons[people.persons["joined"] < pd.Timestamp(PEOPLE.invites[1][0], tz="UTC")]
    silent = (~early["person"].isin(people.invitations["inviter"])).sum()
    level = PEOPLE.invites[0][1] / sum(share * taken for _, share, taken in PEOPLE.channels)
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    none = float(weights @ np.exp(-level * np.exp(tail * nodes - tail**2 / 2)) / weights.sum())
    assert is_near(silent, len(early), none, beside=0.01)
    assert (silent / len(early) > np.exp(-level) + 0.05) == (tail > 0)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tie", [PEOPLE.buying_with_activity, 0.0])
def test_whoever_is_there_more_buys_more_only_where_it_is_planted(seed: int, tie: float) -> None:
    making = setting(seed, truths=replace(TRUTHS, people=replace(PEOPLE, buying_with_activity=tie)))
    orders, persons = making.sales.orders, making.people.persons.set_index("person")
    repeats = orders[orders["person"] >= 0].groupby("person").size() - 1
    chance = persons.loc[repeats.index, "chance"]
    found = spearmanr(chance, repeats)
    assert (found.statistic * np.sqrt(len(repeats)) > 4) == (tie > 0)
    assert tie > 0 or abs(found.statistic) * np.sqrt(len(repeats)) < 4


@pytest.mark.parametrize("seed", SEEDS)
def test_inviters_and_who_takes_invitations_up_are_members(seed: int) -> None:
    sent = table(seed, "community/invitations.csv")
    taken = sent.dropna(subset=["Invited"])
    assert are_members(seed, sent["Inviter"], sent["Invited at"]) and len(taken) > 500
    assert are_members(seed, taken["Invited"], taken["Joined at"])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_members_of_a_market_stand_in_its_trials(seed: int) -> None:
    persons = making(seed).people.persons.set_index("person")
    for file in trial_files(making(seed)):
        units = pd.read_csv(io.BytesIO(file.content), parse_dates=["Assigned"]).drop_duplicates()
        if "Fan ID" not in units:
            continue
        start = units["Assigned"].min()
        of = units[units["Fan ID"].str.startswith("LC-")]
        assert are_members(seed, of["Fan ID"]) and units["Fan ID"].is_unique
        own = persons.loc[of["Fan ID"].str[3:].astype(int) - 1]
        assert (own["market"].to_numpy() == of["Country"].to_numpy()).all() and (own["joined"] < start).all()
        there = persons[persons["market"].isin(units["Country"]) & (persons["joined"] < start)]
        gone = persons["leaves"] < (start.tz_localize(None) - pd.Timestamp("2024-11-01")).days
        assert len(of) == (~gone[there.index]).sum() > 30, file.path
        shares = units["Group"].value_counts(normalize=True)
        for arm, share in shares.items():
            assert is_near((of["Group"] == arm).sum(), len(of), share), (file.path, arm)
        if "spent_before" in units:
            assert spearmanr(own["score"], of["spent_before"]).statistic > 0.8, "who is there more has spent more"
