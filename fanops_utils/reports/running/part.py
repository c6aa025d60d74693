"""A part of a run: every n-th job of a plan, made on whatever machine has its turn, to be merged with the others."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fanops_utils.errors import ParameterError, PlanError
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.reuse import archive, cache
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.reuse.fingerprint import State, basis, digest
from fanops_utils.reports.reuse.manifest import entry_of
from fanops_utils.reports.running.closing import Run
from fanops_utils.reports.running.making import How, Made, make_reports
from fanops_utils.workspace import Workspace

PARTS, FILE = "parts", "part.json"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SHARD = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


@dataclass(frozen=True)
class Part:
    """The *place*-th (from 1) of so many parts *of* the run that is called *run_id* wherever its parts are made."""

    place: int
    of: int
    run_id: str

    @property
    def name(self) -> str:
        return f"{self.place}-of-{self.of}"

    def jobs(self, jobs: Sequence[Job]) -> list[Job]:
        """Return which of all the *jobs* of the plan are this part's: neighbours, often alike, go to different parts."""
        return list(jobs[self.place - 1 :: self.of])

    def folder(self, plan: Path) -> Path:
        """Return where the part lies in the folder of the *plan*."""
        return plan / PARTS / self.run_id / self.name


def part_of(shard: str, run_id: str | None) -> Part:
    """Return the part that *shard*, as in 2/4, and the name of the run call; raise ParameterError where they call none."""
    found = SHARD.fullmatch(shard)
    place, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= place <= of:
        raise ParameterError(
            "a shard is which of how many, counted from 1", value=shard, hint="For the second of four: --shard 2/4"
        )
    if not run_id:
        raise ParameterError(
            "a shard needs the name its run has on every machine", hint="Add --run-id, the same for all its shards"
        )
    return Part(place, of, run_name(run_id))


def run_name(run_id: str) -> str:
    """Return *run_id* where it may name a run, and a folder; raise ParameterError where it may not."""
    if not NAME.fullmatch(run_id):
        raise ParameterError("the name of a run is up to 64 letters, digits, dots, - and _", value=run_id)
    return run_id


def run_part(
    jobs: Sequence[Job], workspace: Workspace, *, part: Part, plan: str, root: Path, reports: Path,
    languages: tuple[str, ...] = ("en",), how: How,
) -> Run:  # fmt: skip
    """Make the reports of the *part* of all *jobs* of a plan, and write down what they were made from; return the run.

    Where the part lies there already, killed or with failed jobs, what holds of it is not made again; its attempts are
    told. The reports of runs before in the folder of the plan are taken over where they hold, and compared with.
    Raises PlanError where the folder cannot be written.
    """
    started, folder = datetime.now(UTC), reports / workspace.name / plan
    run_dir, state = part.folder(folder), State(root, workspace.path, languages)
    try:
        for name in (archive.STATE, "executed"):
            (run_dir / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlanError(f"the report folder cannot be written ({error.strerror})", file=run_dir) from None
    before = attempts_of(run_dir)
    stands_on = basis(jobs, state)
    mine = part.jobs(jobs)
    there = {slug: one for slug, one in cache.finished(mine, run_dir, state).items() if one.good}
    made = make_reports(mine, workspace, folder=folder, run_dir=run_dir, state=state, how=how, finished=there)
    told = _told(part, plan, made, started=started, before=before, stands_on=stands_on, workers=how.workers)
    problem = ""
    try:
        write_text(run_dir / FILE, json.dumps(told | {"seal": digest(told)}, ensure_ascii=False, indent=1))
    except OSError as error:
        problem = f"the part could not be written: {error.strerror}"
    return Run(part.run_id, run_dir, run_dir / FILE, made.outcomes, made.stopped_by, problem)


def _told(
    part: Part, plan: str, made: Made, *, started: datetime, before: list[Any], stands_on: Mapping[str, Any], workers: int
) -> dict[str, Any]:  # fmt: skip
    """Return what is written of a part: which it is, what it was made from, its attempts, its jobs."""
    statuses = [one.status for one in made.outcomes]
    attempt = {
        "started": started.isoformat(timespec="seconds"), "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "statuses": {status: statuses.count(status) for status in sorted(set(statuses))}, "stopped_by": made.stopped_by,
    }  # fmt: skip
    return {
        "schema_version": 1, "plan": plan, "run_id": part.run_id, "place": part.place, "of": part.of,
        "basis": dict(stands_on), "provenance": made.made_by, "workers": workers, **made.kernels,
        "attempts": [*before, attempt], "jobs": [entry_of(one) for one in made.outcomes],
    }  # fmt: skip


def attempts_of(folder: Path) -> list[Any]:
    """Return the attempts at the part in *folder* that came to an end."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))["attempts"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return found if isinstance(found, list) else []
