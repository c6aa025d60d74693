from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_worlds import MARKETS, world

from fanops_utils.errors import DataError
from fanops_utils.models import CampaignEffect, phase_effects, retrospective_effect, synthetic_effect
from fanops_utils.models.panel.scope import scope
from fanops_utils.models.panel.weekly import is_weekly, weeks_up_to, whole_weeks
from fanops_utils.models.reasons import (
    DaysLeftOut,
    MarketLeftOut,
    MetricChanged,
    NoControlsLeft,
    NoTotals,
    NoTreated,
    NoWholeWeek,
    OneControl,
    Running,
    TooEarly,
    Weekly,
)
from fanops_utils.models.synthetic.control import Gate, Method
from fanops_utils.workspace import Campaign
from fanops_utils.workspace.register import Period

LIFTED = world(np.random.default_rng(6), lift=0.35)


def brief(**changed: Any) -> Campaign:
    facts: dict[str, Any] = {
        "id": "launch", "name": "Launch", "objective": "Be known", "owner": "Lead", "platform": "instagram",
        "metric": "views", "treated": ["BR"], "controls": MARKETS[1:],
        "live": {"start": "2026-04-13", "end": "2026-05-10"}, "baseline": {"start": "2026-02-16", "end": "2026-04-12"},
    }  # fmt: skip
    return Campaign.model_validate(facts | changed)


def breaks(day: str, *, precision: str = "day", metric: str = "views") -> pd.DataFrame:
    row = {
        "platform": "instagram",
        "metric": metric,
        "date": pd.Timestamp(day),
        "precision": precision,
        "note": "counts replays",
    }
    return pd.DataFrame([row])


def read(daily: pd.DataFrame = LIFTED, **options: Any) -> CampaignEffect:
    return retrospective_effect(daily, options.pop("campaign", brief()), **options)


def test_an_ordinary_campaign_is_read_as_before() -> None:
    found = read()
    assert (found.verdict, found.notes, found.running) == ("worked", (), False)


def test_a_control_without_data_is_left_out_and_named() -> None:
    found = read(LIFTED[LIFTED["market"] != "JP"])
    assert found.verdict == "worked"
    assert found.n_controls == 4
    assert found.notes == (MarketLeftOut("JP", 0, 56, "baseline"),)
    thin = LIFTED[(LIFTED["market"] != "JP") | (LIFTED["date_day"] < "2026-04-20")]
    assert read(thin).notes == (MarketLeftOut("JP", 7, 28, "live"),)


def test_without_a_treated_market_or_any_data_nothing_can_be_told() -> None:
    found = read(LIFTED[LIFTED["market"] != "BR"])
    assert found.verdict == "cannot tell"
    assert found.reason == NoTreated()
    assert np.isnan(found.effect.estimate)
    assert read(LIFTED.iloc[:0]).reason == NoTotals()


def test_no_control_left_is_no_control() -> None:
    found = read(LIFTED[LIFTED["market"] == "BR"])
    assert found.verdict == "cannot tell"
    assert found.notes[-1] == NoControlsLeft()
    assert found.structural is not None


def test_one_control_is_enough_for_an_interval_and_is_said() -> None:
    found = read(campaign=brief(controls=["US"]))
    assert found.notes == (OneControl("US"),)
    assert found.leave_one_out is not None
    assert found.leave_one_out.empty
    assert np.isfinite(found.effect.ci_lower)


def test_a_campaign_still_running_has_an_estimate_and_no_verdict() -> None:
    found = read(LIFTED[LIFTED["date_day"] <= "2026-05-01"])
    assert found.running
    assert found.n_live_days == 19
    assert found.verdict == "cannot tell"
    assert found.reason == Running(19, 28)
    assert found.effect.ci_lower > 0, "the reading so far is shown"
    early = read(as_of=date(2026, 4, 15))
    assert (early.verdict, early.running) == ("cannot tell", True)
    assert isinstance(early.reason, TooEarly)
    assert (early.reason.days, early.reason.of) == (3, 28)


@pytest.mark.parametrize(("day", "precision"), [("2026-03-01", "day"), ("2026-05-10", "day"), ("2026-02-01", "month")])
def test_a_metric_that_changed_its_meaning_inside_the_days_compared_is_refused(day: str, precision: str) -> None:
    found = read(breaks=breaks(day, precision=precision))
    assert found.verdict == "cannot tell"
    assert isinstance(found.reason, MetricChanged)
    assert "counts replays" in found.reason.note


def test_a_change_outside_the_days_compared_cuts_the_history() -> None:
    before = read(breaks=breaks("2025-10-01"))
    whole = read()
    assert before.placebo_time is not None
    assert whole.placebo_time is not None
    assert before.placebo_time.n < whole.placebo_time.n
    note = before.notes[0]
    assert isinstance(note, DaysLeftOut)
    assert (note.side, note.when) == ("before", date(2025, 10, 1))
    assert before.effect.estimate == pytest.approx(whole.effect.estimate)
    assert read(breaks=breaks("2026-03-01", metric="reach")).notes == ()
    longer = world(np.random.default_rng(8), end="2026-06-10")
    kept = scope(longer, treated=["BR"], controls=["US"], live=brief().live, baseline=brief().baseline,
                 platform="instagram", metric="views", breaks=breaks("2026-05-20"))  # fmt: skip
    assert kept.daily["date_day"].max() == pd.Timestamp("2026-05-19")


def test_phases_are_measured_one_by_one_and_a_dip_is_called_one() -> None:
    daily = world(np.random.default_rng(9), days=470, end="2026-05-24")
    factor = np.ones(len(daily))
    own, when = daily["market"] == "BR", daily["date_day"]
    factor[own & when.between("2026-04-13", "2026-05-10")] = 1.5
    factor[own & (when > "2026-05-10")] = 0.55
    campaign = brief(
        baseline={"start": "2026-02-09", "end": "2026-04-05"},
        phases=[
            {"name": "teaser", "kind": "pre-heat", "start": "2026-04-06", "end": "2026-04-12", "goal": "Be awaited"}
        ],
    )
    table = phase_effects(daily.assign(value=daily["value"] * factor), campaign).set_index("phase")
    assert list(table.index) == ["teaser", "live", "afterwards"]
    assert list(table["reading"]) == ["no clear effect", "above", "dip"]
    assert table.loc["live", "estimate"] == pytest.approx(0.5, abs=0.12)
    assert table.loc["afterwards", "extra"] < 0 < table.loc["live", "extra"]
    unseen = phase_effects(LIFTED, campaign).set_index("phase")
    assert unseen.loc["afterwards", "reading"] == "cannot tell"
    assert phase_effects(daily, brief(controls=[])).empty


def test_a_mix_of_few_markets_is_shown_and_not_believed() -> None:
    worlds = [world(np.random.default_rng(seed), lift=0.35) for seed in range(12)]
    methods: tuple[Method, ...] = ("synthetic control", "synthetic difference in differences")
    for method in methods:
        found = [one for daily in worlds if (one := synthetic_effect(daily, brief(), method=method)) is not None]
        assert len(found) == 12
        # One world scatters by 0.05 to 0.07 log points; the mean of twelve by a third of that.
        assert np.mean([one.estimate for one in found]) == pytest.approx(np.log(1.35), abs=0.06)
        assert all(one.failed[0] == Gate("few_units", 6, 20) for one in found)
        assert found[0].p_smallest == pytest.approx(1 / 6)
    assert synthetic_effect(LIFTED, brief(controls=["US"])) is None


def test_a_wrong_column_is_named() -> None:
    with pytest.raises(DataError, match="no such column: 'market'"):
        read(LIFTED.rename(columns={"market": "markets"}))


def weekly(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the totals by week, each on its Monday."""
    days = daily["date_day"]
    monday = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    summed = daily.assign(date_day=monday).groupby(["date_day", "market"])["value"].agg(["sum", "size"])
    return summed.loc[summed["size"] == 7, "sum"].rename("value").reset_index()


def test_weekly_totals_are_answered_by_whole_weeks() -> None:
    by_week = weekly(LIFTED)
    found, daily = read(by_week), read()
    assert found.verdict == daily.verdict == "worked"
    assert found.notes[0] == Weekly(4, 8)
    assert found.effect.estimate == pytest.approx(daily.effect.estimate, abs=0.03)
    assert found.n_dropped_days == 0
    still = read(weekly(world(np.random.default_rng(9))))
    assert still.verdict == "no clear effect"


def test_a_live_period_off_the_weeks_is_cut_to_them_and_one_within_a_week_is_refused() -> None:
    off = brief(
        live={"start": "2026-04-15", "end": "2026-05-08"}, baseline={"start": "2026-02-18", "end": "2026-04-14"}
    )
    assert read(weekly(LIFTED), campaign=off).notes[0] == Weekly(2, 8)
    short = brief(live={"start": "2026-04-14", "end": "2026-04-22"})
    assert read(weekly(LIFTED), campaign=short).reason == NoWholeWeek()
    assert is_weekly(weekly(LIFTED))
    assert not is_weekly(LIFTED)
    assert not is_weekly(weekly(LIFTED).head(3))


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(14, 90), st.integers(0, 6))
def test_weeks_lie_within_their_period_and_begin_on_their_day(start: date, length: int, weekday: int) -> None:
    monday, period = date(2026, 1, 5 + weekday), Period(start=start, end=start + timedelta(days=length - 1))
    inside, before = whole_weeks(period, monday=monday), weeks_up_to(period, monday=monday)
    assert inside is not None
    for weeks in (inside, before):
        assert weeks.start.weekday() == monday.weekday()
        assert weeks.days % 7 == 0
        assert weeks.end <= period.end
    assert inside.start >= period.start
    assert abs(before.days - period.days) <= 3
