"""Rows into a table by key: the newest export wins, its unfinished days and its gaps do not, in whatever order it comes."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet as parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from fanops_utils.data.parts import Part
from fanops_utils.data.schema import TABLES, Table
from fanops_utils.data.warehouse.engine import connect
from fanops_utils.data.warehouse.writing.upsert import Upsert

ENGINE = connect(Path(tempfile.gettempdir()))


@dataclass(frozen=True)
class Merged:
    frame: pd.DataFrame
    loaded: set[int]
    changed: bool


def upsert(table: Table, old: pd.DataFrame, *exports: pd.DataFrame) -> Merged:
    """Merge *exports*, in this order, into *old*; `loaded` holds the source rows of the last one that changed it."""
    with tempfile.TemporaryDirectory() as folder:
        there = stored(table, old, Path(folder) / "old.parquet") if len(old) else None
        parts = ((there, Part("old.parquet", len(old))),) if there else ()
        numbered = [export.assign(file_no=number) for number, export in enumerate(exports)]
        staged = pd.concat(numbered, ignore_index=True)
        staged["seq"] = range(len(staged))
        merge = Upsert(ENGINE, table, parts, (stored(table, staged, Path(folder) / "new.parquet"),))
        merge.prepare()
        rows = ENGINE.execute(merge.loaded()).fetchall()
        whole = [there if isinstance(part, Part) else part.path for part in merge.write(Path(folder)).parts]
        frame = table.conform(pd.concat(parquet.read_table(path).to_pandas() for path in whole if path))
        return Merged(frame, {row for number, row in rows if number == len(exports) - 1}, merge.changed())


def stored(table: Table, frame: pd.DataFrame, path: Path) -> Path:
    place = [name for name in ("file_no", "seq") if name in frame]
    schema = table.arrow_schema(frame.drop(columns=place))
    for name in place:
        schema = schema.append(arrow.field(name, arrow.int64()))
    parquet.write_table(arrow.Table.from_pandas(frame, schema, preserve_index=False), path)
    return path


def days(values: dict[str, int | None], *, exported: int, partial: bool = False) -> pd.DataFrame:
    table = TABLES["account_daily"]
    return table.conform(pd.DataFrame({
        "platform": "tiktok", "account_id": "a", "date_day": pd.to_datetime(list(values)), "views": list(values.values()),
        "is_partial": partial, "source_row": range(1, len(values) + 1), "exported_at": datetime(2026, 1, exported, tzinfo=UTC),
    }))  # fmt: skip


def views(frame: pd.DataFrame) -> dict[str, int | None]:
    pairs = zip(frame["date_day"], frame["views"], strict=True)
    return {str(day.date()): None if pd.isna(value) else int(value) for day, value in pairs}


def test_the_newest_export_wins_but_not_its_gaps_and_partial_days() -> None:
    table = TABLES["account_daily"]
    old = days({"2026-01-01": 10, "2026-01-02": 20}, exported=3)
    newer = upsert(table, old, days({"2026-01-02": 21, "2026-01-03": 30}, exported=5))
    assert (views(newer.frame), newer.loaded) == ({"2026-01-01": 10, "2026-01-02": 21, "2026-01-03": 30}, {1, 2})
    older = upsert(table, newer.frame, days({"2026-01-02": 19, "2026-01-03": 29}, exported=4))
    assert (views(older.frame), older.loaded) == (views(newer.frame), set())
    partial = upsert(table, newer.frame, days({"2026-01-03": 1}, exported=6, partial=True))
    assert views(partial.frame)["2026-01-03"] == 30
    gap = upsert(table, newer.frame, days({"2026-01-01": None}, exported=6))
    assert views(gap.frame)["2026-01-01"] == 10


def test_a_finished_day_replaces_an_unfinished_one_whichever_comes_first() -> None:
    table = TABLES["account_daily"]
    whole, tail = days({"2026-01-03": 50}, exported=5), days({"2026-01-03": 8}, exported=6, partial=True)
    for first, second in ((whole, tail), (tail, whole)):
        (row,) = upsert(table, first, second).frame.itertuples()
        assert (row.views, row.is_partial) == (50, False)


def test_an_unfinished_day_fills_gaps_and_does_not_make_the_day_unfinished() -> None:
    table = TABLES["account_daily"]
    whole = days({"2026-01-03": None}, exported=5).assign(likes=pd.array([7], dtype="Int64"))
    (row,) = upsert(table, whole, days({"2026-01-03": 8}, exported=6, partial=True)).frame.itertuples()
    assert (row.likes, row.views, row.is_partial) == (7, 8, False)


def orders(*rows: tuple[str, float | None, int]) -> pd.DataFrame:
    """Return orders: id, total, day of export."""
    table = TABLES["orders"]
    frame = pd.DataFrame(
        {"order_id": [one[0] for one in rows], "total": [one[1] for one in rows], "currency": "EUR",
         "created_timestamp": datetime(2026, 1, 1, tzinfo=UTC), "source_row": range(1, len(rows) + 1),
         "exported_at": [datetime(2026, 1, one[2], tzinfo=UTC) for one in rows]}
    )  # fmt: skip
    return table.conform(frame)


def test_a_row_is_replaced_as_a_whole_where_columns_do_not_merge() -> None:
    merged = upsert(TABLES["orders"], orders(("a", 5, 1), ("b", 6, 1)), orders(("b", None, 2), ("c", 7, 2)))
    assert merged.loaded == {1, 2}
    assert merged.frame["order_id"].tolist() == ["a", "b", "c"], "rows keep their place"
    assert merged.frame["total"].isna().tolist() == [False, True, False]


def test_within_one_file_the_last_row_of_a_key_counts() -> None:
    merged = upsert(TABLES["orders"], orders(), orders(("a", 5, 1), ("b", 1, 1), ("a", 6, 1)))
    assert merged.loaded == {2, 3}
    assert merged.frame.set_index("order_id")["total"].to_dict() == {"a": 6, "b": 1}


def test_a_newer_export_that_says_the_same_holds_against_an_older_one() -> None:
    table = TABLES["orders"]
    confirmed = upsert(table, orders(("a", 5, 1)), orders(("a", 5, 3)))
    assert (confirmed.loaded, confirmed.changed) == (set(), True)
    late = upsert(table, confirmed.frame, orders(("a", 4, 2)))
    assert (late.loaded, late.changed, late.frame["total"].tolist()) == (set(), False, [5])


def test_what_is_there_already_changes_nothing() -> None:
    table = TABLES["orders"]
    same = upsert(table, orders(("a", 5, 1), ("b", None, 1)), orders(("b", None, 1), ("a", 5, 1)))
    assert (same.loaded, same.changed) == (set(), False)


def test_keys_with_empty_parts_are_keys() -> None:
    table = TABLES["post_metrics"]
    shots = [
        {"metric_window": "lifetime", "snapshot_at": "2026-01-05", "likes": 1},
        {"metric_window": "lifetime", "snapshot_at": "2026-01-09", "likes": 2},
    ]
    frame = pd.DataFrame([{"platform": "x", "post_id": "1", **shot} for shot in shots])
    frame["snapshot_at"] = pd.to_datetime(frame["snapshot_at"], utc=True)
    frame = table.conform(frame.assign(source_row=[1, 2], exported_at=frame["snapshot_at"]))
    again = upsert(table, frame, frame.assign(likes=pd.array([1, 3], dtype="Int64")))
    assert (again.loaded, again.frame["likes"].tolist()) == ({2}, [1, 3]), "each reading of a post is kept"


def test_further_outcomes_of_units_do_not_erase_earlier_ones() -> None:
    table = TABLES["experiment_units"]
    base = pd.DataFrame({"experiment": "badge", "unit_key": ["a"], "variant": ["new"], "source_row": [1]})
    merged = upsert(table, table.conform(base.assign(posted=1)), table.conform(base.assign(opened=0)))
    (row,) = merged.frame.to_dict("records")
    assert (row["posted"], row["opened"], merged.loaded) == (1, 0, {1})


DAYS = st.sampled_from(["2026-01-01", "2026-01-02"])
Exports = list[tuple[dict[str, int | None], int, bool]]
COUNTS = st.dictionaries(DAYS, st.integers(0, 3), min_size=1)
GAPS = st.dictionaries(DAYS, st.none() | st.integers(0, 3), min_size=1)


def plain(exports: Exports) -> list[dict[str, int | None]]:
    """Return the state after each export, by the rule as a sentence: the highest reading of each cell counts."""
    states, readings = [], []
    for number, (export, exported, partial) in enumerate(exports):
        readings += [(day, (not partial, exported, number), value) for day, value in export.items()]
        state: dict[str, int | None] = {day: None for day, _rank, _value in readings}
        for day, _rank, value in sorted(readings, key=lambda one: one[1]):
            state[day] = state[day] if value is None else value
        states.append(state)
    return states


def check(exports: Exports) -> None:
    """Hold the merge of *exports*, all at once and one by one, against the plain rule."""
    table = TABLES["account_daily"]
    frames = [days(dict(sorted(values.items())), exported=exported, partial=partial)
              for values, exported, partial in exports]  # fmt: skip
    expected = plain(exports)
    together = upsert(table, days({}, exported=1), *frames)
    assert views(together.frame.sort_values("date_day")) == dict(sorted(expected[-1].items()))
    one_by_one = days({}, exported=1)
    for number, frame in enumerate(frames):
        merged = upsert(table, one_by_one, frame)
        before = expected[number - 1] if number else {}
        moved = {day for day, value in expected[number].items() if day not in before or before[day] != value}
        rows = dict(zip(frame["date_day"].dt.strftime("%Y-%m-%d"), frame["source_row"], strict=True))
        assert {rows[day] for day in moved} <= merged.loaded
        one_by_one = merged.frame
    assert views(one_by_one.sort_values("date_day")) == views(together.frame.sort_values("date_day"))
    assert upsert(table, one_by_one, frames[-1]).loaded == set(), "again is nothing new"


@settings(max_examples=8)
@given(st.lists(st.tuples(COUNTS, st.integers(1, 4), st.booleans()), min_size=1, max_size=4))
def test_upsert_equals_the_plain_rule_in_any_order(exports: Exports) -> None:
    check(exports)


@settings(max_examples=8)
@given(st.lists(GAPS, min_size=1, max_size=4))
def test_upsert_equals_the_plain_rule_where_newer_exports_have_gaps(exports: list[dict[str, int | None]]) -> None:
    check([(export, number, False) for number, export in enumerate(exports, start=1)])
