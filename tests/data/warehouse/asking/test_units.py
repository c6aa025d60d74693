"""Where the units of an experiment lie: a file, a table, a query; and what is refused, by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanops_utils.data.warehouse import Store, open_units, unit_table
from fanops_utils.errors import DataError, FanopsError, WorkspaceError
from fanops_utils.experiments import compare, from_counts, read_out
from fanops_utils.workspace import Experiment, Metric, Workspace
from fanops_utils.workspace.reads import seen

OPENED = Metric(name="opened", label="Opened", kind="conversion", role="decision", smallest_effect=0.01)
SPENT = Metric(name="spent", label="Spent", kind="mean", role="exploratory", column="money", missing="drop")


@pytest.fixture
def store(brand_workspace: Workspace) -> Store:
    return Store(brand_workspace)


def _plan(**fields: Any) -> Experiment:
    base: dict[str, Any] = {
        "id": "badge", "title": "Badge", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "metrics": (OPENED, SPENT), "unit_column": "fan", "variant_column": "arm",
        "exposure_column": "day", "segments": ("zip",), "period": {"start": date(2026, 5, 1), "end": date(2026, 5, 7)},
    }  # fmt: skip
    return Experiment(**(base | fields))


def _units(rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    money = rng.lognormal(0, 1, rows).round(2)
    money[::9] = np.nan
    return pd.DataFrame({
        "fan": [f"{number:06d}" for number in range(rows)], "arm": np.where(np.arange(rows) % 2, "b", "a"),
        "opened": (rng.random(rows) < 0.4).astype(int), "money": money, "zip": np.where(rng.random(rows) < 0.5, "01", "2"),
        "day": pd.Timestamp("2026-05-01") + pd.to_timedelta(rng.integers(0, 7, rows), "D"), "secret": "not needed",
    })  # fmt: skip


def _put(store: Store, name: str, units: pd.DataFrame) -> Path:
    path = store.workspace.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".parquet"):
        units.to_parquet(path)
    else:
        units.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", ["units.csv", "tests/units.csv.gz", "units.parquet"])
def test_a_file_reads_as_its_frame_its_table_and_its_totals(store: Store, name: str) -> None:
    units, plan = _units(), _plan(source={"file": name})
    path = _put(store, name, units.sample(frac=1, random_state=1))
    opened, table = open_units(store, plan), unit_table(store, plan)
    assert opened["fan"].tolist() == units["fan"].tolist()
    assert set(opened["zip"]) == {"01", "2"}, "a leading zero was lost"
    assert "secret" not in opened.columns
    wanted = read_out(units, plan)
    for found in (read_out(opened, plan), read_out(table, plan)):
        assert found.verdict == wanted.verdict
        pd.testing.assert_frame_equal(found.table, wanted.table, rtol=1e-9, check_dtype=False)
    hits = units.groupby("arm")["opened"].agg(["sum", "size"])
    totals = from_counts(
        {arm: tuple(row) for arm, row in zip(hits.index, hits.to_numpy(), strict=True)}, metric="opened"
    )
    assert compare(totals, "opened", control="a", treatment="b").p_value == pytest.approx(wanted.comparisons[0].p_value)
    assert str(path) in seen.files


def test_a_table_of_the_warehouse_and_the_usual_one(store: Store) -> None:
    units = _units().rename(columns={"fan": "unit_key", "arm": "variant", "day": "assigned_at", "zip": "market"})
    units = units.drop(columns="secret").assign(
        experiment="badge", assigned_at=units["assigned_at"].dt.tz_localize("UTC")
    )
    store.commit({"experiment_units": pd.concat([units, units.head(3).assign(experiment="other")])})
    named = {"unit_column": "unit_key", "variant_column": "variant", "exposure_column": "assigned_at", "segments": ()}
    plan = _plan(**named)
    assert plan.source.table == "experiment_units"
    assert len(open_units(store, plan)) == unit_table(store, plan).count().to_pandas() == 400
    assert read_out(open_units(store, plan), plan).verdict == read_out(unit_table(store, plan), plan).verdict
    orders = pd.DataFrame({
        "order_id": [f"o{number}" for number in range(6)], "total": [1.0, 2, 3, 4, 5, 6],
        "created_timestamp": pd.Timestamp("2026-05-01", tz="UTC"), "currency": ["EUR", "USD"] * 3,
    })  # fmt: skip
    store.commit({"orders": orders})
    spent = Metric(name="total", label="Total", kind="mean", role="decision")
    plan = _plan(metrics=(spent,), source={"table": "orders"}, unit_column="order_id", variant_column="currency",
                 exposure_column="created_timestamp", segments=(), control="EUR", allocation={"EUR": 0.5, "USD": 0.5})  # fmt: skip
    assert open_units(store, plan)["total"].tolist() == [1, 2, 3, 4, 5, 6]


def test_a_query_joins_tables_of_the_warehouse(store: Store) -> None:
    units = _units().rename(columns={"fan": "unit_key", "arm": "variant"})[["unit_key", "variant", "opened"]]
    store.commit({"experiment_units": units.assign(experiment="badge")})
    text = """-- only those who opened, or were not asked
with first as (select unit_key as fan, variant as arm, opened, 1.5 as money, '01' as zip
               from Experiment_Units where experiment = 'badge')
select * from first left join orders on false;
"""
    _query(store, "joined", text)
    plan = _plan(source={"query": "joined"})
    opened = open_units(store, plan)
    assert opened["opened"].tolist() == units["opened"].tolist()
    assert unit_table(store, plan).count().to_pandas() == 400
    assert {"experiment_units", "orders"} <= set(seen.tables)


def _query(store: Store, name: str, text: str) -> None:
    folder = store.workspace.path / "queries"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.sql").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select 1; select 2", "one SELECT"),
        ("create table taken as select 1", "one SELECT"),
        ("copy (select 1) to 'gone.csv'", "one SELECT"),
        ("attach 'other.db'", "one SELECT"),
        ("-- nothing", "one SELECT"),
        ("selec 1", "cannot be run"),
        ("select unit_key from expriment_units", "Did you mean 'experiment_units'"),
        ("select nothing from experiment_units", "cannot be run"),
        ("select * from read_csv('{folder}/brand.yml')", "cannot be run"),
        ("select * from read_text('{folder}/brand.yml')", "cannot be run"),
        ("from '{folder}/brand.yml'", "no files|cannot be run"),
    ],
)
def test_a_query_may_read_the_warehouse_and_nothing_else(store: Store, text: str, said: str) -> None:
    store.commit({"experiment_units": pd.DataFrame({"experiment": ["x"], "unit_key": ["a"], "variant": ["a"]})})
    _query(store, "mine", text.format(folder=store.workspace.path))
    with pytest.raises(WorkspaceError, match=said) as refused:
        unit_table(store, _plan(source={"query": "mine"}))
    assert refused.value.file == store.workspace.path / "queries" / "mine.sql"


def test_what_is_not_there_is_named_with_what_is_near(store: Store) -> None:
    _put(store, "tests/badge.csv", _units(20))
    _query(store, "badge_units", "select 1")
    refused = {
        "Did you mean 'tests/badge.csv'": {"file": "tests/bagde.csv"},
        "lies in the workspace": {"file": "../elsewhere.csv"},
        "CSV or Parquet": {"file": "brand.yml"},
        "Did you mean 'badge_units'": {"query": "badge_unit"},
        "no such query": {"query": "../queries/badge_units"},
        "Did you mean 'orders'": {"table": "order"},
    }
    for said, source in refused.items():
        with pytest.raises(WorkspaceError, match=said):
            unit_table(store, _plan(source=source))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("money", "1,5", "row 4, column 'money': an outcome or covariate is a number: '1,5'"),
        ("day", "tomorrow", "row 4, column 'day': the day of exposure is a date or time: 'tomorrow'"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_row(store: Store, column: str, value: str, said: str) -> None:
    units = _units(20).astype(object)
    units.loc[2, column] = value
    path = _put(store, "units.csv", units)
    with pytest.raises(DataError, match=said) as refused:
        open_units(store, _plan(source={"file": "units.csv"}))
    assert refused.value.file == path


def test_an_absent_column_is_named_with_the_file(store: Store) -> None:
    path = _put(store, "units.csv", _units(20).rename(columns={"opened": "openned"}))
    with pytest.raises(FanopsError, match="Did you mean 'openned'") as refused:
        open_units(store, _plan(source={"file": "units.csv"}))
    assert refused.value.file == path


def test_true_and_false_are_outcomes_too(store: Store) -> None:
    _put(store, "units.csv", _units().assign(opened=lambda frame: frame["opened"] == 1))
    plan = _plan(source={"file": "units.csv"})
    assert read_out(open_units(store, plan), plan).comparisons == read_out(_units(), plan).comparisons
