"""The runs of a plan on disk: their order, what each of their jobs left, and which of them may go."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from fanops_utils.errors import PlanError
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.reuse.history import key_of, same_job

MANIFEST, STATE, INDEX = "manifest.json", "jobs", "index.html"
SEQUENCE = "sequence"  # file in the state of a run: the how many-th of its plan it is
GOOD = ("succeeded", "no_data", "cached")
REMOVING = ".removing-"
Entry = dict[str, Any]


def new_run(parent: Path, started: datetime) -> Path:
    """Make the folder of a run that began at *started*; raise PlanError where it cannot be written."""
    stamp = started.strftime("%Y%m%dT%H%M%SZ")
    # After the newest of the same second: the name of one that was deleted would make this run older than it.
    before = runs_of(parent)
    sequence = max((sequence_of(run) for run in before), default=0) + 1
    taken = [_number(run) for run in before if run.name.startswith(stamp)]
    for number in range(max(taken, default=0) + 1, 100):
        run = parent / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            run.mkdir(parents=True)
        except FileExistsError:
            if parent.is_dir():
                continue
            raise PlanError("the report folder cannot be written (it is a file)", file=parent) from None
        except OSError as error:
            raise PlanError(f"the report folder cannot be written ({error.strerror})", file=parent) from None
        _try_out(run, sequence)
        return run
    raise PlanError("too many runs started in the same second", file=parent)


def _try_out(folder: Path, sequence: int, *, size: int = 2_000_000) -> None:
    """Write as much as a report or two and delete it: a full disk is told before anything is computed."""
    trial = folder / ".trial"
    try:
        (folder / STATE).mkdir()
        (folder / STATE / SEQUENCE).write_text(str(sequence), encoding="utf-8")
        (folder / "executed").mkdir()
        with trial.open("wb") as file:
            file.write(bytes(size))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise PlanError(f"the report folder cannot be written ({error.strerror})", file=folder.parent) from None
    finally:
        trial.unlink(missing_ok=True)


def runs_of(folder: Path) -> list[Path]:
    """Return the runs in *folder*, newest first: in the order in which they were begun, whatever the clock said then."""
    if not folder.is_dir():
        return []
    return sorted((one for one in folder.iterdir() if one.is_dir() and _is_run(one.name)), key=_place, reverse=True)


def _is_run(name: str) -> bool:
    return len(name) >= 16 and name[:8].isdigit() and name[8] == "T" and name[15] == "Z"


def _place(run: Path) -> tuple[int, str, int]:
    return sequence_of(run), run.name.partition("-")[0], _number(run)


def _number(run: Path) -> int:
    number = run.name.partition("-")[2] or "1"
    return int(number) if number.isdigit() else 0


def sequence_of(run: Path) -> int:
    """Return the how many-th of its plan *run* is; 0 for one that does not say: it is older than all that do."""
    try:
        return int((run / STATE / SEQUENCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def newest_entries(workspace: Path, *, without: str = "") -> list[Entry]:
    """Return what the newest run of each plan of a *workspace* left, job by job; not of the plan *without*."""
    plans = (
        sorted(one for one in workspace.iterdir() if one.is_dir() and one.name != without) if workspace.is_dir() else []
    )
    newest = [next(iter(runs_of(plan)), None) for plan in plans]
    return [entry for run in newest if run is not None for entry in entries_of(run)]


def last_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the newest run in *folder* that has one; an empty one where none can be read."""
    for run in runs_of(folder):
        with suppress(OSError, ValueError):
            found = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
            return found if isinstance(found, dict) else {}
    return {}


def entries_of(run: Path) -> list[Entry]:
    """Return what the jobs of *run* left: of its manifest, or, where it was killed before it had one, job by job."""
    try:
        found = json.loads((run / MANIFEST).read_text(encoding="utf-8"))["jobs"]
        return [one for one in found if isinstance(one, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return list(_states(run))


def _states(run: Path) -> Iterator[Entry]:
    for path in sorted((run / STATE).glob("*.json")):
        with suppress(OSError, ValueError):
            yield json.loads(path.read_text(encoding="utf-8"))


def is_of(entry: Entry, job: Job) -> bool:
    """Return whether *entry* tells of *job*, days apart."""
    own = {name: value for name, value in job.parameters.items() if name != "workspace"}
    mine = (entry.get("notebook"), entry.get("slug")) == (job.notebook, job.slug)
    return mine and same_job(own, entry.get("parameters", {}))


def last_good(jobs: Sequence[Job], folder: Path, *, look: int = 50) -> dict[str, tuple[Path, Entry]]:
    """Return per slug the newest good report of each job among the *look* newest runs in *folder*, and its run."""
    found: dict[str, tuple[Path, Entry]] = {}
    for run in runs_of(folder)[:look]:
        lacking = [job for job in jobs if job.slug not in found]
        if not lacking:
            break
        for entry in entries_of(run):
            if entry.get("status") in GOOD and entry.get("report"):
                mine = next((job for job in lacking if is_of(entry, job)), None)
                if mine is not None and (run / entry["report"]).is_file():
                    found.setdefault(mine.slug, (run, entry))
    return found


def unfinished(folder: Path) -> Path:
    """Return the newest run in *folder* that was killed or stopped; raise PlanError where the newest is whole."""
    newest = next(iter(runs_of(folder)), None)
    if newest is None:
        raise PlanError("there is no run to resume", value=folder.name, hint="Run the plan without --resume")
    written = (newest / MANIFEST).is_file() and (newest / INDEX).is_file()
    whole = written and not any(one.get("status") in ("cancelled", "skipped") for one in entries_of(newest))
    if whole:
        raise PlanError(
            "the last run is whole: nothing to resume", value=newest.name, hint="Run the plan without --resume"
        )
    return newest


def prune(folder: Path, *, keep: int) -> list[str]:
    """Delete all but the *keep* newest runs in *folder*, and return their names.

    A run that holds the last good report of a job stays, whatever its age, also where no plan names the job any more.
    A run goes in one step: readers see all of it or nothing.
    """
    for left in folder.glob(f"{REMOVING}*"):
        shutil.rmtree(left, ignore_errors=True)
    seen: set[str] = set()
    gone = []
    for place, run in enumerate(runs_of(folder)):
        good = {key_of(one) for one in entries_of(run) if one.get("status") in GOOD and one.get("report")}
        if place >= keep and not good - seen:
            hidden = folder / f"{REMOVING}{run.name}"
            with suppress(OSError):
                run.rename(hidden)
                shutil.rmtree(hidden, ignore_errors=True)
                gone.append(run.name)
        seen |= good
    return gone
