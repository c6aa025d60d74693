"""Whom a run is told, and what counts as told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fanops_utils.cli.common import say

if TYPE_CHECKING:
    from fanops_utils.reports.planning.plan import Notify
    from fanops_utils.reports.running.closing import Run


def manifest_of(result: Run) -> dict[str, Any]:
    """Return the manifest of the run *result* as it was written, with the levels of warning that changed."""
    from fanops_utils.reports.site import levels

    manifest = dict(json.loads((result.run_dir / "manifest.json").read_text(encoding="utf-8")))
    known = levels.read_levels(result.run_dir.parent)
    return manifest | {"levels": levels.as_json(levels.changed(manifest, known))}


def notified(asked: Notify | None, result: Run) -> bool:
    """Tell whom *asked* names what the run *result* gives reason for; return whether all of them took it.

    Only what was told counts as known: a change of level that could not be told is told again by the next run.
    """
    if result.problem:
        return True
    from fanops_utils.reports.site import levels
    from fanops_utils.reports.site.notify import notify

    manifest, folder = manifest_of(result), result.run_dir.parent
    sent = notify(manifest, result.run_dir, asked) if asked else []
    for one in sent:
        say.print(f"notified {one.to}" if not one.problem else f"could not notify {one.to}: {one.problem}")
    told = not any(one.problem for one in sent)
    if told:
        levels.keep_levels(folder, manifest, levels.read_levels(folder))
    return told
