"""What the simulated brand's campaigns pay for: advertisements, partners and codes, and that none of it adds an order."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fanops_utils.data.sample.formats.ads import ads_days, ads_files
from fanops_utils.data.sample.formats.partners import partner_files
from fanops_utils.data.sample.setting import Setting
from fanops_utils.data.sample.truths import Truths
from fanops_utils.data.sample.worlds.commerce.programme import ProgrammeTruth
from fanops_utils.metrics import ad_costs
from fanops_utils.workspace import Workspace, open_workspace

SEED, PROMOTION = 20261122, Truths().promotion


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return open_workspace("sample", root=Path(__file__).parents[3])


def test_one_file_of_advertisements_per_campaign_with_a_row_of_totals(workspace: Workspace) -> None:
    files = {file.path: file for file in ads_files(Setting(workspace, SEED))}
    assert sorted(files) == [
        "meta_ads/lumentea.br/Campaigns-2026-04-13-2026-05-10.csv",
        "meta_ads/lumentea.de/Campaigns-2026-09-07-2026-10-04.csv",
        "meta_ads/lumentea.fr/Campaigns-2026-10-19-2026-11-15.csv",
    ]
    content = files["meta_ads/lumentea.br/Campaigns-2026-04-13-2026-05-10.csv"].content
    assert content.startswith(b"\xef\xbb\xbfReporting starts,Reporting ends,Campaign name,")
    table = pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig")
    days, totals = table[table["Day"].notna()], table[table["Day"].isna()]
    assert (len(days), len(totals)) == (28 * 4, 1)
    spend = "Amount spent (USD)"
    assert float(totals[spend].iloc[0]) == pytest.approx(days[spend].astype(float).sum(), abs=0.005)
    running = pd.read_csv(io.BytesIO(list(files.values())[2].content), encoding="utf-8-sig")
    assert running["Day"].dropna().max() == "2026-10-31", "the data end before the campaign does"
    assert [file.content for file in ads_files(Setting(workspace, SEED))] == [file.content for file in files.values()]


def test_costs_of_the_advertisements_are_those_planted(workspace: Workspace) -> None:
    days = ads_days(Setting(workspace, 1), workspace.campaign("winter_warmup_fr"), 2000.0)
    names = {"campaign": "campaign_name", "creative": "ad_name", "shown": "impressions", "clicks": "link_clicks",
             "orders": "conversions", "value": "conversions_value"}  # fmt: skip
    frame = days.rename(columns=names).assign(currency="USD")
    found = ad_costs(frame, "ad_name").table.set_index("ad_name")
    assert found["cpm"].to_numpy() == pytest.approx(PROMOTION.thousand_shown, rel=0.02)
    for name, factor in PROMOTION.creatives:
        per_click = PROMOTION.thousand_shown / 1000 / PROMOTION.click_rate / factor
        assert found.loc[name, "cpc_lower"] < per_click < found.loc[name, "cpc_upper"]
    small = ads_days(Setting(workspace, SEED), workspace.campaign("spring_blend_br"), 55.0)
    assert small["spend"].sum() == pytest.approx(55 * 28, rel=0.12)


def test_codes_are_redeemed_and_no_order_is_added(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sales = Setting(workspace, SEED, 0.5, Truths(programme=ProgrammeTruth(partners=()))).sales
    monkeypatch.setattr("fanops_utils.data.sample.people.shop.campaign_codes", lambda _, orders, **__: orders)
    plain_sales = Setting(workspace, SEED, 0.5, Truths(programme=ProgrammeTruth(partners=()))).sales
    (orders, lines), (plain, same) = (sales.orders, sales.lines), (plain_sales.orders, plain_sales.lines)
    pd.testing.assert_frame_equal(lines, same)
    pd.testing.assert_frame_equal(orders.drop(columns="discount_code"), plain.drop(columns="discount_code"))
    changed = orders[orders["discount_code"] != plain["discount_code"]]
    campaign = workspace.campaign("spring_blend_br")
    brazil = changed[changed["market"] == "BR"]
    assert len(brazil) > 2
    assert set(brazil["discount_code"]) <= set(campaign.codes)
    assert (
        brazil["created"]
        .dt.tz_convert("America/Sao_Paulo")
        .dt.date.between(campaign.whole.start, campaign.whole.end)
        .all()
    )
    assert (plain.loc[changed.index, "discount_code"] != "").all()
    assert set(changed["market"]) == {"BR", "DE"}


def test_partners_deliver_at_the_planted_rates_and_are_paid_once(workspace: Workspace) -> None:
    making = Setting(workspace, SEED, 0.5)
    (file,), orders = partner_files(making), making.sales.orders
    table = pd.read_csv(io.BytesIO(file.content))
    assert table.groupby("Campaign")["Partner"].nunique().to_dict() == {"autumn_push_de": 2, "spring_blend_br": 3}
    for tier, _, rate in PROMOTION.partner_rates:
        own = table[table["Tier"] == tier]
        assert own["Interactions"].sum() / own["Reach"].sum() == pytest.approx(rate, rel=0.06)
    fees = table.groupby("Campaign")["Fee"].sum()
    for name, total in fees.items():
        assert total == sum(partner.fee or 0 for partner in workspace.campaign(str(name)).partners)
    coded = table.dropna(subset=["Orders"]).set_index("Code")["Orders"]
    assert coded["CASA10"] == (orders["discount_code"] == "CASA10").sum()
    assert np.isnan(table.loc[table["Partner"] == "Folha Solta", "Orders"]).all(), (
        "without a code nothing is known, not zero"
    )
