from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace.current import current_workspace, keep_current, make_current


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("mine", "sample"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "brand.yml").write_text("name: x\n", encoding="utf-8")
    return tmp_path


def test_none_is_current_before_one_is_named(root: Path) -> None:
    with pytest.raises(WorkspaceError, match="fanops use NAME"):
        current_workspace(root)
    keep_current("mine", root)
    assert current_workspace(root) == "mine"


def test_the_simulated_brand_becomes_current_only_where_it_is_asked_for(root: Path) -> None:
    make_current("mine", root)
    keep_current("sample", root)
    assert current_workspace(root) == "mine"
    make_current("sample", root)
    assert current_workspace(root) == "sample"


def test_what_is_no_workspace_does_not_become_one(root: Path) -> None:
    make_current("mine", root)
    keep_current("elsewhere", root)
    assert current_workspace(root) == "mine"
    with pytest.raises(WorkspaceError):
        make_current("elsewhere", root)


def test_a_workspace_at_a_path_stays_current_from_any_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "data")
    make_current("../data/mine", root)
    monkeypatch.chdir("/")
    assert Path(current_workspace(root)) == root / "data" / "mine"
