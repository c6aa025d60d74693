from __future__ import annotations

import hashlib
import hmac
import shutil
from pathlib import Path

import pandas as pd
import pytest

from fanops_utils.data.privacy import Pseudonyms, key_folder
from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import Workspace


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("FANOPS_KEYS", str(tmp_path_factory.mktemp("own_keys")))


def test_a_pseudonym_is_a_keyed_hash() -> None:
    people = Pseudonyms(b"k" * 32)
    assert people.key_for(" anna ") == hmac.new(b"k" * 32, b"anna", hashlib.sha256).hexdigest()[:32]
    assert people.keys(pd.Series(["anna", None, "anna"])).isna().tolist() == [False, True, False]
    assert people.erased_mark("x") not in (people.key_for("x"), people.key_for("erased:x")[:31])
    assert len(people.key_id) == 8


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_refused(brand_workspace: Workspace, mode: int) -> None:
    Pseudonyms.of(brand_workspace)
    path = key_folder() / "brand.key"
    path.chmod(mode)
    with pytest.raises(WorkspaceError, match=r"others can read.*chmod 600"):
        Pseudonyms.of(brand_workspace)
    path.chmod(0o600)
    Pseudonyms.of(brand_workspace)


@pytest.mark.parametrize("place", ["brand/keys", "../keys"])
def test_a_key_inside_the_repository_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, brand_workspace: Workspace, place: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "notebooks" / "plans").mkdir(parents=True)
    shutil.move(brand_workspace.path, tmp_path / "data" / "brand")
    monkeypatch.setenv("FANOPS_KEYS", str(tmp_path / "data" / place))
    with pytest.raises(WorkspaceError, match="must not lie inside the repository"):
        Pseudonyms.of(Workspace(tmp_path / "data" / "brand"))
    assert not list(tmp_path.rglob("*.key"))


def test_an_absent_key_is_not_replaced_and_looked_for_elsewhere_before_anything_is_given_up(
    brand_workspace: Workspace,
) -> None:
    known = Pseudonyms.of(brand_workspace).key_id
    path = key_folder() / "brand.key"
    copy = path.read_bytes()
    path.unlink()
    with pytest.raises(WorkspaceError, match=rf"not here.*'{known}'.*HOME.*FANOPS_KEYS.*brand\.key.*move"):
        Pseudonyms.of(brand_workspace)
    assert not path.exists()
    path.write_bytes(copy)
    path.chmod(0o600)
    assert Pseudonyms.of(brand_workspace).key_id == known


def test_another_key_is_refused(brand_workspace: Workspace) -> None:
    Pseudonyms.of(brand_workspace)
    (key_folder() / "brand.key").write_bytes(b"x" * 32)
    with pytest.raises(WorkspaceError, match=r"made with another key.*HOME.*FANOPS_KEYS"):
        Pseudonyms.of(brand_workspace)
    shutil.rmtree(brand_workspace.warehouse)
    assert Pseudonyms.of(brand_workspace).key == b"x" * 32, "a new warehouse may begin with it"


def test_a_damaged_key_is_refused(brand_workspace: Workspace) -> None:
    Pseudonyms.of(brand_workspace)
    (key_folder() / "brand.key").write_bytes(b"x")
    with pytest.raises(WorkspaceError, match="is damaged"):
        Pseudonyms.of(brand_workspace)
