"""Canonical rows by a mapping: each column by its kind, every person a pseudonym."""

from __future__ import annotations

import pandas as pd
import pytest
from export_reading import EXPORTED, workspace

from fanops_utils.data.columns import Column
from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.schema import TABLES
from fanops_utils.data.sources.files.reading import Export, Grid
from fanops_utils.data.sources.mapping.fitting import fit
from fanops_utils.data.sources.mapping.register import Mapping
from fanops_utils.data.sources.mapping.rows import KeysOnce, _iso_times, parse_mapped
from fanops_utils.data.sources.shared.cells import Cells
from fanops_utils.data.sources.shared.source import Context
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace


def value_of(spec: Column) -> str:
    """Return a value that the column takes."""
    if spec.check and "allowed_values" in spec.check.statistics:
        return str(next(iter(spec.check.statistics["allowed_values"])))
    return "2026-05-01" if "date" in str(spec.dtype) else "1"


@pytest.mark.parametrize(
    "column", [(table.name, name) for table in TABLES.values() for name in table.columns if name.endswith("_key")]
)
def test_every_key_of_a_person_is_a_pseudonym(brand_workspace: Workspace, column: tuple[str, str]) -> None:
    table, name = TABLES[column[0]], column[1]
    cells = {one: value_of(spec) for one, spec in table.columns.items() if spec.required or one == name}
    columns = "".join(f"      {one}: {one}\n" for one in cells)
    folder = brand_workspace.path / "mappings"
    folder.mkdir()
    (folder / "x.yml").write_text(f"name: x\ntables:\n  {table.name}:\n    columns:\n{columns}", encoding="utf-8")
    (brand_workspace.raw / "x.csv").write_text(
        ",".join(cells) + "\n" + ",".join("somebody" if one == name else cell for one, cell in cells.items()) + "\n",
        encoding="utf-8",
    )
    (report,) = import_paths(brand_workspace, [brand_workspace.raw])
    assert report.rows_loaded == 1, report
    found = Store(brand_workspace).read(table.name)[name].tolist()
    assert found == [Pseudonyms.of(brand_workspace).key_for("somebody")]


def test_a_sum_whose_word_is_not_known_has_no_day() -> None:
    columns = {"account_id": "Account", "date_day": "Day", "campaign_name": "Name", "spend": "Spent"}
    constants = {"platform": "other", "currency": "EUR", "metric_window": "day"}
    mapping = Mapping.model_validate(
        {"name": "ads", "tables": {"ads_daily": {"columns": columns, "constants": constants}}}
    )
    rows = [list(columns.values()), ["a1", "2026-03-05", "Spring", "1.5"], ["2 campaigns", "", "", "1.5"]]
    sheet = fit(mapping, Grid(rows)).sheet
    assert sheet is not None
    parsed = parse_mapped(mapping, sheet, Context(workspace(), Export("a.csv", ("a.csv",), b"", EXPORTED)))
    assert {one.row for one in parsed.rejects} == {2}
    assert len(parsed.tables["ads_daily"]) == 1


def test_a_pseudonym_is_computed_once_per_id(monkeypatch: pytest.MonkeyPatch, brand_workspace: Workspace) -> None:
    asked: list[str] = []
    people = Pseudonyms.of(brand_workspace)
    monkeypatch.setattr(Pseudonyms, "key_for", lambda _self, value: asked.append(value) or f"key of {value}")
    once = KeysOnce(people)
    for _ in range(2):
        found = once.keys(pd.Series(["b", None, "a", "b"], dtype="string", index=[4, 5, 6, 7]))
        assert found[[4, 6, 7]].tolist() == ["key of b", "key of a", "key of b"]
        assert found.isna().tolist() == [False, True, False, False]
    assert sorted(asked) == ["a", "b"]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize(
    "values",
    [
        ["2026-05-01T10:00:00Z", None, "2026-05-01 10:00:00.123+02:00"],
        ["2026-05-01", "2026-03-29 02:30", None],
        ["2026-05-01 10:30", "2026-05-01T10:00:00Z"],
        ["soon", "2026-05-01"],
        ["2026-05-01T10:00:00.1234567Z"],
        ["2026-05-01 10"],
        ["2026-05-01T10:00:00+0530"],
        [None],
        ["0001-01-01", "9999-12-31"],
        ["2026-13-01"],
    ],
)
def test_the_quick_way_to_read_times_agrees_with_the_thorough_one(values: list[str | None], zone: str) -> None:
    cells = Cells(pd.DataFrame({"when": pd.Series(values, dtype="string", index=range(1, len(values) + 1))}))
    quick, thorough = _iso_times(cells.raw("when"), zone), cells.iso_time("when", zone)
    if quick is not None:
        pd.testing.assert_series_equal(quick, thorough, check_names=False)
        assert cells.rejects == []


@pytest.mark.parametrize(
    ("unit", "cells"), [("unix_s", ["1082040961", "0.5", "x", ""]), ("unix_ms", ["1082040961000", "9" * 17, "1e9", ""])]
)
def test_times_counted_since_1970_are_read_and_others_rejected(
    brand_workspace: Workspace, unit: str, cells: list[str]
) -> None:
    folder = brand_workspace.path / "mappings"
    folder.mkdir()
    mapped = "fans:\n    columns: {member_key: who, joined_at: at}\n    constants: {platform: other}\n"
    (folder / "x.yml").write_text(f"name: x\ntime_format: {unit}\ntables:\n  {mapped}", encoding="utf-8")
    rows = "".join(f"m{number},{cell}\n" for number, cell in enumerate(cells))
    (brand_workspace.raw / "x.csv").write_text("who,at\n" + rows, encoding="utf-8")
    (report,) = import_paths(brand_workspace, [brand_workspace.raw])
    times = Store(brand_workspace).read("fans")["joined_at"]
    assert (report.rows_loaded, report.rows_quarantined) == (2, 2), "an empty cell is no time, not a wrong one"
    assert [str(one) for one in times.dropna()] == ["2004-04-15 14:56:01+00:00"]
