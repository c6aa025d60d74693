"""Reports on object storage: a run's files first, what leads to them last, and the pointer never back to an older run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from fanops_utils.data.storage import short, storage_at
from fanops_utils.errors import PlanError
from fanops_utils.reports.reuse.archive import INDEX, runs_of, sequence_of
from fanops_utils.reports.site.publish import LATEST, STRIP
from fanops_utils.reports.site.serve import SERVED, is_private

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem

POINTER = "run.json"  # which run is the newest, as a program reads it
FOR_GOOD, FOR_NOW = (
    "public, max-age=31536000, immutable",
    "no-cache",
)  # a run's files never change; what leads to them does
TRIES = 5
Version = object


class Pointers(Protocol):
    """Small files that say which run is the newest: read with their version, put on the condition that it still holds."""

    def read(self, key: str) -> tuple[str, Version]:
        """Return the text and its version; an empty text where there is none."""

    def put(self, key: str, text: str, version: Version) -> bool:
        """Put *text* where the file still has that *version*; return whether it had."""


@dataclass(frozen=True)
class Published:
    """What one plan's newest run became on the storage: its address, files sent, and whether the pointer leads to it.

    `newer` names the run that the storage had already: the pointer was left at it.
    """

    plan: str
    run_id: str
    files: int
    newer: str = ""


def publish_runs(reports: Path, workspace: str, target: str, *, plans: Sequence[str] = ()) -> list[Published]:
    """Send the newest whole run of each plan of *workspace* in *reports* (or of the *plans* named) to the address *target*.

    What `fanops serve` shows is sent: pages, files beside them, results; nothing of one owner alone, no notebooks. Files go
    first, each plan's pointer and the indexes last, so that no reader is led to what is not there yet. A pointer that leads
    to a newer run stays. Raises PlanError for an address of no storage, without reports, and where the storage refuses.
    """
    files, home = storage_at(target, refusal=PlanError)
    runs = _newest(reports / workspace, plans)
    try:
        pointers = _pointers(target, files)
        told = [_published(run, reports, files, home, pointers) for run in runs]
        for folder in (reports / workspace, reports) if not all(one.newer for one in told) else ():
            for page in sorted(folder.glob("index*.html")):
                _send(page, f"{home}/{page.relative_to(reports).as_posix()}", files, FOR_NOW)
    except OSError as error:
        raise PlanError(f"the storage refuses ({short(error)})", value=target) from None
    return told


def _newest(workspace: Path, plans: Sequence[str]) -> list[Path]:
    """Return the newest run with an index of each plan."""
    known = sorted(one.name for one in workspace.iterdir() if one.is_dir()) if workspace.is_dir() else []
    for name in plans:
        if name not in known:
            raise PlanError("no run of this plan is there", value=name, choices=known, file=workspace)
    newest = [
        next((run for run in runs_of(workspace / name) if (run / INDEX).is_file()), None) for name in plans or known
    ]
    runs = [run for run in newest if run is not None]
    if not runs:
        raise PlanError("there are no reports to publish", file=workspace, hint="Run a plan first")
    return runs


def _published(run: Path, reports: Path, files: FileSystem, home: str, pointers: Pointers) -> Published:
    """Send the *run*, and those before it that its index names and the storage lacks; then lead to it."""
    plan, sent = run.parent, 0
    for one in reversed(runs_of(plan)[:STRIP]):
        if one != run and not (one / INDEX).is_file():
            continue
        folder = f"{home}/{one.relative_to(reports).as_posix()}"
        there = {} if one == run else _sizes_in(folder, files)
        for path in _shown(one):
            if there.get(path.name) != path.stat().st_size:
                _send(path, f"{folder}/{path.name}", files, FOR_GOOD)
                sent += 1
    newer = _lead_to(run, f"{home}/{plan.relative_to(reports).as_posix()}/{LATEST}/{POINTER}", pointers)
    if not newer:
        for page in sorted((plan / LATEST).glob("index*.html")):
            _send(page, f"{home}/{page.relative_to(reports).as_posix()}", files, FOR_NOW)
    return Published(plan.name, run.name, sent, newer)


def _sizes_in(folder: str, files: FileSystem) -> dict[str, int]:
    """Return the size of every file in *folder* by its name; none where it is not there."""
    from pyarrow.fs import FileSelector, FileType

    found = files.get_file_info(FileSelector(folder, allow_not_found=True))
    return {one.base_name: one.size for one in found if one.type == FileType.File}


def _shown(run: Path) -> Iterator[Path]:
    """Yield the files of *run* that are for readers, what leads to others last."""
    own = [path for path in sorted(run.iterdir()) if path.is_file() and path.suffix in SERVED and not is_private(path)]
    yield from sorted(own, key=lambda path: path.name.startswith("index"))


def _lead_to(run: Path, key: str, pointers: Pointers) -> str:
    """Have the pointer at *key* name *run*, unless it names a newer one, whose name is returned."""
    for _ in range(TRIES):
        text, version = pointers.read(key)
        there = _pointed(text)
        if there[:2] > (run.name[:16], sequence_of(run)):
            return there[2]
        told = {"run_id": run.name, "started": run.name[:16], "sequence": sequence_of(run)}
        if pointers.put(key, json.dumps(told), version):
            return ""
    raise PlanError("others publish the same plan all the time", value=key, hint="Try again when they are done")


def _pointed(text: str) -> tuple[str, int, str]:
    """Return when the run named in a pointer's *text* was started, its sequence and its name; of a damaged one nothing."""
    try:
        found = json.loads(text or "{}")
        return str(found["started"]), int(found["sequence"]), str(found["run_id"])
    except (ValueError, KeyError, TypeError):
        return "", 0, ""


def _send(path: Path, key: str, files: FileSystem, keep: str) -> None:
    if files.type_name == "local":  # other storage knows no folders
        files.create_dir(key.rpartition("/")[0], recursive=True)
    with files.open_output_stream(key, metadata={"Content-Type": SERVED[path.suffix], "Cache-Control": keep}) as stream:
        stream.write(path.read_bytes())


def _pointers(target: str, files: FileSystem) -> Pointers:
    from fanops_utils.reports.site.pointers import FilePointers, S3Pointers

    return S3Pointers(target) if urlsplit(target).scheme == "s3" else FilePointers(files)
