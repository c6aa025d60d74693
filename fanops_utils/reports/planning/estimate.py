"""How long a job will take, as far as the runs before can tell."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from fanops_utils.errors import counted
from fanops_utils.reports.planning.plan import Job

RUNS = 10
TELLING = ("succeeded", "no_data")


def seconds_of(jobs: Sequence[Job], folder: Path) -> list[float | None]:
    """Return per job the median seconds it took in the newest runs under *folder* (the workspace's reports).

    A job that never ran there is judged by the same notebook with other parameters; None where nothing is known.
    Cached and failed jobs tell nothing of how long one takes.
    """
    times: dict[str, list[float]] = {}
    manifests = sorted(folder.glob("*/*/manifest.json"), key=lambda path: path.parent.name, reverse=True)
    for path in manifests[:RUNS]:
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))["jobs"]
            told = [(entry, float(entry["seconds"])) for entry in entries if entry["status"] in TELLING]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # an estimate: a damaged manifest of an old run is no reason to stop
        for entry, seconds in told:
            for key in (entry["notebook"], _key(entry["notebook"], entry.get("parameters", {}))):
                times.setdefault(key, []).append(seconds)
    return [_known(times, job) for job in jobs]


def _known(times: dict[str, list[float]], job: Job) -> float | None:
    given = {name: str(value) for name, value in job.parameters.items() if name != "workspace"}
    seen = times.get(_key(job.notebook, given)) or times.get(job.notebook)
    return median(seen) if seen else None


def _key(notebook: str, parameters: Mapping[str, object]) -> str:
    # Days move from run to run; everything else makes the job what it is.
    named = sorted((name, str(value)) for name, value in parameters.items() if name not in ("start", "end"))
    return f"{notebook}?{named}"


def spoken(seconds: Sequence[float | None], *, workers: int) -> str:
    """Return the estimate for all jobs in words.

    >>> spoken([60.0, 60.0, None], workers=2)
    'about 1 min, 1 of 3 jobs not known yet'
    """
    known = [one for one in seconds if one is not None]
    if not known:
        return "how long is not known yet: none of them ran before"
    whole = max(sum(known) / max(workers, 1), *known) if len(known) > 1 else known[0]
    missing = len(seconds) - len(known)
    lacking = f", {missing} of {counted(len(seconds), 'job')} not known yet" if missing else ""
    return f"about {whole:.0f} s{lacking}" if whole < 60 else f"about {whole / 60:.0f} min{lacking}"
