"""Tables of a warehouse that somebody else runs: read as our own, held to what they must have, and never written."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from engine_questions import answered, difference, run_cells
from foreign_worlds import into_duckdb, reading_from, small_brand
from pandas.testing import assert_frame_equal

from fanops_utils.data import schema
from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.protection.exporting import export_subject
from fanops_utils.data.protection.retention import erase_over_age, over_age
from fanops_utils.data.protection.scan import audit, in_warehouse
from fanops_utils.data.warehouse import Store, import_kept, import_paths, open_units, rebuild, status, take_back
from fanops_utils.data.warehouse.asking.querying import query_table
from fanops_utils.errors import DataError, WorkspaceError
from fanops_utils.reports.planning.plan import single
from fanops_utils.workspace import Experiment, Workspace, reads

ROOT = Path(__file__).parents[4]
DAY = date(2025, 4, 2)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    """The same tables as our own, and in a DuckDB database that somebody else keeps."""
    folder = tmp_path_factory.mktemp("ours")
    ours = small_brand(folder, seed=3)
    file = folder / "theirs.duckdb"
    into_duckdb(ours, file, schema="club")
    address = {"kind": "duckdb", "url": f"duckdb://{file}", "schema": "club"}
    return ours, Store(reading_from(ours.workspace, folder / "theirs", **address))


def database(folder: Path, *statements: str) -> Path:
    """Return a new DuckDB database that *statements* were run in."""
    file = folder / "given.duckdb"
    with duckdb.connect(str(file)) as base:
        for one in statements:
            base.execute(one)
    return file


def reading(workspace: Workspace, file: Path) -> Store:
    return Store(reading_from(workspace, file.with_suffix(""), kind="duckdb", url=f"duckdb://{file}"))


@pytest.mark.parametrize("name", [*schema.TABLES, "fan_day"])
def test_every_table_is_read_with_the_columns_types_and_rows_of_our_own(both: tuple[Store, Store], name: str) -> None:
    ours, theirs = (one.table(name) for one in both)
    assert theirs.schema() == ours.schema()
    keys = list(ours.columns)
    expected = ours.order_by(keys).to_pandas()
    assert_frame_equal(theirs.order_by(keys).to_pandas(), expected)
    assert_frame_equal(theirs.to_pandas(), expected)  # rows asked for in no order come in one all the same
    assert_frame_equal(both[1].read(name), schema.table(name).conform(expected))


def test_what_there_is_is_told_as_of_our_own(both: tuple[Store, Store]) -> None:
    ours, theirs = both
    assert theirs.rows() == ours.rows()
    told = {one["table"]: one for one in status(theirs, on=date(2026, 12, 1))}
    assert told == {one["table"]: one for one in status(ours, on=date(2026, 12, 1))}
    assert theirs.rows() == ours.rows() and theirs.has("fans") and not theirs.has("survey_answers")


def test_questions_of_every_kind_are_answered_alike(both: tuple[Store, Store]) -> None:
    told = {name: difference(ours, theirs) for name, (ours, theirs) in answered(both).items()}
    assert not {name: how for name, how in told.items() if how}


def test_days_of_members_are_counted_where_the_warehouse_keeps_none(brand_workspace: Workspace, tmp_path: Path) -> None:
    acts = (
        "CREATE TABLE member_events AS FROM (VALUES "
        "('discord', 'a', 'US', TIMESTAMPTZ '2025-04-02 10:00:00Z', 'like', 'one', DATE '2025-04-02', 2.5),"
        "('discord', 'a', 'DE', TIMESTAMPTZ '2025-04-02 11:00:00Z', 'buy', 'two', DATE '2025-04-02', NULL),"
        "('discord', 'a', 'US', TIMESTAMPTZ '2025-04-03 11:00:00Z', 'join', 'three', DATE '2025-04-03', NULL)"
        ") AS t(platform, member_key, market, event_timestamp, event_name, event_id, date_day, event_value)"
    )
    days = reading(brand_workspace, database(tmp_path, acts)).read("fan_day")
    told = days[["market", "events", "likes", "comments", "buys", "value"]].astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [["DE", 2, 1, 0, 1, 2.5], ["US", 1, 0, 0, 0, None]]


def _file_of(workspace: Workspace) -> Path:
    return workspace.path / "brand.yml"


REFUSED: dict[str, Callable[[Workspace], object]] = {
    "an import": lambda home: import_paths(home, [_file_of(home)]),
    "an import that keeps its files": lambda home: import_kept(home, [_file_of(home)], on=DAY),
    "an import taken back": take_back,
    "a rebuild": rebuild,
    "an erasure": lambda home: erase(home, ["a"]),
    "what is too old": lambda home: over_age(home, today=DAY),
    "retention": lambda home: erase_over_age(home, today=DAY),
    "an export": lambda home: export_subject(home, ["a"], to=home.path.parent / "export"),
    "an audit": audit,
    "a look at the tables": in_warehouse,
    "a query": lambda home: query_table(Store(home), "select 1"),
    "a commit": lambda home: Store(home).commit({}),
    "files": lambda home: Store(home).paths("fans"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_write_or_needs_files_is_refused_by_name(both: tuple[Store, Store], what: str) -> None:
    home = both[1].workspace
    before = sorted(path for path in home.path.rglob("*"))
    with pytest.raises(WorkspaceError, match=r"engine: duckdb.*brand\.yml") as refused:
        REFUSED[what](home)
    assert refused.value.file == home.path / "brand.yml"
    assert sorted(path for path in home.path.rglob("*")) == before


def test_the_audit_of_privacy_says_what_cannot_be_looked_at_there(both: tuple[Store, Store]) -> None:
    theirs = both[1].workspace
    (job,) = single("monitoring/privacy_audit", {}, theirs, ROOT)
    space = run_cells(job, theirs.path)
    stated = {one.finding.id: one.finding.status for one in space["answers"]}
    assert stated["audit"] == stated["over_age"] == "no_data" and stated["inventory"] == "ok"
    assert space["result"].status != "no_data"


@pytest.mark.parametrize("source", [{"file": "units.csv"}, {"query": "units"}])
def test_units_from_files_and_queries_are_refused(both: tuple[Store, Store], source: dict[str, str]) -> None:
    plan = Experiment.model_validate({
        "id": "badge", "title": "Badge", "hypothesis": "", "owner": "CM", "unit": "fan", "control": "a",
        "allocation": {"a": 0.5, "b": 0.5}, "period": {"start": DAY, "end": DAY}, "source": source,
        "metrics": [{"name": "opened", "label": "Opened", "kind": "conversion", "role": "decision", "smallest_effect": 0.01}],
    })  # fmt: skip
    home = both[1].workspace.path
    (home / "units.csv").write_text("unit_key,variant,opened\na,a,1\n", encoding="utf-8")
    (home / "queries").mkdir(exist_ok=True)
    (home / "queries" / "units.sql").write_text("select 1", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="engine: duckdb"):
        open_units(both[1], plan)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("group_members (platform TEXT, group_id TEXT, member_key TEXT, joined_at TIMESTAMPTZ)", "date_day"),
        ("fans (member_key TEXT, date_day DATE)", "platform"),
        ("fans (platform TEXT, member_key TEXT, date_day DATE, joined_at TEXT)", "joined_at"),
        ("fans (platform TEXT, member_key BIGINT, date_day DATE)", "member_key"),
    ],
)
def test_a_column_that_is_lacking_or_of_another_kind_is_named(
    brand_workspace: Workspace, tmp_path: Path, table: str, told: str
) -> None:
    with pytest.raises(DataError, match=told):
        reading(brand_workspace, database(tmp_path, f"CREATE TABLE {table}")).table(table.split()[0])


def test_further_columns_stay_out_and_those_lacking_are_null(brand_workspace: Workspace, tmp_path: Path) -> None:
    made = "CREATE TABLE fans AS SELECT 'x' AS platform, 'a' AS Member_Key, DATE '2025-04-02' AS date_day, 1 AS email"
    read = reading(brand_workspace, database(tmp_path, made)).read("fans")
    assert list(read.columns) == list(schema.table("fans").columns)
    assert read["member_key"].tolist() == ["a"] and read["joined_at"].isna().all()


def test_secrets_are_of_the_environment_and_addresses_of_their_kind(
    brand_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(number: int, kind: str, url: str) -> str:
        with pytest.raises(WorkspaceError) as refused:
            Store(reading_from(brand_workspace, tmp_path / f"brand{number}", kind=kind, url=url)).table("fans")
        return str(refused.value)

    monkeypatch.delenv("FANOPS_TEST_URL", raising=False)
    assert "FANOPS_TEST_URL" in told(1, "postgres", "${FANOPS_TEST_URL}")
    monkeypatch.setenv("FANOPS_TEST_URL", "postgres://me:hush@127.0.0.1:1/none")
    assert "hush" not in told(2, "postgres", "${FANOPS_TEST_URL}")
    assert "hush" not in told(3, "duckdb", "${FANOPS_TEST_URL}")
    assert "password" in told(4, "postgres", "postgres://me:hush@host/base")


def test_a_table_is_named_by_its_snapshot_and_a_view_by_nothing(
    brand_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "seen", reads.Reads())
    columns = "'x' AS platform, 'a' AS member_key, DATE '2025-04-02' AS date_day"
    file = database(tmp_path, f"CREATE TABLE fans AS SELECT {columns}", "CREATE VIEW members AS FROM fans")
    store = reading(brand_workspace, file)
    first = store.table("fans") is not None and reads.seen.tables["fans"]
    assert first and not reads.seen.undeclared
    assert store.table("orders") is not None and reads.seen.tables["orders"] == reads.ABSENT
    assert store.place.foreign is not None
    assert store.place.foreign.identity("fans") == first and store.place.foreign.identity("members") is None
    os.utime(file, (0, 0))
    again = Store(store.workspace).place.foreign
    assert (
        again is not None and again.identity("fans") != first and again.identities() == {"fans": again.identity("fans")}
    )


def test_a_table_without_a_snapshot_makes_a_report_uncacheable(
    brand_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "seen", reads.Reads())
    columns = "'x' AS platform, 'a' AS member_key, DATE '2025-04-02' AS date_day"
    made = (f"CREATE TABLE kept AS SELECT {columns}", "CREATE VIEW fans AS FROM kept")
    assert len(reading(brand_workspace, database(tmp_path, *made)).table("fans").to_pandas()) == 1
    assert "fans" not in reads.seen.tables
    assert ["fans" in one and "duckdb" in one for one in reads.seen.undeclared] == [True]
