"""What the end of a run asks of the tables, asked while its last reports are made: no other report waits for the machine."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import FRESH, Outcome
from fanops_utils.reports.running.standing import MEASURING, Closes, standing_of
from fanops_utils.workspace import Workspace

if TYPE_CHECKING:
    from fanops_utils.metrics.catalogue.together import Lookup


class Ahead:
    """Targets and decisions of *workspace* measured by *lookup*, which keeps what it was told, before the run's end asks.

    Begins once one of the run's *jobs* was executed (where all reports are taken over the end asks nothing) and no more than
    *workers* are left; *elsewhere*, where another engine does the work, at once. What goes wrong here is told by the end,
    which asks again.
    """

    def __init__(
        self, jobs: Sequence[Job], workspace: Workspace, lookup: Lookup | None, *, workers: int, started: date,
        elsewhere: bool = False,
    ) -> None:  # fmt: skip
        self._workspace, self._lookup, self._workers = workspace, lookup, workers
        self._on = day_of(jobs, started)
        self._left, self._executed, self._elsewhere = len(jobs), False, elsewhere
        self._closes: Closes | None = None
        self._thread: threading.Thread | None = None

    def heard(self, outcome: Outcome) -> None:
        """Take note of the *outcome* of a job, and begin where it is time."""
        self._left -= 1
        self._executed |= outcome.status in FRESH
        due = self._executed and self._left and (self._elsewhere or self._left <= self._workers)
        if self._lookup and due and not self._thread:
            self._thread = threading.Thread(target=self._ask, name="ahead", daemon=True)
            self._thread.start()

    def wait(self, closes: Closes = lambda _what, _place, _of: None) -> None:
        """Return when nothing is being asked any more; *closes* hears how far it is."""
        self._closes = closes
        if self._thread:
            self._thread.join()

    def _ask(self) -> None:
        with suppress(Exception):
            standing_of((), self._workspace, on=self._on, lookup=self._lookup, told=self._told)

    def _told(self, place: int, of: int) -> None:
        if self._closes:
            self._closes(MEASURING, place, of)


def day_of(jobs: Sequence[Job], started: date) -> date:
    """Return the day that a run of *jobs* counts from: the last one named, else the day it *started*."""
    return max((job.on for job in jobs if job.on), default=started)
