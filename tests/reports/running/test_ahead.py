"""What the end of a run asks is asked while its last reports are made, once, and only where reports were executed."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fanops_utils.metrics.intervals import Interval
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome, Status
from fanops_utils.reports.running.ahead import Ahead, day_of
from fanops_utils.workspace import Workspace

STARTED = date(2026, 11, 2)


def job(name: str, on: date | None = None) -> Job:
    return Job(notebook=f"research/{name}", path=Path(f"{name}.ipynb"), parameters={}, slug=name, on=on)


class Asked:
    """A lookup that remembers the thread and the last day of each question."""

    def __init__(self, *, breaks: bool = False) -> None:
        self.questions: list[tuple[str, date]] = []
        self.breaks = breaks

    def __call__(self, _metric: str, _market: Any, _platform: Any, _first: date, last: date, *_more: Any) -> Interval:
        self.questions.append((threading.current_thread().name, last))
        if self.breaks:
            raise ValueError("a damaged table")
        return Interval(0.1, 0.05, 0.15, 100)


@pytest.mark.parametrize(
    ("statuses", "workers", "begins"),
    [
        (["succeeded", "succeeded"], 2, True),
        (["succeeded", "succeeded", "cached", "failed"], 1, True),
        (["succeeded", "succeeded", "succeeded", "failed"], 2, True),
        (["cached", "cached", "cached"], 2, False),
        (["cached", "succeeded", "cached"], 2, True),
        (["failed", "failed"], 2, False),
        (["succeeded"], 2, False),
    ],
)
def test_it_begins_when_no_report_waits(demo: Workspace, statuses: list[Status], workers: int, begins: bool) -> None:
    jobs, asked = [job(str(number)) for number in range(len(statuses))], Asked()
    ahead = Ahead(jobs, demo, asked, workers=workers, started=STARTED)
    for one, status in zip(jobs, statuses, strict=True):
        ahead.heard(Outcome(one, status))
    ahead.wait()
    assert bool(asked.questions) is begins
    assert {name for name, _ in asked.questions} <= {"ahead"}
    assert all(last < STARTED for _, last in asked.questions)


def test_another_engine_is_asked_from_the_first_report_on(demo: Workspace) -> None:
    jobs, asked = [job(str(number)) for number in range(9)], Asked()
    here = Ahead(jobs, demo, asked, workers=2, started=STARTED)
    elsewhere = Ahead(jobs, demo, asked, workers=2, started=STARTED, elsewhere=True)
    here.heard(Outcome(jobs[0], "succeeded"))
    here.wait()
    assert not asked.questions
    heard: list[tuple[int, int]] = []
    elsewhere.heard(Outcome(jobs[0], "succeeded"))
    elsewhere.wait(lambda _what, place, of: heard.append((place, of)))
    assert asked.questions and all(1 <= place <= of for place, of in heard)


def test_what_goes_wrong_is_left_to_the_end(demo: Workspace) -> None:
    jobs, asked = [job("a"), job("b")], Asked(breaks=True)
    ahead = Ahead(jobs, demo, asked, workers=2, started=STARTED)
    ahead.heard(Outcome(jobs[0], "succeeded"))
    ahead.wait()
    assert len(asked.questions) == 1


@pytest.mark.parametrize(("lookup", "begins"), [(None, 0), (Asked(), 1)])
def test_without_a_lookup_nothing_begins(
    demo: Workspace, monkeypatch: pytest.MonkeyPatch, lookup: Asked | None, begins: int
) -> None:
    begun: list[object] = []
    monkeypatch.setattr("fanops_utils.reports.running.ahead.standing_of", lambda *_, lookup, **__: begun.append(lookup))
    ahead = Ahead([job("a"), job("b")], demo, lookup, workers=2, started=STARTED)
    ahead.heard(Outcome(job("a"), "succeeded"))
    ahead.wait()
    assert len(begun) == begins


def test_the_day_is_the_last_one_named() -> None:
    assert day_of([job("a", date(2026, 10, 1)), job("b", date(2026, 10, 9)), job("c")], STARTED) == date(2026, 10, 9)
    assert day_of([job("a")], STARTED) == STARTED
