"""How far a run is: on a terminal what is under way with the cell each job is at and the time left, plain lines otherwise."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from fanops_utils.errors import counted
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

LINES_A_SECOND = 4
LINE_EVERY = 10  # seconds between plain lines of what takes long after the jobs


class Progress:
    """Tells *console* of each job that is done; where it is a terminal it also shows what is under way.

    *expected* is how many seconds each job took before, by slug, where that is known.
    """

    def __init__(
        self, console: Console, jobs: Sequence[Job], *, workers: int, expected: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.console, self.workers, self.clock = console, workers, clock
        self.left = dict.fromkeys((job.slug for job in jobs), 0.0)
        self.expected, self.total = dict(expected or {}), len(jobs)
        self.running: dict[str, tuple[int, int]] = {}
        self.begun: dict[str, float] = {}
        self.took: list[float] = []
        self.lock = threading.Lock()
        self.live: Live | None = None
        self.said = False
        self.closing, self.closing_said = "", math.inf

    def __enter__(self) -> Progress:
        if self.console.is_terminal:
            from rich.live import Live

            self.live = Live(
                get_renderable=self.shown, console=self.console, transient=True, refresh_per_second=LINES_A_SECOND
            )
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def cell(self, slug: str, place: int, cells: int) -> None:
        """Note that the job *slug* begins its cell at *place* of so many; called from the job's thread."""
        with self.lock:
            self._begin()
            self.running[slug] = (place + 1, cells)
            self.begun.setdefault(slug, self.clock())

    def _begin(self) -> None:
        """Say what is about to run, once it is sure that it will."""
        if not self.said:
            self.said = True
            self.console.print(f"{counted(self.total, 'job')}, {min(self.workers, self.total)} at a time")

    def done(self, outcome: Outcome) -> None:
        """Print the line of a job that is done."""
        with self.lock:
            self._begin()
            self.running.pop(outcome.job.slug, None)
            self.left.pop(outcome.job.slug, None)
            if outcome.attempts:
                self.took.append(outcome.seconds)
            number = self.total - len(self.left)
        told = f"{outcome.seconds:5.1f} s" if outcome.attempts else "       "
        failed = ", ".join(outcome.failed_sections)
        sections = f"sections that could not be computed: {failed}" if failed else ""
        said = "; ".join(str(told) for told in (outcome.error, sections, outcome.note) if told)
        self.console.print(f"[{number}/{self.total}] {outcome.status:10} {told}  {outcome.job.slug}  {said}".rstrip())

    def closes(self, what: str, place: int, of: int) -> None:
        """Note that *what* the run does after its jobs is at *place* of so many.

        A plain line of it is printed only where it takes long: one every LINE_EVERY seconds.
        """
        now = self.clock()
        with self.lock:
            self.closing = f"{what}: {place} of {of}" if of > 1 else what
            due = self.live is None and now >= self.closing_said + LINE_EVERY
            self.closing_said = now if due else min(self.closing_said, now)
        if due:
            self.console.print(self.closing)

    def seconds_left(self) -> float | None:
        """Return how long the rest will take, judged by earlier runs, else by the jobs of this one; None: not known."""
        usual = sum(self.took) / len(self.took) if self.took else None
        whole = [self.expected.get(slug, usual) for slug in self.left]
        known = [one for one in whole if one is not None]
        if not known or len(known) < len(whole):
            return None
        spent = sum(self.clock() - since for slug, since in self.begun.items() if slug in self.left)
        return max(sum(known) - spent, 0.0) / self.workers

    def shown(self) -> Text:
        """Return what stands below the lines: the jobs under way, then how many are done and the time left."""
        from rich.text import Text

        with self.lock:
            under_way = [f"  {slug}: cell {place} of {cells}" for slug, (place, cells) in self.running.items()]
            left, number, closing = self.seconds_left(), self.total - len(self.left), self.closing
        about = (
            "" if left is None else f", about {left:.0f} s left" if left < 90 else f", about {left / 60:.0f} min left"
        )
        last = f"  {closing}" if closing and not self.left else f"  {number} of {self.total} done{about}"
        return Text("\n".join([*under_way, last]))
