"""What a good report has the run record in the workspace: the looks at experiments that spend alpha. Notebooks write nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fanops_utils.errors import FanopsError
from fanops_utils.reports.planning.status import FRESH, Outcome
from fanops_utils.workspace import Workspace
from fanops_utils.workspace.reads import digest_file


def recorded(outcome: Outcome, folder: Path | None) -> Outcome:
    """Record the looks that the fresh report of *outcome* carries in the workspace at *folder*; return the outcome.

    A report taken over was recorded when it was made. What the report read of its looks counts as it is now: read again
    with its own look it would be the same. A look that cannot be recorded is told in the outcome's note.
    """
    looks = (outcome.conclusion or {}).get("looks") or []
    if folder is None or outcome.status not in FRESH or not looks:
        return outcome
    from fanops_utils.experiments import looks_path, record_look  # only runs that record need them loaded

    workspace, reads = Workspace(folder), dict(outcome.reads or {})
    files = dict(reads.get("files", {}))
    try:
        for look in looks:
            if record_look(workspace, look):
                path = looks_path(workspace.path, look["experiment"]).resolve()
                files |= {str(path): digest_file(path)} if str(path) in files else {}
    except (FanopsError, OSError) as problem:
        return replace(outcome, note=f"{outcome.note} A look could not be recorded: {problem}".strip())
    return replace(outcome, reads=reads | {"files": files}) if outcome.reads else outcome
