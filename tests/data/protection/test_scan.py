from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as parquet
import pytest
from people import load, put

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.protection.detect import FORBIDDEN, Detector, masked
from fanops_utils.data.protection.scan import audit
from fanops_utils.data.warehouse import Store
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.opening import TEMPLATE

ANNA = "LC-000017"
T = "2026-05-01T10:00:00+00:00"
NOBODY = Detector(Pseudonyms(b"k" * 32))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to Anna.B+x@mail.example.org.", "e-mail"), ("öz@example.org", "e-mail"),
        ("thanks @anna_b!", "handle"), ("see https://www.tiktok.com/@anna.b/video/1", "handle"),
        ("+49 301 234 567 8", "phone"), ("+4917612345678", "phone"), ("call (030) 123 45 67", "phone"),
        ("030 1234567", "phone"), ("415-555-2671", "phone"), ("13812345678", "phone"),
    ],
)  # fmt: skip
def test_what_looks_personal(text: str, kind: str) -> None:
    assert {found for found, _ in NOBODY.find(text)} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "1,234,567 views, +12 345 678, +12,345.6 %, 0.123456789", "2026-05-01T10:00:00+00:00", "2024-11-01_2025-01-29", "30 @ 5",
        "17841400000000001", "d: M10 200 300 400", "v22.0 @ 3", "1 234 567 890", "+1.5 (0.2 to 2.9)", "20-30 %, 100-200-300", "a@b",
        "95 % interval -0.031 to 0.024; n = 12345678901",
    ],
)  # fmt: skip
def test_numbers_of_metrics_are_nobodys(text: str) -> None:
    assert NOBODY.find(text) == set()


def test_known_people_are_recognised_without_a_list_of_their_ids() -> None:
    people = Pseudonyms(b"k" * 32)
    detector = Detector(people, {people.key_for(ANNA), people.key_for("42")})
    assert detector.find(f"best: {ANNA}; 42 of them") == {("raw id", ANNA)}
    assert detector.find(f"/u/{ANNA}/x", only_sure=True) == {("raw id", ANNA)}
    assert detector.find("best: LC-000018") == set()


@pytest.mark.parametrize("name", ["email", "buyer_phone", "First_Name", "home_address", "birthday", "ip"])
def test_columns_that_must_not_exist(name: str) -> None:
    assert FORBIDDEN.search(name)


def test_no_canonical_column_is_one_of_them() -> None:
    from fanops_utils.data.schema import SYSTEM_TABLES, TABLES

    assert not [
        name for table in {**TABLES, **SYSTEM_TABLES}.values() for name in table.columns if FORBIDDEN.search(name)
    ]


def test_a_masked_value_cannot_be_read_back() -> None:
    assert masked("@anna_b") == "@a***"
    assert masked(ANNA) == "L***17"


@pytest.fixture
def clean(brand_workspace: Workspace) -> Workspace:
    put(brand_workspace, "events", "events", [[ANNA, T, "post", "1"]])
    put(brand_workspace, "orders", "orders", [["o1", ANNA, T, "10", "thanks @demo_brand"]])
    load(brand_workspace)
    return brand_workspace


def test_a_clean_workspace_passes(clean: Workspace, tmp_path: Path) -> None:
    assert audit(clean, root=tmp_path, reports=tmp_path / "reports") == []


def planted(workspace: Workspace, tmp_path: Path) -> None:
    store = Store(workspace)
    orders = store.read("orders")
    store.commit({"orders": orders.assign(source="ask @anna_b or anna@example.org")})
    cell = {"file": "raw/a.csv", "source_row": 3, "column": "When", "value": "+49 176 12345678", "reason": "not a time"}
    store.commit({"quarantine": pd.DataFrame([cell]).astype({"source_row": "Int64"})})
    (workspace.path / "notes.yml").write_text(f"x: 1\nowner: {ANNA}\n")
    html = f'<style>@media print {{}}</style><p title="{ANNA}">n = 17841400000000001</p>'
    html += '<script>"b@example.org"; @decorated_x</script>'
    page = tmp_path / "reports" / workspace.name / "weekly" / "1" / "a.html"
    page.parent.mkdir(parents=True)
    page.write_text(html)
    book = {"cells": [
        {"cell_type": "code", "source": ["@decorated_x\n", "'c@example.org'"],
         "outputs": [{"data": {"text/html": ["<b>@anna_b</b>"], "image/png": "d@example.org"}}, {"text": ["ok"]}]},
    ]}  # fmt: skip
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "a.ipynb").write_text(json.dumps(book))


def test_every_planted_trace_is_found_with_its_place(clean: Workspace, tmp_path: Path) -> None:
    planted(clean, tmp_path)
    found = {
        (one.file, one.place, one.kind, one.value) for one in audit(clean, root=tmp_path, reports=tmp_path / "reports")
    }
    page = "reports/brand/weekly/1/a.html"
    assert found == {
        ("warehouse, table orders", "column source (raw/orders.csv, record 1)", "handle", "@a***"),
        ("warehouse, table orders", "column source (raw/orders.csv, record 1)", "e-mail", "a***@e***.org"),
        ("warehouse, table quarantine", "column value", "phone", "+***78"),
        ("data/brand/notes.yml", "line 2", "raw id", "L***17"),
        (page, "line 1, title of <p>", "raw id", "L***17"),
        (page, "line 1", "e-mail", "b***@e***.org"),
        ("notebooks/a.ipynb", "cell 1", "e-mail", "c***@e***.org"),
        ("notebooks/a.ipynb", "output of cell 1", "handle", "@a***"),
    }


def test_a_name_is_allowed_with_its_purpose(clean: Workspace, tmp_path: Path) -> None:
    planted(clean, tmp_path)
    before = audit(clean)
    (clean.path / "privacy.yml").write_text('allowed:\n  "@anna_b": partner under contract\n')
    after = audit(Workspace(clean.path))
    assert [one for one in before if one.kind == "handle"] != []
    assert [one for one in after if one.kind == "handle"] == []


def test_examples_of_registers_as_they_were_written_name_nobody(clean: Workspace) -> None:
    written = (TEMPLATE / "privacy.yml").read_text(encoding="utf-8")
    (clean.path / "privacy.yml").write_text(written, encoding="utf-8")
    assert audit(Workspace(clean.path)) == []
    mine = written.replace('# "@partner_handle"', '# "@anna_b"') + "# call 0151 23456789 or 030 1234567\n"
    (clean.path / "privacy.yml").write_text(mine, encoding="utf-8")
    (clean.path / "notes.yml").write_text(written, encoding="utf-8")
    found = {(one.file, one.kind, one.value) for one in audit(Workspace(clean.path))}
    assert found == {
        ("data/brand/privacy.yml", "handle", "@a***"), ("data/brand/privacy.yml", "phone", "0***67"),
        ("data/brand/privacy.yml", "phone", "0***89"), ("data/brand/notes.yml", "handle", "@p***"),
    }  # fmt: skip


def test_results_in_numbers_are_nobodys_phones_and_the_audit_tells_how_far_it_is(
    clean: Workspace, tmp_path: Path
) -> None:
    folder = tmp_path / "reports" / "brand" / "weekly" / "1"
    folder.mkdir(parents=True)
    told = {"estimate": 0.0571887889251156, "n": 1234567890.0, "from": [-0.25121341231225, 0.30123456789]}
    (folder / "a.result.json").write_text(json.dumps(told, indent=1))
    (folder / "b.html").write_text("<p>0.0571887889251156 (0.0471887889251156 to 0.30123456789)</p>")
    watched: list[tuple[str, int, int]] = []
    assert audit(clean, reports=tmp_path / "reports", watch=lambda *told: watched.append(told)) == []
    assert watched[0][0] == "tables"
    assert [done for stage, done, _ in watched if stage == "files"] == list(range(watched[-1][2]))
    (folder / "a.result.json").write_text(json.dumps({**told, "reach": "030 1234567"}, indent=1))
    assert [one.value for one in audit(clean, reports=tmp_path / "reports")] == ["0***67"]


def test_a_forbidden_column_is_found(clean: Workspace) -> None:
    (path,) = Store(clean).paths("orders")
    assert path is not None
    parquet.write_table(parquet.read_table(path).append_column("buyer_phone", [[None]]), path)
    assert [(one.kind, one.place) for one in audit(clean)] == [("column", "column buyer_phone")]
