"""A mapping reads a database: read only, from where it ended, secrets from the environment alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from fanops_utils.data.sources.mapping.register import read_mapping
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.errors import ImportRefused, WorkspaceError
from fanops_utils.workspace import Workspace

MEMBERS = """name: members
time_zone: UTC
from: {url: "sqlite://${FANOPS_TEST_DB}", table: members, newer_by: joined}
tables:
  fans:
    columns: {member_key: id, joined_at: joined, market: country}
    constants: {platform: forum}
"""
EVENTS = """name: events
from: {url: "duckdb://DB", query: "select id, t, v, n from events"}
tables:
  member_events:
    columns: {member_key: id, event_timestamp: t, event_name: n, event_value: v}
    constants: {platform: forum}
"""


def mapped(workspace: Workspace, text: str, name: str) -> Path:
    path = workspace.path / "mappings" / f"{name}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_come_once_and_later_reads_go_on(brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    file = brand_workspace.path / "members.db"
    base = sqlite3.connect(file)
    base.execute("create table members (id text, joined text, country text, email text)")
    base.execute("insert into members values ('a', '2026-01-01T10:00:00Z', 'US', 'a@example.com')")
    base.commit()
    monkeypatch.setenv("FANOPS_TEST_DB", str(file))
    mapped(brand_workspace, MEMBERS, "members")
    (first,) = import_paths(brand_workspace, [], database="members")
    base.execute("insert into members values ('b', '2026-01-02T10:00:00Z', 'US', 'b@example.com')")
    base.execute("insert into members values ('c', '2025-01-02T10:00:00Z', 'US', 'c@example.com')")
    base.commit()
    (second,) = import_paths(brand_workspace, [], database="members")
    base.close()
    assert (first.rows_loaded, second.rows_in, second.rows_loaded, second.rows_duplicate) == (1, 2, 1, 1)
    assert len(Store(brand_workspace).read("fans")) == 2


def test_a_query_of_typed_columns(brand_workspace: Workspace) -> None:
    file = brand_workspace.path / "events.duckdb"
    with duckdb.connect(str(file)) as base:
        base.execute("create table events as select 'a' as id, timestamptz '2026-01-01 10:00:00+02' as t, "
                     "12.345::decimal(10, 3) as v, 'buy' as n")  # fmt: skip
    mapped(brand_workspace, EVENTS.replace("DB", str(file)), "events")
    import_paths(brand_workspace, [], database="events")
    event = Store(brand_workspace).read("member_events").iloc[0]
    assert (event["event_timestamp"].hour, event["event_value"]) == (8, 12.345)


def test_what_is_not_there_is_named_and_no_secret_is(
    brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped(brand_workspace, MEMBERS, "members")
    monkeypatch.delenv("FANOPS_TEST_DB", raising=False)
    (report,) = import_paths(brand_workspace, [], database="members")
    assert report.status == "refused"
    assert "FANOPS_TEST_DB" in report.error
    with pytest.raises(ImportRefused, match="no such mapping"):
        import_paths(brand_workspace, [], database="membres")
    written = MEMBERS.replace("sqlite://${FANOPS_TEST_DB}", "postgres://me:secret@host/db")
    with pytest.raises(WorkspaceError, match="a password never stands in a register"):
        read_mapping(mapped(brand_workspace, written, "bad"))


def test_only_what_reads_is_asked(brand_workspace: Workspace) -> None:
    file = brand_workspace.path / "e.duckdb"
    with duckdb.connect(str(file)) as base:
        base.execute("create table events (id text, t text, v text, n text)")
    mapped(brand_workspace, EVENTS.replace("DB", str(file)).replace("select id, t, v, n from", "delete from"), "events")
    (report,) = import_paths(brand_workspace, [], database="events")
    assert report.status == "refused"
    assert "SELECT" in report.error
