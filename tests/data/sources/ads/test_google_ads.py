"""Google Ads: days below a title, totals as checksums, marks of the language."""

from __future__ import annotations

import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, read

from fanops_utils.errors import ImportRefused

SAMPLE = EXPORTS / "google_ads" / "campaigns_daily.csv"
FRENCH = """Rapport sur les campagnes
"1 sept. 2026 - 2 sept. 2026"
Jour;Campagne;Code de la devise;Coût;Impr.;Clics;Conversions
2026-09-01;Toitures printemps;CAD;12,34;1\u202f234;7;1,00
2026-09-02;Toitures printemps;CAD;1\u202f020,50;10\u202f500;88;2,50
Total : compte;--;CAD;1\u202f032,84;11\u202f734;95;3,50
"""
GERMAN = """Kampagnenbericht
"1. September 2026 - 2. September 2026"
Tag,Kampagne,Währungscode,Kosten,Impr.,Klicks,Conversions
2026-09-01,Dach Frühling,USD,"1.234,56","12.345",120,"3,00"
2026-09-02,Dach Frühling,USD,"99,90",900,9,"0,50"
Gesamt: Konto,--,USD,"1.334,46","13.245",129,"3,50"
"""


def test_rows_of_totals_are_no_days() -> None:
    result = read(SAMPLE, brand=EVERYWHERE)
    assert result.rows_in == 4
    assert result.table("ads_daily")["spend"].sum() == pytest.approx(1035.94)
    assert not result.said("do not add up")
    wrong = SAMPLE.read_text(encoding="utf-8").replace(
        'Total: Account,--,--,USD,"1,035.94"', "Total: Account,--,--,USD,9.00"
    )
    assert read(wrong, brand=EVERYWHERE).said("do not add up")


@pytest.mark.parametrize(("text", "spend", "shown"), [
    (FRENCH, [12.34, 1020.5], [1234, 10500]), (GERMAN, [1234.56, 99.9], [12345, 900]),
])  # fmt: skip
def test_other_languages(text: str, spend: list[float], shown: list[int]) -> None:
    result = read(text, brand=EVERYWHERE)
    assert result.table("ads_daily")["spend"].tolist() == spend
    assert result.table("ads_daily")["impressions"].tolist() == shown
    assert not result.said("do not add up")


@pytest.mark.parametrize("column", ["Day", "Currency code"])
def test_a_total_of_days_and_an_amount_of_no_currency_are_refused(column: str) -> None:
    with pytest.raises(ImportRefused):
        read(SAMPLE.read_text(encoding="utf-8").replace(column, "Other", 1), brand=EVERYWHERE)


def test_devices_are_told_apart() -> None:
    text = "Day,Campaign,Device,Currency code,Cost,Impr.,Clicks\n2026-09-01,A,Mobile phones,USD,10.00,100,5\n"
    found = read(text + "2026-09-01,A,Computers,USD,4.50,50,2\n", brand=EVERYWHERE).table("ads_daily")
    assert found["breakdown"].tolist() == ["Device Mobile phones", "Device Computers"]


def test_two_networks_with_the_same_numbers_are_not_one_row() -> None:
    head = "Day,Campaign,Network,Currency code,Cost,Impr.\n"
    rows = [f"2026-09-01,Spring,{network},USD,0.50,10\n" for network in ("Search", "Partners", "Partners")]
    assert {one.row for one in read(head + rows[0] + rows[1], brand=EVERYWHERE).rejects} == {1, 2}
    assert not read(head + rows[1] + rows[2], brand=EVERYWHERE).rejects, "one row, pasted twice"
