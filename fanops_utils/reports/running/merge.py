"""Parts of a run merged: each checked against this machine's workspace and code, then one index, manifest and history."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fanops_utils.errors import FanopsError, PlanError
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse import archive, cache
from fanops_utils.reports.reuse.files import linked
from fanops_utils.reports.reuse.fingerprint import State, basis, digest
from fanops_utils.reports.reuse.manifest import outcome_of, provenance
from fanops_utils.reports.running.closing import Run, close
from fanops_utils.reports.running.part import FILE, PARTS, Part, run_name
from fanops_utils.reports.running.records import recorded
from fanops_utils.text import Written, say
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup

NAMED = 3  # things that differ named for a part: the rest is counted


@dataclass(frozen=True)
class Parts:
    """The parts of a run: those that may be merged, by place, and what is wrong with each of the others, by name."""

    of: int
    good: Mapping[int, tuple[Path, Mapping[str, Any]]]
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """The names of the parts that are not there at all."""
        names = [f"{place}-of-{self.of}" for place in range(1, self.of + 1) if place not in self.good]
        return [name for name in names if name not in self.refused]


def folders_of(plan: Path, run_id: str, given: Sequence[Path] = ()) -> list[Path]:
    """Return the folders of the parts of the run: below those *given* wherever they lie, else where this machine has them.

    Raises PlanError where there is none, ParameterError where *run_id* names no run.
    """
    homes = list(given) or [plan / PARTS / run_name(run_id)]
    found = sorted({file.parent.resolve() for home in homes for file in home.rglob(FILE)})
    if not found:
        known = sorted(one.name for one in (plan / PARTS).glob("*") if one.is_dir())
        raise PlanError(
            "no part of the run is there", value=run_id, file=homes[0], choices=() if given else known,
            hint="Make its parts by `fanops run PLAN --shard 1/2 --run-id NAME`, or name the folders they were copied to",
        )  # fmt: skip
    return found


def read_parts(folders: Sequence[Path], jobs: Sequence[Job], state: State, *, plan: str, run_id: str) -> Parts:
    """Return the parts in *folders*, each held against the *jobs* of the plan and the *state* of this machine.

    Refused, by name: what cannot be read or was changed since, is of another run or plan, or was made from other tables,
    registers, code or another environment. Raises PlanError where parts of two divisions are mixed, one is there twice,
    or none can be merged.
    """
    here = basis(jobs, state)
    good: dict[int, tuple[Path, Mapping[str, Any]]] = {}
    refused: dict[str, str] = {}
    divisions: dict[int, str] = {}
    for folder in folders:
        told, problem = _read(folder)
        if not problem:
            problem = (
                _foreign(told, plan=plan, run_id=run_id) or differing(told["basis"], here) or _damaged(told, folder)
            )
        if problem:
            refused[folder.name] = problem
            continue
        if told["place"] in good and divisions.get(told["of"]):
            raise PlanError(f"the part {folder.name} is there twice", file=folder, value=str(good[told["place"]][0]))
        divisions[told["of"]] = folder.name
        good[told["place"]] = folder, told
    if not good:
        why = "; ".join(f"{name}: {problem}" for name, problem in refused.items())
        raise PlanError(f"no part of the run can be merged ({why})", value=run_id)
    if len(divisions) > 1:
        raise PlanError("the parts are of different divisions", value=", ".join(sorted(divisions.values())))
    return Parts(next(iter(divisions)), good, refused)


def _read(folder: Path) -> tuple[dict[str, Any], str]:
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        sealed = told.pop("seal")
        Part(int(told["place"]), int(told["of"]), str(told["run_id"])), told["basis"], told["jobs"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}, f"its {FILE} cannot be read"
    return told, "" if digest(told) == sealed else f"its {FILE} is not as it was written"


def _foreign(told: Mapping[str, Any], *, plan: str, run_id: str) -> str:
    if (told["plan"], told["run_id"]) == (plan, run_id):
        return ""
    return f"it is of {told['plan']}, {told['run_id']}"


def differing(there: Mapping[str, Mapping[str, str]], here: Mapping[str, Mapping[str, str]]) -> str:
    """Return what of another machine's basis *there* is not as it is *here*; empty where all is."""
    for kind, mine in here.items():
        theirs = there.get(kind, {})
        names = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            return f"made from another {kind.removesuffix('s')}: {', '.join(names[:NAMED])}{more}"
    return ""


def _damaged(told: Mapping[str, Any], folder: Path) -> str:
    for entry in told["jobs"]:
        if not entry.get("report"):
            continue
        executed = folder / "executed" / f"{Path(entry['report']).stem}.ipynb"
        if not cache.untouched(entry, folder) or not executed.is_file():
            return f"what it wrote for {entry.get('slug')} is gone or was changed"
    return ""


def merge_parts(
    jobs: Sequence[Job], workspace: Workspace, *, parts: Parts, plan: str, run_id: str, state: State, reports: Path,
    keep: int | None = None, lookup: Lookup | None = None, noted: Mapping[str, Any] = MappingProxyType({}),
) -> Run:  # fmt: skip
    """Return the run that the *parts* make: their reports in one folder, with manifest, index and history.

    Jobs of parts that are missing or refused are skipped, and say so; `fanops run PLAN --resume` makes them. Looks at
    experiments that the parts took are recorded in the workspace. The parts stay until their run is whole.
    """
    started = datetime.now(UTC)
    run_dir = archive.new_run(reports / workspace.name / plan, started)
    outcomes = []
    for place, job in enumerate(jobs):
        at = place % parts.of + 1
        if at in parts.good:
            outcomes.append(recorded(_taken(job, *parts.good[at], run_dir), workspace.path))
        else:
            outcomes.append(_lacking(job, f"{at}-of-{parts.of}", parts))
    told = [{"part": folder.name, "attempts": one["attempts"]} for folder, one in parts.good.values()]
    run = close(
        outcomes, workspace, run_dir=run_dir, state=state, started=started, made_by=provenance(state.root), lookup=lookup,
        keep=keep, resumed=False, merged={"run_id": run_id, "parts": told, "refused": dict(parts.refused)}, **noted,
    )  # fmt: skip
    whole = len(parts.good) == parts.of and not any(one.status == "skipped" for one in outcomes)
    if whole and not run.problem:
        shutil.rmtree(run_dir.parent / PARTS / run_id, ignore_errors=True)
    return run


def _taken(job: Job, folder: Path, told: Mapping[str, Any], run_dir: Path) -> Outcome:
    """Return what became of *job* in the part in *folder*, its files now in *run_dir*."""
    entry = next((one for one in told["jobs"] if archive.is_of(one, job)), None)
    if entry is None:
        return Outcome(job, "skipped", error=say("Its part does not tell of it"))
    try:
        outcome = outcome_of(job, entry, folder)
        for name in _written(outcome):
            linked(folder / name, run_dir / name)
    except (OSError, ValueError, KeyError, FanopsError) as problem:
        return Outcome(
            job, "skipped", error=say("Its part cannot be read: {problem}", problem=Written(str(problem), "en"))
        )
    return outcome


def _written(outcome: Outcome) -> list[str]:
    """Return the names of what a job wrote into the folder of its run."""
    names = [*outcome.pages.values(), *(one["file"] for one in outcome.files), *filter(None, [outcome.result])]
    return [*names, f"executed/{Path(outcome.report).stem}.ipynb"] if outcome.report else names


def _lacking(job: Job, name: str, parts: Parts) -> Outcome:
    why = parts.refused.get(name)
    told = say("Its part {name} was refused: {why}", name=name, why=Written(why, "en")) if why else None
    return Outcome(job, "skipped", error=told or say("Its part {name} is missing", name=name))
