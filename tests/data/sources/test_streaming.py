"""Large files in blocks: the same rows, wherever a block ends, and never half a file."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from fanops_utils.data.sources import blocks, streaming
from fanops_utils.data.sources.files.reading import read_grid
from fanops_utils.data.sources.mapping.fitting import fit
from fanops_utils.data.sources.mapping.register import Mapping, read_mapping
from fanops_utils.data.sources.mapping.rows import parse_mapped
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.data.sources.streaming import LargeFile, large_file
from fanops_utils.data.warehouse import Store, Watch, import_paths
from fanops_utils.errors import ImportRefused
from fanops_utils.workspace import Workspace

MAPPING = """name: log
tables:
  member_events:
    columns: {member_key: Who, event_timestamp: When, event_name: What, event_value: Worth}
    constants: {platform: discord}
"""
HEADER = ["Who", "When", "What", "Worth", "Note"]


@pytest.fixture
def mapping(brand_workspace: Workspace) -> Mapping:
    folder = brand_workspace.path / "mappings"
    folder.mkdir()
    (folder / "log.yml").write_text(MAPPING, encoding="utf-8")
    return read_mapping(folder / "log.yml")


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every text file counts as large, and is read some lines at a time."""
    monkeypatch.setattr(streaming, "STREAM_FROM", 1)
    monkeypatch.setattr(blocks, "BLOCK", 2000)
    yield


SHOP = """name: Demo
markets:
  - {code: US, name: United States, language: en, time_zone: America/New_York, currency: USD}
accounts:
  - {platform: shopify, handle: shop}
"""


def log(rows: int, *, first: int = 0) -> str:
    lines = [
        f"m{number % 7},2026-05-01T00:{number // 60:02d}:{number % 60:02d}Z,like,{number},"
        for number in range(first, rows)
    ]
    return "\n".join([",".join(HEADER), *lines]) + "\n"


CELL = st.text(st.sampled_from('ab,"\n é=@7'), max_size=6)
ROWS = st.lists(st.lists(CELL, min_size=5, max_size=5), min_size=1, max_size=25)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, block=st.integers(1, 90), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_blocks_hold_the_records_of_the_whole(
    brand_workspace: Workspace, tmp_path: Path, rows: list[list[str]], block: int, quoting: int
) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows([HEADER, *rows])  # type: ignore[arg-type]
    path = tmp_path / "log.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    mapping = Mapping.model_validate({"name": "log", "tables": {"member_events": {
        "columns": {"member_key": "Who", "event_timestamp": "When", "event_name": "What", "event_value": "Worth"},
        "constants": {"platform": "x"}}}})  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", block)
        large = LargeFile(path, "log.csv", packed=False)
        sheets = list(large.sheets(mapping))
    whole = fit(mapping, read_grid(large.whole())).sheet
    assert whole is not None
    wanted = [column for column in whole.cells.frame if column in mapping.headers]
    found = pd.concat([sheet.cells.frame[wanted] for sheet in sheets]) if sheets else whole.cells.frame[wanted].head(0)
    assert_frame_equal(found, whole.cells.frame[wanted], check_index_type=False)


def test_a_large_log_is_loaded_as_a_small_one_is(
    brand_workspace: Workspace, mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = brand_workspace.raw / "log.csv"
    odd = ",,,,\nzoe,soon,like,,\nyan,2026-05-02,like,1,too,many\nxin,2026-05-02,like,much,\nwim,2026-05-03,like,2\n"
    path.write_text(log(50) + odd + '"vic\nky",2026-05-04,"li""ke",3,"a, b"\n', encoding="utf-8")
    (whole,) = import_paths(brand_workspace, [path])
    frames = {name: Store(brand_workspace).read(name) for name in ("member_events", "fan_day", "quarantine")}
    (brand_workspace.warehouse / "manifest.json").unlink()
    monkeypatch.setattr(streaming, "STREAM_FROM", 1)
    monkeypatch.setattr(blocks, "BLOCK", 500)
    (divided,) = import_paths(brand_workspace, [path])
    assert divided == whole
    assert (whole.rows_in, whole.rows_loaded, whole.rows_quarantined, whole.rows_duplicate) == (55, 51, 4, 0)
    for name, frame in frames.items():
        again = Store(brand_workspace).read(name)
        left, right = (one.drop(columns="imported_at", errors="ignore") for one in (again, frame))
        order = [
            column for column in ("member_key", "event_timestamp", "source_row", "date_day", "column") if column in left
        ]
        assert_frame_equal(left.sort_values(order, ignore_index=True), right.sort_values(order, ignore_index=True))


@pytest.mark.usefixtures("small_blocks", "mapping")
def test_a_packed_log_is_read_without_unpacking_it(brand_workspace: Workspace) -> None:
    path = brand_workspace.raw / "log.csv.gz"
    path.write_bytes(gzip.compress(log(200).encode()))
    (report,) = import_paths(brand_workspace, [path])
    assert (report.status, report.rows_in, report.rows_loaded) == ("loaded", 200, 200)
    (again,) = import_paths(brand_workspace, [path])
    assert (again.status, again.rows_in, again.rows_loaded, again.rows_duplicate) == ("unchanged", 200, 0, 200)


def broken(kind: str) -> bytes:
    data = log(400).encode()
    cases = {
        "packed, cut": gzip.compress(data)[:-20],
        "packed, damaged": gzip.compress(data)[:400] + b"\x00" * 40 + gzip.compress(data)[440:],
        "another encoding": data + "zoë,2026-05-02,like,1,\n".encode("cp1252"),
        "an open quote": data + b'zoe,2026-05-02,like,1,"never closed\n',
    }
    return cases[kind]


@pytest.mark.parametrize("kind", ["packed, cut", "packed, damaged", "another encoding", "an open quote"])
@pytest.mark.usefixtures("small_blocks", "mapping")
def test_a_file_that_breaks_in_the_middle_is_refused_whole(
    brand_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(streaming, "HEAD", 2000)
    (brand_workspace.raw / "a.csv").write_text(log(3), encoding="utf-8")
    (brand_workspace.raw / "b.csv").write_bytes(broken(kind))
    (brand_workspace.raw / "c.csv").write_text(log(6, first=3), encoding="utf-8")
    reports = import_paths(brand_workspace, [brand_workspace.raw])
    assert [one.status for one in reports] == ["loaded", "refused", "loaded"]
    assert "b.csv" in reports[1].error
    assert len(Store(brand_workspace).read("member_events")) == 6


@pytest.mark.usefixtures("small_blocks", "mapping")
def test_a_large_file_that_nothing_fits_says_what_it_lacks(brand_workspace: Workspace) -> None:
    path = brand_workspace.raw / "log.csv"
    path.write_text(log(50).replace("What", "Was", 1), encoding="utf-8")
    (report,) = import_paths(brand_workspace, [path])
    assert (report.status, "lacks 'what'" in report.error) == ("refused", True)


@pytest.mark.usefixtures("small_blocks", "mapping")
def test_the_bytes_read_are_told_as_they_are_read(brand_workspace: Workspace) -> None:
    for name in ("a.csv", "b.csv"):
        (brand_workspace.raw / name).write_text(log(60), encoding="utf-8")
    told: list[tuple[int, int]] = []
    import_paths(
        brand_workspace, [brand_workspace.raw], watch=Watch(read=lambda done, total: told.append((done, total)))
    )
    size = 2 * (brand_workspace.raw / "a.csv").stat().st_size
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert (told[-1], {total for _, total in told}) == ((size, size), {size})


def test_workbooks_and_archives_are_never_taken_for_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "STREAM_FROM", 1)
    for start in (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"):
        path = tmp_path / "x.csv"
        path.write_bytes(start + b"0" * 100)
        assert large_file(path, label="x.csv") is None


def test_a_mapping_that_does_not_fit_is_refused(mapping: Mapping, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match=re.escape("the mapping 'log' does not fit")):
        list(LargeFile(path, "other.csv", packed=False).sheets(mapping))


def test_rows_are_numbered_through_the_blocks(mapping: Mapping, brand_workspace: Workspace, small_blocks: None) -> None:
    path = brand_workspace.raw / "log.csv"
    path.write_text(log(300), encoding="utf-8")
    large = LargeFile(path, "log.csv", packed=False)
    context = Context(brand_workspace, large.export)
    frames = [parse_mapped(mapping, sheet, context).tables["member_events"] for sheet in large.sheets(mapping)]
    assert len(frames) > 3
    assert pd.concat(frames)["source_row"].tolist() == list(range(1, 301))


@pytest.mark.parametrize("quoted", [False, True])
def test_a_shop_read_in_blocks_is_the_one_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quoted: bool
) -> None:
    head, lines = (
        "Name,Email,Created at,Currency,Subtotal,Total,Id,Lineitem quantity,Lineitem name,Lineitem price\n",
        [],
    )
    for number in range(1, 120):
        name = '"Cap, red"' if quoted else "Cap"
        order = f"#{number},b{number}@example.com,2026-05-01 10:00:00 +0200,EUR,{number}.00,{number}.50,{9000 + number}"
        lines += [f"{order},1,{name},{number}.00", *[f"#{number},,,,,,,2,Mug,4.00"] * (number % 3)]
    tables = []
    for folder, divided in ((tmp_path / "whole", False), (tmp_path / "blocks", True)):
        (folder / "raw").mkdir(parents=True)
        (folder / "brand.yml").write_text(SHOP, encoding="utf-8")
        (folder / "raw" / "orders.csv").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        if divided:
            monkeypatch.setattr(streaming, "STREAM_FROM", 500)
            monkeypatch.setattr(blocks, "BLOCK", 500)
        (report,) = import_paths(Workspace(folder), [folder / "raw"])
        assert (report.status, report.rows_quarantined) == ("loaded", 0), report.error
        store = Store(Workspace(folder))
        tables.append([store.read(table).drop(columns=["customer_key", "imported_at", "exported_at"], errors="ignore")
                       for table in ("orders", "order_lines")])  # fmt: skip
    for whole, blockwise in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(whole, blockwise)
