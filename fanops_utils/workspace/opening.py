"""Which folder is meant: the repository around a command, a workspace by its name, a new one."""

from __future__ import annotations

import os
import re
from pathlib import Path

from fanops_utils.errors import WorkspaceError
from fanops_utils.text import say
from fanops_utils.workspace.folder import Workspace
from fanops_utils.workspace.kinds import KINDS

CURRENT, SAMPLE, MARK = "current", "sample", ".current"
NAMED_BY = "FANOPS_WORKSPACE"  # the environment's word for the current workspace
TEMPLATE = Path(__file__).parent / "template"


def project_root(start: Path | None = None) -> Path:
    """Return the repository that holds `notebooks/` and `data/`: around *start*, the working folder, or this file."""
    if named := os.environ.get("FANOPS_ROOT"):
        return Path(named).resolve()
    for origin in (start or Path.cwd(), Path(__file__)):
        for folder in (origin.resolve(), *origin.resolve().parents):
            if (folder / "notebooks" / "plans").is_dir() and (folder / "data").is_dir():
                return folder
    raise WorkspaceError(
        say("no fanops repository here"), value=start or Path.cwd(), hint=say("Run this inside the repository")
    )


def open_workspace(name: str | Path, *, root: Path | None = None) -> Workspace:
    """Return the workspace called *name* under `data/`, or the one at the path *name*.

    CURRENT is the one that the environment names (`fanops lab -w` does), else the one marked by `fanops use`, else the
    simulated brand: so a notebook that is opened by hand shows something.
    """
    given = Path(_current(root or project_root()) if name == CURRENT else name)
    folder = given if given.is_absolute() or len(given.parts) > 1 else (root or project_root()) / "data" / given
    if not (folder / "brand.yml").is_file():
        known = sorted(path.parent.name for path in folder.parent.glob("*/brand.yml"))
        hint = say("fanops init {name} writes a new one", name=folder.name)
        raise (
            WorkspaceError(say("no workspace (a folder with brand.yml)"), value=folder, hint=hint)
            if not known
            else (WorkspaceError(say("no such workspace"), value=folder.name, choices=known))
        )
    return Workspace(folder.resolve())


def marked(root: Path) -> str:
    """Return the workspace that `fanops use` has marked in the repository at *root*; empty where none is."""
    try:
        return (root / "data" / MARK).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _current(root: Path) -> str:
    return os.environ.get(NAMED_BY) or marked(root) or SAMPLE


def init_workspace(folder: Path) -> list[Path]:
    """Write a commented new workspace at *folder*; return the files written; refuse to overwrite one."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", folder.name):
        hint = say("Use lower-case letters, digits, - and _")
        raise WorkspaceError(say("not a workspace name"), value=folder.name, hint=hint)
    if (folder / "brand.yml").exists():
        raise WorkspaceError(say("this workspace exists already"), file=folder)
    written = []
    files = [name for kind in KINDS for name in (kind.example, *kind.defaults) if name]
    for example in sorted(files):
        target = folder / example
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((TEMPLATE / example).read_text(encoding="utf-8"), encoding="utf-8")
        written.append(target)
    (folder / "raw").mkdir(exist_ok=True)
    return written


def untouched(folder: Path) -> bool:
    """Return whether the brand.yml of *folder* is still the one that `init_workspace` wrote: its brand is an example."""
    example = (TEMPLATE / "brand.yml").read_text(encoding="utf-8")
    return (folder / "brand.yml").read_text(encoding="utf-8") == example
