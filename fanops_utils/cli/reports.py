"""Verbs around notebooks and their reports: list, help, lab, check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from fanops_utils.cli.common import JsonOption, WorkspaceOption, app, emit, open_workspace, project_root, say


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the notebooks, the question of each and its parameters."""
    from fanops_utils.reports.planning.catalogue import catalogue

    entries = catalogue(project_root())
    if as_json:
        emit([entry.to_dict() for entry in entries])
    for entry in entries:
        say.print(f"{entry.notebook}: {entry.question}")
        for one in entry.parameters:
            say.print(f"    {one.name}: {one.annotation} = {one.default!r}  {one.help}")
    say.print("Next: fanops run NOTEBOOK -p name=value, or fanops run PLAN")


@app.command("help")
def help_(key: str, as_json: JsonOption = False) -> None:
    """Say what a KEY of a register, plan or mapping means, and what it takes."""
    from fanops_utils.reports.planning.keys import keys_called

    found = keys_called(key)
    if as_json:
        emit([one.__dict__ for one in found])
    for one in found:
        default = one.default.replace("**", "").replace("`", "")
        default = f"; {default}" if default == "required" else f"; {default} by default" if default else ""
        say.print(f"{one.place} in {one.file}: {one.meaning or 'see the commented file that fanops init writes'}")
        say.print(f"    {one.takes.replace('`', '')}{default}")


@app.command()
def lab(
    workspace: WorkspaceOption = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="the next free one where it is taken")] = 8888,
    browser: Annotated[bool, typer.Option(help="open a browser; not on a machine without a screen")] = True,
    host: Annotated[str, typer.Option(help="address to listen on; 0.0.0.0 in a container")] = "localhost",
) -> None:
    """Open the notebooks in JupyterLab, for one workspace, in the first language of its reports; nothing saves itself."""
    from fanops_utils.workspace.opening import NAMED_BY

    target = open_workspace(workspace)
    command = [sys.executable, "-m", "jupyterlab", str(project_root() / "notebooks"), f"--port={port}", f"--ip={host}"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # a container's only user: JupyterLab would ask for this and stop
    # Commands that notebooks print name the workspace as it is named here.
    named = (
        target.name if target.path.resolve().parent == project_root().resolve() / "data" else str(target.path.resolve())
    )
    given = {"FANOPS_LANGUAGES": ",".join(target.brand.languages), NAMED_BY: named}
    say.print("A notebook changes only where you save it; under a name of its own it is yours, and no plan's")
    with tempfile.TemporaryDirectory(prefix="fanops-lab-") as folder:
        given["JUPYTER_CONFIG_PATH"] = os.pathsep.join(_beside(Path(folder)))
        raise typer.Exit(subprocess.call(command, env={**os.environ, **given}))  # noqa: S603


def _beside(folder: Path) -> list[str]:
    """Return where JupyterLab looks for settings: first *folder*, where it is told not to save what is only looked at.

    The notebooks are those that plans run. What somebody has set in JupyterLab for himself still holds.
    """
    settings = folder / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"@jupyterlab/docmanager-extension:plugin": {"autosave": False}}), encoding="utf-8")
    return [str(folder), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]


@app.command()
def check(workspace: WorkspaceOption = "", as_json: JsonOption = False) -> None:
    """Check the registers and mappings of a workspace and every notebook and plan of the repository."""
    from fanops_utils.reports.planning.catalogue import check_all

    root, target = project_root(), open_workspace(workspace)
    problems = check_all(root, target)
    if as_json:
        emit(problems)
    for problem in problems:
        say.print(f"{problem['place']}: {problem['problem']}")
    say.print(
        f"{len(problems)} problem{'s' * (len(problems) != 1)}" if problems else "Everything keeps to its contract."
    )
    raise typer.Exit(1 if problems else 0)
