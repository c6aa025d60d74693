from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read, written
from export_strategies import CAPTIONS, COUNTS, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.errors import ImportRefused

HEADER = ["Reporting starts", "Reporting ends", "Campaign name", "Ad set name", "Ad name", "Day", "Amount spent (EUR)",
          "Impressions", "Reach", "CTR (all)", "Results", "Result indicator"]  # fmt: skip


def ads(*rows: list[object], header: list[str] = HEADER, delimiter: str = ",") -> Result:
    return read(written([header, *rows], delimiter=delimiter), brand=EVERYWHERE)


def row(day: str = "2026-09-20", name: str = "Ad", spend: object = "1.50", **more: object) -> list[object]:
    values = {"impressions": 100, "reach": 90, "ctr": "2.5", "results": 3, "kind": "reach"} | more
    return ["2026-09-20", "2026-09-21", "C", "S", name, day, spend, *values.values()]


def test_the_sample_file_row_by_row() -> None:
    found = read(EXPORTS / "meta_ads/daily_breakdown.csv", brand=EVERYWHERE)
    table = found.table("ads_daily")
    assert (found.source, found.rows_in, found.rejects, found.warnings) == ("meta_ads", 4, [], []), "the total adds up"
    assert table["date_day"].dt.day.tolist() == [20, 21, 20, 21]
    assert table["ad_name"].tolist() == ["Hoodie video", "Hoodie video", "Vlog cut", "Vlog cut"]
    assert table["spend"].tolist() == [12.5, 1010.0, 25.6, 0.0]
    assert table["impressions"].tolist() == [3400, 3100, 400, 0]
    assert table["reach"].tolist() == [2600, 2500, pd.NA, pd.NA], "an empty cell is not zero"
    assert table["link_clicks"].tolist() == [51, 40, 10, pd.NA]
    assert table["results"].tolist() == [2, 1, 400, pd.NA]
    assert table["result_type"].tolist()[1:3] == ["actions:offsite_conversion.fb_pixel_purchase", "reach"], "row by row"
    assert table["conversions_value"].tolist() == [118.0, 59.0, pd.NA, pd.NA]
    assert set(table["currency"]) == {"USD"}
    assert set(table["metric_window"]) == {"day"}


def test_a_total_of_a_period_is_refused_and_says_how_to_export() -> None:
    header = [name for name in HEADER if name != "Day"]
    rows = [one[:5] + one[6:] for one in (row(), row(name="B"))]
    with pytest.raises(ImportRefused, match=r"one total for several days.*Breakdown > By time > Day"):
        ads(*rows, header=header)
    single = [[*one[:1], *one[:1], *one[2:]] for one in rows]
    assert ads(*single, header=header).table("ads_daily")["date_day"].dt.day.tolist() == [20, 20], (
        "a period of one day is a day"
    )


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("total", [["", "", "", "", "", "", "3.00", 200, "", "", "", ""],
                                   ["2026-09-20", "2026-09-21", "", "", "", "", "3.00", 200, "", "", "", ""]])  # fmt: skip
def test_the_row_of_totals_is_a_checksum(first: bool, total: list[object]) -> None:
    rows = [row(), row(day="2026-09-21")]
    found = ads(total, *rows) if first else ads(*rows, total)
    assert (found.rows_in, len(found.table("ads_daily")), found.warnings) == (2, 2, [])
    off = [*total[:6], "4.00", *total[7:]]
    assert ads(*rows, off).said("Amount spent (EUR) 3.00 of 4.00")


def test_french_numbers_and_headers() -> None:
    header = ["Début des rapports", "Fin des rapports", "Nom de la campagne", "Jour", "Montant dépensé (EUR)", "Impressions",
              "Couverture", "Répétition", "Clics sur un lien"]  # fmt: skip
    found = ads(["2026-09-20", "2026-09-20", "Été", "2026-09-20", "1\u202f234,56", "12 400", "9\u00a0000", "1,31", "7"],
                header=header, delimiter=";")  # fmt: skip
    first = found.table("ads_daily").iloc[0]
    assert first[["spend", "impressions", "reach", "frequency", "link_clicks"]].tolist() == [
        1234.56,
        12400,
        9000,
        1.31,
        7,
    ]
    unclear = ads(
        ["2026-09-20", "2026-09-20", "Été", "2026-09-20", "12,400", "1", "1", "1,3", "7"], header=header, delimiter=";"
    )
    assert [one.value for one in unclear.rejects] == ["12,400"], (
        "three decimals of a euro, or thousands: nothing decides"
    )


@pytest.mark.parametrize("header", [
    ["Inicio del informe", "Fin del informe", "Nombre de la campaña", "Día", "Importe gastado (MXN)", "Impresiones"],
    ["بدء إعداد التقارير", "انتهاء إعداد التقارير", "اسم الحملة", "اليوم", "المبلغ المنفق (MXN)", "مرات الظهور"],
])  # fmt: skip
def test_other_languages(header: list[str]) -> None:
    first = (
        ads(["2026-09-20", "2026-09-20", "C", "2026-09-20", "12.5", "٣٤٠٠"], header=header).table("ads_daily").iloc[0]
    )
    assert first[["spend", "currency", "impressions", "campaign_name"]].tolist() == [12.5, "MXN", 3400, "C"]


@pytest.mark.parametrize(
    "title",
    ["Post engagements", "post engagement", "Interactions avec la publication", "Interacciones con la publicación",
     "Beitragsinteraktionen", "Engajamentos com a publicação"],
)  # fmt: skip
def test_interactions_with_the_advertisement_in_every_spelling(title: str) -> None:
    found = ads([*row(), "1,204"], [*row(name="B"), ""], header=[*HEADER, title])
    assert found.table("ads_daily")["engagements"].tolist() == [1204, pd.NA]


def test_currency_is_that_of_the_header_or_the_file_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no column names its currency"):
        ads(row(), header=[name.replace(" (EUR)", "") for name in HEADER])
    with pytest.raises(ImportRefused, match="the columns name several currencies: 'EUR, USD'"):
        ads([*row(), 1], header=[*HEADER, "CPM (cost per 1,000 impressions) (USD)"])


def test_breakdowns_and_ids_tell_rows_apart_and_nothing_else_is_mixed() -> None:
    split = ads([*row(), "18-24", "female"], [*row(), "25-34", "female"], header=[*HEADER, "Age", "Gender"])
    assert split.table("ads_daily")["breakdown"].tolist() == ["Age 18-24, Gender female", "Age 25-34, Gender female"]
    named = ads([*row(), "120001"], [*row(spend=2), "120002"], header=[*HEADER, "Ad ID"]).table("ads_daily")
    assert named["ad_name"].tolist() == ["Ad [120001]", "Ad [120002]"]
    mixed = ads(
        [*row(), "Feed A"], [*row(spend=2), "Feed B"], [*row(name="Other"), "x"], header=[*HEADER, "Media type"]
    )
    assert (len(mixed.table("ads_daily")), sorted(one.row for one in mixed.rejects)) == (1, [1, 2])


def test_spoilt_ids_words_and_cut_lines_are_set_aside() -> None:
    header = [*HEADER, "Ad ID"]
    found = ads([*row(), "1.2E+17"], [*row(name="B", spend="many"), "2"], row(name="C"), [*row(name="D"), "4"],
                [*row(name="E", day="20.09.2026"), "5"], [*row(name="F", day=""), "6"], header=header)  # fmt: skip
    assert found.table("ads_daily")["ad_name"].tolist() == ["D"]
    assert {one.row: one.column for one in found.rejects} == {
        1: "Ad ID", 2: "Amount spent (EUR)", 3: "Ad ID", 5: "Day", 6: "Day",
    }  # fmt: skip


FACTS = st.tuples(st.one_of(st.none(), st.decimals(0, 10**6, places=2)), COUNTS, COUNTS)


@settings(max_examples=12)
@given(st.dictionaries(st.tuples(st.dates(date(2020, 1, 1), date(2030, 1, 1)), CAPTIONS.filter(str.strip)), FACTS, min_size=1,
                       max_size=5), st.sampled_from(["point", "comma", "groups"]))  # fmt: skip
def test_what_was_written_is_read(facts: dict, style: str) -> None:
    def money(value: object) -> str:
        if value is None:
            return ""
        return {"point": f"{value:.2f}", "comma": f"{value:.2f}".replace(".", ","), "groups": f"{value:,.2f}"}[style]

    rows = [["2020-01-01", "2030-01-01", "C", "S", name, day, money(spend), cell(shown), cell(reach), "", "", ""]
            for (day, name), (spend, shown, reach) in facts.items()]  # fmt: skip
    found = ads(*rows, delimiter=";" if style == "comma" else ",")
    table = found.table("ads_daily")
    assert not found.rejects
    for number, ((day, name), (spend, shown, reach)) in enumerate(facts.items()):
        one = table.iloc[number]
        assert (one["date_day"].date(), one["ad_name"]) == (day, name)
        assert same(one["spend"], None if spend is None else float(spend))
        assert same(one["impressions"], shown)
        assert same(one["reach"], reach)
