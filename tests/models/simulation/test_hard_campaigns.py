"""The hard grid: the same verdicts as `campaign_effect`, at most 12 % of them wrong, and wrong ones where they must be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fanops_utils.models import campaign_effect, hard_campaigns
from fanops_utils.models.simulation.hard_campaigns import CONTROLS, WILD, readings, verdicts
from fanops_utils.models.simulation.hard_worlds import WORLDS, WorldName, hard_markets
from fanops_utils.workspace.register import Period

SIDES = {"worked": 1, "hurt": -1, "no clear effect": 0, "cannot tell": 0}


@pytest.fixture(scope="module")
def grid() -> pd.DataFrame:
    return hard_campaigns(campaigns=100)


@pytest.mark.parametrize(("name", "treated", "controls"), [("easy", 1, 4), ("everything", 2, 5)])
def test_all_at_once_say_what_each_campaign_is_told(name: WorldName, treated: int, controls: int) -> None:
    before, live, rng = 180, 20, np.random.default_rng(5)
    logs = hard_markets(
        WORLDS[name], campaigns=3, treated=treated, controls=controls, before=before, live=live, wild=2.0, rng=rng
    )
    logs[1:, before:, :treated] += 0.4
    said = verdicts(readings(logs, treated=treated, live=live), level=0.9)
    markets = [f"M{number}" for number in range(treated + controls)]
    day = pd.date_range("2025-01-01", periods=before + live)
    whole = {"baseline": Period(start=day[before - 28].date(), end=day[before - 1].date()),
             "live": Period(start=day[before].date(), end=day[-1].date())}  # fmt: skip
    told = []
    for values in np.exp(logs):
        wide = pd.DataFrame(values, index=day, columns=markets).rename_axis(index="date_day", columns="market")
        daily = wide.stack().rename("value").reset_index()
        found = campaign_effect(daily, treated=markets[:treated], controls=markets[treated:], **whole)
        told.append(SIDES[found.verdict])
    assert said.tolist() == told


def test_no_cell_errs_beyond_what_is_tolerated_and_the_mean_of_the_controls_does(grid: pd.DataFrame) -> None:
    assert len(grid) == len(WORLDS) * len(CONTROLS) * len(WILD)
    assert (grid["errors_lower"] <= 0.12).all()
    assert grid["errors"].mean() <= 0.08
    rough = grid[(grid["wild"] > 1) | (grid["world"] == "shocked_control")]
    assert rough["pooled_errors"].mean() > 0.3, "the grid is hard: a plainer rule fails in it"


def test_power_is_not_bought_with_refusal(grid: pd.DataFrame) -> None:
    calm = grid[grid["wild"] == 1].groupby("world")["power"].mean()
    least = {"easy": 0.83, "own_walks": 0.31, "uneven_factors": 0.72, "steps": 0.67, "shocked_control": 0.45}
    for world, share in least.items():
        assert calm[world] >= share, world
    assert calm["everything"] > 0.05


def test_the_same_seed_gives_the_same_cell() -> None:
    world = {"campaigns": 3, "treated": 1, "controls": 3, "before": 60, "live": 14, "wild": 1.0}
    first, again = (hard_markets(WORLDS["easy"], **world, rng=np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(first, again)
    assert first.shape == (3, 74, 4)


def test_only_the_live_days_are_wild_and_one_control_is_shocked() -> None:
    rng = np.random.default_rng(2)
    shape = {"campaigns": 400, "treated": 1, "controls": 3, "before": 60, "live": 14}
    wild = hard_markets(WORLDS["easy"], **shape, wild=3.0, rng=rng)
    apart = (wild[..., 0] - wild[..., 1]).std(axis=0)
    assert apart[60:].mean() > 2 * apart[:60].mean()
    shocked = hard_markets(WORLDS["shocked_control"], **shape, wild=1.0, rng=rng)
    gap = (shocked[..., 1] - shocked[..., 2]).mean(axis=0)
    assert gap[60:].mean() - gap[:60].mean() == pytest.approx(np.log(1.5), abs=0.02)


def test_power_stands_beside_that_of_the_day_the_rule_was_chosen(grid: pd.DataFrame) -> None:
    both = grid[grid["chosen_power"].notna()]
    assert len(both) == len(WORLDS) * len(CONTROLS) and (both["wild"] == 1).all()
    assert (both["power"] - both["chosen_power"]).mean() > -0.03, "within what a hundred campaigns a cell tell"
