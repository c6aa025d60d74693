"""Reports of one run, of which some tell parts and others the whole: nothing of a market with few members follows from them."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import BRAND, ROOT
from people import as_csv

from fanops_utils import metrics
from fanops_utils.data.warehouse import Store, import_paths
from fanops_utils.workspace import Workspace

MAPPING = """name: members
tables:
  fans:
    columns: {member_key: Member, joined_at: Joined, market: Where}
    constants: {platform: discord}
  member_events:
    columns: {member_key: Member, event_timestamp: Joined, market: Where}
    constants: {platform: discord, event_name: post}
"""
DAYS = """name: days
tables:
  account_daily:
    columns: {account_id: Account, date_day: Day, reach: Reach}
    constants: {platform: instagram}
"""
FEW, MANY = 6, 41
NOTEBOOKS: dict[str, list[dict[str, str]]] = {
    "research/audience_personas": [{"market": "US"}],
    "monitoring/privacy_audit": [{}],
}
if os.environ.get("FANOPS_SLOW"):
    NOTEBOOKS["research/audience_personas"].append({"market": "DE"})
    NOTEBOOKS["monitoring/kpi_review"] = [{"market": "US"}]
    NOTEBOOKS["research/growth_referral"] = [{"market": "US"}]


@pytest.fixture
def brand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    folder = tmp_path / "data" / "brand"
    (folder / "mappings").mkdir(parents=True)
    (folder / "raw").mkdir()
    (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    (folder / "mappings" / "members.yml").write_text(MAPPING, encoding="utf-8")
    (folder / "mappings" / "days.yml").write_text(DAYS, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    monkeypatch.setenv("FANOPS_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Workspace(folder)


def joined(brand: Workspace, market: str | None) -> float | None:
    found = metrics.measured(Store(brand), "members_joined", last=date(2026, 5, 28), market=market)
    return None if found is None else found.estimate


def members(brand: Workspace, **markets: int) -> None:
    rows = [[f"{market}-{number:05}", f"2026-05-{1 + number % 28:02}T10:00:00+00:00", market]
            for market, many in markets.items() for number in range(many)]  # fmt: skip
    (brand.raw / "members.csv").write_bytes(as_csv(["Member", "Joined", "Where"], rows))
    days = [["demo_brand", f"2026-05-{day:02}", "9"] for day in range(1, 29)]  # what else a brand imports
    (brand.raw / "days.csv").write_bytes(as_csv(["Account", "Day", "Reach"], days))
    import_paths(brand, [brand.raw])


def told(notebook: str, **parameters: Any) -> str:
    """Execute the cells of *notebook* here; return all that it could show, as JSON."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", 4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, notebook, "exec"), names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"workspace": "brand", **parameters}
    ours = [one for one in names.values() if type(one).__module__.startswith("fanops_utils.")]
    return json.dumps([one.to_json() for one in ours if hasattr(one, "to_json")])


def numbers(text: str) -> Iterator[float]:
    for one in re.findall(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.-])", re.sub(r"<svg.*?</svg>", "", text)):
        yield float(one)


def run_of(brand: Workspace) -> tuple[set[float], str]:
    """Return all numbers that the reports could show, and the text of the audit."""
    said = {name: [told(name, **parameters) for parameters in each] for name, each in NOTEBOOKS.items()}
    return {one for texts in said.values() for text in texts for one in numbers(text)}, said[
        "monitoring/privacy_audit"
    ][0]


def test_few_members_follow_from_no_total(brand: Workspace) -> None:
    members(brand, US=MANY, DE=FEW)
    seen, audit = run_of(brand)
    assert MANY in seen
    assert not {FEW + MANY, 2 * (FEW + MANY), 3 * (FEW + MANY)} & seen, "one table of people, or several added up"
    assert "not shown" in audit
    assert (joined(brand, None), joined(brand, "US")) == (None, MANY)


def test_where_no_market_has_few_all_is_told(brand: Workspace) -> None:
    members(brand, US=MANY, DE=17)
    assert "not shown" not in told("monitoring/privacy_audit")
    assert (joined(brand, None), joined(brand, "US")) == (MANY + 17, MANY)
