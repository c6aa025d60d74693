"""What a campaign says of people: few stay hidden, no change is called by its interval, alarms are counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from saying import sane, values

from fanops_utils import metrics
from fanops_utils.sections.campaigns import people
from fanops_utils.text import Percent, Points

LIVE = brief().live


def test_people_are_hidden_below_ten_and_told_above() -> None:
    fans = pd.DataFrame({"member_key": [f"m{one}" for one in range(40)], "joined_on": pd.Timestamp("2026-04-20")})
    days = pd.DataFrame({"member_key": [f"m{one}" for one in range(40)], "date_day": pd.Timestamp("2026-04-28")})
    assert sane(people.joined(metrics.campaign_audience(fans, days, live=LIVE))).code == "no_before"
    few = metrics.campaign_audience(fans.head(5), days.head(5), live=LIVE)
    assert (sane(people.joined(few)).code, people.joined(few).finding.estimate) == ("few", None)
    assert people.joined(few.assign(active=0)).finding.status == people.joined(None).finding.status == "no_data"
    stayed = sane(people.stayed(metrics.stayed(fans, days, live=LIVE, as_of=date(2026, 7, 1))))
    assert (stayed.code, values(stayed.text)["share"]) == ("one_group", Percent(1.0))
    assert people.stayed(None).finding.status == "no_data"


@pytest.mark.parametrize(
    ("before", "during", "code"),
    [(20, 25, "same"), (80, 20, "fewer"), (10, 60, "more"), (21, 35, "more"), (23, 35, "same")],
)
def test_newcomers_are_told_by_their_intervals(before: int, during: int, code: str) -> None:
    frame = pd.DataFrame({"window": ["before", "campaign"], "joined": [before, during], "active": [100, 100]})
    table = frame.join(metrics.intervals.wilson_frame(frame["joined"], frame["active"]))
    assert sane(people.joined(table)).code == code


@pytest.mark.parametrize(
    ("before", "during", "code"),
    [(20, 22, "not_clear"), (40, 5, "fewer"), (5, 40, "more"), (15, 25, "more"), (17, 25, "not_clear")],
)
def test_those_who_stay_are_told_by_their_intervals(before: int, during: int, code: str) -> None:
    frame = pd.DataFrame({"window": ["before", "campaign"], "day": 7, "retained": [before, during], "of": [50, 50]})
    table = frame.join(metrics.intervals.wilson_frame(frame["retained"], frame["of"]))
    section = people.stayed(table)
    assert (sane(section).code, section.finding.n, len(section.parts)) == (code, 100, 2)


def toned(*negatives: int, mentions: int = 200) -> pd.DataFrame:
    rows = [(window, date(2026, 4, 13), date(2026, 5, 10), mentions, 0, 7.1, number)
            for window, number in zip(("baseline", "live", "after"), negatives, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["window", "start", "end", "mentions", "unlabelled", "per_day", "negatives"])
    return frame.join(metrics.intervals.wilson_frame(frame["negatives"], frame["mentions"]))


def test_a_worse_tone_is_an_alarm() -> None:
    worse = sane(people.tone(toned(10, 60, 12), brief(), brand="Ours"))
    assert (worse.code, worse.severity, values(worse.title)["change"]) == ("worse", "alert", Points(0.25))
    assert sane(people.tone(toned(60, 10, 12), brief(), brand="Ours")).code == "better"
    assert sane(people.tone(toned(10, 12, 12), brief(), brand="Ours")).code == "not_clear"
    later = sane(people.tone(toned(10, 20, 60), brief(), brand="Ours"))
    assert (later.code, later.severity, values(later.title)["change"]) == ("worse_after", "alert", Points(0.25))
    assert later.estimate == people.tone(toned(10, 20, 60), brief(), brand="Ours").finding.estimate == 0.3
    soured = sane(people.tone(toned(60, 10, 120), brief(), brand="Ours"))
    assert (soured.code, soured.severity) == ("worse_after", "alert"), "better first and worse after is not better"
    assert sane(people.tone(toned(60, 10, 12), brief(), brand="Ours")).code == "better"
    assert people.tone(toned(1, 2, 1, mentions=3), brief(), brand="Ours").finding.status == "no_data"
    event = [{"date": "2026-04-21", "note": "Tiradentes"}]
    assert sane(people.tone(toned(1, 2, 1, mentions=3), brief(events=event), brand="Ours")).code == "too_few"


def weeks(*alarms: bool, **options: Any) -> pd.DataFrame:
    size = len(alarms)
    return pd.DataFrame({"week_start": pd.date_range("2026-04-13", periods=size, freq="7D"), "negatives": 9,
                         "expected": 2.0, "p_value": 0.2, "alarm": alarms}).assign(**options)  # fmt: skip


def test_alarms_count_the_weeks_of_the_campaign_alone() -> None:
    quiet = sane(people.alarms(weeks(False, False, False, False, True), brief()))
    assert (quiet.code, quiet.severity, quiet.n) == ("quiet", "good", 4)
    loud = sane(people.alarms(weeks(False, True, False, False), brief()))
    assert (loud.code, loud.severity) == ("alarm", "alert")
    assert sane(people.alarms(weeks(True, expected=np.nan), brief())).code == "alarm"
    assert people.alarms(weeks(True).iloc[:0], brief()).finding.status == "no_data"
    assert people.alarms(weeks(True, p_value=np.nan), brief()).finding.status == "no_data"
