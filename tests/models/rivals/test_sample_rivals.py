"""What is planted in the simulated rivals comes out of the imported files."""

from __future__ import annotations

import pandas as pd
import pytest

from fanops_utils import models
from fanops_utils.data import warehouse
from fanops_utils.data.sample.period import DAYS_PER_MONTH
from fanops_utils.data.sample.truths import Truths
from fanops_utils.workspace import Workspace

RIVALS = dict(Truths().rivals.rivals)
STEADY, NEAR, BROKEN = "Verdant Leaf", "Kettle & Co", "Steep Street"


@pytest.mark.parametrize("market", ["US", "DE", "JP"])
def test_pace_ceiling_and_break_are_found_where_planted(demo: Workspace, market: str) -> None:
    daily = warehouse.brand_days(warehouse.Store(demo), platform="instagram", market=market)
    table = models.growth_of_brands(daily, brands=list(RIVALS)).set_index("brand")
    assert table["shape"].to_dict() == {STEADY: "steady", NEAR: "ceiling", BROKEN: "break"}
    factor = dict(Truths().rivals.markets)[market]
    pace = RIVALS[STEADY].growth / DAYS_PER_MONTH * 28
    assert table.loc[STEADY, "ci_lower"] - 0.001 <= pace <= table.loc[STEADY, "ci_upper"] + 0.001
    assert table.loc[NEAR, "ceiling"] == pytest.approx(RIVALS[NEAR].ceiling * factor, rel=0.03)
    assert abs((table.loc[BROKEN, "at"] - pd.Timestamp(RIVALS[BROKEN].breaks)).days) <= 10
    assert [len(jumps) for jumps in table["jumps"]] == [0, 0, 0]


def test_what_works_is_found_at_the_rival_that_has_it_and_not_at_the_others(demo: Workspace) -> None:
    posts = warehouse.brand_posts(warehouse.Store(demo), platform="instagram", market="US")
    table = models.rank_rivals(posts, brands=list(RIVALS))
    leads = table[table["leads"]]
    assert set(zip(leads["brand"], leads["value"], strict=True)) == {(STEADY, "short_video"), (STEADY, "recipe")}
    rows = table[table["brand"] == STEADY].set_index("value")
    reel = (1 + rows.loc["short_video", "estimate"]) / (1 + rows.loc["image", "estimate"])
    assert reel == pytest.approx(RIVALS[STEADY].reel, rel=0.15)


def test_cadence_and_response_are_those_planted(demo: Workspace) -> None:
    posts = warehouse.brand_posts(warehouse.Store(demo), platform="instagram", market="US")
    weekly = models.cadence(posts, brands=list(RIVALS)).set_index("brand")
    assert {
        name: abs(weekly.loc[name, "median"] - one.per_week) <= 0.6 for name, one in RIVALS.items()
    } == dict.fromkeys(RIVALS, True)
    earned = models.response(posts, brands=[*RIVALS, demo.brand.name]).set_index("brand")
    assert earned.loc[NEAR, "estimate"] == pytest.approx(
        RIVALS[NEAR].rate * 0.923, rel=0.1
    )  # median of a log-normal, sd 0.4
    assert earned.loc[demo.brand.name, "n"] == 0  # its exports of Instagram hold no followers


def test_no_rival_leaves_its_usual_range(demo: Workspace) -> None:
    store = warehouse.Store(demo)
    daily = warehouse.brand_days(store, platform="instagram", market="DE")
    heard = warehouse.mention_counts(store, market="DE")
    table = models.moves(daily, heard, brands=[demo.brand.name, *RIVALS])
    assert len(table) >= 12 and int(table["judgment"].isin(["up", "down"]).sum()) <= 1
