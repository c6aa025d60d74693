"""Spark as the engine of a brand: a master, two workers and one driver on loopback, asked through Spark Connect."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_questions import answered, difference
from foreign_worlds import reading_from, small_brand
from spark_cluster import Cluster, absent, into_spark, running_cluster

from fanops_utils.data import schema
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import reads

WHOLE = "FANOPS_SLOW"
FEW = ("sold", "gaps", "buyers", "median", "fans", "divided", "learnt from", "moments of a trial")
pytestmark = pytest.mark.skipif(bool(absent()), reason=absent() or "Spark is here")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="module")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same tables as our own, and in Spark."""
    folder = tmp_path_factory.mktemp("ours")
    ours = small_brand(folder, seed=5)
    into_spark(ours, cluster, schema="club")
    address = {"kind": "spark", "url": cluster.url, "schema": "club"}
    return ours, Store(reading_from(ours.workspace, folder / "theirs", **address))


@pytest.mark.parametrize("name", ["fans", "orders", "mentions"])
def test_tables_are_read_with_the_columns_types_and_rows_of_our_own(both: tuple[Store, Store], name: str) -> None:
    ours, theirs = (one.table(name) for one in both)
    assert list(theirs.columns) == list(ours.columns) == list(schema.table(name).columns)
    keys = list(ours.columns)
    assert difference(ours.order_by(keys).to_pandas(), theirs.to_pandas()) == ""


def test_questions_of_every_kind_are_answered_alike(both: tuple[Store, Store]) -> None:
    asked = () if WHOLE in os.environ else FEW  # a cluster takes seconds for what DuckDB answers in milliseconds
    told = {name: difference(ours, theirs) for name, (ours, theirs) in answered(both, asked).items()}
    assert not {name: how for name, how in told.items() if how}


def test_a_table_is_named_by_its_files(both: tuple[Store, Store], cluster: Cluster, tmp_path: Path) -> None:
    foreign = both[1].place.foreign
    assert foreign is not None
    first = foreign.identities()
    assert set(first) == {"fans", "fan_day", "member_events", "posts", "post_metrics", "orders", "experiment_units"}
    file = next((cluster.folder / "club" / "fans").glob("*.parquet"))
    file.write_bytes(file.read_bytes())  # the same rows, written again
    again = Store(both[1].workspace).place.foreign
    assert again is not None and again.identity("fans") != first["fans"] and again.identity("posts") == first["posts"]
    assert not [one for one in reads.seen.undeclared if "network" in one]
