from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from hypothesis import given
from hypothesis import strategies as st
from market_worlds import world

from fanops_utils.errors import DataError
from fanops_utils.metrics.shrinkage import between_variance
from fanops_utils.models import campaign_standings, effect_again, effect_or_reason, league_table
from fanops_utils.models.campaign.league import spread_of


def league(estimates: list[float], spreads: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"name": [f"c{number}" for number in range(len(estimates))], "estimate": estimates, "spread": spreads}
    )


def test_equal_noise_by_hand() -> None:
    found = league_table(league([0.0, 0.2, 0.4], [0.1, 0.1, 0.1])).set_index("name")
    # Q = sum(d^2) / (0.01 + between) = 2 with sum(d^2) = 0.08: between = 0.03, pulled = 0.01 / 0.04.
    assert between_variance(np.array([0.0, 0.2, 0.4]), np.full(3, 0.01)) == pytest.approx(0.03)
    assert found["pulled"].tolist() == pytest.approx([0.25] * 3)
    assert found.loc[["c0", "c1", "c2"], "shrunk"].tolist() == pytest.approx([0.05, 0.2, 0.35])
    spread = np.sqrt(0.75 * 0.01 + 0.25**2 * 0.04 / 3)
    assert found.loc["c1", "ci_upper"] - 0.2 == pytest.approx(1.6449 * spread, abs=1e-4)
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["p_best"].sum() == pytest.approx(1)


def test_the_best_of_many_that_are_all_alike_is_drawn_back() -> None:
    rng = np.random.default_rng(1)
    truth, noise = 0.05, 0.1
    best_raw, best_shrunk = [], []
    for _ in range(60):
        frame = league(list(rng.normal(truth, noise, 20)), [noise] * 20)
        found = league_table(frame)
        best_raw.append(frame["estimate"].max() - truth)
        best_shrunk.append(found["shrunk"].iloc[0] - truth)
    assert np.mean(best_raw) > 0.15
    assert np.mean(best_shrunk) < 0.04


def test_where_campaigns_differ_the_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(2)
    inside, squares, raw = [], [], []
    for _ in range(60):
        truth, noise = rng.normal(0.05, 0.1, 20), rng.uniform(0.03, 0.15, 20)
        seen = rng.normal(truth, noise)
        found = league_table(league(list(seen), list(noise))).sort_values(
            "name", key=lambda one: one.str[1:].astype(int)
        )
        inside.append(((found["ci_lower"].to_numpy() <= truth) & (truth <= found["ci_upper"].to_numpy())).mean())
        squares.append(np.mean((found["shrunk"].to_numpy() - truth) ** 2))
        raw.append(np.mean((seen - truth) ** 2))
    assert 0.84 <= np.mean(inside) <= 0.94
    assert np.mean(squares) < 0.8 * np.mean(raw)


def test_few_rows_are_not_drawn_together_and_the_unknown_stay_last() -> None:
    two = league_table(league([0.1, 0.3], [0.1, 0.1]))
    assert two["shrunk"].isna().all()
    assert two["name"].tolist() == ["c1", "c0"]
    found = league_table(league([0.1, np.nan, 0.3, 0.2], [0.1, 0.1, 0.1, np.nan]))
    assert found["name"].tolist()[:2] == ["c2", "c0"]
    assert found["rank"].isna().sum() == 2
    with pytest.raises(DataError, match="above zero"):
        league_table(league([0.1, 0.2, 0.3], [0.1, 0.0, 0.1]))


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0.01, 1)), min_size=3, max_size=12))
def test_shrunken_estimates_stay_within_the_raw_ones(rows: list[tuple[float, float]]) -> None:
    found = league_table(league([one for one, _ in rows], [noise for _, noise in rows]))
    assert found["shrunk"].between(found["estimate"].min() - 1e-9, found["estimate"].max() + 1e-9).all()
    assert found["pulled"].between(0, 1).all()


def test_a_standard_error_from_an_interval() -> None:
    assert spread_of(-0.196, 0.196, level=0.95) == pytest.approx(0.1, abs=1e-4)


LIFTS = {"one": 0.0, "two": 0.3, "three": 0.1}


def test_only_finished_campaigns_are_ranked_and_three_of_them() -> None:
    campaigns = {name: brief(id=name, name=name) for name in LIFTS}
    found = {name: effect_or_reason(world(np.random.default_rng(place), lift=lift), campaigns[name])
             for place, (name, lift) in enumerate(LIFTS.items())}  # fmt: skip
    table = campaign_standings(found, campaigns, level=0.9)
    assert table["name"].iloc[0] == "two"
    assert table["shrunk"].max() <= table["estimate"].max() and table["shrunk"].min() >= table["estimate"].min()
    running = {**found, "two": replace(found["two"], running=True)}  # type: ignore[type-var]
    few = campaign_standings(running, campaigns, level=0.9)
    assert few["name"].iloc[-1] == "two" and few["shrunk"].isna().all()
    assert few["verdict"].iloc[-1] == "running"
    again = effect_again(found, campaigns, "two", level=0.9)
    row = table.set_index("name").loc["two"]
    assert again and (again.estimate, again.ci_lower, again.n) == (row["shrunk"], row["ci_lower"], 3)
    assert effect_again(running, campaigns, "two", level=0.9) is None, "too few to be read together"
    other = {**campaigns, "one": brief(id="one", name="one", metric="views")}
    assert effect_again(found, other, "two", level=0.9) is None, "another metric is another kind"
    none = campaign_standings({}, campaigns, level=0.9)
    assert none["verdict"].tolist() == ["no_data"] * 3 and none["rank"].isna().all()


def test_few_placebo_windows_weigh_on_a_campaign_s_place() -> None:
    daily = world(np.random.default_rng(1), lift=0.3)
    found = effect_or_reason(daily, brief())
    assert found is not None and found.placebo_time is not None
    table = campaign_standings({"one": found}, {"one": brief()}, level=0.9)
    half = 1.6449 * table["spread"].iloc[0]
    assert half == pytest.approx(found.log_effect.ci_upper - found.log_effect.estimate, rel=1e-4)
    assert table["spread"].iloc[0] > found.placebo_time.scale, "t, not normal: the spread itself is uncertain"
    wide = replace(found, level=0.95, log_effect=replace(
        found.log_effect, ci_lower=found.log_effect.estimate - found.placebo_time.half_width(0.95),
        ci_upper=found.log_effect.estimate + found.placebo_time.half_width(0.95)))  # fmt: skip
    other = campaign_standings({"one": wide}, {"one": brief()}, level=0.95)
    assert other["spread"].iloc[0] == pytest.approx(table["spread"].iloc[0], rel=0.1)
