"""The crisis planted in the simulated brand is found; a false alarm and a rival's crisis are not called ours."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from sample_worlds import SEEDS, TRUTHS, ZONES, local_day, table

from fanops_utils import metrics, models
from fanops_utils.data.warehouse import Store, import_paths, mention_counts
from fanops_utils.models.crisis.alarms import day_alarms
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.registers.crisis import Rules

LAST, BRAND, LISTENING = date(2026, 10, 31), "Lumen Tea", TRUTHS.listening
LABELS = {"NEG": "negative", "NEU": "neutral", "POS": "positive"}


@cache
def heard(seed: int, market: str) -> pd.DataFrame:
    rows = table(seed, "listening/mentions.csv").query("Country == @market")
    times = rows["Time"].dt.tz_convert(ZONES[market])
    return pd.DataFrame({
        "date_day": local_day(rows["Time"], rows["Country"]), "mentioned_at": rows["Time"],
        "local_hour": times.dt.hour.astype(float), "brand": rows["Brand"],
        "sentiment": rows["Sentiment"].map(LABELS), "topic": rows["Topic"], "market": market,
        "loud": rows["Author followers"] >= 100_000, "answered_at": rows["Answered"],
    }).reset_index(drop=True)  # fmt: skip


def watched(seed: int, market: str, *, brand: str = BRAND, last: date = LAST) -> pd.DataFrame:
    rows = heard(seed, market)
    rows = rows[rows["date_day"] <= pd.Timestamp(last)]
    days = metrics.watched_days(rows, brand=brand, last=last)
    return models.watch(days, metrics.watched_hours(rows, pd.DatetimeIndex(days["date_day"]), brand=brand))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_crisis_is_found_the_day_it_is_big_enough(seed: int) -> None:
    start = date.fromisoformat(LISTENING.crisis_start)
    (found,) = models.episodes(watched(seed, LISTENING.crisis_market))
    assert 0 <= (found.start - start).days <= 1
    assert found.level <= 2
    day = date(start.year, start.month, start.day + 1)
    known = models.episodes(watched(seed, LISTENING.crisis_market, last=day))  # what the run after that day says
    assert [one.start for one in known] == [found.start]
    topics = metrics.drivers(heard(seed, LISTENING.crisis_market), "topic", brand=BRAND, first=start, last=found.end)
    assert topics["topic"].iloc[0] == LISTENING.crisis_topic
    assert found.back_after is not None and found.back_after <= 10


@pytest.mark.parametrize("seed", SEEDS)
def test_neither_the_false_alarm_nor_the_rivals_crisis_is_ours(seed: int) -> None:
    market, day, _ = TRUTHS.crisis.false_alarm
    assert models.episodes(watched(seed, market)) == []
    noisy = watched(seed, market).set_index("date_day").loc[pd.Timestamp(day)]
    assert noisy["mentions"] > 15 and not noisy["alarm"]
    place, rival, start, _, _ = TRUTHS.crisis.rival
    assert models.episodes(watched(seed, place)) == []
    theirs = models.episodes(watched(seed, place, brand=rival))
    assert [one.start for one in theirs] and abs((theirs[0].start - date.fromisoformat(start)).days) <= 1


def test_a_replay_counts_what_no_incident_explains() -> None:
    frame = watched(SEEDS[0], LISTENING.crisis_market)
    start = date.fromisoformat(LISTENING.crisis_start)
    told = models.replay(frame, [])
    assert (told.alarms, told.unexplained) == (1, 1) and 0 < told.per_year < 1
    assert models.replay(frame, [(start, date(2026, 3, 20))]).unexplained == 0


def test_how_soon_brands_answer_is_recovered() -> None:
    rows = pd.concat([heard(SEEDS[0], market) for market in ("DE", "US", "JP")])
    told = metrics.answers_to_negatives(rows, first=date(2024, 11, 1), last=LAST).set_index("brand")["minutes"]
    planted = dict(TRUTHS.crisis.minutes)
    assert told["Kettle & Co"] == pytest.approx(planted["Kettle & Co"], rel=0.25)
    assert told[BRAND] == pytest.approx(planted[""], rel=0.25)


def test_a_day_without_mentions_is_zero_and_nothing_is_missing() -> None:
    rows = heard(SEEDS[0], "FR")
    days = metrics.watched_days(rows, brand=BRAND, last=LAST)
    assert days["date_day"].diff().dropna().eq(pd.Timedelta(days=1)).all()
    assert days["negatives"].sum() == ((rows["brand"] == BRAND) & (rows["sentiment"] == "negative")).sum()
    assert day_alarms(days.set_index("date_day")["negatives"].astype(float))["alarm"].sum() == 0


def test_grave_topics_and_loud_voices_are_counted() -> None:
    rows = heard(SEEDS[0], LISTENING.crisis_market)
    days = metrics.watched_days(
        rows.assign(loud=True), brand=BRAND, last=LAST, grave=frozenset({LISTENING.crisis_topic})
    )
    assert (days["loud"] == days["negatives"]).all()
    assert 0 < days["grave"].sum() < days["negatives"].sum()
    told = models.watch(days)
    assert told.loc[told["alarm"], "level"].eq(1).all()


def test_a_loud_voice_has_at_least_as_many_followers_as_the_rule_says(
    brand_workspace: Workspace, tmp_path: Path
) -> None:
    rows = "".join(
        f"{at},2026-10-01T10:00:00Z,x,US,{brand_workspace.brand.name},negative,{followers}\n"
        for at, followers in enumerate((99_999, 100_000, ""))
    )
    (tmp_path / "heard.csv").write_text(f"Id,Time,Net,Country,Who,Tone,Followers\n{rows}", encoding="utf-8")
    mapping = tmp_path / "heard.yml"
    mapping.write_text(
        "name: heard\ntables:\n  mentions:\n    columns: {mention_id: Id, mentioned_at: Time, platform: Net, market: Country, "
        "brand: Who, sentiment: Tone, author_followers: Followers}\n", encoding="utf-8",
    )  # fmt: skip
    import_paths(brand_workspace, [tmp_path / "heard.csv"], mapping=mapping)
    told = mention_counts(Store(brand_workspace), loud=Rules().loud_voice)
    assert int(told.loc[told["loud"], "mentions"].sum()) == 1, "from 100,000 on; who is not known is not loud"
