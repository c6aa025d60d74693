"""A warehouse on object storage: asked, it answers as the one on disk; written, it refuses; what was sent is whole and no more."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from fanops_utils.data.protection.retention import erase_over_age
from fanops_utils.data.warehouse import (
    Store,
    daily_by_market,
    data_as_of,
    fan_days,
    fan_members,
    import_paths,
    post_metrics_at_age,
    rebuild,
    send_warehouse,
    undo_import,
)
from fanops_utils.data.warehouse.asking.querying import fetch, query_table
from fanops_utils.data.warehouse.manifest import MANIFEST
from fanops_utils.data.warehouse.stored import Handle, stored_at
from fanops_utils.errors import FanopsError, WorkspaceError
from fanops_utils.metrics import folds
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.workspace import Workspace

QUESTIONS: dict[str, Callable[[Store], Any]] = {
    "follower days": lambda store: daily_by_market(store, platform="instagram", metric="engagements"),
    "posts": lambda store: post_metrics_at_age(store, 24),
    "members": lambda store: fan_members(store, market="US"),
    "people": lambda store: folds.per_member(fan_days(store), as_of=date(2026, 9, 1)),
    "gaps": lambda store: folds.gaps(fan_days(store, market="BR"), end=date(2026, 9, 1)),
    "orders": lambda store: folds.orders_per_person(store.table("orders")),
    "a query": lambda store: fetch(query_table(store, "select currency, count(*) n from orders group by 1 order by 1")),
    "a table as a frame": lambda store: store.read("ads_daily"),
    "newest day": lambda store: pd.DataFrame({"day": [data_as_of(store, "account_daily", "posts")]}),
}


def reader(workspace: Workspace, folder: Path, address: str) -> Workspace:
    """Return a workspace with the registers of another one whose tables lie at the *address*."""
    shutil.copytree(workspace.path, folder, ignore=shutil.ignore_patterns("raw", "warehouse", "truth.json"))
    with (folder / "brand.yml").open("a", encoding="utf-8") as file:
        file.write(f'\nwarehouse: "{address}"\n')
    return Workspace(folder)


@pytest.fixture
def sent(demo: Workspace, bucket: tuple[Any, str], tmp_path: Path) -> Workspace:
    send_warehouse(Store(demo), bucket[1])
    return reader(demo, tmp_path / "reader", bucket[1])


def test_questions_are_answered_as_on_disk(demo: Workspace, sent: Workspace) -> None:
    here, there = Store(demo), Store(sent)
    for name, ask in QUESTIONS.items():
        mine, theirs = ask(here), ask(there)
        assert len(mine), name
        assert_frame_equal(mine, theirs, obj=name)
    assert not sent.warehouse.exists()
    assert (
        State(demo.path.parents[1], sent.path, ("en",)).tables == State(demo.path.parents[1], demo.path, ("en",)).tables
    )


@pytest.fixture
def small(brand_workspace: Workspace) -> Store:
    """A warehouse of one table of two months, a file each."""
    store = Store(brand_workspace)
    store.commit({"account_daily": days("2026-05-01")})
    return store


def days(first: str) -> pd.DataFrame:
    owner = {"platform": "instagram", "account_id": "17841400000000001"}
    stretch = pd.date_range(first, periods=3, unit="us")
    return pd.DataFrame({**owner, "date_day": stretch, "followers_total": pd.array([1, 2, None], dtype="Int64")})


def test_what_is_sent_again_is_what_changed_and_what_nothing_names_goes(small: Store, tmp_path: Path) -> None:
    address = f"file://{tmp_path}/storage"
    assert send_warehouse(small, address).new == 1
    assert send_warehouse(small, address).new == 0
    small.commit({"account_daily": days("2026-06-01")})
    again = send_warehouse(small, address)
    assert (again.files, again.new, again.gone) == (1, 1, 0), "whoever reads the state before can finish"
    small.commit({"account_daily": days("2026-07-01")}, keep_previous=False)
    last = send_warehouse(small, address)
    assert (last.new, last.gone) == (1, 2)
    there = {path.name for path in (tmp_path / "storage").iterdir()}
    assert there == {MANIFEST, *small.manifest()["account_daily"].files}


def test_months_that_are_not_asked_are_not_read(small: Store, tmp_path: Path) -> None:
    address = f"file://{tmp_path}/storage"
    send_warehouse(small, address)
    first = small.manifest()["account_daily"].files[0]
    small.commit({"account_daily": days("2026-06-01")})
    send_warehouse(small, address)
    manifest = json.loads((tmp_path / "storage" / MANIFEST).read_text())
    whole = (tmp_path / "storage" / first).read_bytes()
    footer = int.from_bytes(whole[-8:-4], "little") + 8
    (tmp_path / "storage" / first).write_bytes(whole[:4] + bytes(len(whole) - 4 - footer) + whole[-footer:])
    manifest["tables"]["account_daily"]["files"].append(
        {"file": first, "rows": 3, "first": "2026-05", "last": "2026-05"}
    )
    (tmp_path / "storage" / MANIFEST).write_text(json.dumps(manifest))
    store = Store(reader(small.workspace, tmp_path / "reader", address))
    table = store.table("account_daily")
    assert table.filter(table.date_day >= date(2026, 6, 1)).count().execute() == 3
    with pytest.raises(Exception, match=r"(?i)parquet|page|corrupt|invalid"):
        table.followers_total.sum().execute()


def test_threads_that_share_a_handle_read_each_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"one two")
    handle = Handle((stored_at(f"file://{tmp_path}") / "file").open())
    assert handle.seek(4) == 4
    with ThreadPoolExecutor(1) as other:
        assert other.submit(handle.read, 3).result() == b"one"
    assert (handle.read(), handle.read(1), handle.seek(-3, os.SEEK_END), handle.read(2)) == (b"two", b"", 4, b"tw")
    handle.close()


WRITING: dict[str, Callable[[Workspace, Path], Any]] = {
    "import": lambda workspace, raw: import_paths(workspace, [raw]),
    "rebuild": lambda workspace, _: rebuild(workspace),
    "undo": lambda workspace, _: undo_import(Store(workspace)),
    "commit": lambda workspace, _: Store(workspace).commit({"account_daily": days("2026-08-01")}),
    "send": lambda workspace, _: send_warehouse(Store(workspace), "file:///nowhere"),
    "retention": lambda workspace, _: erase_over_age(workspace, today=date(2026, 9, 1)),
}


@pytest.mark.parametrize("verb", WRITING)
def test_whatever_would_write_is_refused_by_name(small: Store, tmp_path: Path, verb: str) -> None:
    address = f"file://{tmp_path}/storage"
    send_warehouse(small, address)
    there = {path: path.read_bytes() for path in (tmp_path / "storage").iterdir()}
    workspace = reader(small.workspace, tmp_path / "reader", address)
    (tmp_path / "raw").mkdir()
    with pytest.raises(WorkspaceError, match=r"brand\.yml: a warehouse on object storage is only read: 'file://"):
        WRITING[verb](workspace, tmp_path / "raw")
    assert {path: path.read_bytes() for path in (tmp_path / "storage").iterdir()} == there
    assert not (workspace.warehouse / MANIFEST).exists()


def test_damage_and_absence_are_told_by_the_address(small: Store, tmp_path: Path) -> None:
    address = f"file://{tmp_path}/storage"
    store = Store(reader(small.workspace, tmp_path / "reader", address))
    assert store.manifest() == {} and len(store.read("account_daily")) == 0, "nothing was sent yet"
    send_warehouse(small, address)
    (tmp_path / "storage" / small.manifest()["account_daily"].files[0]).unlink()
    with pytest.raises(WorkspaceError, match=r"storage/account_daily-.*damaged"):
        store.table("account_daily")
    (tmp_path / "storage" / MANIFEST).write_text("{")
    with pytest.raises(WorkspaceError, match=r"storage/manifest\.json: the warehouse is damaged"):
        store.manifest()


@pytest.mark.parametrize(
    "address",
    [
        "here",
        "http://host/x",
        "s3://key:secret@bucket/x",
        "s3://bucket/x?access_key=a&secret_key=b",
        "az://c/x?sas_token=x",
    ],
)
def test_addresses_of_no_storage_and_with_credentials_are_refused(address: str) -> None:
    with pytest.raises(FanopsError) as refused:
        stored_at(address)
    assert "secret" not in str(refused.value)
