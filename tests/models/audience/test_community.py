"""Estimates about a community: planted truths of the simulated brand are found, quiet worlds are not called anything."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from sample_worlds import END, SEEDS, TRUTHS, local_day, table

from fanops_utils.metrics.members.community import by_bot, decided, violations, voices, waits
from fanops_utils.models.audience import community

NAMES = {
    "Case kind": "kind",
    "Topic": "topic",
    "Member ID": "member_key",
    "Opened": "opened_at",
    "First response": "first_response_at",
    "Closed": "closed_at",
    "Handled by": "handled_by_key",
    "Handled by kind": "handled_by",
    "Escalated": "escalated_at",
    "Outcome": "outcome",
    "Reversed": "reversed_at",
    "Asked again": "asked_again_at",
    "Rating": "rating",
}


def cases(seed: int, market: str) -> pd.DataFrame:
    rows = table(seed, "community/cases.csv")
    return rows[rows["Country"] == market].rename(columns=NAMES)


@pytest.mark.parametrize("seed", SEEDS)
def test_waits_are_those_planted(seed: int) -> None:
    planted = dict(TRUTHS.talk.wait_minutes)
    for market in ("MX", "DE"):
        told, curves = community.answer_times(waits(cases(seed, market), now=END.to_pydatetime()), agreed=60)
        complaints = told.set_index("kind").loc["complaint"]
        assert complaints["median"] == pytest.approx(
            planted[market], rel=0.5
        )  # who is never answered lengthens it a little
        assert complaints["open"] / complaints["n"] == pytest.approx(TRUTHS.talk.unanswered, abs=0.06)
        assert curves["waiting"].between(0, 1).all()
    fast, slow = (
        community.answer_times(waits(cases(seed, one), now=END.to_pydatetime()), agreed=60)[0]["in_time"][0]
        for one in ("DE", "MX")
    )
    assert fast > slow + 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bot_is_asked_again_more_often(seed: int) -> None:
    every = pd.concat([cases(seed, one) for one in ("US", "DE", "JP", "MX")])
    told = by_bot(every).set_index(["who", "measure"])
    assert told.loc[("bot", "again"), "ci_lower"] > told.loc[("people", "again"), "ci_upper"]
    assert 1 - told.loc[("bot", "handed_over"), "estimate"] == pytest.approx(TRUTHS.talk.bot_contains, abs=0.06)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_harsh_moderator_stands_out_and_nobody_elsewhere(seed: int) -> None:
    harsh = community.taken_back_more(decided(cases(seed, "US")))
    assert harsh["more"].sum() == 1
    assert not any(community.taken_back_more(decided(cases(seed, one)))["more"].any() for one in ("MX", "DE", "JP"))


@pytest.mark.parametrize("seed", SEEDS)
def test_violations_and_suggestions_are_counted_as_planted(seed: int) -> None:
    sent = table(seed, "community/messages.csv")
    planted = dict(TRUTHS.talk.violations)
    for market in ("US", "JP"):
        row = violations(cases(seed, market), messages=int((sent["Country"] == market).sum())).iloc[0]
        assert row["rule"] == "all" and row["per_thousand"] == pytest.approx(planted[market], rel=0.4)
        assert row["ci_lower"] < row["per_thousand"] < row["ci_upper"]
    ideas = voices(pd.concat([cases(seed, one) for one in ("US", "DE", "JP", "MX")])).query("kind == 'suggestion'")
    assert ideas["adopted"].sum() / ideas["n"].sum() == pytest.approx(TRUTHS.talk.adopted, abs=0.04)


@pytest.mark.parametrize("seed", SEEDS)
def test_streaks_break_where_planted_and_evenly_elsewhere(seed: int) -> None:
    acts = table(seed, "community/events.csv").query("Event == 'check_in'")
    acts = acts.assign(date_day=local_day(acts["Time"], acts["Country"])).rename(
        columns={"Subject": "subject", "Member ID": "member_key"}
    )
    market, day, _ = TRUTHS.club.streak_worse
    for code in TRUTHS.club.streak_markets:
        held = community.streaks(
            acts[acts["Country"] == code], length=TRUTHS.club.streak_length, as_of=pd.Timestamp("2026-10-31")
        )
        assert community.break_day(held)[0] == (day if code == market else None)


@pytest.mark.parametrize("seed", SEEDS)
def test_recommendation_falls_in_the_crisis_alone(seed: int) -> None:
    asked = table(seed, "survey/recommend.csv").query("Country == 'DE'")
    since = (asked["Asked"] - pd.Timestamp("2026-03-09", tz="UTC")).dt.days
    during, before = asked[since.between(0, 45)]["Would recommend"], asked[since < 0]["Would recommend"]
    assert community.nps(before)[1] > community.nps(during)[0] + 0.2
    score, low, high, _ = community.nps(table(seed, "survey/recommend.csv").query("Country == 'US'")["Would recommend"])
    assert (
        low - 0.05 <= TRUTHS.satisfaction.promoters - TRUTHS.satisfaction.critics <= high + 0.05 and low < score < high
    )


def test_the_variance_of_the_score_is_the_closed_form() -> None:
    scores = pd.Series([10] * 50 + [8] * 30 + [3] * 20)
    score, low, high, n = community.nps(scores)
    assert (score, n) == (pytest.approx(0.3), pytest.approx(100))
    assert high - low == pytest.approx(2 * 1.959964 * np.sqrt((0.25 + 0.16 + 0.2) / 100), rel=1e-4)


def test_an_even_talk_has_no_concentration_and_a_single_voice_has_all() -> None:
    even, alone = community.concentration(pd.Series([5] * 100)), community.concentration(pd.Series([1000] + [1] * 99))
    assert even is not None and alone is not None
    assert even.gini == pytest.approx(0, abs=1e-9) and even.half_by == 50
    assert alone.gini > 0.85 and alone.half_by == 1
    assert community.concentration(pd.Series([], dtype=float)) is None


def halves(rng: np.random.Generator, *, leaders: int) -> pd.DataFrame:
    keys = np.arange(200)
    threads = rng.poisson(12, (2, 200)) + 1
    mean = np.where(keys < leaders, 3.0, 0.5)
    rows = [
        pd.DataFrame(
            {
                "member_key": keys.astype(str),
                "half": half,
                "threads": threads[half],
                "answers": rng.poisson(3, 200),
                "replies": rng.poisson(mean * threads[half]),
            }
        )
        for half in (0, 1)
    ]
    return pd.concat(rows, ignore_index=True)


def test_key_voices_are_those_who_draw_replies_and_nobody_in_a_quiet_world() -> None:
    rng = np.random.default_rng(5)
    found, _ = community.key_voices(halves(rng, leaders=4))
    assert set(found.loc[found["clear"], "member_key"]) == {"0", "1", "2", "3"}
    false = sum(bool(community.key_voices(halves(rng, leaders=0))[0]["clear"].any()) for _ in range(60))
    assert false <= 8  # 5 in 100 are allowed


def test_unusual_days_are_found_and_quiet_ones_left() -> None:
    rng = np.random.default_rng(3)
    days = pd.date_range("2026-01-01", periods=300)
    usual = 80 + 20 * (days.day_of_week >= 5)
    quiet = pd.DataFrame({"date_day": days, "dau": rng.poisson(usual)})
    assert (community.unusual_days(quiet)["unusual"] != "usual").sum() <= 1
    loud = quiet.assign(dau=np.where(np.arange(300) == 150, 220, quiet["dau"]))
    odd = community.unusual_days(loud).query("unusual == 'above'")
    assert pd.Timestamp(days[150]) in set(odd["date_day"])
    assert community.unusual_days(quiet.head(20)).empty


def test_activities_that_draw_are_told_from_those_that_do_not() -> None:
    rng = np.random.default_rng(8)
    days = pd.date_range("2026-01-01", periods=300)
    held = pd.DataFrame({"date_day": [*days[40:280:14], *days[45:280:14]], "kind": ["fair"] * 18 + ["quiz"] * 17})
    factor = np.where(np.isin(days, held.loc[held["kind"] == "fair", "date_day"]), 1.5, 1.0)
    daily = pd.DataFrame({"date_day": days, "dau": rng.poisson(60 * factor)})
    told = community.against_matched_days(held, daily).set_index("kind")
    assert (told.loc["fair", "verdict"], told.loc["quiz", "verdict"]) == ("more", "unclear")
    assert told.loc["fair", "estimate"] == pytest.approx(0.5, abs=0.12)
    both = held.assign(date_day=[*days[40:280:14], *days[40:270:14]][: len(held)])
    assert set(community.against_matched_days(both, daily)["kind"]) >= {"fair + quiz"}


def funnel(*members: int) -> pd.DataFrame:
    return pd.DataFrame({"step": range(1, 5), "name": ["visit", "like", "comment", "buy"], "members": members})


def test_the_leak_is_where_fewer_go_on_and_none_where_none_is() -> None:
    base = funnel(3000, 2000, 1000, 100)
    found = community.leaks(funnel(300, 200, 45, 5), base)
    assert found.loc[found["leaks"], "name"].tolist() == ["comment"]
    assert not community.leaks(funnel(300, 200, 100, 10), base)["leaks"].any()
    assert not community.leaks(funnel(0, 0, 0, 0), base)["leaks"].any()


def test_waits_without_an_answer_count_as_waiting() -> None:
    curve = community.left_after(pd.Series([1.0, 2, 3, 4, 100]), pd.Series([True, True, True, True, False]))
    assert community.time_until(curve, 0.5) == 3 and np.isnan(community.time_until(curve, 0.9))
    assert community.left_after(pd.Series([], dtype=float), pd.Series([], dtype=bool)).empty


def test_newcomers_fall_where_they_fall() -> None:
    def cohorts(new: int) -> pd.DataFrame:
        text = f"day,cohort,retained,n\n1,recent,{new},400\n1,before,400,1000\n30,recent,60,400\n30,before,150,1000\n"
        frame = pd.read_csv(io.StringIO(text))
        return frame.assign(estimate=frame["retained"] / frame["n"])

    assert community.retention_moved(cohorts(80)).set_index("day")["falls"].to_dict() == {1: True, 30: False}
    assert not community.retention_moved(cohorts(160))["falls"].any()
