from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, read, written
from export_strategies import CAPTIONS, COUNTS, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.errors import ImportRefused

HEADER = [
    "By day",
    "Campaign name",
    "Ad group name",
    "Ad name",
    "Cost",
    "Impressions",
    "Clicks (destination)",
    "Currency",
]


def test_the_sample_file_row_by_row() -> None:
    found = read(EXPORTS / "tiktok_ads/daily.csv", brand=EVERYWHERE)
    table = found.table("ads_daily")
    assert (found.source, found.rows_in, found.rejects) == ("tiktok_ads", 2, [])
    columns = ["ad_name", "spend", "impressions", "link_clicks", "conversions", "conversions_value"]
    assert table[columns].to_numpy().tolist() == [["UGC 1", 8.0, 5000, 70, 1, 59], ["UGC 1", 11.4, 7100, 83, 0, 0]]
    assert table["date_day"].dt.date.tolist() == [date(2026, 9, 20), date(2026, 9, 21)]
    assert set(table["currency"]) == {"USD"}
    assert found.said("USD is taken, that of market US")


def test_korean_headers_and_a_row_of_totals() -> None:
    header = ["일별", "캠페인 이름", "광고 그룹 이름", "노출수", "클릭수(목적지)", "비용", "통화"]
    rows = [["2026-09-20", "캠", "그룹", "1,200", 5, "8000", "KRW"], ["2026-09-21", "캠", "그룹", 10, 0, "0", "KRW"]]
    found = read(written([header, *rows, ["Total of 2 results", "-", "-", 1210, 5, 8001, "KRW"]]), brand=EVERYWHERE)
    table = found.table("ads_daily")
    assert (found.rows_in, table["impressions"].tolist(), set(table["currency"])) == (2, [1200, 10], {"KRW"})
    assert found.said("비용 8,000.00 of 8,001.00")


def test_interactions_are_the_paid_likes_comments_and_shares_where_the_file_has_all_three() -> None:
    header = [*HEADER, "Paid likes", "Paid comments", "Paid shares"]
    rows = [
        ["2026-09-20", "C", "G", "A", 1, 900, 3, "USD", 40, 2, 1],
        ["2026-09-21", "C", "G", "A", 1, 900, 3, "USD", 40, "", 1],
    ]
    table = read(written([header, *rows]), brand=EVERYWHERE).table("ads_daily")
    assert table["engagements"].tolist() == [43, pd.NA], "a part that is missing is not zero"
    part = read(written([header[:-1], rows[0][:-1]]), brand=EVERYWHERE).table("ads_daily")
    assert part["engagements"].isna().all()


def test_without_days_or_currency_it_is_refused() -> None:
    with pytest.raises(ImportRefused, match="add the dimension By Day"):
        read(written([HEADER[1:], ["C", "G", "A", 1, 2, 3, "USD"]]), brand=EVERYWHERE)
    nowhere = EVERYWHERE.replace(
        "{platform: tiktok, handle: demo_brand, market: US}", "{platform: tiktok, handle: demo_brand}"
    )
    with pytest.raises(ImportRefused, match="does not say its currency"):
        read(written([HEADER[:-1], ["2026-09-20", "C", "G", "A", 1, 2, 3]]), brand=nowhere)


@settings(max_examples=12)
@given(st.dictionaries(st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), CAPTIONS.filter(str.strip)),
                       st.tuples(COUNTS, COUNTS), min_size=1, max_size=5))  # fmt: skip
def test_what_was_written_is_read(facts: dict) -> None:
    rows = [
        [day, "C", "G", name, "1.25", cell(shown), cell(clicks), "eur"]
        for (day, name), (shown, clicks) in facts.items()
    ]
    table = read(written([HEADER, *rows]), brand=EVERYWHERE).table("ads_daily")
    for number, ((day, name), (shown, clicks)) in enumerate(facts.items()):
        one = table.iloc[number]
        assert (one["date_day"].date(), one["ad_name"], one["spend"], one["currency"]) == (day, name, 1.25, "EUR")
        assert same(one["impressions"], shown)
        assert same(one["link_clicks"], clicks)
