"""A run closed: manifest and history, what targets and decisions stand by, the pages around its reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import archive, history
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.reuse.fingerprint import State
from fanops_utils.reports.reuse.manifest import manifest_of
from fanops_utils.reports.running.ahead import day_of
from fanops_utils.reports.running.standing import MEASURING, STANDING, Closes, standing_of
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup


@dataclass(frozen=True)
class Run:
    """One execution of a plan: where it lies and what became of its jobs, in the order of the plan.

    `stopped_by` is the signal that ended it early, `problem` what could not be written at its end.
    """

    run_id: str
    run_dir: Path
    index: Path
    outcomes: tuple[Outcome, ...]
    stopped_by: int | None = None
    problem: str = ""

    @property
    def good(self) -> bool:
        return not self.problem and all(outcome.whole for outcome in self.outcomes)

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "run_id": self.run_id,
            "run_dir": str(self.run_dir),
            "index": str(self.index),
            "jobs": [
                {
                    "notebook": one.job.notebook, "parameters": history.plain(one.job.parameters), "status": one.status,
                    "seconds": one.seconds, "report": str(self.run_dir / one.report) if one.report else None,
                    "result": str(self.run_dir / one.result) if one.result else None,
                    "failed_sections": list(one.failed_sections),
                }
                for one in self.outcomes
            ],
        }  # fmt: skip


def close(
    outcomes: Sequence[Outcome],
    workspace: Workspace,
    *,
    run_dir: Path,
    state: State,
    started: datetime,
    made_by: Mapping[str, Any],
    lookup: Lookup | None = None,
    keep: int | None = None,
    stopped_by: int | None = None,
    closes: Closes = lambda _what, _place, _of: None,
    **more: Any,
) -> Run:
    """Write what a run of the *outcomes* leaves beside its reports in *run_dir*, and return it; *more* is for the manifest.

    *closes* hears how far it is with what may take long.
    """
    folder, plan, reports = run_dir.parent, run_dir.parent.name, run_dir.parent.parent
    closes("naming the warehouse's tables", 1, 1)
    manifest = manifest_of(
        outcomes, workspace, plan=plan, run_id=run_dir.name, started=started, made_by=made_by,
        languages=list(state.languages), tables=state.tables, **more,
    )  # fmt: skip
    on = day_of([one.job for one in outcomes], started.date())
    others = archive.newest_entries(reports, without=plan)
    manifest |= _standing(manifest["jobs"], others, workspace, state, folder, on=on, lookup=lookup, closes=closes)
    problem = _finish(manifest, outcomes, folder, run_dir, languages=state.languages, keep=keep)
    return Run(run_dir.name, run_dir, run_dir / "index.html", tuple(outcomes), stopped_by, problem)


def _standing(
    jobs: Sequence[archive.Entry], others: Sequence[archive.Entry], workspace: Workspace, state: State, folder: Path, *,
    on: date, lookup: Lookup | None, closes: Closes,
) -> dict[str, Any]:  # fmt: skip
    """Return what the manifest says of targets and decisions: as the run before in *folder* has it, where nothing changed."""
    reports = [[entry.get(name) for name in ("slug", "parameters", "findings")] for entry in (*jobs, *others)]
    depends = state.standing(on, reports, lookup is not None)
    before = archive.last_manifest(folder)
    if before.get("standing") == depends:
        return {name: before[name] for name in ("standing", *STANDING)}

    def told(place: int, of: int) -> None:
        closes(MEASURING, place, of)

    return {"standing": depends, **standing_of(jobs, workspace, on=on, lookup=lookup, others=others, told=told)}


def _finish(
    manifest: dict[str, Any],
    outcomes: Sequence[Outcome],
    folder: Path,
    run_dir: Path,
    *,
    languages: tuple[str, ...],
    keep: int | None,
) -> str:
    """Write history, manifest and the pages around the reports, delete old runs; return what could not be written."""
    from fanops_utils.reports.site.publish import publish

    try:
        history.append(folder, outcomes, run_dir.name)
        write_text(run_dir / archive.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        if keep:
            archive.prune(folder, keep=keep)
        publish(manifest, run_dir, languages=languages)
    except OSError as error:
        return f"index and manifest could not be written: {error.strerror}"
    return ""
