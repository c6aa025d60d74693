"""Reports of one run, of which some tell parts and others the whole: nothing of a market with few members follows from them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import BRAND, ROOT
from people import as_csv

from fanops_utils.data.warehouse import import_paths
from fanops_utils.workspace import Workspace

MAPPING = """name: members
tables:
  fans:
    columns: {member_key: Member, joined_at: Joined, market: Where}
    constants: {platform: discord}
"""
FEW, MANY = 7, 41
NOTEBOOKS = {
    "research/audience_personas": [{"market": "US"}, {"market": "DE"}],
    "monitoring/privacy_audit": [{}],
    "monitoring/kpi_review": [{"market": "US"}],
    "research/growth_referral": [{"market": "US"}],
}


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    folder = tmp_path / "data" / "brand"
    (folder / "mappings").mkdir(parents=True)
    (folder / "raw").mkdir()
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "mappings" / "members.yml").write_text(MAPPING, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    monkeypatch.setenv("FANOPS_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Workspace(folder)


def members(brand: Workspace, **markets: int) -> None:
    rows = [[f"{market}-{number:05}", f"2026-05-{1 + number % 28:02}T10:00:00+00:00", market]
            for market, many in markets.items() for number in range(many)]  # fmt: skip
    (brand.raw / "members.csv").write_bytes(as_csv(["Member", "Joined", "Where"], rows))
    import_paths(brand, [brand.raw])


def told(notebook: str, **parameters: Any) -> str:
    """Execute the cells of *notebook* here; return all that it could show, as JSON."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", 4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, notebook, "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"workspace": "brand", **parameters}
    return json.dumps(
        [one.to_json() for one in names.values() if hasattr(one, "to_json") and not isinstance(one, type)]
    )


def numbers(text: str) -> Iterator[float]:
    for one in re.findall(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.-])", re.sub(r"<svg.*?</svg>", "", text)):
        yield float(one)


def run_of(brand: Workspace) -> set[float]:
    return {one for name, each in NOTEBOOKS.items() for parameters in each for one in numbers(told(name, **parameters))}


def test_few_members_follow_from_no_total(brand: Workspace) -> None:
    members(brand, US=MANY, DE=FEW)
    seen = run_of(brand)
    assert MANY in seen
    assert FEW + MANY not in seen
    assert FEW not in seen


def test_where_no_market_has_few_all_is_told(brand: Workspace) -> None:
    members(brand, US=MANY, DE=17)
    assert {MANY, 17, MANY + 17} <= run_of(brand)
