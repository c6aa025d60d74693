from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest
from monthly_files import few_rows_a_file
from people import load, put

from fanops_utils.data.protection.ledger import read_ledger
from fanops_utils.data.protection.retention import erase_over_age, keep_days, over_age
from fanops_utils.data.warehouse import Store
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace

TODAY = date(2026, 11, 22)


def filled(workspace: Workspace, register: str = "keep_days:\n  member_events: 30\n  orders: 10\n") -> Workspace:
    (workspace.path / "privacy.yml").write_text(register)
    times = ["2026-10-22T23:59:00+00:00", "2026-10-23T00:00:00+00:00", "2026-11-20T10:00:00+00:00"]
    put(workspace, "events", "events", [["LC-1", time, "post", ""] for time in times])
    put(workspace, "orders", "orders", [["o1", "LC-1", times[0], "1", ""], ["o2", "LC-1", times[2], "2", ""]])
    load(workspace)
    return Workspace(workspace.path)


def test_rows_past_their_days_are_counted(brand_workspace: Workspace) -> None:
    found = {one.table: one for one in over_age(filled(brand_workspace), today=TODAY)}
    events = found["member_events"]
    assert (events.keep_days, events.rows, events.oldest, events.before) == (
        30,
        1,
        date(2026, 10, 22),
        date(2026, 10, 23),
    )
    assert (found["orders"].rows, found["fan_day"].rows) == (1, 0)
    assert len(Store(brand_workspace).read("member_events")) == 3, "listing removes nothing"


def test_they_are_removed_and_the_others_stay(brand_workspace: Workspace) -> None:
    workspace = filled(brand_workspace)
    before = Store(workspace).read("member_events")
    assert {one.table: one.rows for one in erase_over_age(workspace, today=TODAY)} == {"member_events": 1, "orders": 1}
    after = Store(workspace).read("member_events")
    assert after.equals(before.iloc[1:].reset_index(drop=True))
    assert Store(workspace).read("orders")["order_id"].tolist() == ["o2"]
    assert not [one for one in over_age(workspace, today=TODAY) if one.rows]
    assert read_ledger(workspace)[-1]["rows"] == {"member_events": 1, "orders": 1}
    assert len(list(workspace.warehouse.glob("member_events-*.parquet"))) == 1, "the state before is gone too"


def test_raw_files_have_a_limit_only_where_one_is_set(brand_workspace: Workspace) -> None:
    workspace = filled(brand_workspace, "keep_days: {raw: 20}\n")
    for name, day in (("events.csv", 1), ("orders.csv", 21)):
        stamp = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        os.utime(workspace.raw / name, (stamp, stamp))
    (raw,) = [one for one in over_age(workspace, today=TODAY) if one.table == "raw"]
    assert (raw.rows, raw.oldest) == (1, date(2026, 11, 1))
    erase_over_age(workspace, today=TODAY)
    assert [path.name for path in workspace.raw.iterdir()] == ["orders.csv"]


def test_the_register_names_tables_that_exist(brand_workspace: Workspace) -> None:
    (brand_workspace.path / "privacy.yml").write_text("keep_days:\n  ordrs: 3\n")
    with pytest.raises(WorkspaceError, match=r"no such table: 'ordrs'\. Did you mean 'orders'"):
        keep_days(brand_workspace)
    assert keep_days(Workspace(brand_workspace.path.with_name("none")))["orders"] == 3650


def test_of_many_files_only_those_with_old_rows_are_written(
    brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_rows_a_file(monkeypatch, 1)
    (brand_workspace.path / "privacy.yml").write_text("keep_days:\n  member_events: 60\n")
    times = ["2026-08-01", "2026-09-20", "2026-09-29", "2026-10-20", "2026-11-20"]
    put(brand_workspace, "events", "events", [["LC-1", f"{day}T10:00:00+00:00", "post", ""] for day in times])
    load(brand_workspace)
    workspace = Workspace(brand_workspace.path)
    before = Store(workspace).manifest()["member_events"].parts
    assert [part.first for part in before] == ["2026-08", "2026-09", "2026-10", "2026-11"]
    assert {one.table: one.rows for one in erase_over_age(workspace, today=TODAY)} == {"member_events": 2}
    after = Store(workspace).manifest()["member_events"].parts
    assert [(part.first, part.rows) for part in after] == [("2026-09", 1), ("2026-10", 1), ("2026-11", 1)]
    assert after[1:] == before[2:], "what holds no old row stays as it is"
    assert len(list(workspace.warehouse.glob("member_events-*.parquet"))) == 3
