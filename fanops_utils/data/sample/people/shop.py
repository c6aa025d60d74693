"""Orders of the one shop: what was bought as baskets with amounts, discounts, refunds and cancellations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fanops_utils.data.sample.people.buying import Purchases
from fanops_utils.data.sample.people.codes import campaign_codes

if TYPE_CHECKING:
    from fanops_utils.data.sample.setting import Setting

ARTICLES = pd.DataFrame(
    [
        ("Dawn blend 100 g", "DAWN-100", 14.9), ("Dawn blend 250 g", "DAWN-250", 29.9), ("Matcha 30 g", "MAT-30", 24.9),
        ("Matcha 100 g", "MAT-100", 62.9), ("Spring blend 100 g", "SPR-100", 15.9), ("Rooibos 100 g", "ROO-100", 11.9),
        ("Bamboo whisk", "WH-1", 18.9), ("Glass teapot", "POT-1", 39.9), ("Travel mug", "MUG-1", 27.9),
        ("Tasting set", "SET-6", 34.9),
    ],
    columns=["title", "sku", "price"],
)  # fmt: skip
PER_EURO = {"EUR": 1.0, "USD": 1.1, "MXN": 20.0, "BRL": 6.0, "JPY": 160.0}
SOURCES = {"web": 0.66, "instagram": 0.17, "tiktok": 0.12, "shopify_draft_order": 0.05}
CODES = {"": 0.78, "FAN10": 0.10, "WELCOME10": 0.07, "TEATIME10": 0.05}
DISCOUNT = 0.10
STATES = {"paid": 0.93, "refunded": 0.03, "partially_refunded": 0.02, "voided": 0.02}
TAX = 0.09


@dataclass(frozen=True)
class Sales:
    """Orders by time, their lines (`number` joins the two), and the coupons: to whom, and in which order used."""

    orders: pd.DataFrame
    lines: pd.DataFrame
    offers: pd.DataFrame


def sell(setting: Setting, bought: Purchases) -> Sales:
    """Return what was *bought* as orders with baskets and amounts; money is in the order's currency."""
    orders, rng, workspace = bought.orders.reset_index(drop=True), setting.rng("shop"), setting.workspace
    orders["currency"] = orders["market"].map({code: workspace.market(code).currency for code in workspace.markets})
    countries = {code: workspace.market(code).country_codes[0] for code in workspace.markets}
    orders["country"] = orders["market"].map(countries)
    orders.insert(0, "number", np.arange(1001, 1001 + len(orders)))
    lines = basket(orders, rng)
    orders = campaign_codes(setting, priced(orders, lines, rng))
    used = orders.loc[orders["code"] != "", ["customer", "code", "number", "created", "discount"]]
    return Sales(orders, lines, bought.offers.merge(used, on=["customer", "code"], how="left"))


def basket(orders: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per line: number of the order, article, pieces, and price in the order's currency."""
    count = rng.choice([1, 2, 3], len(orders), p=[0.60, 0.28, 0.12])
    row = np.repeat(np.arange(len(orders)), count)
    articles = ARTICLES.iloc[rng.integers(0, len(ARTICLES), len(row))].reset_index(drop=True)
    currency = orders["currency"].to_numpy()[row]
    price = articles["price"].to_numpy() * pd.Series(currency).map(PER_EURO).fillna(1.0).to_numpy()
    return articles.assign(
        number=orders["number"].to_numpy()[row],
        quantity=rng.choice([1, 2, 3], len(row), p=[0.8, 0.15, 0.05]),
        price=np.where(currency == "JPY", np.rint(price), np.round(price, 2)),
        currency=currency,
    )


def priced(orders: pd.DataFrame, lines: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return *orders* with their amounts, state and channel; prices include taxes."""
    digits = orders["currency"].eq("JPY").map({True: 0, False: 2})
    goods = (lines["price"] * lines["quantity"]).groupby(lines["number"]).sum().to_numpy()
    code = rng.choice(list(CODES), len(orders), p=list(CODES.values()))
    code = np.where(orders["code"] != "", orders["code"], code)
    state = rng.choice(list(STATES), len(orders), p=list(STATES.values()))
    rate = orders["currency"].map(PER_EURO).fillna(1.0).to_numpy()
    discount = _money(np.where(code == "", 0, DISCOUNT * goods), digits)
    shipping = _money(np.where(goods > 40 * rate, 0, 4.9 * rate), digits)
    total = _money(goods - discount + shipping, digits)
    part = np.select([state == "refunded", state == "partially_refunded"], [1.0, 0.4], 0.0)
    return orders.assign(
        discount_code=code,
        discount=discount,
        subtotal=_money(goods - discount, digits),
        shipping=shipping,
        taxes=_money(total * TAX / (1 + TAX), digits),
        total=total,
        refunded=_money(total * part, digits),
        state=state,
        source=rng.choice(list(SOURCES), len(orders), p=list(SOURCES.values())),
        accepts=rng.random(len(orders)) < 0.55,
        minutes_to_pay=rng.integers(0, 4, len(orders)),
        hours_to_ship=rng.integers(6, 90, len(orders)),
    )


def _money(amounts: np.ndarray, digits: pd.Series) -> np.ndarray:
    return np.where(digits == 0, np.rint(amounts), np.round(amounts, 2))
