"""What a crisis watch says: codes and severities by what the rules found, and nothing where there is nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from saying import sane

from fanops_utils import models
from fanops_utils.metrics import Interval
from fanops_utils.playbook import Section
from fanops_utils.sections import crisis
from fanops_utils.sections.crisis.after import recommended
from fanops_utils.sections.crisis.duty import clock_state
from fanops_utils.text import Day, Message, Period, speak
from fanops_utils.workspace.operations.risks import Risk
from fanops_utils.workspace.operations.team import Role, Team
from fanops_utils.workspace.registers.crisis import Clock, Crisis, Entry, Incident, Rules

START, BRAND = date(2026, 1, 5), "Lumen Tea"
RESPOND = Clock(id="respond", what="answer", minutes=30, owner="duty")


def days(last: list[int], *, usual: int = 3, labelled: int = 60, **columns: int) -> pd.DataFrame:
    negatives = [usual] * 70 + last
    frame = pd.DataFrame({"date_day": pd.date_range(START, periods=len(negatives)), "negatives": negatives})
    return frame.assign(mentions=labelled, labelled=labelled, loud=0, grave=0, **columns)


def status(frame: pd.DataFrame) -> Section:
    told = models.watch(frame)
    return crisis.status(told, models.episodes(told), brand=BRAND, rules=Rules())


@pytest.mark.parametrize(("last", "labelled", "code", "severity"), [
    ([3], 60, "quiet", "good"), ([40], 60, "crisis_1", "alert"), ([40], 4000, "crisis_2", "alert"),
    ([40, 3, 3, 3], 60, "crisis_1", "watch"), ([12] * 1, 4000, "crisis_2", "alert"),
])  # fmt: skip
def test_the_level_and_whether_it_is_over(last: list[int], labelled: int, code: str, severity: str) -> None:
    finding = sane(status(days(last, labelled=labelled)))
    assert (finding.code, finding.severity) == (code, severity)


def test_an_old_alarm_is_no_crisis_now() -> None:
    assert sane(status(days([40] + [3] * 8))).code == "quiet"
    assert sane(status(days([40] + [3] * 7))).code == "crisis_1"


def test_without_labels_or_history_nothing_is_said() -> None:
    assert sane(status(days([3], labelled=0))).status == "no_data"
    assert sane(status(days([3]).tail(10))).status == "no_data"
    assert sane(status(days([3]).iloc[:0])).status == "no_data"


def test_mentions_of_others_alone_are_no_calm() -> None:
    told = models.watch(days([0], usual=0, labelled=0))
    section = crisis.status(
        told, models.episodes(told), brand=BRAND, rules=Rules(), heard=["Leaf & Co", "Lumen", "Leaf & Co"]
    )
    finding = sane(section)
    assert finding.status == "no_data"
    assert all(name in speak(finding.title, "en") for name in (BRAND, "Leaf & Co", "Lumen"))
    assert not crisis.key_numbers(told, [], models.replay(told, [], cadence_hours=24)).numbers


@pytest.mark.parametrize(
    ("minutes", "now", "state"), [(30, 0, "met"), (31, 0, "late"), (None, 30, "due"), (None, 31, "missed")]
)
def test_clocks_on_both_sides(minutes: int | None, now: int, state: str) -> None:
    start = datetime(2026, 3, 1, 9, 0)
    log = () if minutes is None else (Entry(clock="respond", at=start + timedelta(minutes=minutes)),)
    incident = Incident(id="a", market="US", start=start, level=1, log=log)
    assert clock_state(RESPOND, incident, now=start + timedelta(minutes=now))[0] == state
    assert clock_state(RESPOND, None, now=start) == ("due", None)


def test_an_alarm_nobody_recorded_is_said() -> None:
    told = models.watch(days([40]))
    (episode,) = models.episodes(told)
    register = Crisis(clocks=(RESPOND,))
    assert sane(crisis.clocks(register, episode, market="US", on=episode.start)).code == "unrecorded"
    at = datetime.combine(episode.start, datetime.min.time())
    known = Incident(
        id="a", market="US", start=at, level=1, log=(Entry(clock="respond", at=at + timedelta(minutes=9)),)
    )
    register = Crisis(clocks=(RESPOND,), incidents=(known,))
    assert sane(crisis.clocks(register, episode, market="US", on=episode.start)).code == "met"
    assert sane(crisis.clocks(register, episode, market="DE", on=episode.start)).code == "unrecorded"
    assert sane(crisis.clocks(register, None, market="US", on=episode.start)).code == "standing_by"
    for ago, severity in ((14, "alert"), (15, "watch")):
        old = crisis.clocks(Crisis(clocks=(RESPOND,)), episode, market="US", on=episode.start + timedelta(days=ago))
        assert old.finding.severity == severity, "what is long past calls nobody"
    assert sane(crisis.clocks(Crisis(), None, market="US", on=None)).status == "no_data"


def test_risks_are_triggered_only_by_the_whole_interval() -> None:
    high = Risk(id="a", name="a", likelihood=3, impact=3, metric="negative_share", above=0.10, owner="lead")
    low = Risk(id="b", name="b", metric="share_of_voice", below=0.20, owner="lead")
    team = Team(roles=(Role(id="lead", name="Lead"),))

    def code(*listed: Risk, **seen: Interval) -> str:
        return sane(crisis.risks(listed, seen, {}, team=team)).code

    assert [code(high, a=Interval(0.12, at, 0.14, 99)) for at in (0.101, 0.10)] == ["triggered", "calm"]
    assert [code(low, b=Interval(0.18, 0.1, at, 99)) for at in (0.199, 0.2)] == ["triggered", "calm"]
    assert code(high, low, a=Interval(0.12, 0.11, 0.14, 99)) == "triggered" and code(high) == "calm"
    assert sane(crisis.risks((), {}, {}, team=team)).status == "no_data"
    assert sane(crisis.risks((high,), {}, {}, team=team, defaults=True)).status == "no_data"
    owned = [crisis.risks((one,), {}, {}, team=team).finding.severity for one in (high, Risk(id="c", name="c"))]
    assert owned == ["info", "watch"], "a risk without an owner is watched"


def test_risks_stand_in_one_register_only() -> None:
    assert Crisis.model_validate({"risks": []}) == Crisis()
    with pytest.raises(ValueError, match=r"risks\.yml"):
        Crisis.model_validate({"risks": [{"id": "a"}]})


def test_a_drill_is_asked_for_weekly() -> None:
    told, on = models.Replay(400, 1, 0, 2, 0), date(2026, 11, 2)
    tried = {
        4.0: models.Drill(12, (10.0, 30.0), 20.0, 3.0),
        10.0: models.Drill(12, (), 40.0, 3.0),
        2.0: models.Drill(0, (), 0.0, 0.0),
    }

    def code(*drills: date, replay: models.Replay = told) -> str:
        return sane(crisis.drill(replay, tried, cadence_hours=24, drills=drills, on=on)).code

    assert [code(on - timedelta(days=ago)) for ago in (7, 8)] == ["held", "overdue"]
    assert code() == "overdue" and code(replay=models.Replay(0, 0, 0, 0, 0)) == "no_data"
    rates = [models.Replay(366, 2, alarms, 2, 0) for alarms in (1, 2)]
    severities = [crisis.drill(one, {}, cadence_hours=24, drills=(on,), on=on).finding.severity for one in rates]
    assert severities == ["info", "watch"], "at most one false alarm a year"


def test_when_the_rules_saw_an_incident_is_said_beside_when_the_team_did() -> None:
    (episode,) = models.episodes(models.watch(days([40])))
    at = datetime.combine(episode.start, datetime.min.time()) + timedelta(hours=9)
    known = Incident(id="a", market="US", start=at, level=1)
    far = known.model_copy(update={"start": at + timedelta(days=8)})
    (near,), (unseen,) = (crisis.incidents_seen([episode], [one], market="US") for one in (known, far))
    assert dict(near.values)["seen_day"] == Day.of(episode.start + timedelta(days=1)), (
        "a day's count is known when it is over"
    )
    assert "seen_day" not in dict(unseen.values)
    assert crisis.incidents_seen([episode], [known], market="DE") == []


def test_mentions_without_a_sentiment_are_not_no_mention() -> None:
    unlabelled, none = (status(days([3]).assign(labelled=0, negatives=0, mentions=n)).finding for n in (60, 0))
    assert unlabelled.status == none.status == "no_data"
    assert "4,260" in str(sane(unlabelled).text) + str(unlabelled.title)
    assert str(unlabelled.text) + str(unlabelled.title) != str(none.text) + str(none.title)


@pytest.mark.parametrize(("ago", "code", "severity"), [(14, "crisis_1", "alert"), (15, "dated", "watch")])
def test_an_alarm_in_old_data_calls_nobody_but_asks_for_newer_ones(ago: int, code: str, severity: str) -> None:
    frame = days([40])
    last = frame["date_day"].max().date()
    watched = models.watch(frame, rise=Rules().rise, share=Rules().negative_share, floor=Rules().floor)
    on = last + timedelta(days=ago)
    answer = crisis.status(watched, models.episodes(watched), brand=BRAND, rules=Rules(), on=on)
    assert (sane(answer).code, answer.finding.severity) == (code, severity)
    assert dict(answer.finding.title.values)["day"] == Day.of(last)  # type: ignore[attr-defined]
    (play,) = crisis.plays((answer,), owner="lead", on=on, last=last)
    assert (play.because, "day" in dict(play.action.values)) == ("status", code == "dated")  # type: ignore[attr-defined]
    assert (play.metric_id is None) == (code == "dated")


def test_a_rivals_crisis_is_theirs() -> None:
    table = pd.DataFrame({"brand": [BRAND, "Kettle"], "labelled": [90, 90], "negatives": [9, 60], "answered": [5, 9],
                          "minutes": [60.0, np.nan]})  # fmt: skip
    period = Period.of(START, START)
    told = crisis.rivals(table, {BRAND: None, "Kettle": 1}, brand=BRAND, period=period)
    assert sane(told).code == "rival_crisis"
    assert sane(crisis.rivals(table, {BRAND: 1, "Kettle": 3}, brand=BRAND, period=period)).code == "none"
    assert sane(crisis.rivals(table.iloc[:1], {}, brand=BRAND, period=period)).status == "no_data"


def test_recommendation_fell_only_where_its_interval_says_so() -> None:
    months = pd.DataFrame({"date_day": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"])})
    start = date(2026, 3, 9)

    def told(*scores: float, half: float = 0.05) -> Message:
        frame = months.assign(estimate=scores, ci_lower=np.array(scores) - half, ci_upper=np.array(scores) + half)
        said = recommended(frame, start)
        assert isinstance(said, Message)
        return said

    assert "points" in dict(told(0.3, 0.3, 0.0, 0.0).values)
    assert "change" in dict(told(0.3, 0.3, 0.28, 0.27).values)
    assert "change" in dict(told(0.3, 0.3, 0.0, 0.0, half=0.5).values)
    assert not dict(recommended(months.iloc[:0].assign(estimate=0.0, ci_lower=0.0, ci_upper=0.0), start).values)  # type: ignore[attr-defined]


def test_what_came_after_old_quiet_data_is_not_called_good() -> None:
    watched = models.watch(days([3]))
    last = watched["date_day"].max().date()
    for ago, severity in ((14, "good"), (15, "info")):
        answer = crisis.status(watched, [], brand=BRAND, rules=Rules(), on=last + timedelta(days=ago))
        assert (sane(answer).code, answer.finding.severity) == ("quiet", severity)
        assert dict(answer.finding.title.values)["day"] == Day.of(last)  # type: ignore[attr-defined]


def test_a_report_that_looks_back_sends_to_the_newest_day_instead_of_asking_for_files() -> None:
    watched = models.watch(days([40]))
    last = watched["date_day"].max().date()
    newest, on = last + timedelta(days=200), last + timedelta(days=230)
    answer = crisis.status(watched, models.episodes(watched), brand=BRAND, rules=Rules(), on=on)
    (play,) = crisis.plays((answer,), owner="lead", on=on, last=last, newest=newest)
    assert dict(play.action.values)["newest"] == Day.of(newest)  # type: ignore[attr-defined]
    (play,) = crisis.plays((answer,), owner="lead", on=on, last=last, newest=last)
    assert "newest" not in dict(play.action.values)  # type: ignore[attr-defined]


def test_the_play_on_risks_names_those_without_an_owner() -> None:
    team = Team(roles=(Role(id="lead", name="Lead"),))
    listed = (Risk(id="a", name="Owned", owner="lead"), Risk(id="b", name="Nobody's"))
    answer = crisis.risks(listed, {}, {}, team=team)
    assert answer.finding.about is not None
    (play,) = crisis.plays((answer,), owner="lead", on=START)
    assert [dict(one.values)["risk"].text for one in dict(play.action.values)["risks"].items] == ["Nobody's"]  # type: ignore[attr-defined]


def test_the_markets_in_which_negatives_double_are_named() -> None:
    def table(**rows: tuple[int, float]) -> pd.DataFrame:
        frame = pd.DataFrame([(name, *row) for name, row in rows.items()], columns=["market", "negatives", "usual"])
        return frame.assign(excess=frame["negatives"] - frame["usual"])

    assert models.spread_to(table(DE=(52, 4.0), FR=(2, 0.6), US=(9, 5.0), BR=(10, 5.0)), by="market") == ["DE", "BR"]
