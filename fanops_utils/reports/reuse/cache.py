"""Reuse: a report that would come out the same is taken over from the run that made it, not made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from fanops_utils.reports.planning.names import page_name
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse.archive import GOOD, Entry, entries_of, last_good
from fanops_utils.reports.reuse.files import linked
from fanops_utils.reports.reuse.fingerprint import State, holds, unchanged
from fanops_utils.reports.reuse.history import plain
from fanops_utils.reports.reuse.manifest import outcome_of
from fanops_utils.workspace.reads import digest_file


def reusable(jobs: Sequence[Job], folder: Path, run_dir: Path, state: State) -> dict[str, Outcome]:
    """Return per slug the jobs whose last good report in *folder* still holds, taken over into the run at *run_dir*."""
    found = {}
    for slug, (run, entry) in last_good(jobs, folder).items():
        job = next(one for one in jobs if one.slug == slug)
        if entry.get("failed_sections"):
            continue  # the section is tried again
        same = run != run_dir and _given(job) == entry.get("parameters") and unchanged(job, state, entry.get("inputs"))
        if same and (entry.get("pages") or {}) == _pages(slug, state.languages):
            with suppress(OSError, ValueError):  # what is damaged or gone is made anew
                if not untouched(entry, run):
                    continue
                found[slug] = _taken_over(job, entry, run, run_dir)
    return found


def _taken_over(job: Job, entry: Entry, run: Path, run_dir: Path) -> Outcome:
    earlier = outcome_of(job, entry, run)
    if earlier.conclusion is None:
        raise ValueError("the result is not there")
    if not _holds(earlier.conclusion, made=earlier.on, on=job.on):
        raise ValueError("the report does not hold on this day")
    for name in (
        *(entry.get("pages") or {"": entry["report"]}).values(),
        *_beside(entry),
        entry["result"],
        f"executed/{Path(entry['report']).stem}.ipynb",
    ):
        linked(run / name, run_dir / name)
    source = entry.get("cached_from") or run.name
    return replace(earlier, status="cached", cached_from=source, attempts=0, seconds=0.0, changes=())


def _beside(entry: Entry) -> list[str]:
    return [one["file"] for one in entry.get("files") or []]


def _pages(slug: str, languages: Sequence[str]) -> dict[str, str]:
    """Return the pages a report has today: their names, their switch and their way home follow the brand's languages."""
    return {language: page_name(slug, language, languages) for language in languages}


def _holds(conclusion: Mapping[str, Any], *, made: date | None, on: date | None) -> bool:
    """Return whether a report judged from the day *made* reads the same on the day *on*.

    Data go stale, windows close, decisions fall due; and a report of a later day knows what was not yet so.
    """
    if on is None:
        return True
    until = conclusion.get("holds_until")
    return (until is None or on.isoformat() <= until) and (made is None or made <= on)


def finished(jobs: Sequence[Job], run_dir: Path, state: State) -> dict[str, Outcome]:
    """Return per slug what jobs of the killed run at *run_dir* left that need not be done again.

    A job is done again where it was cancelled or skipped, where what it wrote or a file beside it is gone or was changed,
    where what it was made from is not as it was, and where it was judged from a day on which it reads otherwise.
    """
    entries: Mapping[Any, Entry] = {one.get("slug"): one for one in entries_of(run_dir)}
    found = {}
    for job in jobs:
        entry = entries.get(job.slug)
        if entry is None or entry.get("status") in ("cancelled", "skipped") or _given(job) != entry.get("parameters"):
            continue
        if entry.get("report") and untouched(entry, run_dir) and holds(job, state, entry.get("inputs")):
            with suppress(OSError, ValueError):
                outcome = outcome_of(job, entry, run_dir)
                if _holds(outcome.conclusion or {}, made=outcome.on, on=job.on):
                    found[job.slug] = outcome
    return {slug: one for slug, one in found.items() if one.status not in GOOD or one.conclusion is not None}


def untouched(entry: Entry, run: Path) -> bool:
    """Return whether the files that a job wrote into *run* are as it wrote them, by the digests in its *entry*."""
    written = (entry.get("inputs") or {}).get("written") or {}
    return all((run / name).is_file() and digest_file(run / name) == digest for name, digest in written.items())


def written_by(outcome: Outcome, run: Path) -> dict[str, str]:
    """Return the digests of the files of *outcome* in *run*, those beside its page too, by their names."""
    beside = [one["file"] for one in outcome.files]
    names = [*outcome.pages.values(), *([outcome.result] if outcome.result else []), *beside]
    return {name: digest_file(run / name) for name in names if (run / name).is_file()}


def _given(job: Job) -> dict[str, Any]:
    return plain({name: value for name, value in job.parameters.items() if name != "workspace"})
