"""What other engines answer, brought into the dtypes that DuckDB gives: of the same rows the same frame."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal

from fanops_utils.data.warehouse.foreign.door import frame_of, in_order, in_types, portable

KINDS = {
    "at": arrow.timestamp("us", tz="UTC"), "day": arrow.date32(), "text": arrow.string(), "whole": arrow.int64(),
    "part": arrow.float64(), "flag": arrow.bool_(), "wall": arrow.timestamp("us"),
}  # fmt: skip
SCHEMA = ibis.Schema.from_pyarrow(arrow.schema(list(KINDS.items())))
# How drivers answer instead: naive or nanosecond times, decimals for sums, dictionaries of texts, columns of nothing.
OTHERWISE = {
    "at": [arrow.timestamp("ns"), arrow.timestamp("us"), arrow.timestamp("ms", tz="UTC"), arrow.timestamp("ns", tz="Asia/Tokyo")],
    "wall": [arrow.timestamp("ns"), arrow.timestamp("s")],
    "day": [arrow.date64(), arrow.timestamp("us")],
    "text": [arrow.large_string(), arrow.dictionary(arrow.int32(), arrow.string())],
    "whole": [arrow.int32(), arrow.decimal128(38, 0)],
    "part": [arrow.float32(), arrow.decimal128(38, 2)],
    "flag": [],
}  # fmt: skip
SECONDS = 1_700_000_000
ENGINE = ibis.duckdb.connect()
FEW = settings(max_examples=20)


def _rows(seed: int, size: int, missing: str) -> arrow.Table:
    rng = np.random.default_rng(seed)
    seconds = SECONDS + rng.integers(0, 10**7, size)
    values = {
        "at": arrow.array(seconds * 10**6, arrow.timestamp("us", tz="UTC")), "day": arrow.array(seconds // 86400, arrow.int64()),
        "text": arrow.array([f"t{one % 7}" for one in seconds], arrow.string()), "whole": arrow.array(seconds % 900),
        "part": arrow.array((seconds % 800) / 4), "flag": arrow.array(seconds % 2 == 0),
        "wall": arrow.array(seconds * 10**6, arrow.timestamp("us")),
    }  # fmt: skip
    values["day"] = values["day"].cast(arrow.int32()).cast(arrow.date32())
    if missing != "none":
        gone = np.ones(size, dtype=bool) if missing == "all" else rng.random(size) < 0.4
        values = {name: arrow.compute.if_else(arrow.array(gone), None, one) for name, one in values.items()}
    return arrow.table(values)


def _by_duckdb(rows: arrow.Table) -> object:
    return ENGINE.execute(ibis.memtable(rows))


@FEW
@given(st.integers(0, 10**6), st.sampled_from([0, 1, 5, 40]), st.sampled_from(["none", "some", "all"]), st.data())
def test_of_the_same_rows_comes_the_same_frame(seed: int, size: int, missing: str, data: st.DataObject) -> None:
    rows = _rows(seed, size, missing)
    kinds = {name: data.draw(st.sampled_from([kind, *OTHERWISE[name]])) for name, kind in KINDS.items()}
    if missing == "all":  # a column of nothing has no kind
        kinds = {name: data.draw(st.sampled_from([kind, arrow.null()])) for name, kind in kinds.items()}
    told = arrow.table({
        name: arrow.nulls(size) if kind == arrow.null() else rows[name].cast(kind) for name, kind in kinds.items()
    })  # fmt: skip
    mended = in_types(told, SCHEMA)
    assert mended.schema.types == list(KINDS.values())
    assert_frame_equal(frame_of(mended, SCHEMA), _by_duckdb(rows))


@FEW
@given(arrays(np.int8, (12, 3), elements=st.integers(0, 2)))
def test_rows_in_a_tie_come_in_one_order(cells: np.ndarray) -> None:
    table = ibis.memtable(arrow.table(dict(zip("abc", cells.T, strict=True))))
    expected = sorted(map(tuple, cells.tolist()))
    assert [tuple(row) for row in ENGINE.execute(in_order(table)).to_numpy().tolist()] == expected
    by_c = sorted(expected, key=lambda row: -row[2])
    asked = in_order(table.order_by(ibis.desc("c")))
    assert [tuple(row) for row in ENGINE.execute(asked).to_numpy().tolist()] == by_c


@pytest.mark.parametrize("size", [0, 3])
def test_one_row_of_totals_and_a_cut_are_asked_as_they_are(size: int) -> None:
    table = ibis.memtable(arrow.table({"a": list(range(size))}), schema={"a": "int64"})
    for asked in (table.aggregate(n=table.count()), table.order_by("a").limit(2)):
        assert in_order(asked).equals(asked)


@pytest.mark.parametrize(
    "dialect", ["postgres", "snowflake"]
)  # which Ibis tells to order different rows by another way
def test_different_rows_stay_different_where_other_columns_choose_them(dialect: str) -> None:
    table = ibis.table({"who": "string", "day": "int64"}, name="visits")
    asked = portable(in_order(table.filter(table.day >= 2).select("who").distinct()))
    ENGINE.raw_sql(
        "CREATE OR REPLACE TABLE visits AS SELECT * FROM (VALUES ('b', 2), ('a', 3), ('b', 4), ('c', 1)) AS t(who, day)"
    )
    assert ENGINE.raw_sql(ibis.to_sql(asked, dialect=dialect)).fetchall() == [("a",), ("b",)]
