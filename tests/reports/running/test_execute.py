"""Execution: what became of a job is decided here, and there is always a page that says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import from_dict
from reports.tiny import WELL, conclude, repository, source, write

from fanops_utils.playbook import Finding, Result
from fanops_utils.playbook.handouts import Listing
from fanops_utils.reports.kernels.supply import KernelSupply
from fanops_utils.reports.planning.plan import Job
from fanops_utils.reports.planning.status import Outcome
from fanops_utils.reports.reuse.files import write_text
from fanops_utils.reports.running import execute
from fanops_utils.reports.running.attempt import Attempt
from fanops_utils.reports.running.context import JobContext
from fanops_utils.reports.running.execute import execute_job
from fanops_utils.text import read, say

Execute = Callable[..., Outcome]
PARAMETERS = """from datetime import date

market: str = "US"
start: date | None = None
level: float = 0.5
tags: list[str] = []
"""


@pytest.fixture(scope="module")
def supply() -> Iterator[KernelSupply]:
    with KernelSupply("auto", modules=()) as kernels:
        yield kernels


@pytest.fixture
def context(supply: KernelSupply, tmp_path: Path) -> JobContext:
    workspace = repository(tmp_path)
    run_dir = tmp_path / "reports" / "run"
    run_dir.mkdir(parents=True)
    return JobContext(tmp_path, run_dir, "run", "brand", ("en",), {"pandas": "3.1"}, supply, workspace.path)


@pytest.fixture
def run(context: JobContext, tmp_path: Path) -> Execute:
    """Execute a notebook of these cells with these parameters."""

    def executed(
        *cells: str, parameters: dict[str, Any] | None = None, before: dict[str, Any] | None = None, **changes: Any
    ) -> Outcome:
        path = write(tmp_path, "research/a", source(*cells, parameters=PARAMETERS))
        job = Job("research/a", path, parameters or {}, "a-US")
        return execute_job(job, JobContext(**{**context.__dict__, **changes}), before=before)

    return executed


def page_of(outcome: Outcome, context: JobContext) -> BeautifulSoup:
    assert outcome.report == "a-US.html"
    return BeautifulSoup((context.run_dir / outcome.report).read_text(encoding="utf-8"), "html.parser")


def said(page: BeautifulSoup) -> str:
    return (page.select_one(".verdict .say") or page.select_one("h1")).get_text()


def test_a_notebook_with_its_result_succeeded(run: Execute, context: JobContext) -> None:
    outcome = run("print('reached')", WELL)
    assert (outcome.status, outcome.good, outcome.error, str(outcome.title)) == ("succeeded", True, None, "Is it so?")
    assert outcome.seconds > 0
    assert said(page_of(outcome, context)) == "All is well."
    result = json.loads((context.run_dir / "a-US.result.json").read_text(encoding="utf-8"))
    assert result == outcome.conclusion
    assert str(read(result["verdict"])) == "All is well."


def test_a_result_without_data_is_no_failure(run: Execute, context: JobContext) -> None:
    outcome = run(conclude(Result(say("There is no data."), status="no_data")))
    assert (outcome.status, outcome.good, outcome.result) == ("no_data", True, "a-US.result.json")
    page = page_of(outcome, context)
    assert said(page) == "There is no data."
    assert "no data" in page.select_one("main").get_text()


def test_the_package_s_own_result_is_understood(run: Execute) -> None:
    outcome = run(
        "from fanops_utils.playbook import Result\nfrom fanops_utils.text import say",
        "result = Result(say('As it is.'), 'watch')\nresult",
    )
    assert outcome.status == "succeeded"
    assert outcome.conclusion is not None
    assert (str(read(outcome.conclusion["verdict"])), outcome.conclusion["severity"]) == ("As it is.", "watch")


def test_a_failing_cell_leaves_a_page_with_reason_cell_and_what_ran(run: Execute, context: JobContext) -> None:
    outcome = run("print('this ran')", "raise ValueError('followers.csv has no column date')", "print('never')", WELL)
    assert (outcome.status, outcome.good, outcome.result, outcome.conclusion) == ("failed", False, None, None)
    assert str(outcome.error).endswith("failed: ValueError: followers.csv has no column date")
    page = page_of(outcome, context)
    assert "followers.csv has no column date" in said(page)
    assert "raise ValueError" in page.select_one(".stopped .source").get_text()
    text = page.select_one("main").get_text()
    assert "this ran" in text and "never" not in text and "All is well" not in text
    assert not (context.run_dir / "a-US.result.json").exists()


def test_an_error_of_ours_is_said_in_the_language_of_each_page(run: Execute, context: JobContext) -> None:
    raising = (
        "from fanops_utils.errors import DataError\nfrom fanops_utils.text import say\n"
        "raise DataError(say('unknown market'), file='brand.yml', line=4, value='UX', choices=['US', 'BR'])"
    )
    outcome = run("print('this ran')", raising, WELL, languages=("en", "zh-Hans"))
    english = "brand.yml, line 4: unknown market: 'UX'. Did you mean 'US'?"
    chinese = "brand.yml，第 4 行：未知的市场：'UX'。是否想写“US”？"
    assert (outcome.status, str(outcome.error)) == ("failed", f"Cell 5 failed: {english}")
    for name, sentence in (("a-US.html", english), ("a-US.zh-Hans.html", chinese)):
        page = BeautifulSoup((context.run_dir / name).read_text(encoding="utf-8"), "html.parser")
        assert said(page).endswith(sentence)
        assert page.select_one(".stopped > p").get_text() == sentence
        assert f"DataError: {english}" in page.select_one(".stopped details pre").get_text()
        assert "vnd.fanops" not in page.select_one("main").get_text()
    executed = nbformat.read(context.run_dir / "executed" / "a-US.ipynb", as_version=4)
    assert [output.output_type for output in executed.cells[4].outputs] == ["display_data", "error"]


def test_an_error_of_ours_that_is_caught_is_not_shown(run: Execute) -> None:
    caught = "from fanops_utils.errors import DataError\ntry:\n    raise DataError('a')\nexcept DataError:\n    pass"
    assert run(caught, WELL).status == "succeeded"
    assert str(run(caught, "1 / 0", WELL).error).endswith("failed: ZeroDivisionError: division by zero")


def test_warnings_and_what_goes_to_standard_error_stay_off_the_page(run: Execute, context: JobContext) -> None:
    noise = "import sys, warnings\nwarnings.warn('old style')\nprint('a secret path', file=sys.stderr)\nprint('a line')"
    shown = [tag.get_text() for tag in page_of(run(noise, WELL), context).select("pre.console")]
    assert shown == ["a line"]


def test_values_arrive_typed(run: Execute) -> None:
    given = {"market": "中国", "start": date(2026, 1, 2), "level": 0.1, "tags": ["NO", "007"]}
    check = (
        f"import datetime\nassert (market, start, level, tags) == {tuple(given.values())!r}\nassert type(start) is date"
    )
    outcome = run(check, WELL, parameters=given)
    assert (outcome.status, outcome.error) == ("succeeded", None)


def test_what_was_not_given_keeps_its_default(run: Execute) -> None:
    outcome = run("assert (market, start, level, tags) == ('DE', None, 0.5, [])", WELL, parameters={"market": "DE"})
    assert (outcome.status, outcome.error) == ("succeeded", None)


def test_the_executed_notebook_is_kept_with_what_was_injected(run: Execute, context: JobContext) -> None:
    run(WELL, parameters={"market": "DE"})
    kept = nbformat.read(context.run_dir / "executed" / "a-US.ipynb", as_version=4)
    tags = [cell.metadata.get("tags", []) for cell in kept.cells]
    assert tags[1:3] == [["parameters"], ["injected-parameters"]]
    assert kept.cells[2].source == "market = 'DE'"
    assert kept.cells[-1].outputs


def test_the_source_notebook_stays_as_it_was(run: Execute, tmp_path: Path) -> None:
    notebook = tmp_path / "notebooks" / "research" / "a.ipynb"
    run("1 + 1", WELL, parameters={"market": "DE"})
    found = nbformat.read(notebook, as_version=4)
    assert len(found.cells) == 4
    assert not any(cell.get("outputs") for cell in found.cells)


def test_a_notebook_that_cannot_be_executed_has_a_page(context: JobContext) -> None:
    outcome = execute_job(Job("research/gone", context.root / "gone.ipynb", {}, "a-US"), context)
    assert outcome.status == "failed"
    page = page_of(outcome, context)
    assert "could not be executed: FileNotFoundError" in said(page)
    assert page.h1.get_text() == "research/gone"


def test_an_executed_notebook_that_no_page_can_be_made_of_has_one(
    run: Execute, context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]})
    monkeypatch.setattr(execute, "attempt_job", lambda _job, _context: Attempt("succeeded", notebook=damaged))
    outcome = run(WELL)
    assert (outcome.status, outcome.result) == ("failed", None)
    assert "The report could not be made: " in said(page_of(outcome, context))


def test_an_output_that_no_page_can_hold_leaves_a_page(run: Execute, context: JobContext) -> None:
    odd = "from IPython.display import display\ndisplay({'application/vnd.fanops.chart+json': {'rows': 5}}, raw=True)"
    outcome = run(odd, WELL)
    assert (outcome.status, outcome.result) == ("failed", None)
    assert "The report could not be made: TypeError" in said(page_of(outcome, context))


def test_the_first_reason_is_kept_where_two_things_go_wrong(run: Execute, context: JobContext) -> None:
    odd = "from IPython.display import display\ndisplay({'application/vnd.fanops.chart+json': {'rows': 5}}, raw=True)"
    outcome = run(odd, "raise ValueError('first')")
    assert outcome.status == "failed"
    shown = said(page_of(outcome, context))
    assert shown.index("ValueError: first") < shown.index("The report could not be made")


def test_where_nothing_can_be_written_the_outcome_still_tells(run: Execute, tmp_path: Path) -> None:
    blocked = tmp_path / "a file, no folder"
    blocked.write_text("", encoding="utf-8")
    outcome = run(WELL, run_dir=blocked)
    assert (outcome.status, outcome.report, outcome.result) == ("failed", None, None)
    assert "NotADirectoryError" in str(outcome.error)


def test_half_a_page_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.html"
    write_text(path, "first")

    def fail(self: Path, target: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space left"):
        write_text(path, "second")
    assert path.read_text(encoding="utf-8") == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_what_moved_since_the_last_good_report_is_told_and_shown(run: Execute, context: JobContext) -> None:
    lost = Finding(
        id="lost", title=say("Followers were lost"), text=say("{n} fewer.", n=1240), severity="alert", estimate=1240.0,
    )  # fmt: skip
    before = {"findings": [{"id": "lost", "title": "Followers were lost", "severity": "good", "estimate": 10.0}]}
    outcome = run(conclude(Result(say("Lost."), "alert", findings=(lost,))), before=before)
    assert [(one["kind"], one["was"], one["now"], one["direction"]) for one in outcome.changes] == [
        ("new", 10.0, 1240.0, "up"), ("metric", 10.0, 1240.0, "up"),
    ]  # fmt: skip
    assert "1,240" in page_of(outcome, context).select_one("main").get_text()
    assert run(WELL).changes == ()


def test_a_run_that_was_stopped_begins_nothing(run: Execute, context: JobContext) -> None:
    context.stopped.set()
    outcome = run(WELL)
    assert (outcome.status, outcome.attempts, outcome.report) == ("cancelled", 0, None)


def test_files_lie_beside_the_page_are_linked_and_kept_nowhere_else(run: Execute, context: JobContext) -> None:
    listing = Listing("watch_list", say("Members to write to"), (say("Name"),), (("0e4f03aa",),), private=True)
    outcome = run(conclude(Result(say("All is well."), handouts=(listing,))))
    (told,) = outcome.files
    assert (told["file"], told["kind"], told["language"]) == ("a-US.watch_list.csv", "csv", "en")
    assert (context.run_dir / told["file"]).read_text(encoding="utf-8-sig").splitlines() == ["Name", "0e4f03aa"]
    (link,) = page_of(outcome, context).select(".files a[download]")
    assert (link["href"], link.get_text()) == ("a-US.watch_list.csv", "Members to write to")
    assert "0e4f03aa" not in (context.run_dir / "a-US.result.json").read_text(encoding="utf-8")
    executed = nbformat.read(context.run_dir / "executed" / "a-US.ipynb", as_version=4)
    assert not [cell for cell in executed.cells if "0e4f03aa" in str(cell.get("outputs"))]
