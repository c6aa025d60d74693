"""What the simulated brand's site, survey and listening tool tell of its campaigns: the files, and what is planted in them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fanops_utils.data.sample.formats.ga4 import ga4_files
from fanops_utils.data.sample.formats.survey import QUESTION, survey_files
from fanops_utils.data.sample.setting import Setting
from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.sample.worlds.outside.listening import mentions
from fanops_utils.data.sample.worlds.outside.voices import tagged_share, voices
from fanops_utils.workspace import Workspace, open_workspace

SEED, TRUTHS = 20261122, Truths()
SURVEY, VOICES, WEB = TRUTHS.survey, TRUTHS.voices, TRUTHS.web


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return open_workspace("sample", root=Path(__file__).parents[3])


@pytest.fixture(scope="module")
def making(workspace: Workspace) -> Setting:
    return Setting(workspace, SEED)


@pytest.fixture(scope="module")
def orders(making: Setting) -> pd.DataFrame:
    return making.sales.orders


@pytest.fixture(scope="module")
def visits(making: Setting) -> pd.DataFrame:
    """All rows of the explorations, read without any help of the package."""
    files = ga4_files(making)
    frames = [pd.read_csv(io.BytesIO(one.content), comment="#", index_col=False, dtype={"Date": str}) for one in files]
    every = pd.concat(frames, ignore_index=True)
    return every[every["Date"].notna()].assign(day=lambda frame: pd.to_datetime(frame["Date"]))


def test_the_files_are_explorations_with_a_grand_total(making: Setting) -> None:
    files = ga4_files(making)
    assert [one.path for one in files][:2] == [
        "ga4/Free_form_20250901-20250930.csv",
        "ga4/Free_form_20251001-20251231.csv",
    ]
    lines = files[1].content.decode().splitlines()
    assert lines[:4] == [
        "# ----------------------------------------", "# Lumen Tea", "# Free form-Free form 1", "# 20251001-20251231",
    ]  # fmt: skip
    assert lines[5] == "" and lines[6].startswith("Date,Session default channel group,Session source,")
    assert lines[7].endswith(",Grand total") and lines[7].startswith(",,,,,,"), "one cell more than there are columns"
    assert lines[8].startswith("20251231,"), "the newest day first"
    sessions = sum(int(line.split(",")[6]) for line in lines[8:])
    assert int(lines[7].split(",")[6]) == sessions
    assert files[1].rows == len(lines) - 8
    assert [one.content for one in ga4_files(making)] == [one.content for one in files]


def test_visits_rise_where_it_is_planted_and_links_carry_some_of_them(
    visits: pd.DataFrame, workspace: Workspace
) -> None:
    for name, country in (("spring_blend_br", "Brazil"), ("autumn_push_de", "Germany")):
        brief, own = workspace.campaign(name), visits[visits["Country"] == country]
        live = own["day"].between(pd.Timestamp(brief.live.start), pd.Timestamp(brief.live.end))
        linked = own["Session campaign"] == name
        assert not (linked & ~live).any(), "nobody follows a link before it is there"
        carried = own.loc[linked, "Sessions"].sum() / own.loc[live, "Sessions"].sum()
        assert carried == pytest.approx(WEB.linked_share, abs=0.01), (
            "so many pass by the links, whether it lifts or not"
        )
    assert dict(WEB.campaign_lifts) == {"spring_blend_br": 1.24}


def test_the_sites_conversions_are_the_shops_orders(visits: pd.DataFrame, orders: pd.DataFrame) -> None:
    local = orders.loc[orders["market"] == "JP", "created"].dt.tz_convert("Asia/Tokyo").dt.tz_localize(None)
    inside = local.dt.normalize().between("2025-09-01", "2026-10-31")
    japan = visits[visits["Country"] == "Japan"]
    assert japan["Key events"].sum() == inside.sum() > 0
    assert (japan["Key events"] <= japan["Engaged sessions"]).all()
    assert (japan["Engaged sessions"] <= japan["Sessions"]).all()


def test_buyers_name_a_campaign_only_where_and_while_it_runs(workspace: Workspace, making: Setting) -> None:
    (file,) = survey_files(making)
    table = pd.read_csv(io.BytesIO(file.content))
    assert set(table["Question"]) == {QUESTION} and table["Response ID"].is_unique
    for name, said, share in SURVEY.named:
        brief, named = workspace.campaign(name), table[table["Answer"] == said]
        zone = workspace.market(brief.treated[0]).time_zone
        local = pd.to_datetime(table["Submitted"]).dt.tz_convert(zone).dt.date
        here = table["Country"].isin(brief.treated) & (local >= brief.live.start) & (local <= brief.live.end)
        # an answer is minutes late: one given past the last midnight still belongs to the last day's order
        assert len(named) - (here & (table["Answer"] == said)).sum() <= 1
        spread = np.sqrt(share * (1 - share) / here.sum())
        assert (table.loc[here, "Answer"] == said).mean() == pytest.approx(share, abs=2.5 * spread)


def test_tags_are_put_on_mentions_that_were_there_anyway(workspace: Workspace) -> None:
    small = Setting(workspace, SEED, 0.3)
    before = mentions(small)
    after = voices(small, before)
    pd.testing.assert_frame_equal(after[before.columns], before)
    tagged = after[after["tag"] != ""]
    assert set(tagged["tag"]) == {name for name, _ in VOICES.user_shares} == {"spring_blend_br"}
    assert set(tagged["market"]) == {"BR"} and set(tagged["brand"]) == {workspace.brand.name}
    assert set(after["author"]) <= {"User", "Press", "Creator", "Brand"}


def test_as_many_are_tagged_as_make_the_planted_share(workspace: Workspace, making: Setting) -> None:
    brief, users = workspace.campaign("spring_blend_br"), dict(VOICES.user_shares)["spring_blend_br"]
    part = tagged_share(making, brief, users)
    listed = 60_000 * 0.13 * 0.31 * 28 / 730 * 0.8 * part * (1 - VOICES.repeated_share)
    known = 4 * 4 + 4 * 3  # own posts of four weeks, deliveries of three partners
    assert listed * users / (users + VOICES.press_share) / (listed + known) == pytest.approx(users)
    assert tagged_share(making, brief, 0.9) == 1.0, "no more can be tagged than there are"
