"""Public data through import and notebook: a workspace made of registers and one file, and what a notebook reports of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from conftest import ROOT
from shared_kernels import kernels

from fanops_utils.data.warehouse import FileReport, import_paths
from fanops_utils.reports.planning.plan import single
from fanops_utils.reports.running.run import run_jobs
from fanops_utils.workspace import Workspace, open_workspace


def with_notebooks(root: Path) -> Path:
    """Make *root* a repository of its own with the real notebooks and no data, and return it."""
    (root / "notebooks").symlink_to(ROOT / "notebooks", target_is_directory=True)
    shutil.copytree(ROOT / "data" / "reference", root / "data" / "reference")
    return root


def imported(root: Path, name: str, registers: dict[str, str], *files: Path) -> tuple[Workspace, FileReport]:
    """Make the workspace *name* of *registers*, import *files* into it and return what became of the last one."""
    for place, text in registers.items():
        path = root / "data" / name / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    workspace = open_workspace(name, root=root)
    reports = import_paths(workspace, list(files))
    return workspace, reports[-1]


def reported(workspace: Workspace, notebook: str, given: dict[str, str]) -> tuple[dict[str, Any], BeautifulSoup]:
    """Run *notebook* in *workspace* and return its result and its page."""
    root = workspace.path.parents[1]
    jobs = single(notebook, given, workspace, root)
    run = run_jobs(jobs, workspace, plan="real", root=root, reports=root / "reports", workers=1, kernels=kernels())
    (outcome,) = run.outcomes
    assert (outcome.status, outcome.error) == ("succeeded", None)
    assert outcome.conclusion is not None
    page = (run.run_dir / str(outcome.report)).read_text(encoding="utf-8")
    return outcome.conclusion, BeautifulSoup(page, "html.parser")
