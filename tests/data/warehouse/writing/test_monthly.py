"""Tables of many files: the same rows as in one, little written where little came, and never half of an import."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_process import load_in_small_files, start
from monthly_files import few_rows_a_file
from pandas.testing import assert_frame_equal

from fanops_utils.data import schema
from fanops_utils.data.parts import Part, TableFiles, runs, touched
from fanops_utils.data.table import LOCAL
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.reads import seen

EVENTS = """name: log
tables:
  member_events:
    columns: {member_key: Who, event_timestamp: When, event_name: What, market: Where}
    constants: {platform: discord}
"""
MENTIONS = """name: listening
tables:
  mentions:
    columns: {mention_id: Id, mentioned_at: At, market: Land, sentiment: Tone}
    constants: {platform: x, brand: B}
"""
MOMENTS = [
    "2026-01-31T23:30:00Z",
    "2026-02-01T03:30:00Z",
    "2026-03-29T00:30:00Z",
    "2026-05-31T22:30:00Z",
    "2026-08-09T10:00:00Z",
]
ACT = st.tuples(
    st.sampled_from(["ann", "ben", "cy"]), st.sampled_from(MOMENTS), st.just("like"), st.sampled_from(["US", "DE", ""])
)
SAID = st.tuples(
    st.sampled_from("abcd"), st.sampled_from(MOMENTS), st.sampled_from(["US", "DE"]), st.sampled_from(["positive", ""])
)


def fresh(like: Workspace, folder: Path) -> Workspace:
    (folder / "raw").mkdir(parents=True)
    (folder / "mappings").mkdir()
    (folder / "brand.yml").write_bytes((like.path / "brand.yml").read_bytes())
    (folder / "mappings" / "log.yml").write_text(EVENTS, encoding="utf-8")
    (folder / "mappings" / "listening.yml").write_text(MENTIONS, encoding="utf-8")
    return Workspace(folder)


def put(workspace: Workspace, name: str, header: str, rows: list[tuple[str, ...]]) -> Path:
    path = workspace.raw / name
    path.write_text("\n".join([header, *map(",".join, rows)]) + "\n", encoding="utf-8")
    number = int("".join(filter(str.isdigit, name)) or 0)
    stamp = (datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=number)).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def rows_of(workspace: Workspace, name: str) -> pd.DataFrame:
    table = schema.table(name)
    frame = Store(workspace).read(name).drop(columns=["imported_at"], errors="ignore")
    return frame.sort_values(list(table.key), ignore_index=True)


def check_files(store: Store, name: str) -> None:
    """Hold the manifest of table *name* against what its files hold."""
    entry = store.files(name)
    assert entry is not None
    for part in entry.parts:
        days = parquet.read_table(store.folder / part.file, columns=["date_day"]).to_pandas()["date_day"]
        months = pd.to_datetime(days).dt.strftime("%Y-%m").fillna("")
        assert (part.first, part.last, part.rows) == (months.min(), months.max(), len(days))
    bounds = [bound for part in entry.parts for bound in (part.first, part.last)]
    assert bounds == sorted(bounds, key=str), "no month stands in two files"


@settings(
    max_examples=10 if os.environ.get("FANOPS_SLOW") else 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    acts=st.lists(st.lists(ACT, min_size=1, max_size=6), min_size=1, max_size=3),
    said=st.lists(st.lists(SAID, min_size=1, max_size=5), min_size=1, max_size=3),
    rows=st.sampled_from([1, 3]),
)
def test_many_files_hold_what_one_holds(
    brand_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, acts: list, said: list, rows: int
) -> None:
    whole, parted = (fresh(brand_workspace, tmp_path_factory.mktemp(name) / "brand") for name in ("whole", "parted"))
    for workspace in (whole, parted):
        with pytest.MonkeyPatch.context() as patch:
            if workspace is parted:
                few_rows_a_file(patch, rows)
            for number in range(max(len(acts), len(said))):
                paths = []
                if number < len(acts):
                    paths.append(put(workspace, f"acts-{number}.csv", "Who,When,What,Where", acts[number]))
                if number < len(said):
                    paths.append(put(workspace, f"said-{number}.csv", "Id,At,Land,Tone", said[number]))
                import_paths(workspace, paths)
    for name in ("member_events", "fan_day", "mentions"):
        frames = [rows_of(one, name) for one in (whole, parted)]
        if "member_key" in frames[0]:  # each workspace has pseudonyms of its own
            assert frames[0]["member_key"].nunique() == frames[1]["member_key"].nunique()
            frames = [one.drop(columns="member_key") for one in frames]
            frames = [one.sort_values(list(one), ignore_index=True) for one in frames]
        assert_frame_equal(*frames)
        check_files(Store(parted), name)


def months(workspace: Workspace, *names: str) -> list[tuple[str, str, str, str]]:
    return [(f"m{number}", f"{month}-{day:02d}T10:00:00Z", "like", "DE")
            for number, month in enumerate(names) for day in range(1, 9)]  # fmt: skip


@pytest.fixture
def log(brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Five months of acts, a file each."""
    workspace = fresh(brand_workspace, brand_workspace.path.parent / "log")
    few_rows_a_file(monkeypatch, 8)
    acts = months(workspace, "2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
    import_paths(workspace, [put(workspace, "acts-0.csv", "Who,When,What,Where", acts)])
    assert len(Store(workspace).manifest()["member_events"].parts) == 5
    return workspace


def test_only_the_months_touched_are_written(log: Workspace) -> None:
    before = {name: entry.files for name, entry in Store(log).manifest().items()}
    identity = Store(log).manifest()["member_events"].identity
    import_paths(log, [put(log, "acts-1.csv", "Who,When,What,Where", [("new", "2026-03-05T11:00:00Z", "like", "DE")])])
    after = Store(log).manifest()
    for name in ("member_events", "fan_day"):
        assert len(set(after[name].files) - set(before[name])) == 1
        assert [part.first for part in after[name].parts] == [f"2026-0{number}" for number in range(1, 6)]
    assert after["member_events"].identity != identity, "a report that read the table is not reused"
    new = put(log, "acts-2.csv", "Who,When,What,Where", [("new", "2026-07-05T11:00:00Z", "like", "DE")])
    import_paths(log, [new])
    assert set(after["member_events"].files) < set(Store(log).manifest()["member_events"].files), (
        "a new month is a new file"
    )


def test_every_file_of_a_table_is_declared_as_read(log: Workspace) -> None:
    entry = Store(log).files("member_events")
    assert entry is not None and set(entry.files) <= seen.table_files
    assert seen.tables["member_events"] == entry.identity


def test_a_row_that_moves_to_another_month_leaves_the_old_one(log: Workspace) -> None:
    first = put(
        log, "said-1.csv", "Id,At,Land,Tone", [(f"{n}", f"2026-0{1 + n}-05T10:00:00Z", "DE", "") for n in range(5)]
    )
    import_paths(log, [first])
    import_paths(log, [put(log, "said-2.csv", "Id,At,Land,Tone", [("0", "2026-05-07T10:00:00Z", "DE", "")])])
    found = Store(log).read("mentions")
    assert found["mention_id"].is_unique and len(found) == 5
    assert found.set_index("mention_id")["date_day"].dt.month.to_dict() == {"0": 5, "1": 2, "2": 3, "3": 4, "4": 5}
    check_files(Store(log), "mentions")


def as_before(store: Store) -> None:
    """Bring a warehouse into the form of earlier editions: one file per table, no day cut."""
    tables = {}
    for name in store.manifest():
        frame = store.read(name)
        kept = frame.drop(columns=[column for column in LOCAL if schema.table(name).local])
        path = store.folder / f"{name}-old.parquet"
        kept.to_parquet(path)
        tables[name] = {"file": path.name, "rows": len(frame)}
    (store.folder / "manifest.json").write_text(json.dumps({"tables": tables, "previous": []}), encoding="utf-8")


def test_a_warehouse_of_single_files_opens_and_is_divided_at_its_next_import(log: Workspace) -> None:
    import_paths(log, [put(log, "said-1.csv", "Id,At,Land,Tone", [("a", "2026-01-31T23:30:00Z", "DE", "")])])
    names = ("member_events", "fan_day", "mentions")
    before = {name: rows_of(log, name) for name in names}
    as_before(Store(log))
    opened = Store(log)
    for name in names:
        assert_frame_equal(rows_of(log, name), before[name])
    assert opened.table("mentions").date_day.max().execute() == pd.Timestamp("2026-02-01"), "cut as it is read"
    act = [("m0", "2026-01-03T11:00:00Z", "like", "DE")]
    import_paths(log, [put(log, "acts-3.csv", "Who,When,What,Where", act)])
    manifest = Store(log).manifest()
    assert len(manifest["member_events"].parts) == len(manifest["fan_day"].parts) == 5
    assert manifest["mentions"].zones == manifest["member_events"].zones is not None, "the others are cut, too"
    assert_frame_equal(rows_of(log, "mentions"), before["mentions"])
    for name in names:
        check_files(Store(log), name)


def test_a_new_time_zone_cuts_every_file_again(log: Workspace) -> None:
    brand = log.path / "brand.yml"
    import_paths(log, [put(log, "said-1.csv", "Id,At,Land,Tone", [("a", "2026-01-31T23:30:00Z", "DE", "")])])
    brand.write_text(brand.read_text(encoding="utf-8").replace("Europe/Berlin", "Pacific/Honolulu"), encoding="utf-8")
    moved = Workspace(log.path)
    days = Store(moved).table("mentions").date_day.max().execute()
    assert days == pd.Timestamp("2026-01-31"), "at once, as it is read"
    import_paths(
        moved, [put(moved, "acts-9.csv", "Who,When,What,Where", [("z", "2026-01-01T05:00:00Z", "like", "DE")])]
    )
    entry = Store(moved).manifest()["mentions"]
    assert entry.zones is not None and entry.zones["DE"] == "Pacific/Honolulu"
    assert Store(moved).read("fan_day")["date_day"].min() == pd.Timestamp("2025-12-31")
    assert Store(moved).read("fan_day")["events"].sum() == len(Store(moved).read("member_events")) == 41


def state(workspace: Workspace) -> tuple[int, int, int]:
    store = Store(workspace)
    return len(store.read("member_events")), int(store.read("fan_day")["events"].sum()), len(store.read("import_log"))


@pytest.mark.skipif(sys.platform == "win32", reason="processes are forked and killed")
@pytest.mark.parametrize("moment", [1, 4, 8, 12, 16, 20])
def test_an_import_of_many_files_killed_at_any_moment_leaves_the_old_state_or_the_new(
    log: Workspace, moment: int
) -> None:
    acts = [
        ("k", f"2026-0{month}-11T10:00:{second:02d}Z", "like", "DE") for month in range(1, 9) for second in range(40)
    ]
    paths = [put(log, "acts-7.csv", "Who,When,What,Where", acts)]
    old, new = (40, 40, 1), (360, 360, 2)
    process = start(load_in_small_files, log.path, paths, log.path / "said", 8)
    listing, changes = list(os.walk(log.warehouse)), 0
    while changes < moment and process.is_alive():
        now = list(os.walk(log.warehouse))
        changes, listing = changes + (now != listing), now
    process.kill()
    process.join()
    assert state(log) in (old, new)
    import_paths(log, paths)
    assert state(log) == new
    named = {file for entry in Store(log).manifest().values() for file in entry.files}
    previous = set(json.loads((log.warehouse / "manifest.json").read_text(encoding="utf-8"))["previous"])
    assert {path.name for path in log.warehouse.glob("*.parquet")} <= named | previous


def test_parts_that_are_touched_and_those_that_are_not() -> None:
    parts = (Part("a", 9, "2026-01", "2026-02"), Part("b", 9, "2026-04", "2026-04"), Part("c", 2, "2026-06", "2026-07"))
    assert touched(parts, ["2026-02"], rows=9) == {0}
    assert touched(parts, ["2026-03"], rows=9) == set(), "between two full files: one of its own"
    assert touched(parts, ["2026-08"], rows=9) == {2}
    assert touched(parts, ["2025-12"], rows=10) == {0}
    assert touched(parts, [], [1], rows=11) == {1, 2}, "a small neighbour is taken in"
    assert touched((Part("a", 9),), ["2026-02"]) == {0}, "nobody knows what an old file holds"
    assert runs({"": 1, "2026-01": 1}, rows=9) == [["", "2026-01"]]


def test_the_manifest_is_read_as_it_was_written() -> None:
    files = TableFiles((Part("a", 1, "", "2026-01"), Part("b", 2, "2026-02", "2026-02")), {"DE": "Europe/Berlin"})
    assert TableFiles.from_json(json.loads(json.dumps(files.to_json()))) == files
    assert TableFiles.from_json({"file": "a", "rows": 3}) == TableFiles((Part("a", 3),))
