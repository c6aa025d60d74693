"""What the warehouse says of itself: gaps, staleness, quarantine and breaks, each by table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from fanops_utils.data.warehouse import Store, import_paths, status
from fanops_utils.data.warehouse.asking import state
from fanops_utils.workspace import Workspace

BREAKS = pd.DataFrame({
    "platform": ["instagram", "instagram", "tiktok", "instagram"], "metric": ["reach", "views", "reach", "reach"],
    "date": pd.to_datetime(["2026-05-03", "2026-05-03", "2026-05-03", "2027-01-01"]), "note": ["renamed", "no data", "-", "later"],
})  # fmt: skip


@pytest.fixture
def store(brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(state, "metric_breaks", lambda: BREAKS)
    return Store(brand_workspace)


def of(store: Store, table: str) -> dict[str, Any]:
    (line,) = [line for line in status(store, on=date(2026, 12, 1)) if line["table"] == table]
    return line


def daily(account: str, *days: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"platform": "instagram", "account_id": account, "date_day": pd.to_datetime(list(days)), "reach": 1}
    )


def test_missing_days_are_counted_per_account(store: Store) -> None:
    whole = daily("a", "2026-05-01", "2026-05-02", "2026-05-03")
    broken = daily("b", "2026-05-01", "2026-05-05")
    store.commit({"account_daily": pd.concat([whole, broken])})
    line = of(store, "account_daily")
    assert (line["missing_days"], line["gaps"]) == (3, {"instagram b": 3})


def test_weeks_are_not_gaps_and_months_are_not_judged(store: Store) -> None:
    starts = pd.to_datetime(["2026-05-04", "2026-05-11", "2026-05-25", "2026-05-01", "2026-07-01"])
    table = pd.DataFrame({"platform": "discord", "community_id": "c", "interval_start": starts,
                          "interval": ["week", "week", "week", "month", "month"]})  # fmt: skip
    store.commit({"community_daily": table})
    assert of(store, "community_daily")["gaps"] == {"discord c week": 1}


def test_breaks_are_those_of_metrics_and_platforms_it_holds(store: Store) -> None:
    store.commit({"account_daily": daily("a", "2026-05-01", "2026-05-05")})
    assert of(store, "account_daily")["breaks"] == ["instagram reach 2026-05-03: renamed"]


def test_a_table_is_as_old_as_its_last_day_on_the_day_it_is_asked(store: Store) -> None:
    log = pd.DataFrame({"file": ["a"], "exported_at": pd.to_datetime(["2026-05-06 10:00Z"])})
    store.commit({"account_daily": daily("a", "2026-05-05"), "import_log": log})
    for day, age in ((date(2026, 6, 4), 30), (date(2026, 5, 5), 0), (date(2026, 5, 1), 0)):
        (line,) = [one for one in status(store, on=day) if one["table"] == "account_daily"]
        assert line["stale_days"] == age
    assert of(store, "import_log")["stale_days"] is None


def test_quarantine_is_counted_for_the_tables_its_files_feed(store: Store, tmp_path: Path) -> None:
    workspace = store.workspace
    (workspace.path / "mappings").mkdir()
    (workspace.path / "mappings" / "fans.yml").write_text(
        "name: fans\ntables:\n  fans:\n    columns: {member_key: Id, joined_at: Joined}\n    constants: {platform: discord}\n",
        encoding="utf-8",
    )
    (workspace.raw / "fans.csv").write_text("Id,Joined\na,2026-05-01\n,soon\n", encoding="utf-8")
    import_paths(workspace, [workspace.raw])
    assert of(store, "fans")["quarantined"] == 1, "a record counts once, however many of its cells are wrong"
    assert len(store.read("quarantine")) == 2


def test_outside_a_repository_no_breaks_are_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> pd.DataFrame:
        raise FileNotFoundError("metric_breaks.csv")

    monkeypatch.setattr(state, "metric_breaks", none)
    store.commit({"account_daily": daily("a", "2026-05-01", "2026-05-05")})
    assert of(store, "account_daily")["breaks"] == []
