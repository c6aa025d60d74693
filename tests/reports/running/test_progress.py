"""Progress: what is under way on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.running.progress import Progress
from fanops_utils.text import say

JOBS = [Job(f"research/{name}", Path("a.ipynb"), {}, name) for name in "abc"]


def console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, highlight=False, markup=False)


def told(progress: Progress) -> str:
    assert isinstance(progress.console.file, io.StringIO)
    return progress.console.file.getvalue()


def test_plain_lines_where_nobody_watches() -> None:
    with Progress(console(terminal=False), JOBS, workers=2) as progress:
        assert told(progress) == ""
        progress.cell("a", 4, 20)
        progress.done(Outcome(JOBS[0], "succeeded", 3.0, attempts=1, note="The output of 1 cells was cut."))
        progress.done(Outcome(JOBS[1], "failed", 12.5, say("Cell {cell} failed.", cell=3), attempts=1))
        progress.done(Outcome(JOBS[2], "cached"))
    assert told(progress).splitlines() == [
        "3 jobs, 2 at a time",
        "[1/3] succeeded    3.0 s  a  The output of 1 cells was cut.",
        "[2/3] failed      12.5 s  b  Cell 3 failed.",
        "[3/3] cached              c",
    ]


def test_a_terminal_shows_what_is_under_way() -> None:
    with Progress(console(terminal=True), JOBS, workers=2, expected={"a": 1.0, "b": 1.0, "c": 1.0}) as progress:
        progress.cell("a", 4, 20)
        assert progress.shown().plain.splitlines()[0] == "  a: cell 5 of 20"
        assert "0 of 3 done, about" in progress.shown().plain
    assert "cell 5 of 20" in told(progress)


def test_the_time_left_is_what_the_rest_took_before_less_what_is_spent() -> None:
    now = [100.0]
    expected = {"a": 10.0, "b": 20.0, "c": 30.0}
    progress = Progress(console(terminal=False), JOBS, workers=2, expected=expected, clock=lambda: now[0])
    assert progress.seconds_left() == 30
    progress.cell("a", 0, 3)
    now[0] += 4
    assert progress.seconds_left() == 28
    progress.done(Outcome(JOBS[0], "succeeded", 4.0, attempts=1))
    assert progress.seconds_left() == 25


def test_where_nothing_is_known_nothing_is_said_until_a_job_is_done() -> None:
    progress = Progress(console(terminal=False), JOBS, workers=1)
    assert progress.seconds_left() is None and "about" not in progress.shown().plain
    progress.done(Outcome(JOBS[0], "succeeded", 4.0, attempts=1))
    assert progress.seconds_left() == 8
    assert "about 8 s left" in progress.shown().plain


def test_what_comes_after_the_jobs_is_told_and_in_plain_lines_only_where_it_takes_long() -> None:
    now = [100.0]
    progress = Progress(console(terminal=False), JOBS[:1], workers=1, clock=lambda: now[0])
    progress.done(Outcome(JOBS[0], "cached"))
    before = told(progress)
    for place in range(1, 6):
        progress.closes("measuring", place, 5)
        now[0] += 4
    assert told(progress).removeprefix(before).splitlines() == ["measuring: 4 of 5"]
    progress.closes("naming", 1, 1)
    assert progress.shown().plain.splitlines() == ["  naming"]
