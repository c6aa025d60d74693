"""The warehouse on disk: all or nothing, typed when empty, and the same through Ibis."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow.parquet as parquet
import pytest
from pandas.testing import assert_frame_equal

from fanops_utils.data import schema
from fanops_utils.data.warehouse import Store, status
from fanops_utils.errors import FanopsError, WorkspaceError
from fanops_utils.workspace import Workspace

EVERY_TABLE = [*schema.TABLES, *schema.SYSTEM_TABLES]


@pytest.fixture
def store(brand_workspace: Workspace) -> Store:
    return Store(brand_workspace)


def followers(*counts: int | None) -> pd.DataFrame:
    days = pd.date_range("2026-05-01", periods=len(counts), unit="us")
    owner = {"platform": "instagram", "account_id": "17841400000000001"}
    return pd.DataFrame({**owner, "date_day": days, "followers_total": pd.array(counts, dtype="Int64")})


def members(*keys: str) -> pd.DataFrame:
    joined = pd.to_datetime(["2026-05-01 22:30:00.123456Z"] * len(keys))
    return pd.DataFrame({"platform": "discord", "member_key": list(keys), "joined_at": joined})


def counts(store: Store) -> list[int | None]:
    return [None if pd.isna(one) else int(one) for one in store.read("account_daily")["followers_total"]]


def files(store: Store) -> set[str]:
    return {path.name for path in store.folder.iterdir()}


@pytest.mark.parametrize("name", EVERY_TABLE)
def test_empty_tables_have_their_canonical_types(store: Store, name: str) -> None:
    empty, table = store.read(name), schema.table(name)
    assert len(empty) == 0
    assert list(empty.columns) == list(table.columns)
    assert {column: str(dtype) for column, dtype in empty.dtypes.items()} == {
        column: str(pd.api.types.pandas_dtype(spec.dtype)) for column, spec in table.columns.items()
    }


@pytest.mark.parametrize("name", EVERY_TABLE)
def test_an_empty_table_can_be_queried_and_stored(store: Store, name: str) -> None:
    before = store.table(name)
    assert list(before.columns) == list(schema.table(name).columns)
    assert before.count().execute() == 0
    store.commit({name: store.read(name)})
    after = Store(store.workspace).table(name)
    assert after.schema() == before.schema(), "a table has the same types before its first import and after"
    assert after.count().execute() == 0


def test_what_is_committed_is_read_again_exactly(store: Store) -> None:
    store.commit({"account_daily": followers(100, None, 0), "fans": members("a", "b")})
    again = Store(store.workspace)
    assert counts(again) == [100, None, 0], "missing is not zero"
    found = again.read("fans")
    assert_frame_equal(found, schema.table("fans").conform(members("a", "b").assign(date_day=found["date_day"])))
    assert again.read("fans")["joined_at"].iloc[0] == pd.Timestamp("2026-05-01 22:30:00.123456", tz="UTC")


def test_further_outcomes_of_experiments_are_kept(store: Store) -> None:
    units = pd.DataFrame(
        {"experiment": "badge", "unit_key": ["a", "b"], "variant": ["plain", "new"], "posted": [1, None]}
    )
    store.commit({"experiment_units": units})
    assert store.read("experiment_units")["posted"].tolist() == [1.0, pd.NA]
    assert "posted" in store.table("experiment_units").columns


def test_a_table_is_an_ibis_expression_equal_to_what_is_read(store: Store) -> None:
    store.commit({"account_daily": followers(100, None, 130), "fans": members("a")})
    for name in ("account_daily", "fans"):
        expression = store.table(name)
        assert isinstance(expression, ibis.Table)
        assert_frame_equal(schema.table(name).conform(expression.to_pandas()), store.read(name))
    daily = store.table("account_daily")
    assert daily.followers_total.sum().execute() == 230
    assert daily.filter(daily.date_day >= date(2026, 5, 2)).count().execute() == 2


def test_a_file_from_before_a_column_was_known_has_it_as_null(store: Store) -> None:
    store.commit({"fans": members("a", "b")})
    (path,) = store.paths("fans")
    parquet.write_table(parquet.read_table(path).drop_columns(["acquisition", "market"]), path)
    found = store.table("fans")
    assert list(found.columns) == list(store.read("fans").columns)
    assert found.filter(found.acquisition.isnull()).count().execute() == 2
    assert_frame_equal(schema.table("fans").conform(found.to_pandas()), store.read("fans"))


def test_a_commit_shows_in_the_store_that_made_it(store: Store) -> None:
    assert store.table("account_daily").count().execute() == 0
    store.commit({"account_daily": followers(100)})
    assert store.table("account_daily").count().execute() == 1
    store.commit({"account_daily": followers(100, 110)})
    assert store.table("account_daily").count().execute() == 2
    assert counts(store) == [100, 110]


def test_a_question_is_asked_once_until_the_tables_change(store: Store) -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(len(store.read("account_daily")))
        return asked[-1]

    store.commit({"account_daily": followers(100)})
    assert [store.once("days", ask), store.once("days", ask)] == [1, 1]
    assert len(asked) == 1
    store.commit({"account_daily": followers(100, 110)})
    assert store.once("days", ask) == 2
    assert store.once("other days", ask) == 2
    assert len(asked) == 3


def test_tables_not_in_a_commit_stay(store: Store) -> None:
    store.commit({"account_daily": followers(100), "fans": members("a")})
    store.commit({"fans": members("a", "b")})
    assert counts(store) == [100]
    assert len(store.read("fans")) == 2


def test_the_same_rows_give_the_same_file(store: Store) -> None:
    store.commit({"account_daily": followers(100)})
    before, manifest = files(store), store.manifest()
    store.commit({"account_daily": followers(100)})
    assert (files(store), store.manifest()) == (before, manifest)
    store.commit({"account_daily": followers(101)})
    assert store.manifest() != manifest


def parquet_files(store: Store) -> set[str]:
    return {name for name in files(store) if name.endswith(".parquet")}


def named(store: Store) -> set[str]:
    return {file for entry in store.manifest().values() for file in entry.files}


def test_the_state_before_stays_readable_until_the_next_commit(store: Store) -> None:
    store.commit({"account_daily": followers(100)})
    first, opened = named(store), store.table("account_daily").followers_total.sum()
    store.commit({"account_daily": followers(100, 101)})
    assert opened.execute() == 100, "who opened the old state reads it to its end"
    assert parquet_files(store) == named(store) | first
    second = named(store)
    store.commit({"account_daily": followers(100, 101, 102)})
    assert parquet_files(store) == named(store) | second, "older states are gone"


def test_what_was_erased_is_gone_at_once(store: Store) -> None:
    store.commit({"fans": members("a", "b")})
    store.commit({"fans": members("a")}, keep_previous=False)
    assert parquet_files(store) == named(store)


def test_a_table_can_be_replaced_without_passing_through_a_frame(store: Store) -> None:
    store.commit({"fans": members("a", "b", "c"), "account_daily": followers(1, 2)})
    fans = store.table("fans")
    store.commit({"fans": fans.filter(fans.member_key != "b")})
    assert store.read("fans")["member_key"].tolist() == ["a", "c"]
    read = parquet.read_table(store.paths("account_daily")[0]).slice(1).to_reader()
    store.commit({"account_daily": read})
    assert counts(store) == [2]
    path = store.folder.parent / "beside"
    store.paths("fans")[0].rename(path)
    store.commit({"fans": path})
    assert len(store.read("fans")) == 2
    assert not path.exists()


def test_an_expression_is_brought_into_canonical_form(store: Store) -> None:
    store.commit({"fans": members("a")})
    store.commit({"fans": store.table("fans").select("member_key", "platform")})
    assert_frame_equal(
        store.read("fans"), schema.table("fans").conform(members("a").drop(columns="joined_at")), check_like=True
    )
    assert store.table("fans").schema() == Store(store.workspace).table("fans").schema()


def _fail_on(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    really = Path.replace

    def replace(path: Path, target: Any) -> Path:
        if word in Path(target).name:
            raise OSError("no space left on device")
        return really(path, target)

    monkeypatch.setattr(Path, "replace", replace)


@pytest.mark.parametrize("word", ["manifest", "fans-", "account_daily-"])
def test_a_commit_that_fails_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    store.commit({"account_daily": followers(100, 110)})
    manifest = (store.folder / "manifest.json").read_bytes()
    with monkeypatch.context() as patch:
        _fail_on(patch, word)
        with pytest.raises(OSError, match="no space"):
            store.commit({"account_daily": followers(1), "fans": members("a")})
    after = Store(store.workspace)
    assert (store.folder / "manifest.json").read_bytes() == manifest
    assert counts(after) == [100, 110]
    assert len(after.read("fans")) == 0
    assert after.table("account_daily").count().execute() == 2
    after.commit({"account_daily": followers(1), "fans": members("a")})
    assert counts(after) == [1]
    left = json.loads(manifest)["tables"]["account_daily"]["files"][0]["file"]
    assert parquet_files(after) == named(after) | {left}, "the next commit clears what was left"


def test_a_first_commit_that_fails_leaves_an_empty_warehouse(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        _fail_on(patch, "manifest")
        with pytest.raises(OSError, match="no space"):
            store.commit({"fans": members("a")})
    assert store.manifest() == {}
    assert len(store.read("fans")) == 0


def test_a_table_that_does_not_exist_is_refused_before_anything_is_written(store: Store) -> None:
    store.commit({"fans": members("a")})
    before = store.manifest()
    with pytest.raises(FanopsError, match="fans"):
        store.commit({"fans": members("a", "b"), "fens": members("c")})
    assert store.manifest() == before
    with pytest.raises(FanopsError):
        store.read("fens")


@pytest.mark.parametrize("text", ["", '{"tables": {', "{}", "[]", "null", '{"tables": {"fans": {"rows": 1}}}'])
def test_a_damaged_manifest_is_refused_with_advice(store: Store, text: str) -> None:
    store.commit({"fans": members("a")})
    (store.folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        Store(store.workspace).read("fans")
    assert "damaged" in str(caught.value)
    assert "import" in str(caught.value), "it says what to do"
    assert "manifest.json" in str(caught.value)


@pytest.mark.parametrize("how", ["gone", "cut"])
def test_a_lost_or_broken_table_file_is_refused_with_advice(store: Store, how: str) -> None:
    store.commit({"fans": members("a")})
    (path,) = store.paths("fans")
    path.unlink() if how == "gone" else path.write_bytes(path.read_bytes()[:40])
    for ask in (lambda again: again.read("fans"), lambda again: again.table("fans").count().execute()):
        with pytest.raises(WorkspaceError, match="damaged") as caught:
            ask(Store(store.workspace))
        assert "import" in str(caught.value)


def test_status_names_rows_and_days(store: Store) -> None:
    assert status(store, on=date(2026, 12, 1)) == []
    store.commit({"account_daily": followers(100, None, 130), "fans": members("a"), "posts": store.read("posts")})
    lines = {line["table"]: (line["rows"], line["first"], line["last"]) for line in status(store, on=date(2026, 12, 1))}
    assert lines == {
        "account_daily": (3, "2026-05-01", "2026-05-03"),
        "fans": (1, "2026-05-01", "2026-05-01"),
        "posts": (0, None, None),
    }


def test_the_manifest_can_be_read_by_a_person(store: Store) -> None:
    store.commit({"fans": members("a"), "account_daily": followers(1, 2)})
    listed = json.loads((store.folder / "manifest.json").read_text(encoding="utf-8"))["tables"]
    assert {name: entry["rows"] for name, entry in listed.items()} == {"account_daily": 2, "fans": 1}
    assert all((store.folder / one["file"]).is_file() for entry in listed.values() for one in entry["files"])
