from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from export_brand import EVERYWHERE
from export_reading import EXPORTS, Result, read, written
from export_strategies import COUNTS, cell, same
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Workspace

TOP = "# ---\n# Traffic acquisition\n# Account: Demo\n# Property: Demo - GA4\n# ---\n#\n# All Users\n"
PERIOD = "# Start date: 20260101\n# End date: 20260131\n"


def ga4(body: str, *, top: str = TOP + PERIOD) -> Result:
    return read(f"{top}\n{body}", brand=EVERYWHERE)


def test_the_daily_exploration_row_by_row() -> None:
    found = read(EXPORTS / "ga4/free_form_daily.csv", brand=EVERYWHERE)
    web = found.table("web_daily")
    assert (found.source, found.report, found.rows_in, found.rejects) == ("ga4", "web", 3, [])
    columns = ["date_day", "channel_group", "active_users", "event_count", "sessions"]
    assert web[columns].to_numpy().tolist() == [
        [pd.Timestamp("2026-08-26"), "Organic Social", 44963, 163565, 68392],
        [pd.Timestamp("2026-08-26"), "Direct", 50, 210, 130],
        [pd.Timestamp("2026-08-25"), "Organic Social", 33439, 120438, 48944],
    ]
    assert set(web["metric_window"]) == {"day"}
    assert set(web["property"]) == {"Demo Brand"}
    assert web[["views", "key_events", "period_start"]].isna().all().all(), "what the file lacks is missing, not zero"
    # the Grand total has one cell more than there are columns; it is no record, but the rows are held against it
    assert found.said("do not add up to the Grand total (Sessions 117,466 of 309,558; Event count 284,213 of 847,833)")


def test_pages_over_a_period_row_by_row() -> None:
    found = read(EXPORTS / "ga4/pages_and_screens.csv", brand=EVERYWHERE)
    web = found.table("web_daily", "page_path")
    assert found.rows_in == 3
    assert web.loc["/drops", ["views", "active_users", "event_count"]].tolist() == [6225, 926, 22063]
    assert web.loc["/", ["key_events", "total_revenue", "average_engagement_seconds"]].tolist() == [3, 118.5, 12.01]
    assert set(web["metric_window"]) == {"period"}
    assert (web["period_start"].iloc[0], web["period_end"].iloc[0]) == (
        pd.Timestamp("2026-01-01"),
        pd.Timestamp("2026-09-23"),
    )
    assert web["date_day"].isna().all()
    assert not found.warnings


def test_not_set_and_none_are_values_of_a_dimension() -> None:
    web = ga4("Session source / medium,Sessions\n(direct) / (none),5\n(not set),2\n(other),1\n").table("web_daily")
    assert web["source"].tolist() == ["(direct)", "(not set)", "(other)"]
    assert web["medium"].tolist() == ["(none)", pd.NA, pd.NA]


def test_conversions_are_key_events() -> None:
    for name in ("Conversions", "Key events"):
        assert ga4(f"Country,{name}\nGermany,2.5\n").table("web_daily")["key_events"].tolist() == [2.5]


def test_days_counted_from_the_start_get_their_date() -> None:
    web = ga4("Nth day,Views\n0000,7\n0001,0\n0030,\n").table("web_daily")
    assert web["date_day"].dt.date.tolist() == [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 31)]
    assert web["views"].tolist() == [7, 0, pd.NA]


@pytest.mark.parametrize(
    ("body", "top", "words"),
    [
        ("Nth week,Views\n0023,7\n", TOP + PERIOD, "'Nth week' is not a day"),
        ("Month,Views\n07,7\n", TOP + PERIOD, "'Month' is not a day"),
        ("Country,Views\nGermany,7\n", TOP, "neither days nor a period"),
        (
            "Age bracket,Country,Views\n18-24,DE,7\nunknown,DE,3\n",
            TOP + PERIOD,
            "no column for the split 'Age bracket'",
        ),
        ("Country,Bounce rate\nGermany,0.3\n", TOP + PERIOD, "no metric fanops keeps"),
        ("Session source,First user source,Views\na,b,7\n", TOP + PERIOD, "two columns mean source"),
        ("", TOP + PERIOD, "it holds no table"),
    ],
)
def test_tables_without_a_place_are_refused_by_name(body: str, top: str, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        ga4(body, top=top)


def test_several_tables_each_with_its_period() -> None:
    february = "# Start date: 20260201\n# End date: 20260228\nCountry,Views\nGermany,9\n"
    body = f"Country,Views\nGermany,7\n\n{february}\nCity,Views\nBonn,1\n"
    found = ga4(body)
    assert found.table("web_daily")["period_start"].dt.month.tolist() == [1, 2]
    assert found.table("web_daily")["views"].tolist() == [7, 9]
    assert found.said("the table 'City, Views' (1 row) is not read")


def test_metrics_of_one_day_in_two_tables_become_one_row(tmp_path: Path) -> None:
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand/brand.yml").write_text(EVERYWHERE, encoding="utf-8")
    file = tmp_path / "snapshot.csv"
    file.write_text(
        f"{TOP}{PERIOD}\nNth day,Views\n0000,7\n0001,8\n\nNth day,Active users\n0000,3\n0001,4\n", encoding="utf-8"
    )
    workspace = Workspace(tmp_path / "brand")
    (report,) = import_paths(workspace, [file])
    assert (report.rows_in, report.rows_loaded + report.rows_duplicate, report.rows_quarantined) == (4, 4, 0)
    web = Store(workspace).read("web_daily")
    assert web[["views", "active_users"]].to_numpy().tolist() == [[7, 3], [8, 4]]


def test_records_that_cannot_be_told_apart_or_are_cut_are_set_aside() -> None:
    found = ga4("Country,Views,Sessions\nGermany,7,1\nGermany,9,1\nFrance,1\nItaly,x,1\nSpain,3,2\nPeru,1,2,3\n")
    assert found.table("web_daily")["country"].tolist() == ["Spain"]
    assert sorted({one.row for one in found.rejects}) == [1, 2, 3, 4, 6]


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
SOURCES = st.sampled_from(["(direct)", "(not set)", "a,b", 'say "x"', "小红书", "=cmd", "-"])


@settings(max_examples=12)
@given(st.dictionaries(st.tuples(DAYS, SOURCES), st.tuples(COUNTS, COUNTS), min_size=1, max_size=6), st.booleans())
def test_what_was_written_is_read(facts: dict[tuple[date, str], tuple[int | None, int | None]], total: bool) -> None:
    sums = [sum(pair[place] or 0 for pair in facts.values()) for place in (0, 1)]
    rows = [["", "", *sums, "Grand total"]] if total else []
    rows += [[f"{day:%Y%m%d}", source, *map(cell, pair)] for (day, source), pair in facts.items()]
    text = "# ---\n# Demo\n# Free form\n# 20200101-20300101\n# ---\n\n" + written(
        [["Date", "Session source", "Sessions", "Views"], *rows]
    )
    found = read(text, brand=EVERYWHERE)
    web = found.table("web_daily", "date_day", "source")
    for (day, source), (sessions, views) in facts.items():
        row = web.loc[(pd.Timestamp(day), source)]
        assert same(row["sessions"], sessions)
        assert same(row["views"], views)
    assert not found.warnings
