from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from pathlib import Path

import pytest
from people import load, put

from fanops_utils.data.protection.exporting import export_subject
from fanops_utils.data.protection.ledger import read_ledger
from fanops_utils.errors import DataError
from fanops_utils.workspace import Workspace

ANNA, BEN = "LC-000017", "LC-000170"
T = "2026-05-01T10:00:00+00:00"


@pytest.fixture
def filled(brand_workspace: Workspace) -> Workspace:
    put(
        brand_workspace,
        "events",
        "events",
        [[ANNA, T, "post", "-5"], [BEN, T, "post", "2"], [ANNA, "soon", "like", "3"]],
    )
    put(brand_workspace, "orders", "orders", [["o1", ANNA, T, "10", "=cmd()"], ["o2", BEN, T, "20", "@shop"]])
    put(brand_workspace, "referrals", "referrals", [["r1", BEN, ANNA, T]])
    load(brand_workspace)
    return brand_workspace


def test_all_that_is_held_and_nothing_of_others(filled: Workspace, tmp_path: Path) -> None:
    done = export_subject(filled, [ANNA], to=tmp_path / "anna.zip")
    assert done.tables == {"fan_day": 1, "member_events": 1, "orders": 1, "quarantine": 1, "referrals": 1}
    assert done.raw_records == 4
    assert stat.S_IMODE((tmp_path / "anna.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "anna.zip") as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(files) == sorted(["subject.json", "raw_records.csv", *(f"tables/{name}.csv" for name in done.tables)])
    held = json.loads(files["subject.json"])
    assert held["subject"] == [ANNA]
    assert [row["total"] for row in held["tables"]["orders"]] == [10.0]
    assert held["tables"]["orders"][0]["source"] == "=cmd()"
    assert held["retention"]["orders"] == "3650 days"
    assert {
        "file": "raw/events.csv",
        "record": 3,
        "cells": {"Member": ANNA, "When": "soon", "What": "like", "Worth": "3"},
    } in held["raw_records"]
    everything = "".join(files.values())
    assert BEN not in everything, "who invited them is another person"
    assert "[another person]" in everything


def test_no_cell_is_a_formula(filled: Workspace, tmp_path: Path) -> None:
    export_subject(filled, [ANNA], to=tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out" / "subject.json").stat().st_mode) == 0o600
    rows = [row for path in (tmp_path / "out").rglob("*.csv") for row in csv.reader(io.StringIO(path.read_text()))]
    texts = [cell for row in rows for cell in row]
    assert "'=cmd()" in texts
    assert "'-5" in texts
    assert "-5.0" in texts, "a number stays one"
    assert not [cell for cell in texts if cell[:1] in ("=", "+", "@")]


def test_one_platform(filled: Workspace, tmp_path: Path) -> None:
    done = export_subject(filled, [ANNA], to=tmp_path / "a.zip", platform="discord")
    assert set(done.tables) == {"fan_day", "member_events", "referrals"}
    assert "orders" in done.left_out
    assert done.raw_records == 3
    assert set(export_subject(filled, [ANNA], to=tmp_path / "b.zip", platform="shopify").tables) == {"orders"}


def test_of_a_stranger_nothing_is_held_or_written(filled: Workspace, tmp_path: Path) -> None:
    done = export_subject(filled, ["LC-999999"], to=tmp_path / "nobody.zip")
    assert done.is_empty
    assert not (tmp_path / "nobody.zip").exists()
    (line,) = read_ledger(filled)
    assert (line["action"], line["tables"]) == ("export", {})


def test_it_does_not_lie_among_data_nor_over_a_file(filled: Workspace, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must not lie among data"):
        export_subject(filled, [ANNA], to=filled.path / "anna.zip")
    (tmp_path / "anna.zip").write_text("mine")
    with pytest.raises(DataError, match="exists already"):
        export_subject(filled, [ANNA], to=tmp_path / "anna.zip")
