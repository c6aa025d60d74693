"""Registers are read within bounds: aliases, depth and size are judged by what they unpack to."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace import text_yaml
from fanops_utils.workspace.text_yaml import read_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text", [BOMB, "a: &a [*a]", "[" * 300_000, "- " * 300_000 + "x", "{a: " * 3000 + "1" + "}" * 3000]
)
def test_a_register_that_unpacks_out_of_proportion_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "brand.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError):
        read_yaml(path)


def test_a_register_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "brand.yml"
    path.write_text("name: A brand", encoding="utf-8")
    assert read_yaml(path).data == {"name": "A brand"}
    monkeypatch.setattr(text_yaml, "MOST_BYTES", 5)
    with pytest.raises(WorkspaceError):
        read_yaml(path)


def test_an_alias_that_is_no_bomb_is_written_out(tmp_path: Path) -> None:
    path = tmp_path / "brand.yml"
    path.write_text("a: &a {x: 1}\nb: *a", encoding="utf-8")
    assert read_yaml(path).data == {"a": {"x": "1"}, "b": {"x": "1"}}
