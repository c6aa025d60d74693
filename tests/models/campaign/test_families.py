"""Several phases, or several controls, read together: nothing planted is called something at most as often as promised."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from campaign_briefs import brief
from scipy import stats

from fanops_utils import models
from fanops_utils.metrics.multiple import told_apart
from fanops_utils.models.simulation.hard_worlds import WORLDS, WorldName, hard_markets

LEVEL, MARKETS = 0.9, ["BR", "US", "MX", "DE", "FR", "JP"]
SLOW = bool(os.environ.get("FANOPS_SLOW"))
CAMPAIGN = brief(baseline={"start": "2026-03-02", "end": "2026-03-29"}, phases=[
    {"name": "tease", "kind": "pre-heat", "start": "2026-03-30", "end": "2026-04-12", "goal": "wait"},
    {"name": "launch", "kind": "live", "start": "2026-04-13", "end": "2026-04-26", "goal": "talk"},
    {"name": "keep on", "kind": "live", "start": "2026-04-27", "end": "2026-05-10", "goal": "talk"},
    {"name": "thank", "kind": "follow-up", "start": "2026-05-11", "end": "2026-05-24", "goal": "stay"},
])  # fmt: skip


def markets(name: WorldName, rng: np.random.Generator, *, last: str, lift: float = 0.0) -> pd.DataFrame:
    """Return 400 days of six markets that end on the day *last*; in BR the launch weeks have the *lift*."""
    logs = hard_markets(WORLDS[name], campaigns=1, treated=1, controls=5, before=343, live=57, wild=1.0, rng=rng)[0]
    day = pd.date_range(end=last, periods=len(logs), name="date_day")
    launch = (day >= "2026-04-13") & (day <= "2026-05-10")
    logs[launch, 0] += np.log1p(lift)
    wide = pd.DataFrame(np.exp(7 + logs), index=day, columns=pd.Index(MARKETS, name="market"))
    return wide.stack().rename("value").reset_index()


def any_phase(daily: pd.DataFrame) -> bool:
    table = models.phase_effects(daily, CAMPAIGN, level=LEVEL)
    assert len(table) == 5 and table["n"].min() >= 4
    return bool(table["reading"].isin(["above", "below", "dip"]).any())


def any_control(daily: pd.DataFrame) -> bool:
    table = models.spillover(daily, CAMPAIGN, level=LEVEL)
    assert table["p_value"].notna().all() and len(table) == 5
    return bool(told_apart(table["p_value"], level=LEVEL).any())


@pytest.mark.parametrize(("family", "draws"), [(any_phase, 400 if SLOW else 40), (any_control, 200 if SLOW else 12)])
@pytest.mark.parametrize("name", ["uneven_factors", "own_walks"] if SLOW else ["uneven_factors"])
def test_the_chance_of_any_false_one_stays_within_what_is_promised(
    name: WorldName, family: Callable[[pd.DataFrame], bool], draws: int
) -> None:
    rng = np.random.default_rng(2026)
    wrong = sum(family(markets(name, rng, last="2026-06-07")) for _ in range(draws))
    assert wrong <= stats.binom.ppf(0.999, draws, 1 - LEVEL), f"{wrong} of {draws}"


def test_a_phase_that_did_something_is_found_among_them() -> None:
    rng = np.random.default_rng(4)
    found = sum(any_phase(markets("easy", rng, last="2026-06-07", lift=0.4)) for _ in range(5))
    assert found == 5


def test_a_control_that_moved_is_found_among_the_others() -> None:
    daily = markets("easy", np.random.default_rng(5), last="2026-06-07")
    hit = (daily["market"] == "MX") & (daily["date_day"] >= "2026-04-13")
    table = models.spillover(daily.assign(value=daily["value"].mask(hit, daily["value"] * 1.6)), CAMPAIGN, level=LEVEL)
    assert list(table.loc[told_apart(table["p_value"], level=LEVEL), "part"]) == ["MX"]
