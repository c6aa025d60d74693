"""What every verb shares: options, plain words on standard error, JSON on standard output."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanops_utils.cli.terminal import SafeConsole, safe_json

if TYPE_CHECKING:
    from fanops_utils.workspace import Workspace

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
say = SafeConsole(stderr=True, highlight=False, markup=False, soft_wrap=True)

NAMED: list[str] = []  # the workspaces that the command line of this process has named
HELP = "name under data/, or path of the workspace; the current one (fanops use NAME) by default"
WorkspaceOption = Annotated[str, typer.Option("--workspace", "-w", help=HELP, callback=lambda name: current(name))]
JsonOption = Annotated[bool, typer.Option("--json", help="print the outcome as JSON on standard output")]


def current(name: str | None) -> str:
    """Return the workspace *name*, which becomes the current one where the command is not refused; else the current one.

    Raises WorkspaceError where none is current: nothing is ever loaded into a workspace that nobody named.
    """
    if "--help" in sys.argv:
        return name or ""
    from fanops_utils.workspace import current as marks

    if not name:
        return marks.current_workspace()
    NAMED.append(name)
    return name


def current_or_none() -> str:
    """Return the current workspace; empty where none is."""
    from fanops_utils.errors import WorkspaceError
    from fanops_utils.workspace import current as marks

    try:
        return marks.current_workspace()
    except WorkspaceError:
        return ""


def keep_named() -> None:
    """Make the workspace that this command named the current one."""
    from fanops_utils.workspace import current as marks

    for name in NAMED[-1:]:
        marks.keep_current(name)
    NAMED.clear()


def open_workspace(name: str) -> Workspace:
    """Return the workspace *name*; its registers' library is loaded here, because help and mistakes need none of it."""
    from fanops_utils import workspace

    return workspace.open_workspace(name)


def project_root() -> Path:
    """Return the repository the command works in."""
    from fanops_utils import workspace

    return workspace.project_root()


def emit(data: Any) -> None:
    """Print *data* as JSON on standard output: what is no number is null, an infinite one the text "Infinity"."""
    typer.echo(safe_json(json.dumps(_finite(data), ensure_ascii=False, indent=1, default=str, allow_nan=False)))


def _finite(data: Any) -> Any:
    """Return *data* without the floats that JSON has no word for and that its strict readers refuse."""
    if isinstance(data, float) and not math.isfinite(data):
        return None if math.isnan(data) else f"{'-' * (data < 0)}Infinity"
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(one) for one in data] if isinstance(data, list | tuple) else data


def shown(path: Path) -> str:
    """Return *path* from the working folder where it lies inside it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
