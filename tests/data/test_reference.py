from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from fanops_utils.data import reference
from fanops_utils.data.reference import metric_breaks
from fanops_utils.errors import DataError


def test_the_renames_are_dated_and_sourced() -> None:
    breaks = metric_breaks(ROOT)
    assert breaks["source"].str.len().gt(20).all()
    known = set(zip(breaks["platform"], breaks["metric"], breaks["date"].dt.strftime("%Y-%m"), strict=True))
    assert known >= {
        ("instagram", "impressions", "2025-04"), ("facebook", "impressions", "2025-11"),
        ("youtube", "impressions", "2026-10"), ("youtube", "impressions_ctr", "2026-10"), ("youtube", "views", "2025-03"),
    }  # fmt: skip
    assert breaks.loc[breaks["precision"] == "month", "date"].dt.day.eq(1).all()
    assert breaks["date"].le(pd.Timestamp("2026-11-22")).all()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "instagrm,views,2025-04-01,day,n,s",
            "row 1, column 'platform': unknown platform: 'instagrm'. Did you mean 'instagram'",
        ),
        ("x,veiws,2025-04-01,day,n,s", "Did you mean 'views'"),
        ("x,views,2025-04-01,week,n,s", "unknown precision: 'week'"),
        ("x,views,2025-04-31,day,n,s", "not a date"),
        ("x,views,2025-04-02,month,n,s", "write its first day"),
        ("x,views,2025-04-02,day,n,", "column 'source': the cell is empty"),
        ("x,views,2025-04-02,day,n,s\nx,views,2025-04-02,day,n,s", "stands there twice"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "data" / "reference" / "metric_breaks.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f"platform,metric,date,precision,note,source\n{row}\n")
    with pytest.raises(DataError) as refused:
        metric_breaks(tmp_path)
    assert words in str(refused.value)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    path = tmp_path / "data" / "reference" / "metric_breaks.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("precision", "exactness", 1), encoding="utf-8")
    with pytest.raises(DataError, match="precision"):
        metric_breaks(tmp_path)


def test_published_rates_say_what_they_divide_by_and_where_they_were_read() -> None:
    table = reference.benchmarks()
    assert len(table) > 20 and table["id"].is_unique and table["value"].between(0.0001, 0.5).all()
    assert set(table["standing"]) <= {"primary", "second-hand"} and table["url"].str.startswith("https://").all()


def test_a_benchmark_without_a_known_denominator_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data" / "reference" / "benchmarks.csv"
    path.parent.mkdir(parents=True)
    assert reference.benchmarks(tmp_path).empty
    raw = pd.read_csv(Path(reference.__file__).parents[2] / "data" / "reference" / "benchmarks.csv", dtype="string")
    rates = raw[(raw["metric"] == reference.POST_RATE) & (raw["unit"] == "%") & (raw["denominator"] != "not stated")]
    table = rates.head(2)
    table.assign(denominator=["reach", "fans"]).to_csv(path, index=False)
    with pytest.raises(DataError, match="fans"):
        reference.benchmarks(tmp_path)
    table.assign(value=["1.1", "370"]).to_csv(path, index=False)
    with pytest.raises(DataError, match="370"):
        reference.benchmarks(tmp_path)
