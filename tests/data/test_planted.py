"""People planted in every text column of every table are struck out at import, and one who is erased is found nowhere."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from urllib.parse import unquote

import pyarrow.parquet as parquet
import yaml

from fanops_utils.data.privacy.personal import IDS
from fanops_utils.data.protection.erasing import erase
from fanops_utils.data.schema import TABLES, Table
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.data.warehouse.writing.personal import texts_of
from fanops_utils.workspace import Workspace

# The tables with most texts; all of them, a quarter of a minute of computing, where FANOPS_SLOW is set.
MOST_TEXT = ("posts", "web_daily", "survey_answers", "orders", "order_lines", "referrals", "cases")
PLANTED_IN = tuple(TABLES) if os.environ.get("FANOPS_SLOW") else MOST_TEXT
MEMBER, OTHER = "anna.berg-77@example.org", "ben.carl-88@example.org"
PLANTED = "联系anna.berg-77%40example.org，+49 301 234567, @anna_berg77, 微信号: annab_1988, 203.0.113.7"
NEEDLES = ("anna.berg", "301 234567", "annab_1988", "anna_berg77", "203.0.113.7")


def _cell(table: Table, name: str, person: str) -> str:
    column = table.columns[name]
    if name.endswith("_key"):
        return person
    if column.check is not None and column.dtype == "string":
        return str((column.check.statistics or {})["allowed_values"][0])
    if column.dtype == "string":
        known = {"market": "US", "currency": "EUR", "platform": "discord", "country": "US"}
        free = name in texts_of(table.name) and not name.endswith(IDS) and name not in table.key
        return known.get(name) or (PLANTED if free else f"{name}-{person[:3]}")
    if str(column.dtype) == "boolean":
        return "true"
    return "2026-05-01T10:00:00+00:00" if "datetime" in str(column.dtype) else "1"


def _plant(workspace: Workspace, table: Table) -> Path:
    """Write a file of *table* with a record of two people, and the mapping that reads all its columns."""
    names = table.payload
    mapping = {
        "name": table.name,
        "tables": {table.name: {"columns": {name: f"{table.name} {name}" for name in names}}},
    }
    (workspace.path / "mappings").mkdir(exist_ok=True)
    (workspace.path / "mappings" / f"{table.name}.yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    path = workspace.raw / f"{table.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [[_cell(table, name, person) for name in names] for person in (MEMBER, OTHER)]
        csv.writer(file).writerows([[f"{table.name} {name}" for name in names], *rows])
    return path


def _told(folder: Path) -> str:
    """Return all that the Parquet files under *folder* hold, decoded, by means of its own."""
    texts = []
    for path in folder.rglob("*.parquet"):
        for row in parquet.read_table(path).to_pylist():
            texts += [unquote(str(value)).casefold() for value in row.values()]
    return "\n".join(texts)


def test_nobody_planted_reaches_the_warehouse_and_who_is_erased_is_gone(brand_workspace: Workspace) -> None:
    files = {name: _plant(brand_workspace, TABLES[name]) for name in PLANTED_IN}
    reports = import_paths(brand_workspace, list(files.values()))
    refused = [(one.file, one.error) for one in reports if one.status != "loaded"]
    assert not refused, "\n".join(f"{file}: {error}"[:300] for file, error in refused)
    told = _told(brand_workspace.warehouse)
    assert len(told) > 100 * len(files)
    assert [needle for needle in NEEDLES if needle in told] == []
    done = erase(brand_workspace, [MEMBER])
    assert (done.left, done.unsearched) == ([], [])
    raw = unquote("".join(path.read_text(encoding="utf-8") for path in files.values() if path.exists()))
    assert MEMBER not in raw
    assert OTHER in raw
    key_tables = {name for name in PLANTED_IN if any(one.endswith("_key") for one in TABLES[name].columns)}
    assert set(done.tables) >= {name for name in key_tables if len(Store(brand_workspace).read(name))}
