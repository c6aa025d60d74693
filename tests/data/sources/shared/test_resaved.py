from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pytest
from export_reading import workspace
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.sources.files.reading import Export, Grid
from fanops_utils.data.sources.shared.publication import MOMENT
from fanops_utils.data.sources.shared.resaved import counts, printed_day, printed_time
from fanops_utils.data.sources.shared.sheet import Sheet, cells_of
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.errors import ImportRefused

CONTEXT = Context(workspace(), Export("x.csv", ("x.csv",), b"", datetime(2026, 11, 1, tzinfo=UTC)))


def sheet(*values: str, delimiter: str = ",") -> Sheet:
    cells = cells_of([[value] for value in values], {"x": 0}, ["x"])
    return Sheet(cells, ["x"], [], Grid([], delimiter=delimiter))


@given(st.lists(st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1)), min_size=1, max_size=40))
@settings(max_examples=15)
def test_native_times_come_back(moments: list[datetime]) -> None:
    cut = [moment.replace(second=0, microsecond=0, tzinfo=UTC) for moment in moments]
    ids = pd.Series(cut, dtype=MOMENT, index=pd.RangeIndex(1, len(cut) + 1))
    found, said = printed_time(sheet(*[f"{one:%m/%d/%Y %H:%M}" for one in cut]), "x", CONTEXT, ids=ids)
    assert found.tolist() == ids.tolist()
    assert said == []


@given(st.lists(st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1)), min_size=1, max_size=40))
@settings(max_examples=15)
def test_day_first_times_come_back_where_the_ids_prove_them(moments: list[datetime]) -> None:
    cut = [moment.replace(second=0, microsecond=0, tzinfo=UTC) for moment in moments]
    ids = pd.Series(cut, dtype=MOMENT, index=pd.RangeIndex(1, len(cut) + 1))
    read = sheet(*[f"{one.day}/{one.month}/{one.year} {one:%H:%M}" for one in cut], delimiter=";")
    if all(one.day == one.month for one in cut):
        return
    found, said = printed_time(read, "x", CONTEXT, ids=ids)
    assert found.tolist() == ids.tolist()
    assert "day first" in said[0]


def test_a_number_above_twelve_decides_for_the_whole_file() -> None:
    days, said = printed_day(sheet("03/04/2026", "21/04/2026", delimiter=";"), "x", CONTEXT)
    assert days.tolist() == [pd.Timestamp("2026-04-03"), pd.Timestamp("2026-04-21")]
    assert said


def test_nothing_decides_in_a_file_cut_by_semicolons() -> None:
    with pytest.raises(ImportRefused, match="cannot be told apart"):
        printed_time(sheet("03/04/2026 10:00", delimiter=";"), "x", CONTEXT)


def test_of_both_orders_in_one_file_only_what_reads_in_one_way_is_read() -> None:
    read = sheet("21/04/2026", "04/21/2026", "03/04/2026", "soon", "", "05/05/2026")
    days, said = printed_day(read, "x", CONTEXT)
    assert days.dt.strftime("%d.%m.").fillna("").tolist() == ["21.04.", "21.04.", "", "", "", "05.05."]
    assert [one.value for one in read.cells.rejects] == ["03/04/2026", "soon"]
    assert said
    ids = pd.Series([pd.Timestamp("2026-04-03 01:00", tz="UTC")] * 6, index=range(1, 7), dtype=MOMENT)
    proved, _ = printed_day(sheet("21/04/2026", "04/21/2026", "03/04/2026", "", "", ""), "x", CONTEXT, ids=ids)
    assert proved[3] == pd.Timestamp("2026-04-03")


@pytest.mark.parametrize(
    ("printed", "clock"),
    [("3/6/2026 12:05 am", "00:05"), ("3/6/2026 12:05 PM", "12:05"), ("3/6/2026 14:30 pm", "14:30"),
     ("3/6/2026 9:15 p.m.", "21:15"), ("2026-03-06 21:15:00", "21:15"), ("3/6/2026 11:05", "11:05")],
)  # fmt: skip
def test_clocks_of_twelve_and_twenty_four_hours(printed: str, clock: str) -> None:
    found, _ = printed_time(sheet(printed), "x", CONTEXT)
    assert found.iloc[0] == pd.Timestamp(f"2026-03-06 {clock}", tz="UTC")


def test_points_that_may_group_thousands_are_rejected_not_read() -> None:
    read = sheet("12.400", "12.000", "7", "12,400", delimiter=";")
    assert counts(read, ["x", "absent"])["x"].iloc[2:].tolist() == [7, 12400]
    assert {one.row for one in read.cells.rejects} == {1, 2}
    assert counts(sheet("12,400", ""), ["x"])["x"].tolist() == [12400, pd.NA]
