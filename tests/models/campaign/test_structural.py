from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief

from fanops_utils.errors import DataError
from fanops_utils.models import campaign_effect, retrospective_effect, structural_effect
from fanops_utils.models.campaign.structural import _fitted, _miss, _model
from fanops_utils.models.reasons import NoControl, ShortPast, Weekly
from fanops_utils.workspace.register import Period

LIVE = Period(start=date(2026, 4, 20), end=date(2026, 5, 10))
BASELINE = Period(start=date(2026, 3, 23), end=date(2026, 4, 19))


def series(rng: np.random.Generator, *, lift: float = 0.0, days: int = 200) -> pd.Series:
    noise = rng.normal(0, 0.06 * np.sqrt(0.75), days)
    for day in range(1, days):
        noise[day] += 0.5 * noise[day - 1]
    week = np.tile(rng.normal(0, 0.05, 7), days // 7 + 1)[:days]
    values = np.exp(7 + np.cumsum(rng.normal(0, 0.02, days)) + noise + week)
    values[-21:] *= 1 + lift
    return pd.Series(values, index=pd.date_range(end="2026-05-10", periods=days))


def test_nothing_is_rarely_suggested_where_nothing_happened() -> None:
    rng = np.random.default_rng(1)
    found = [structural_effect(series(rng), live=LIVE) for _ in range(40)]
    assert sum(one.verdict != "no clear effect" for one in found) <= 7
    assert sum(one.effect.ci_lower <= 0 <= one.effect.ci_upper for one in found) >= 33


def test_a_large_rise_or_fall_is_suggested_and_never_called_an_effect() -> None:
    rng = np.random.default_rng(2)
    up = [structural_effect(series(rng, lift=0.8), live=LIVE) for _ in range(12)]
    assert sum(one.verdict == "suggestive rise" for one in up) >= 11
    assert np.mean([one.effect.estimate for one in up]) == pytest.approx(0.8, abs=0.12)
    down = structural_effect(series(rng, lift=-0.6), live=LIVE)
    assert down.verdict == "suggestive fall"
    assert down.reason is None


def test_the_error_of_the_mean_is_that_of_the_model_s_own_simulation() -> None:
    rng = np.random.default_rng(3)
    logs = np.log(series(rng, days=160))
    mark = pd.DataFrame({"holiday": (rng.random(160) < 0.1).astype(float)}, index=logs.index)
    for outside in (None, mark):
        params = _fitted(logs.iloc[:139], outside)
        _, error, (path, spread) = _miss(logs, outside, 139, 21, params)
        fitted = _model(logs.iloc[:139], outside).filter(params)
        exog = None if outside is None else outside.iloc[139:].to_numpy()
        draws = np.asarray(fitted.simulate(21, anchor="end", repetitions=4000, exog=exog)).reshape(21, -1)
        assert error == pytest.approx(draws.mean(axis=0).std(), rel=0.06)
        assert path == pytest.approx(draws.mean(axis=1), abs=0.02)
        assert spread == pytest.approx(draws.std(axis=1), rel=0.08)


def test_a_covariate_out_of_the_campaign_s_reach_takes_its_share() -> None:
    rng = np.random.default_rng(4)
    days = pd.date_range(end="2026-05-10", periods=200)
    heat = pd.DataFrame({"heat": rng.normal(0, 1, 200)}, index=days)
    heat.iloc[-21:] += 1.5  # a hot spring, in the very weeks of the campaign
    values = np.exp(7 + 0.2 * heat["heat"].to_numpy() + rng.normal(0, 0.03, 200))
    total = pd.Series(values, index=days)
    assert structural_effect(total, live=LIVE).effect.estimate > 0.2
    adjusted = structural_effect(total, live=LIVE, covariates=heat)
    assert adjusted.effect.estimate == pytest.approx(0, abs=0.05)
    with pytest.raises(DataError, match="covariate must be known"):
        structural_effect(total, live=LIVE, covariates=heat.iloc[:-1])


def test_too_little_past_or_too_few_live_days_cannot_tell() -> None:
    rng = np.random.default_rng(5)
    assert structural_effect(series(rng, days=48), live=LIVE).reason == ShortPast(28)
    longer = Period(start=date(2026, 3, 16), end=LIVE.end)
    assert structural_effect(series(rng, days=100), live=longer).reason == ShortPast(56), (
        "no further ahead than it looks back"
    )
    assert structural_effect(series(rng, days=100), live=LIVE, weekly=True).reason == ShortPast(16 * 7)
    holes = series(rng)
    holes.iloc[-10:] = np.nan
    assert structural_effect(holes, live=LIVE).verdict == "cannot tell"
    with pytest.raises(DataError, match="not positive"):
        structural_effect(series(rng) * 0, live=LIVE)


def test_the_retrospective_without_controls_stays_at_cannot_tell() -> None:
    total = series(np.random.default_rng(6), lift=1.0)
    daily = pd.DataFrame({"date_day": total.index, "market": "BR", "value": total.to_numpy()})
    found = campaign_effect(daily, treated=["BR"], controls=[], live=LIVE, baseline=BASELINE)
    assert found.verdict == "cannot tell"
    assert np.isnan(found.effect.estimate)
    assert found.structural is not None
    assert found.structural.verdict == "suggestive rise"
    assert found.reason == NoControl()
    assert list(found.structural.daily["date_day"]) == list(pd.date_range(LIVE.start, LIVE.end))


def marked(total: pd.Series, days: list[int]) -> pd.DataFrame:
    mark = pd.Series(0.0, index=total.index)
    mark.iloc[days] = 1.0
    return mark.to_frame("fair")


@pytest.mark.parametrize("past", [[30, 75, 120, 150], []])
def test_an_event_inside_the_live_days_no_longer_looks_like_an_effect(past: list[int]) -> None:
    rng = np.random.default_rng(11)
    plain, told = [], []
    for _ in range(12):
        total = series(rng)
        fair = marked(total, [*past, -15, -10, -5])
        spiked = total * np.exp(1.2 * fair["fair"])
        plain.append(structural_effect(spiked, live=LIVE).effect.estimate)
        told.append(structural_effect(spiked, live=LIVE, covariates=fair))
    assert np.mean(plain) > 0.12
    assert np.mean([one.effect.estimate for one in told]) == pytest.approx(0, abs=0.05)
    left_out = told[0].days_left_out == 3
    assert left_out == (not past), "a first event teaches nothing of itself"


def test_events_that_bring_nothing_name_no_effect_and_widen_little() -> None:
    rng = np.random.default_rng(12)
    found, widths = [], []
    for _ in range(30):
        total = series(rng)
        fair = marked(total, [40, 90, 130, -12])
        found.append(structural_effect(total, live=LIVE, covariates=fair))
        widths.append([np.ptp([one.effect.ci_lower, one.effect.ci_upper])
                       for one in (found[-1], structural_effect(total, live=LIVE))])  # fmt: skip
    assert sum(one.verdict != "no clear effect" for one in found) <= 6
    told, plain = np.mean(widths, axis=0)
    assert told == pytest.approx(plain, rel=0.1)


def test_an_event_whose_only_day_is_unknown_teaches_nothing() -> None:
    total = series(np.random.default_rng(13))
    fair = marked(total, [90, -7])
    total.iloc[90] = np.nan
    found = structural_effect(total, live=LIVE, covariates=fair)
    assert found.days_left_out == 1
    assert found.effect.ci_upper - found.effect.ci_lower < 1


def test_live_days_full_of_first_events_cannot_tell() -> None:
    total = series(np.random.default_rng(14))
    assert structural_effect(total, live=LIVE, covariates=marked(total, list(range(-10, 0)))).verdict == "cannot tell"


def test_how_strong_the_answer_is_follows_the_windows_that_could_be_forecast() -> None:
    rng = np.random.default_rng(15)
    found = [structural_effect(series(rng, days=days), live=LIVE) for days in (50, 75, 140)]
    assert [one.strength for one in found] == ["untested", "little tested", "tested"]
    assert [one.effect.n for one in found] == [0, 1, 4]


def test_the_published_example_is_answered() -> None:
    """The example of CausalImpact: 70 days, then 30 with 10 more, beside a series it does not touch."""
    days = pd.date_range("2026-01-01", periods=100)
    live = Period(start=days[70].date(), end=days[99].date())
    for seed in range(3):
        rng = np.random.default_rng(seed)
        other = 100 + np.cumsum(rng.normal(size=100))
        total = 1.2 * other + rng.normal(size=100)
        truth = 10 / total[70:].mean()
        total[70:] += 10
        rows = [
            pd.DataFrame({"date_day": days, "market": name, "value": value})
            for name, value in (("BR", total), ("US", other))
        ]
        before = Period(start=days[42].date(), end=days[69].date())
        found = campaign_effect(pd.concat(rows), treated=["BR"], controls=["US"], live=live, baseline=before)
        own = found.structural
        assert (found.verdict, found.hint) == ("cannot tell", None) and own is not None
        assert (own.verdict, own.strength, own.n_beside) == ("suggestive rise", "little tested", 1)
        assert own.effect.estimate == pytest.approx(truth, abs=0.006)


def test_one_shocked_control_of_three_does_not_become_a_suggestion() -> None:
    days, said = pd.date_range(end="2026-05-10", periods=70), []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        common = np.cumsum(rng.normal(0, 0.02, 70))
        rows = []
        for name in ("BR", "US", "MX", "DE"):
            logs = 7 + common + rng.normal(0, 0.04, 70)
            logs[-21:] += np.log(1.5) * (name == "US")
            rows.append(pd.DataFrame({"date_day": days, "market": name, "value": np.exp(logs)}))
        found = campaign_effect(
            pd.concat(rows), treated=["BR"], controls=["US", "MX", "DE"], live=LIVE, baseline=BASELINE
        )
        assert found.structural is not None and found.structural.n_beside == 3
        said.append(found.structural.verdict)
    assert said.count("no clear effect") >= 3, said


def test_history_for_a_hint_leaves_the_forecast_aside() -> None:
    rng = np.random.default_rng(16)
    rows = [
        series(rng).rename("value").rename_axis("date_day").reset_index().assign(market=name) for name in ("BR", "US")
    ]
    found = campaign_effect(pd.concat(rows), treated=["BR"], controls=["US"], live=LIVE, baseline=BASELINE)
    assert found.hint is not None and found.structural is None


def weeks(total: pd.Series) -> pd.DataFrame:
    sums = total.groupby(np.arange(len(total)) // 7).sum()
    return pd.DataFrame({"date_day": total.index[::7], "market": "BR", "value": sums.to_numpy()})


@pytest.mark.parametrize(("lift", "said"), [(0.0, {"no clear effect"}), (0.8, {"suggestive rise"})])
def test_weekly_totals_without_a_control_are_answered_by_weeks(lift: float, said: set[str]) -> None:
    rng, found = np.random.default_rng(17), []
    plan = brief(
        controls=[],
        live={"start": "2026-04-20", "end": "2026-05-10"},
        baseline={"start": "2026-03-23", "end": "2026-04-19"},
    )
    for _ in range(5):
        one = retrospective_effect(weeks(series(rng, lift=lift, days=210)), plan)
        assert isinstance(one.notes[0], Weekly) and one.structural is not None
        assert list(one.structural.daily["date_day"]) == list(pd.date_range(LIVE.start, periods=3, freq="7D"))
        found.append(one.structural.verdict)
    assert sum(one in said for one in found) >= 4


def test_days_without_a_unit_are_added_up_to_weeks() -> None:
    rng = np.random.default_rng(18)
    days = pd.date_range(end="2026-05-10", periods=210)
    counts = rng.poisson(np.where(days >= pd.Timestamp(LIVE.start), 9.0, 3.0))
    assert (counts == 0).any()
    daily = pd.DataFrame({"date_day": days, "market": "BR", "value": counts.astype(float)})
    found = campaign_effect(daily, treated=["BR"], controls=[], live=LIVE, baseline=BASELINE, outcome="count")
    assert found.structural is not None and found.structural.verdict == "suggestive rise"
    none = daily.assign(value=0.0)
    assert (
        campaign_effect(none, treated=["BR"], controls=[], live=LIVE, baseline=BASELINE, outcome="count").structural
        is None
    )
