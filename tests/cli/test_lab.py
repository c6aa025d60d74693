"""`fanops lab`: JupyterLab is told the workspace, and not to save what is only looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from reports.tiny import repository

from fanops_utils.cli import answer


@pytest.mark.parametrize("before", ["", "elsewhere"])
def test_the_notebooks_that_plans_run_are_not_saved_by_looking_at_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    settings = pytest.importorskip("jupyterlab_server.settings_utils")
    repository(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FANOPS_ROOT", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / before) if before else "")
    seen: dict[str, Any] = {}

    def called(command: list[str], *, env: dict[str, str]) -> int:
        seen.update(env=env, command=command)
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", env["JUPYTER_CONFIG_PATH"])
        seen["overrides"], _ = settings._get_overrides(str(tmp_path / "none"))
        return 0

    monkeypatch.setattr(subprocess, "call", called)
    monkeypatch.setattr(sys, "argv", ["fanops", "lab", "-w", "brand", "--no-browser"])
    with pytest.raises(SystemExit) as ended:
        answer()
    assert ended.value.code == 0
    assert seen["overrides"]["@jupyterlab/docmanager-extension:plugin"]["autosave"] is False
    asked = seen["env"]["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert asked[1:] == ([str(tmp_path / before)] if before else [])
    assert not Path(asked[0]).exists(), "it is gone with the command"
