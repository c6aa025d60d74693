"""Quantiles by ranks are those of numpy, in groups and of all."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as arrow
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fanops_utils.data.warehouse.asking.quantiles import quantiles

DIALECTS = ("bigquery", "snowflake", "databricks", "clickhouse", "trino", "athena", "postgres")


@settings(max_examples=8, report_multiple_bugs=False, phases=[Phase.generate])
@given(
    st.lists(st.tuples(st.integers(0, 2), st.none() | st.integers(-40, 40)), max_size=25),
    st.sampled_from([0, 0.05, 0.5, 0.99]),
)
def test_they_are_those_of_numpy(cells: list[tuple[int, int | None]], share: float) -> None:
    groups, values = ([row[place] for row in cells] for place in (0, 1))
    columns = {"a": arrow.array(groups, arrow.int64()), "b": arrow.array(values, arrow.int64())}
    rows = ibis.memtable(arrow.table(columns))
    found = quantiles(rows, rows.b / 4, by=["a"], low=share).order_by("a").to_pandas()
    known = {group: [value / 4 for one, value in cells if one == group and value is not None] for group in range(3)}
    expected = {group: np.quantile(some, share) for group, some in known.items() if some}
    assert found["a"].tolist() == list(expected)
    np.testing.assert_allclose(found["low"], list(expected.values()), rtol=1e-12)
    whole = quantiles(rows, rows.b / 4, low=share, high=0.9).to_pandas().iloc[0]
    every = [value / 4 for value in values if value is not None]
    for name, wanted in (("low", share), ("high", 0.9)):
        np.testing.assert_allclose(whole[name], np.quantile(every, wanted) if every else np.nan, rtol=1e-12)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_engine_can_be_asked(dialect: str) -> None:
    rows = ibis.table({"a": "string", "b": "float64"}, name="given")
    assert "ROW_NUMBER" in str(ibis.to_sql(quantiles(rows, rows.b, by=["a"], low=0.5), dialect=dialect)).upper()
