"""Warehouses that somebody else runs, filled with a brand's tables: what reads them must find what DuckDB finds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as arrow
import yaml
from metric_worlds import members, orders, posts, store

from fanops_utils.data.schema import SYSTEM_TABLES, TABLES
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace

FILES = ("raw", "warehouse", "truth.json")


def reading_from(home: Workspace, folder: Path, **engine: str) -> Workspace:
    """Return a copy of the registers of *home* in *folder* whose brand reads its tables from *engine*."""
    shutil.copytree(home.path, folder, ignore=shutil.ignore_patterns(*FILES))
    brand = yaml.safe_load((folder / "brand.yml").read_text(encoding="utf-8"))
    (folder / "brand.yml").write_text(yaml.safe_dump({**brand, "engine": engine}, allow_unicode=True), encoding="utf-8")
    return Workspace(folder)


def filled(store: Store) -> Iterator[tuple[str, arrow.Table]]:
    """Yield every table of *store* that has rows, as the questions read it: days cut."""
    for name in (*TABLES, *SYSTEM_TABLES):
        if store.paths(name):
            yield name, store.table(name).to_pyarrow()


def into_duckdb(store: Store, file: Path, *, schema: str = "main") -> None:
    """Write every table of *store* into the DuckDB database *file*."""
    with duckdb.connect(str(file)) as base:
        base.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, rows in filled(store):
            base.register("rows", rows)
            base.execute(f"CREATE TABLE {schema}.{name} AS FROM rows")


def into_postgres(store: Store, url: str) -> None:
    """Write every table of *store* into the PostgreSQL database at *url*."""
    base = ibis.connect(url)
    for name, rows in filled(store):
        base.create_table(name, rows)
    base.disconnect()


def trial_units(rng: np.random.Generator, size: int) -> pd.DataFrame:
    """Return the units of an experiment `badge` in groups of ten: a yes or no, a count, money that is not always known."""
    day = pd.Timestamp("2026-05-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 7, size), unit="D")
    money = np.where(rng.random(size) < 0.1, np.nan, rng.integers(100, 9000, size) / 100)
    return pd.DataFrame({
        "experiment": "badge", "unit_key": [f"u{number:04d}" for number in range(size)],
        "variant": np.where(np.arange(size) // 10 % 2, "b", "a"), "market": rng.choice(["DE", "US"], size),
        "assigned_at": day, "opened": rng.integers(0, 2, size), "visits": rng.poisson(1.5, size), "money": money,
        "spent_before": rng.integers(0, 50, size) / 2, "team": np.arange(size) // 10,
    })  # fmt: skip


def small_brand(folder: Path, *, seed: int) -> Store:
    """Return a small warehouse in *folder*: members and their days, posts and their readings, orders, a trial's units."""
    rng = np.random.default_rng(seed)
    (fans, days), (listed, read) = members(rng, 40, days=60), posts(rng, 60)
    acts = days.drop(columns=["events", "likes", "comments"])
    acts = acts.assign(event_timestamp=pd.to_datetime(acts["date_day"], utc=True), event_name="like", event_value=1.5)
    tables = {"fans": fans, "fan_day": days, "member_events": acts, "posts": listed, "post_metrics": read}
    tables["experiment_units"] = trial_units(np.random.default_rng(seed), 400)
    return store(folder, orders=orders(rng, 60, days=60), **tables)
