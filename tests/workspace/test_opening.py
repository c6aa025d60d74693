"""Which workspace is meant where a notebook names none."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BRAND

from fanops_utils.workspace import init_workspace, open_workspace
from fanops_utils.workspace.current import make_current
from fanops_utils.workspace.opening import CURRENT, NAMED_BY, SAMPLE, untouched


def test_the_current_workspace_is_the_environments_then_the_marked_one_then_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (SAMPLE, "tea", "coffee"):
        folder = tmp_path / "data" / name
        folder.mkdir(parents=True)
        (folder / "brand.yml").write_text(BRAND, encoding="utf-8")
    monkeypatch.delenv(NAMED_BY, raising=False)
    assert open_workspace(CURRENT, root=tmp_path).name == SAMPLE
    make_current("tea", tmp_path)
    assert open_workspace(CURRENT, root=tmp_path).name == "tea"
    monkeypatch.setenv(NAMED_BY, str(tmp_path / "data" / "coffee"))
    assert open_workspace(CURRENT, root=tmp_path).name == "coffee"
    assert open_workspace(SAMPLE, root=tmp_path).name == SAMPLE, "named, it is the one that is named"


def test_a_brand_is_untouched_until_anything_in_it_is_changed(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "tea"
    init_workspace(folder)
    assert untouched(folder)
    brand = folder / "brand.yml"
    brand.write_text(brand.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    assert not untouched(folder)
