"""The community's funnels, streaks and reasons for leaving; talk, answers, violations and those who judge them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sample_worlds import END, SEEDS, TRUTHS, are_members, differ, is_near, local_day, setting, share_there, table

from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.sample.worlds.members.advocates import AdvocateTruth, advocates
from fanops_utils.data.sample.worlds.members.club import moderators

ADVOCATES, CLUB, TALK = TRUTHS.advocates, TRUTHS.club, TRUTHS.talk


def by_day(seed: int) -> pd.DataFrame:
    """Return one row per member and day: which acts fell on it."""
    events = table(seed, "community/events.csv")
    frame = events.assign(day=local_day(events["Time"], events["Country"]))
    frame = frame[frame["Event"].isin(["visit", "like", "comment"])]
    return (
        frame.groupby(["Country", "Member ID", "day", "Event"]).size().unstack(fill_value=0).clip(upper=1).reset_index()
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_one_step_leaks_in_one_market_and_no_other_step_does(seed: int) -> None:
    days = by_day(seed)
    market, factor = CLUB.leak
    for code, own in days.groupby("Country"):
        liked = own[own["like"] > 0]
        planted = CLUB.comment * (factor if code == market else 1.0)
        assert is_near(own["like"].sum(), own["visit"].sum(), CLUB.like, beside=0.005), code
        assert is_near(liked["comment"].sum(), len(liked), planted, beside=0.005), code


@pytest.mark.parametrize("seed", SEEDS)
def test_sign_up_attendance_and_review_form_a_closed_loop(seed: int) -> None:
    events = table(seed, "community/events.csv")
    acts = {name: set(zip(part["Member ID"], part["Subject"], strict=True))
            for name, part in events[events["Event"].isin(["sign_up", "attend", "review"])].groupby("Event")}  # fmt: skip
    assert acts["review"] <= acts["attend"] <= acts["sign_up"]
    assert is_near(len(acts["attend"]), len(acts["sign_up"]), CLUB.come, beside=0.01)
    assert is_near(len(acts["review"]), len(acts["attend"]), CLUB.review, beside=0.01)
    listed = table(seed, "community/activities.csv").set_index("Activity")
    came = pd.Series([subject for _, subject in acts["attend"]]).value_counts()
    assert listed["Attended"].reindex(came.index).equals(came.astype("int64").rename("Attended"))


@pytest.mark.parametrize("seed", SEEDS)
def test_streaks_break_on_the_planted_day_in_one_market(seed: int) -> None:
    events = table(seed, "community/events.csv")
    market, day, chance = CLUB.streak_worse
    for code in CLUB.streak_markets:
        lengths = events[(events["Event"] == "check_in") & (events["Country"] == code)].groupby("Member ID").size()
        ends = {step: ((lengths == step).sum(), (lengths >= step).sum()) for step in range(1, CLUB.streak_length)}
        if code == market:
            assert is_near(*ends.pop(day - 1), chance, beside=0.01)
        broke, there = (sum(counts) for counts in zip(*ends.values(), strict=True))  # few are left at the last steps
        assert is_near(broke, there, CLUB.streak_break, beside=0.01), code


@pytest.mark.parametrize("seed", SEEDS)
def test_reasons_for_leaving_and_suspected_bots(seed: int) -> None:
    members = table(seed, "community/members.csv")
    gone = members[members["Left"].notna()]
    given = gone["Reason"].dropna()
    assert is_near(len(given), len(gone), CLUB.reason_given)
    for reason, share in CLUB.reasons:
        assert is_near((given == reason).sum(), len(given), share), reason
    assert is_near((members["Screening"] == "suspected bot").sum(), len(members), CLUB.bots)
    assert (members.groupby("Country")["Role"].apply(lambda role: (role == "moderator").sum()) == CLUB.moderators).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_ambassadors_are_enrolled_and_the_planted_part_of_them_is_still_there(seed: int) -> None:
    members, events = table(seed, "community/members.csv"), table(seed, "community/events.csv")
    roles = members.set_index("Member ID")["Role"]
    enrolled = set(roles.index[roles == "ambassador"])
    assert (len(enrolled), int((roles == "koc").sum())) == (ADVOCATES.ambassadors, ADVOCATES.kocs)
    quiet = (END - events.groupby("Member ID")["Time"].max()).dt.days
    recent = set(quiet.index[quiet < 90])
    assert len(enrolled & recent) == round(ADVOCATES.active * ADVOCATES.ambassadors)
    assert set(roles.index[roles == "koc"]) <= recent


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("truth", [AdvocateTruth(ambassadors=0, kocs=0), AdvocateTruth(active=0.0)])
def test_where_no_ambassador_is_planted_or_none_is_active_there_is_none(seed: int, truth: AdvocateTruth) -> None:
    made = setting(seed, 0.1, replace(Truths(), advocates=truth))
    team = moderators(made)
    roles = advocates(made, besides=team)
    assert (roles == "ambassador").sum() == round(0.1 * truth.ambassadors)
    assert not set(roles.index) & set(team)
    enrolled = made.events["person"].isin(roles.index[roles == "ambassador"])
    assert not (made.events.loc[enrolled, "time"] > END - pd.Timedelta(days=90)).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_first_answers_take_as_long_as_planted(seed: int) -> None:
    cases = table(seed, "community/cases.csv")
    asked = cases[cases["Case kind"] != "violation"]
    wait = (asked["First response"] - asked["Opened"]).dt.total_seconds() / 60
    bot = (asked["Handled by kind"] == "bot").to_numpy() | asked["Escalated"].notna().to_numpy()
    for code, planted in TALK.wait_minutes:
        own = np.log(wait[(asked["Country"] == code) & ~bot].dropna())
        assert own.mean() == pytest.approx(np.log(planted), abs=4 * TALK.wait_sd / np.sqrt(len(own)) + 0.01), code
    twins = [np.log(wait[(asked["Country"] == code) & ~bot].dropna()) for code in ("BR", "FR")]
    error = np.sqrt(sum(one.var() / len(one) for one in twins))
    assert abs(twins[0].mean() - twins[1].mean()) < 3.5 * error, "equal medians are not told apart"
    assert is_near(asked.loc[~bot, "First response"].isna().sum(), (~bot).sum(), TALK.unanswered)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bot_contains_what_is_planted_and_is_asked_again_more_often(seed: int) -> None:
    cases = table(seed, "community/cases.csv")
    asked = cases[cases["Case kind"] == "question"]
    handed = asked["Escalated"].notna()
    contained = asked["Handled by kind"] == "bot"
    assert is_near((handed | contained).sum(), len(asked), TALK.by_bot)
    assert is_near(contained.sum(), (handed | contained).sum(), TALK.bot_contains)
    again = asked["Asked again"].notna()
    people = asked["First response"].notna() & ~contained & ~handed
    by_bot, by_people = TALK.asked_again
    assert is_near(again[handed | contained].sum(), (handed | contained).sum(), by_bot)
    assert is_near(again[people].sum(), people.sum(), by_people)
    closed = cases[(cases["Case kind"] == "suggestion") & cases["Outcome"].notna()]
    assert is_near((closed["Outcome"] == "adopted").sum(), len(closed), TALK.adopted)


@pytest.mark.parametrize("seed", SEEDS)
def test_violations_come_at_the_planted_rate_and_from_few(seed: int) -> None:
    cases, messages = table(seed, "community/cases.csv"), table(seed, "community/messages.csv")
    broke = cases[cases["Case kind"] == "violation"]
    for code, own in messages.groupby("Country"):
        expected = dict(TALK.violations).get(str(code), TALK.violations_else) / 1000 * len(own)
        assert abs((broke["Country"] == code).sum() - expected) < 4 * np.sqrt(expected), code
    worst = broke["Member ID"].value_counts()
    few = worst.head(round(TALK.repeaters[0] * messages["Member ID"].nunique())).sum() / len(broke)
    assert few > 0.4, "the planted share of repeaters, and some chance"
    market, harsh = TALK.harsh
    by = (
        broke[broke["Country"] == market]
        .assign(back=broke["Reversed"].notna())
        .groupby("Handled by")["back"]
        .agg(["sum", "size"])
    )
    by = by.sort_index()
    assert is_near(*by.iloc[0], harsh)
    others = tuple(by.iloc[1:].sum())
    assert is_near(*others, TALK.reversed_share, beside=0.02)
    assert differ(tuple(by.iloc[0]), others) > 2.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_few_carry_the_talk_and_a_few_cause_the_answers(seed: int) -> None:
    messages = table(seed, "community/messages.csv")
    threads = messages[messages["Reply to"].isna()]
    per_member = threads.groupby("Member ID").size().sort_values(ascending=False)
    top = per_member.head(len(per_member) // 100).sum() / per_member.sum()
    assert 0.08 < top < 0.45
    replies = messages["Reply to"].value_counts().reindex(threads["Message ID"]).fillna(0)
    caused = (
        pd.DataFrame({"who": threads["Member ID"].to_numpy(), "n": replies.to_numpy()})
        .groupby("who")["n"]
        .agg(["mean", "size"])
    )
    often = caused[caused["size"] >= 12]
    leaders = often[often["mean"] > 1.6]
    assert is_near(len(leaders), len(often), TALK.leaders, beside=0.01)
    assert np.average(leaders["mean"], weights=leaders["size"]) == pytest.approx(
        TALK.replies * TALK.leader_factor, rel=0.15
    )
    usual = often.drop(leaders.index)
    assert np.average(usual["mean"], weights=usual["size"]) == pytest.approx(TALK.replies, rel=0.06)


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_by_interest_talk_more_and_the_twins_alike(seed: int) -> None:
    messages, events = table(seed, "community/messages.csv"), table(seed, "community/events.csv")
    groups = table(seed, "community/groups.csv").set_index("Group ID")["Group"]
    of = table(seed, "community/group_members.csv").set_index("Member ID")["Group ID"].map(groups)
    visits = events[events["Event"] == "visit"].groupby("Member ID").size()
    threads = messages[messages["Reply to"].isna() & (messages["Kind"] != "complaint")].groupby("Member ID").size()
    frame = pd.DataFrame({"group": of, "days": visits, "threads": threads}).fillna({"threads": 0}).dropna()
    # the middle of what regular members write: the mean hangs on the few who write most
    regular = frame[frame["days"] >= 25]
    rate = (regular["threads"] / regular["days"]).groupby(regular["group"]).agg(lambda one: np.mean(np.sqrt(one)) ** 2)
    assert rate["brewing"] / rate[["newcomers", "city"]].mean() == pytest.approx(1.6, rel=0.35)
    assert rate["newcomers"] / rate["city"] == pytest.approx(1.0, rel=0.3)


@pytest.mark.parametrize("seed", SEEDS)
def test_complaints_follow_the_crisis_in_its_market_and_are_made_good(seed: int) -> None:
    cases = table(seed, "community/cases.csv")
    complaints = cases[cases["Case kind"] == "complaint"]
    day = local_day(complaints["Opened"], complaints["Country"])
    week = day.between("2026-03-09", "2026-03-15")
    about = complaints["Topic"] == "packaging"
    for code, own in complaints.groupby("Country"):
        near = day[own.index].between("2026-01-01", "2026-05-31") & ~week[own.index]
        expected = near.sum() / 144 * 7
        beside = (week[own.index].sum() - expected) / np.sqrt(expected)
        assert (beside > 6) if code == "DE" else (beside < 4), code
    offered = complaints[complaints["Offered"].notna()]
    assert set(offered["Country"]) == {"DE"} and about[offered.index].all()
    assert is_near((offered["Taken"] > 0).sum(), len(offered), TALK.compensation[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_acts_writes_answers_or_complains_is_of_the_one_population(seed: int) -> None:
    when = {"community/events.csv": "Time", "community/messages.csv": "Sent", "community/cases.csv": "Opened",
            "community/group_members.csv": "Joined group"}  # fmt: skip
    for path, column in when.items():
        rows = table(seed, path)
        assert are_members(seed, rows["Member ID"], rows[column]), path
    messages = table(seed, "community/messages.csv")
    replies = messages[messages["Reply to"].notna()]
    assert len(replies) > 1000 and set(replies["Reply to"]) <= set(messages["Message ID"])
    events = table(seed, "community/events.csv")
    visits, ticks = (events[events["Event"] == name] for name in ("visit", "check_in"))
    assert len(ticks) > 1000
    assert share_there(seed, visits["Member ID"], local_day(visits["Time"], visits["Country"])) > 0.98
    threads = messages[messages["Reply to"].isna() & (messages["Kind"] != "complaint")]
    assert share_there(seed, threads["Member ID"], local_day(threads["Sent"], threads["Country"])) > 0.98
