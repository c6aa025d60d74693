"""Fan days counted as events come: the same as counting all of them again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from monthly_files import few_rows_a_file
from pandas.testing import assert_frame_equal

from fanops_utils.data.schema import SYSTEM_TABLES
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace

ZONES = {"US": "America/New_York", "DE": "Europe/Berlin"}
MAPPING = """name: log
tables:
  member_events:
    columns: {member_key: Who, event_timestamp: When, event_name: What, market: Where, event_value: Worth}
    constants: {platform: discord}
"""
MOMENTS = [
    "2026-03-28T23:30:00Z",
    "2026-03-29T00:30:00Z",
    "2026-03-29T03:30:00Z",
    "2026-03-29T22:30:00Z",
    "2026-06-01T12:00:00Z",
]
EVENT = st.tuples(
    st.sampled_from(["ann", "ben"]), st.sampled_from(MOMENTS), st.sampled_from(["visit", "like", "buy"]),
    st.sampled_from(["US", "DE", ""]), st.sampled_from(["", "2.5", "4"]),
)  # fmt: skip


def counted(events: pd.DataFrame) -> pd.DataFrame:
    """Return the roll-up of *events* as a person would count it: row by row."""
    days: dict[tuple[str, str, pd.Timestamp], dict[str, object]] = {}
    for one in events.to_dict("records"):
        zone = "UTC" if pd.isna(one["market"]) else ZONES[one["market"]]
        day = one["event_timestamp"].tz_convert(zone).tz_localize(None).normalize()
        key = (one["platform"], one["member_key"], day)
        line = days.setdefault(
            key, {"market": None, "events": 0, "likes": 0, "comments": 0, "shares": 0, "buys": 0, "value": None}
        )
        line["events"] += 1  # type: ignore[operator]
        for column, act in (("likes", "like"), ("buys", "buy")):
            line[column] += one["event_name"] == act  # type: ignore[operator]
        if pd.notna(one["event_value"]):
            line["value"] = (line["value"] or 0) + one["event_value"]  # type: ignore[operator]
        markets = [name for name in (line["market"], one["market"]) if pd.notna(name)]
        line["market"] = min(markets) if markets else None
    rows = [{"platform": key[0], "member_key": key[1], "date_day": key[2], **line} for key, line in days.items()]
    frame = SYSTEM_TABLES["fan_day"].conform(pd.DataFrame(rows))
    return frame.sort_values(["platform", "member_key", "date_day"], ignore_index=True)


def fresh(workspace: Workspace, name: str) -> Workspace:
    folder = workspace.path.parent / name
    (folder / "raw").mkdir(parents=True)
    (folder / "mappings").mkdir()
    (folder / "brand.yml").write_bytes((workspace.path / "brand.yml").read_bytes())
    (folder / "mappings" / "log.yml").write_text(MAPPING, encoding="utf-8")
    return Workspace(folder)


def load(workspace: Workspace, name: str, events: list[tuple[str, ...]]) -> Path:
    path = workspace.raw / name
    path.write_text(
        "\n".join(["Who,When,What,Where,Worth", *(",".join(one) for one in events)]) + "\n", encoding="utf-8"
    )
    (report,) = import_paths(workspace, [path])
    assert report.rows_in == report.rows_loaded + report.rows_duplicate + report.rows_quarantined
    return path


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(st.lists(EVENT, min_size=1, max_size=6), min_size=1, max_size=3), rows=st.sampled_from([1, 3, 99])
)
def test_fan_days_counted_as_files_come_equal_a_full_count(
    brand_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, ...]]], rows: int
) -> None:
    workspace = fresh(brand_workspace, tmp_path_factory.mktemp("w").name)
    with pytest.MonkeyPatch.context() as patch:
        few_rows_a_file(patch, rows)
        for number, events in enumerate(files):
            load(workspace, f"{number}.csv", events)
            store = Store(workspace)
            found = store.read("fan_day").sort_values(["platform", "member_key", "date_day"], ignore_index=True)
            assert_frame_equal(found, counted(store.read("member_events")))


def test_a_market_s_new_time_zone_counts_all_days_again(brand_workspace: Workspace) -> None:
    workspace = fresh(brand_workspace, "zones")
    load(workspace, "a.csv", [("ann", "2026-06-01T02:00:00Z", "like", "US", "")])
    assert str(Store(workspace).read("fan_day")["date_day"].iloc[0].date()) == "2026-05-31"
    brand = workspace.path / "brand.yml"
    brand.write_text(brand.read_text(encoding="utf-8").replace("America/New_York", "Asia/Tokyo"), encoding="utf-8")
    load(Workspace(workspace.path), "b.csv", [("ben", "2026-06-01T02:00:00Z", "like", "DE", "")])
    assert set(Store(workspace).read("fan_day")["date_day"].astype(str)) == {"2026-06-01"}


def test_an_event_corrected_to_another_market_moves_its_day(brand_workspace: Workspace) -> None:
    workspace = fresh(brand_workspace, "moved")
    load(
        workspace,
        "a.csv",
        [("ann", "2026-06-01T02:00:00Z", "like", "US", ""), ("ann", "2026-06-05T02:00:00Z", "like", "US", "")],
    )
    load(workspace, "b.csv", [("ann", "2026-06-01T02:00:00Z", "like", "DE", "")])
    found = Store(workspace).read("fan_day")
    assert found["date_day"].astype(str).tolist() == ["2026-06-01", "2026-06-04"]
    assert found["market"].tolist() == ["DE", "US"]
