"""What can become of a job: decided here, whatever papermill or a notebook's metadata say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from fanops_utils.reports.planning.plan import Job
from fanops_utils.text.sentences.sayable import Sayable

Status = Literal[
    "succeeded", "no_data", "failed", "timed_out", "kernel_died", "cancelled", "truncated", "skipped", "cached"
]
FRESH: tuple[Status, ...] = ("succeeded", "no_data")  # executed in this run, with a result
GOOD: tuple[Status, ...] = (*FRESH, "cached")
AGAIN: tuple[Status, ...] = ("kernel_died", "timed_out")  # may end otherwise when tried once more


@dataclass(frozen=True)
class Outcome:
    """What became of a job; `report`, `result` and `pages` (by language) are file names inside the run's folder.

    `attempts` are executions (0: none was needed or begun), `peak_memory` is in bytes, `seed` what the kernel's random
    numbers started from, `reads` what the notebook read and `changes` what moved since the last good report. `on` is the
    day a report taken over was judged from; None: the job's own. `files` lie beside the page, as the manifest says it.
    """

    job: Job
    status: Status
    seconds: float = 0.0
    error: Sayable | None = None
    report: str | None = None
    pages: dict[str, str] = field(default_factory=dict)
    files: tuple[dict[str, Any], ...] = ()
    result: str | None = None
    conclusion: dict[str, Any] | None = None
    title: Sayable | None = None
    topic: str = ""
    started: datetime | None = None
    attempts: int = 0
    peak_memory: int | None = None
    seed: int | None = None
    reads: dict[str, Any] | None = None
    inputs: dict[str, Any] | None = None
    changes: tuple[dict[str, Any], ...] = ()
    cached_from: str | None = None
    on: date | None = None
    note: str = ""

    @property
    def good(self) -> bool:
        return self.status in GOOD

    @property
    def failed_sections(self) -> tuple[str, ...]:
        """The findings of the report that could not be computed: the rest of it stands."""
        findings = (self.conclusion or {}).get("findings") or []
        return tuple(str(one.get("id")) for one in findings if one.get("status") == "failed")

    @property
    def whole(self) -> bool:
        """Whether the report is good and no section of it failed."""
        return self.good and not self.failed_sections
