"""Temporary folders: one's own, cleared by oneself, or by the next where one was killed."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fanops_utils.workspace.temporary import clear_left, temporary_folder


def test_folders_of_processes_that_are_no_more_are_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"fanops_{ended.pid}_x"
    for name in (left.name, "fanops_x", f"other_{ended.pid}_x"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows").touch()
    with temporary_folder() as mine:
        assert stat.S_IMODE(mine.stat().st_mode) == 0o700
        clear_left()
        assert mine.is_dir()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["fanops_x", f"other_{ended.pid}_x"]
