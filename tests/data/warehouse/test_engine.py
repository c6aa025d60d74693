"""Small letters are those of the engine, whatever the alphabet."""

from __future__ import annotations

import duckdb
import pandas as pd

from fanops_utils.data.warehouse.engine import small_letters
from fanops_utils.metrics import folds


def test_small_letters_are_the_engine_s() -> None:
    letters = [chr(place) for place in range(1, 0x1F000) if not 0xD800 <= place <= 0xDFFF]
    told = duckdb.execute("SELECT lower(letter) FROM (SELECT unnest(?) AS letter)", [letters]).fetchall()
    assert [small_letters(one) for one in letters] == [one for (one,) in told]
    assert small_letters("ΠΑΣ") == "πασ", "no last letter of a word is another one"


def test_codes_of_all_alphabets_are_found() -> None:
    codes = ["Straße10", "İSTANBUL", "ΠΑΣ5", "中国8", "المغرب"]
    orders = pd.DataFrame({
        "customer_key": [f"c{one}" for one in range(5)], "date_day": pd.Timestamp("2025-05-01"), "discount_code": codes,
        "total": 9.0, "refunded_amount": 0.0, "source": None,
    })  # fmt: skip
    assert len(folds.buyers_by_code(orders, codes)) == 5
    assert folds.orders_of_kind(orders, sources=[], codes=codes)["under_codes"].sum() == 5
