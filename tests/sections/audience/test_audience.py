"""What an audience report says of tiers, of those who slip away, and of who stays."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from saying import parts, sane, values

from fanops_utils.charts.tables import Table
from fanops_utils.metrics import value_by
from fanops_utils.metrics.intervals import wilson_frame
from fanops_utils.models import Groups, Rhythm, TierThresholds, segment_shares
from fanops_utils.models.audience.rhythm import STAGES
from fanops_utils.models.audience.segments import TIERS
from fanops_utils.playbook import Section
from fanops_utils.playbook.handouts import Listing
from fanops_utils.sections import audience, community, words
from fanops_utils.sections.audience.lifecycle import LOTS
from fanops_utils.sections.audience.lifecycle import STAGES as STAGE_NAMES
from fanops_utils.sections.audience.tiers import TIERS as TIER_NAMES
from fanops_utils.sections.audience.tiers import described
from fanops_utils.sections.community.goals import GOALS
from fanops_utils.text import Count, People, Percent, Written, speak

AS_OF = date(2026, 10, 31)
RULES = TierThresholds(gap=21)
RHYTHM = Rhythm(mean=1.0, within=0.5, between=0.5, members=100)


def tier_frame(*counts: int, active: int = 4) -> pd.DataFrame:
    """Return shares of high-value, loyal, active and ordinary members, loyal ones ten times as active."""
    names = [name for name, number in zip(TIERS, counts, strict=True) for _ in range(number)]
    frame = pd.DataFrame({"tier": pd.Categorical(names, categories=TIERS, ordered=True)})
    often = {name: active * (10 if name == "loyal" else 1) for name in TIERS}
    return segment_shares(frame.assign(active_days_28=frame["tier"].astype(str).map(often)), "tier")


def stage_frame(*counts: int, lapsed_spend: float = 0.0) -> pd.DataFrame:
    """Return what members of new, active, won back, at risk, silent and lapsed have spent: 10 each, *lapsed_spend* the last."""
    names = [name for name, number in zip(STAGES, counts, strict=True) for _ in range(number)]
    frame = pd.DataFrame({"stage": pd.Categorical(names, categories=STAGES, ordered=True)})
    spend = frame["stage"].astype(str).map(lambda name: lapsed_spend if name == "lapsed" else 10.0).astype(float)
    table = value_by(frame.assign(spend=spend), "stage")
    table.attrs["currency"] = "EUR"
    return table


def test_without_orders_nobody_is_said_to_have_bought_nothing() -> None:
    told = value_by(pd.DataFrame({"stage": ["new", "silent"], "spend": [np.nan, np.nan]}), "stage")
    assert told[["buyers", "spend", "spend_share"]].isna().all(axis=None) and told["members"].tolist() == [1, 1]


def kept_frame(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Return a retention frame from (way of joining, kept, mature members)."""
    frame = pd.DataFrame(rows, columns=["acquisition", "retained", "n"])
    bounds = wilson_frame(frame["retained"], frame["n"]).drop(columns="n")
    return pd.concat([frame, bounds], axis=1).assign(day=30, kind="unbounded", n_immature=5)


def tiers(frame: pd.DataFrame) -> Section:
    return audience.tiers(frame, rules=RULES, as_of=AS_OF)


def lifecycle(*counts: int, lapsed_spend: float = 0.0) -> Section:
    return audience.lifecycle(
        stage_frame(*counts, lapsed_spend=lapsed_spend), rhythm=RHYTHM, currency="EUR", as_of=AS_OF
    )


def staying(frame: pd.DataFrame) -> Section:
    return audience.staying(frame, frame, day=30, as_of=AS_OF)


def test_the_top_tiers_are_sized_and_what_they_carry() -> None:
    found = sane(tiers(tier_frame(0, 20, 30, 50)))
    assert (found.id, found.code, found.estimate, found.n) == ("tiers", "some", 0.2, 100)
    assert values(found.title) == {"share": Percent(0.2), "carried": Percent(pytest.approx(800 / 1120))}


def test_tiers_without_members_or_without_activity_are_not_made_up() -> None:
    assert sane(tiers(tier_frame(0, 0, 0, 0))).status == "no_data"
    assert sane(tiers(tier_frame(0, 0, 0, 50, active=0))).code in ("none", "no_data")


def test_a_market_without_top_tiers_says_so() -> None:
    found = sane(tiers(tier_frame(0, 0, 30, 50)))
    assert (found.code, found.estimate) == ("none", 0)
    assert not values(found.title)


def test_members_at_risk_are_counted_with_an_interval() -> None:
    found = sane(lifecycle(10, 60, 0, 20, 5, 5))
    assert (found.id, found.code, found.severity, found.estimate, found.n) == (
        "lifecycle",
        "slipping",
        "watch",
        0.2,
        100,
    )
    assert found.ci_lower is not None
    assert found.ci_upper is not None
    assert found.ci_lower < 0.2 < found.ci_upper
    assert sane(lifecycle(10, 75, 0, 10, 0, 5)).severity == "info"
    assert sane(lifecycle(0, 0, 0, 0, 0, 0)).status == "no_data"


def test_fewer_than_ten_members_are_not_counted_aloud() -> None:
    risk, top = sane(lifecycle(10, 80, 0, 7, 3, 0)), sane(tiers(tier_frame(0, 7, 43, 50)))
    assert (risk.code, top.code) == ("hardly_any", "few")
    assert risk.estimate is top.estimate is None, "nor can the count be worked out from a share"
    for found in (risk, top):
        told = [*values(found.title).values(), *values(found.text).values()]
        assert not [value for value in told if value in (Count(7), Count(3), Percent(0.07), Percent(0.03))]


def test_a_lone_small_stage_cannot_be_worked_out_from_the_others() -> None:
    answer = lifecycle(20, 60, 5, 25, 15, 30)
    (table,) = [shown for shown in answer.parts if isinstance(shown, Table)]
    rows = [dict(zip(("stage", "members", "share"), row, strict=False)) for row in table.rows]
    counted = [row["members"] for row in rows if isinstance(row["members"], Count)]
    assert counted == [Count(20), Count(60), Count(25), Count(30)], (
        "won back is small, silent the smallest of the others"
    )
    assert [row["share"] is None for row in rows] == [False, False, True, False, True, False]
    (both,) = [shown for shown in lifecycle(20, 60, 5, 25, 6, 30).parts if isinstance(shown, Table)]
    assert sum(isinstance(row[1], Count) for row in both.rows) == 4, "two small ones hide each other"
    (none,) = [shown for shown in lifecycle(20, 60, 10, 25, 16, 30).parts if isinstance(shown, Table)]
    assert all(isinstance(row[1], Count) for row in none.rows)


def standing(**counts: int) -> pd.DataFrame:
    rows = [(f"{stage}{number:04d}", stage.replace("_", "-"), number, number * 1.0 if number % 2 else np.nan)
            for stage, many in counts.items() for number in range(many)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["member_key", "stage", "gap", "spend"])
    return frame.assign(market="DE", own_days=3.14159)


def watch_list(members: pd.DataFrame, *counts: int, lapsed_spend: float = 0.0) -> Listing | None:
    table = stage_frame(*counts, lapsed_spend=lapsed_spend)
    answer = audience.lifecycle(table, rhythm=RHYTHM, currency="EUR", as_of=AS_OF, members=members)
    return next((one for one in answer.handouts if isinstance(one, Listing)), None)


@pytest.mark.parametrize(("spend", "stage", "many"), [(0.0, "at-risk", 20), (90.0, "lapsed", 20)])
def test_the_watch_list_names_whom_the_play_means_by_lot_the_dearest_first(spend: float, stage: str, many: int) -> None:
    members = standing(active=30, at_risk=20, silent=12, lapsed=40)
    told, again = (watch_list(members, 10, 30, 10, 20, 12, 40, lapsed_spend=spend) for _ in range(2))
    assert told is not None and again is not None and told.private
    assert len(told.rows) == many, "of the lapsed those who bought"
    assert {row[3] for row in told.rows} == {STAGE_NAMES[stage]}
    assert {row[1] for row in told.rows} == set(LOTS.values()), "some are left alone"
    assert [row[:2] for row in told.rows] == [row[:2] for row in again.rows], "the lot stays"
    bought = [row[-1] for row in told.rows if row[-1] is not None]
    assert bought == sorted(bought, reverse=True)
    assert [row[-1] for row in told.rows][: len(bought)] == bought, "without a purchase last"


def test_a_stage_of_fewer_than_ten_is_not_listed_nor_one_that_would_give_it_away() -> None:
    assert watch_list(standing(at_risk=9), 20, 60, 10, 9, 0, 0) is None
    told = watch_list(standing(at_risk=25, silent=15), 20, 60, 5, 25, 15, 30)
    assert told is not None and {row[3] for row in told.rows} == {STAGE_NAMES["at-risk"]}


def test_the_base_of_a_share_of_members_is_named() -> None:
    told = [values(part) for part in parts(sane(lifecycle(20, 60, 15, 25, 15, 30)).text)]
    assert {"members": People(30), "n": People(165), "share": Percent(30 / 165), "lapsed": Count(60)} in told
    assert [one["share"] for one in told if one.get("members") == People(25)] == [Percent(25 / 165)]


def test_the_way_of_joining_that_keeps_fewest_is_named_when_below_all() -> None:
    found = sane(
        staying(kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000), ("friend of a friend", 400, 1000)))
    )
    assert (found.id, found.code, found.severity) == ("staying", "clear", "watch")
    assert (found.estimate, found.n) == (0.14, 1000)
    assert values(found.title)["way"] == words.way("giveaway")
    assert words.way("organic") in [values(part).get("way") for part in parts(found.text)]


def test_a_way_of_joining_below_some_only_is_not_named() -> None:
    frame = kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000), ("creator", 6, 30))
    assert frame.loc[2, "ci_lower"] < frame.loc[1, "ci_upper"]
    found = sane(staying(frame))
    assert (found.code, found.severity) == ("unclear", "info")
    assert not values(found.title)


def test_ways_of_joining_with_few_members_are_left_out() -> None:
    found = sane(staying(kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000), ("creator", 0, 9))))
    assert values(found.title)["way"] == words.way("giveaway")
    assert words.way("creator") not in [values(part).get("way") for part in parts(found.text)]
    assert sane(staying(kept_frame(("organic", 500, 1000), ("creator", 0, 9)))).status == "no_data"
    assert sane(staying(kept_frame(("organic", 500, 1000)).iloc[:0])).status == "no_data"


def test_plays_and_verdict_follow_what_is_to_be_watched() -> None:
    top, risk = tiers(tier_frame(0, 20, 30, 50)), lifecycle(10, 60, 0, 20, 5, 5)
    stay = staying(kept_frame(("organic", 500, 1000), ("giveaway", 140, 1000)))
    plays = audience.plays((top, risk, stay), owner="community", on=AS_OF)
    assert {play.because for play in plays} == {"staying", "lifecycle"}
    assert {(play.owner, play.review) for play in plays} == {("community", date(2026, 11, 28))}
    told, severity = audience.verdict((top, risk, stay), market="Germany")
    assert severity == "watch"
    assert values(parts(told)[0])["sentence"] == stay.finding.title
    assert parts(told)[1:] == (stay.finding.text, risk.finding.verdict)
    assert audience.plays((top,), owner="community", on=None) == ()


def test_without_a_day_there_is_only_the_finding() -> None:
    frame = kept_frame(("organic", 500, 1000)).iloc[:0]
    for answer in (
        audience.tiers(tier_frame(0, 0, 0, 0), rules=RULES, as_of=None),
        audience.lifecycle(stage_frame(0, 0, 0, 0, 0, 0), rhythm=RHYTHM, currency="EUR", as_of=None),
        audience.staying(frame, frame, day=30, as_of=None),
    ):
        assert answer.parts == (sane(answer),)
        assert answer.finding.status == "no_data"


def test_nothing_known_of_members_is_a_verdict_too() -> None:
    nothing = (tiers(tier_frame(0, 0, 0, 0)),)
    assert audience.plays(nothing, owner="community", on=None) == ()
    told, severity = audience.verdict(nothing, market="Germany")
    assert severity == "info"
    assert values(told)["market"] == Written("Germany")


def test_lapsed_buyers_lead_where_they_hold_much_of_the_spend() -> None:
    found = sane(lifecycle(10, 40, 0, 5, 5, 40, lapsed_spend=90.0))
    assert (found.code, found.severity, found.estimate) == ("lapsed_buyers", "alert", 0.4)
    assert values(found.title)["spent"] == Percent(3600 / 4200)
    plays = audience.plays((lifecycle(10, 40, 0, 5, 5, 40, lapsed_spend=90.0),), owner="community", on=AS_OF)
    assert [(play.because, play.code, play.kind) for play in plays] == [("lifecycle", "buyers", "test")]
    assert sane(lifecycle(10, 40, 0, 5, 5, 40)).code != "lapsed_buyers", "lapsed members without orders are no money"


def test_what_most_members_did_comes_before_what_few_are_about_to_do() -> None:
    gone = lifecycle(5, 10, 0, 15, 0, 78)
    found = sane(gone)
    assert (found.code, found.severity, found.estimate) == ("mostly_lapsed", "watch", pytest.approx(78 / 108))
    assert values(found.title)["share"] == Percent(78 / 108)
    (play,) = audience.plays((gone,), owner="community", on=AS_OF)
    assert (play.code, play.kind) == ("lapsed", "test")
    assert sane(lifecycle(15, 30, 0, 15, 0, 48)).code == "slipping", "under half of the members"


def test_cells_of_few_people_are_not_drawn_in_the_movement() -> None:
    table = pd.DataFrame({
        "origin": ["active", "active", "silent"], "target": ["active", "silent", "lapsed"], "members": [80, 20, 4],
        "n": [100, 100, 4], "share": [0.8, 0.2, 1.0],
    })  # fmt: skip
    found = sane(audience.moving(table, before=AS_OF))
    assert (found.code, found.estimate, found.n) == ("moved", 0.8, 100)
    assert audience.moving(table.iloc[:0], before=AS_OF).finding.status == "no_data"


def test_no_groups_is_an_answer_and_so_is_a_missing_library() -> None:
    assert sane(audience.grouping(Groups("none"), members=900)).code == "none"
    assert sane(audience.grouping(Groups("found", 3, 0.1, 0.9, 0.2), members=900)).code == "found"
    assert {audience.grouping(Groups(status), members=9).finding.status for status in ("few", "no_library")} == {
        "no_data"
    }


def test_an_hour_is_named_only_where_it_stands_out() -> None:
    even = pd.DataFrame({"tier": "loyal", "hour": range(24), "share": 1 / 24, "error": 0.004, "n": 80})
    even = even.assign(smooth=even["share"], apart=False)
    assert sane(audience.when(even, as_of=date(2026, 10, 31))).code == "even"
    busy = even.assign(share=np.where(even["hour"] == 20, 0.12, even["share"] - (0.12 - 1 / 24) / 23))
    busy = busy.assign(smooth=busy["share"])
    assert sane(audience.when(busy, as_of=date(2026, 10, 31))).code == "known"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_two_rules_never_share_a_name(language: str) -> None:
    """A stage goes by a member's own rhythm, a tier by the days they were seen, three tables by who was seen how lately."""
    by_rule = [STAGE_NAMES["active"], TIER_NAMES["active"]]
    assert len({speak(one, language) for one in by_rule}) == 2
    weekly = pd.DataFrame({"week_start": pd.to_datetime(["2026-10-25"]), "active": 60, "messages": 90, "replies": 30,
                           "messages_each": 1.5, "replies_each": 0.5})  # fmt: skip
    daily = pd.DataFrame(
        {"date_day": pd.to_datetime(["2026-10-31"]), "dau": 30, "wau": 60, "mau": 90, "stickiness": 0.3}
    )
    group = pd.DataFrame({"group_id": ["g1"], "name": "brewing", "kind": "interest", "layer": "active", "capacity": np.nan,
                          "members": 80, "inactive": 20, "silent_share": 0.25, "messages": 90, "each": 1.5,
                          "shrunk": 1.5})  # fmt: skip
    tables = [
        next(one for one in answer.parts if isinstance(one, Table))
        for answer in (
            community.pulse(daily, pd.DataFrame(), weekly, as_of=date(2026, 10, 31)),
            community.groups(group),
        )
    ]
    each = [
        speak(tables[0].columns[3], language),
        speak(tables[1].columns[4], language),
        speak(GOALS["messages_each"], language),
    ]
    assert len(set(each)) == 3, (
        "messages per member seen in the week, per member seen in 60 days, a week per member seen in it"
    )


def test_cards_carry_the_rules_of_their_tiers() -> None:
    cards = pd.DataFrame({"tier": ["ordinary"], "members": 40, "active_share": 0.2, "spend_share": 0.5, "busy": [()],
                          "own_hours": False})  # fmt: skip
    apart = pd.DataFrame(columns=["group", "kind", "item", "lift", "clear"])
    rules = TierThresholds(spend=100.0, gap=7)
    bare, told = (
        audience.personas(cards, apart, members=40, as_of=date(2026, 10, 31), rules=one).parts[-1]
        for one in (None, rules)
    )
    assert isinstance(bare, Table) and isinstance(told, Table)
    assert speak(described(rules), "en") in speak(told.caption, "en") and speak(described(rules), "en") not in speak(
        bare.caption, "en"
    )
