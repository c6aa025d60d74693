"""Which workspace is current: the one named last, until another is; the simulated brand only where it is asked for."""

from __future__ import annotations

from pathlib import Path

from fanops_utils.errors import WorkspaceError
from fanops_utils.workspace.opening import MARK, SAMPLE, marked, open_workspace, project_root


def current_workspace(root: Path | None = None) -> str:
    """Return the name (or path) of the current workspace; raise WorkspaceError where there is none."""
    base = root or project_root()
    name = marked(base)
    if not name:
        known = sorted(path.parent.name for path in (base / "data").glob("*/brand.yml"))
        hint = f"Name one with -w, or make it current: fanops use NAME ({', '.join(known)})"
        raise WorkspaceError("no workspace is current", hint=hint if known else "fanops init NAME writes a new one")
    return name


def make_current(name: str, root: Path | None = None) -> None:
    """Make the workspace *name* the current one; raise WorkspaceError where there is no such workspace.

    A path is kept as it is from the root of the disk: the next command may run in another folder.
    """
    base = root or project_root()
    opened = open_workspace(name, root=base)
    kept = name if len(Path(name).parts) == 1 else opened.path.as_posix()
    (base / "data" / MARK).write_text(f"{kept}\n", encoding="utf-8")


def keep_current(name: str, root: Path | None = None) -> None:
    """Make *name*, given to a command, the current workspace; the sample becomes so only by `make_current`.

    A name that is no workspace, or a folder that cannot be written, changes nothing: the command itself says so.
    """
    if Path(name).name == SAMPLE:
        return
    try:
        make_current(name, root)
    except (WorkspaceError, OSError):
        return
