"""Files that reports hand over, and one person who is to be in none of them."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd

from fanops_utils.data.privacy import Pseudonyms
from fanops_utils.data.protection.pages import erase_pages
from fanops_utils.data.protection.remains import remaining
from fanops_utils.data.protection.subjects import find_subject
from fanops_utils.workspace import Workspace

ANNA = "LC-000017"


def test_files_beside_a_report_lose_the_person(brand_workspace: Workspace, tmp_path: Path) -> None:
    anna, key = find_subject(brand_workspace, [ANNA]), Pseudonyms.of(brand_workspace).key_for(ANNA)
    rows = f'\ufeffPseudonym,Note\r\n{key},"two\r\nlines"\r\nanother,"three\r\nlines"\r\n'
    listed = tmp_path / "a.watch_list.csv"
    listed.write_bytes(rows.encode())
    listed.chmod(0o600)
    (tmp_path / "a.days.ics").write_bytes(f"SUMMARY:{key[:5]}\r\n {key[5:]}\r\n".encode())
    for name, text in {"a": key, "b": "nobody"}.items():
        pd.DataFrame({"who": [text]}).to_excel(tmp_path / f"{name}.xlsx", index=False)
    done = erase_pages(tmp_path, anna)
    assert (done.mended, done.deleted) == (["a.watch_list.csv"], ["a.days.ics", "a.xlsx"])
    assert listed.read_bytes().decode() == '\ufeffPseudonym,Note\r\nanother,"three\r\nlines"\r\n'
    assert stat.S_IMODE(listed.stat().st_mode) == 0o600
    assert (tmp_path / "b.xlsx").exists()
    assert remaining(tmp_path, anna) == ([], [])
